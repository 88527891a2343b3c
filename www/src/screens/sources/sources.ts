// What the screen of sources does. It knows the app and the widgets; neither knows it.
import { html, type TemplateResult } from "lit";
import type { App, Given } from "../../app.js";
import { brand, operation } from "../../model/capabilities.js";
import { asking } from "../../model/asking.js";
import { failureOf, inWords, isAbort } from "../../model/failure.js";
import { keyOf } from "../../model/sources.js";
import { preparedSourcesOf, type SourceCalls, sourcesOf } from "../../package.js";
import type { Failure, Prepared, ProviderName, Row, Source } from "../../types.js";
import { Bulk } from "./bulk.js";
import { DeployWatch } from "./deploys.js";
import type { FilterBar } from "./filter-bar.js";
import { History } from "./history.js";
import { takeNote } from "./jobs.js";
import { printRoute, readRoute, type Route, UNFILTERED } from "./route.js";
import { Shown } from "./shown.js";
import type { SourceDetails, Way } from "./source-details.js";
import type { SourceList } from "./source-list.js";
import { deleteLines, disableLines } from "./warnings.js";

/** The dialogs are loaded when they are wanted. */
export const dialogs = () => import("./dialogs.js");

/** The screen that shows the assets of a source. */

/** What a dialog shows of what it does. */
interface Work {
  isBusy: boolean;
  /** The dialog was closed before the answer came. */
  isLeft?: boolean;
  failure?: Failure;
}

interface Switching extends Work {
  key: string;
}

export class Sources {
  readonly #app: App;
  readonly #deploys: DeployWatch;
  readonly shown: Shown;
  readonly bulk: Bulk;
  readonly history = new History();
  #looking: AbortController | undefined;
  #link: { route: Route; start: string } | undefined;
  #read: { given: Given; route: Route } | undefined;
  /** Of the source that is open. */
  #switching: Switching = { key: "", isBusy: false };

  constructor(app: App) {
    this.#app = app;
    this.#deploys = new DeployWatch(
      (row, signal) => this.#refresh(row, signal),
      (row) => app.say(`${row.name} is ${row.status ?? "changed"}`),
      (row) => this.#hasRoom(row),
    );
    this.shown = new Shown(app, () => this.route);
    this.bulk = new Bulk(app, this.shown, { changed: (provider, source) => void this.#changed(provider, source), removed: (row) => this.#removed(row), focus: () => this.focus() });
    app.store.whenLoaded((provider) => {
      const { rows } = app.store.half(provider);
      this.shown.retain();
      for (const row of rows) this.history.see(row);
      this.#deploys.see(rows);
    });
  }

  enter(): void {
    const note = takeNote();
    if (note) void this.#app.drawn().then(() => this.#app.say(note));
  }

  /** Whoever goes elsewhere no longer sees what is held and cannot undo it, so nothing of it is sent. What runs goes on. */
  leave(): void {
    this.#looking?.abort();
    const note = this.bulk.jobs.giveUp(["held"]);
    if (note) this.#app.say(note);
  }

  /** The same object as long as the address does not change. */
  get route(): Route {
    const { given } = this.#app.route;
    if (this.#read?.given !== given) this.#read = { given, route: readRoute(given) };
    return this.#read.route;
  }

  get selected(): Row | undefined {
    return this.#rowOf(this.route.selected);
  }

  get switching(): Work {
    return this.#switching.key === this.route.selected ? this.#switching : { isBusy: false };
  }

  /** Typing makes no history, everything else does. */
  readonly go = (part: Partial<Route>, isTyping = "search" in part && Object.keys(part).length === 1): void => this.#app.go(printRoute({ ...this.route, ...part }), { isTyping });

  /** Only its end differs from row to row, so the rest is made once. */
  readonly linkTo = (key: string): string => {
    const { route } = this;
    if (this.#link?.route !== route) {
      const start = this.#app.href(printRoute({ ...route, selected: "" }));
      this.#link = { route, start: start.startsWith("?") ? `${start}&sel=` : "?sel=" };
    }
    // Half a character, as an id may end with, has no place in an address.
    return this.#link.start + encodeURIComponent(key.replace(/\p{Cs}/gu, "\ufffd"));
  };

  readonly reload = (): void => void this.#app.store.loadAll();

  readonly clearFilters = (): void => {
    this.go(UNFILTERED);
    this.focusSearch();
  };

  /** Where only the details have room, they make way. */
  readonly focusSearch = (): void => {
    const bar = document.querySelector<FilterBar>("filter-bar");
    if (bar?.checkVisibility() ?? true) return bar?.focusSearch();
    this.go({ selected: "" });
    void this.#app.drawn().then(() => bar?.focusSearch());
  };

  readonly focusList = (): void => void this.#list?.focusRow();

  focus(): void {
    const { selected } = this.route;
    if (!(selected && this.#list?.focusRow(selected)) && !this.#list?.focusRow()) this.focusSearch();
  }

  readonly open = async (key: string): Promise<void> => {
    this.go({ selected: key });
    await this.#app.drawn();
    document.querySelector<SourceDetails>("source-details")?.focusHeading();
    const row = this.#rowOf(key);
    if (!row) return;
    this.#looking?.abort();
    this.#looking = new AbortController();
    await this.#refresh(row, this.#looking.signal);
  };

  readonly closeDetails = (): void => {
    const { selected } = this.route;
    if (!selected) return;
    this.#looking?.abort();
    this.go({ selected: "" });
    void this.#app.drawn().then(() => this.#list?.focusRow(selected) || this.focusSearch());
  };

  readonly create = (): void => void this.#form("New source");

  readonly editFocused = (): void => this.edit(this.#rowOf(this.#list?.focusedKey()) ?? this.selected);

  readonly edit = (row: Row | undefined = this.selected): void => {
    const source = row && this.#app.store.source(row.provider, row.id);
    if (row && source) void this.#form(`Edit ${row.name}`, row.provider, source);
  };

  readonly delete = async (): Promise<void> => {
    const row = this.selected;
    const isSure = await this.#confirm(row, { heading: "Delete this source?", action: "Delete source", mustType: true, lines: deleteLines }, async () => "");
    if (row && isSure) this.bulk.hold([row]);
  };

  readonly disable = (): void =>
    void this.#confirm(this.selected, { heading: "Disable this source?", action: "Disable source", mustType: false, lines: disableLines }, async (calls, row) => {
      this.#changed(row.provider, await calls.disable(row.id));
      return `${row.name} is disabled`;
    });

  readonly enable = async (): Promise<void> => {
    const row = this.selected;
    if (!row || !(await this.#app.mayWrite(row.provider))) return;
    const switching: Switching = { key: keyOf(row), isBusy: true };
    this.#switching = switching;
    this.#app.draw();
    try {
      this.#changed(row.provider, await this.#calls(row.provider).enable(row.id));
      this.#app.say(`${row.name} is enabled`);
    } catch (thrown) {
      if (!isAbort(thrown)) switching.failure = failureOf(thrown);
    }
    switching.isBusy = false;
    this.#app.draw();
  };

  /** Where more of it is shown: its assets, and what was done to it. */
  waysOf({ provider, id }: Row): Way[] {
    const ways: Omit<Way, "href">[] = [];
    if (operation(provider, "assets.list")) ways.push({ title: "Assets", view: "assets", part: { source: id } });
    if (this.#app.connection.gateway?.offers.has("audit")) ways.push({ title: "History", view: "audit", part: { api: provider, of: id } });
    return ways.map((way) => ({ ...way, href: this.#app.href(way.part, way) }));
  }

  readonly goThere = ({ detail }: CustomEvent<Way>): void => this.#app.go(detail.part, detail);

  readonly settle = (): void => {
    if (this.selected) this.history.settle(this.selected);
    this.#app.draw();
  };

  /** One image by its address; an address of ImageBoss is the name of the source and a path. */
  readonly purge = async (): Promise<void> => {
    const row = this.selected;
    const host = row?.hosts[0];
    if (!row || host === undefined || !(await this.#app.mayWrite(row.provider))) return;
    const start = `https://${host}/`;
    const { imgix, imageboss } = this.#app.connection.clients;
    const purge = async (address: string): Promise<void> => {
      if (row.provider === "imgix") await imgix.purge(address);
      else await imageboss.purge(row.name, address.slice(start.length));
      this.history.settle(row);
      this.#app.say(`Purged: ${address}`);
    };
    await asking(this.#app, purge, (purge) => html`<purge-dialog .heading=${`Purge an image of ${row.name}`} .start=${start} .help=${operation(row.provider, "purge")?.help ?? ""} .purge=${purge}></purge-dialog>`, dialogs);
  };

  // Dialogs

  async #form(heading: string, provider: ProviderName | "" = "", source?: Source): Promise<void> {
    if (!(await this.#app.mayWrite(provider || undefined))) return;
    const work: Work = { isBusy: false };
    const prepare = (provider: ProviderName, input: object): Promise<Prepared> => {
      const prepared = preparedSourcesOf(this.#app.connection.clients, provider);
      return source ? prepared.update(source.id, input) : prepared.create(input);
    };
    await this.#app.ask(
      (close) => html`<source-form .provider=${provider} .source=${source} .heading=${heading} .modes=${this.#app.connection.modes} .isSaving=${work.isBusy} .failure=${work.failure} .prepare=${prepare}
        @form-save=${({ detail }: CustomEvent<{ provider: ProviderName; input: object }>) => void this.#work(work, close, () => this.#save(detail.provider, detail.input, source))}></source-form>`,
      dialogs,
    );
    work.isLeft = true;
  }

  async #save(provider: ProviderName, input: object, source: Source | undefined): Promise<string> {
    const calls = this.#calls(provider);
    const row = this.#changed(provider, source ? await calls.update(source.id, input) : await calls.create(input));
    // Only a group of attributes says how images are made; the rest are names and switches.
    if (row && source && Object.values(input).some((value) => typeof value === "object" && value !== null)) this.history.changed(row);
    if (!source && row) this.go({ selected: keyOf(row) });
    return `${row?.name ?? brand(provider)} is ${source ? "changed" : "created"}`;
  }

  async #confirm(
    row: Row | undefined,
    { lines, ...asked }: { heading: string; action: string; mustType: boolean; lines: (row: Row) => string[] },
    act: (calls: SourceCalls, row: Row) => Promise<string>,
  ): Promise<boolean> {
    if (!row || !(await this.#app.mayWrite(row.provider))) return false;
    const work: Work = { isBusy: false };
    let isDone = false;
    const run = async (): Promise<string> => {
      const news = await act(this.#calls(row.provider), row);
      isDone = true;
      return news;
    };
    const dialog = (close: () => void): TemplateResult =>
      html`<confirm-dialog .heading=${asked.heading} .name=${row.name} .provider=${row.provider} .mode=${this.#app.connection.modes[row.provider]} .lines=${lines(row)} .action=${asked.action}
        .mustType=${asked.mustType} .isBusy=${work.isBusy} .failure=${work.failure} @confirmed=${() => void this.#work(work, close, run)}></confirm-dialog>`;
    await this.#app.ask(dialog, dialogs);
    work.isLeft = true;
    return isDone;
  }

  /** Does what a dialog is for, and closes it if that went well. */
  async #work(work: Work, close: () => void, act: () => Promise<string>): Promise<void> {
    if (work.isBusy) return;
    Object.assign(work, { isBusy: true, failure: undefined });
    this.#app.draw();
    try {
      const news = await act();
      await this.#app.drawn();
      close();
      if (news) this.#app.say(news);
    } catch (thrown) {
      work.failure = failureOf(thrown);
      if (work.isLeft) this.#app.say(inWords(thrown));
    }
    work.isBusy = false;
    this.#app.draw();
  }

  // What is known

  /** Half of a limit is left to people. */
  #hasRoom({ provider }: Row): boolean {
    const gauge = this.#app.meter.gauge(provider, operation(provider, "sources.get")?.rateClass ?? "");
    return !gauge || (gauge.waiting === 0 && gauge.nextMs === 0 && gauge.used * 2 < gauge.requests);
  }

  get #list(): SourceList | null {
    return document.querySelector<SourceList>("source-list");
  }

  #calls(provider: ProviderName): SourceCalls {
    return sourcesOf(this.#app.connection.clients, provider);
  }

  #rowOf(key: string | undefined): Row | undefined {
    return key ? this.#app.store.rows().find((row) => keyOf(row) === key) : undefined;
  }

  async #refresh(row: Row, signal: AbortSignal): Promise<Row | undefined> {
    try {
      const source = await this.#calls(row.provider).get(row.id, { signal });
      return signal.aborted ? undefined : this.#put(row.provider, source);
    } catch {
      // The list shows what it knew, and its own loading tells of failures.
      return undefined;
    }
  }

  #put(provider: ProviderName, source: Source): Row | undefined {
    this.#app.store.put(provider, source);
    const row = this.#app.store.row(provider, source.id);
    if (row) this.history.see(row);
    return row;
  }

  #removed(row: Row): void {
    if (this.route.selected === keyOf(row)) this.go({ selected: "" });
    this.#app.store.remove(row.provider, row.id);
    this.shown.retain();
    void this.#app.drawn().then(() => document.activeElement === document.body && this.focus());
  }

  #changed(provider: ProviderName, source: Source): Row | undefined {
    const row = this.#put(provider, source);
    if (row) this.#deploys.changed(row);
    return row;
  }
}
