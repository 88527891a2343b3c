// Knows the widgets, the address and the providers; none of them knows it. Events come up to it, calls go down from it.
import { render } from "lit";
import { brand } from "./model/capabilities.js";
import { DeployWatch } from "./model/deploys.js";
import { failureOf, isAbort } from "./model/failure.js";
import { keyOf, printRoute, readRoute, type Route, START } from "./model/route.js";
import { applyTheme, nextTheme, readShortcutsOn, readTheme, writeShortcutsOn } from "./model/settings.js";
import { SourceStore } from "./model/sources.js";
import { readModes } from "./model/status.js";
import { PROVIDERS } from "./package.js";
import { listenToKeys } from "./shortcuts.js";
import type { Dialog, State } from "./state.js";
import type { Failure, ProviderName, Row, Source } from "./types.js";
import { type Actions, selectedOf, view } from "./view.js";
import type { FilterBar } from "./widgets/filter-bar.js";
import type { Modal } from "./widgets/modal.js";
import type { SourceDetails } from "./widgets/source-details.js";
import type { SourceList } from "./widgets/source-list.js";
import type { ToastStack } from "./widgets/toast-stack.js";

const SKELETON_AFTER_MS = 300;

export class Controller implements Actions {
  readonly #root: HTMLElement;
  readonly #state: State;
  readonly #deploys: DeployWatch;
  #isDrawing = false;
  #looking: AbortController | undefined;

  constructor(root: HTMLElement) {
    this.#root = root;
    this.#state = {
      route: readRoute(location.search),
      store: new SourceStore(() => this.#draw()),
      modes: {},
      theme: readTheme(),
      areShortcutsOn: readShortcutsOn(),
      isStarting: true,
      isSkeleton: false,
      details: { isBusy: false },
    };
    this.#deploys = new DeployWatch(
      (row, signal) => this.#refresh(row, signal),
      (row) => this.#say(`${row.name} is ${row.status ?? "changed"}`),
    );
    this.#listen();
  }

  async start(): Promise<void> {
    applyTheme(this.#state.theme);
    this.#draw();
    setTimeout(() => this.#update({ isSkeleton: true }), SKELETON_AFTER_MS);
    try {
      this.#update({ modes: await readModes(AbortSignal.timeout(10_000)) });
    } catch {
      // The badges stay open then; the lists below tell of the failure.
    }
    const loaded = this.reload();
    this.#update({ isStarting: false });
    await loaded;
  }

  readonly reload = async (): Promise<void> => {
    await Promise.all(PROVIDERS.map(this.retry));
  };

  readonly retry = async (provider: ProviderName): Promise<void> => {
    if (this.#state.modes[provider] === "off") return;
    await this.#state.store.load(provider);
    this.#deploys.see(this.#state.store.half(provider).rows);
  };

  readonly create = (): void => this.#openDialog({ kind: "form", provider: "", heading: "New source", isSaving: false });

  readonly clearFilters = (): void => {
    this.#go({ search: "", provider: "", type: "" });
    this.#find<FilterBar>("filter-bar").focusSearch();
  };

  readonly prepare: Actions["prepare"] = (provider, input) => {
    const { dialog, store } = this.#state;
    const { sources } = store.clients[provider].dryRun;
    return dialog?.kind === "form" && dialog.source ? sources.update(dialog.source.id, input) : sources.create(input);
  };

  #listen(): void {
    const on = <Detail>(name: string, act: (detail: Detail) => void): void =>
      this.#root.addEventListener(name, (event) => act((event as CustomEvent<Detail>).detail));
    on<Partial<Route>>("filter-change", (part) => this.#go(part, "search" in part));
    on<Partial<Route>>("sort-change", (part) => this.#go(part));
    on("list-enter", () => this.#list.focusRow());
    on<{ key: string }>("source-open", ({ key }) => void this.#open(key));
    on("details-close", () => this.#closeDetails());
    on("go-home", () => this.#go(START));
    on("reload", () => void this.reload());
    on("source-edit", () => this.#edit(this.#selected));
    on("source-delete", () => this.#selected && this.#openDialog({ kind: "confirm", what: "delete", row: this.#selected, isBusy: false }));
    on("source-disable", () => this.#selected && this.#openDialog({ kind: "confirm", what: "disable", row: this.#selected, isBusy: false }));
    on("source-enable", () => void this.#enable());
    on("confirmed", () => void this.#confirmed());
    on<{ provider: ProviderName; input: object }>("form-save", ({ provider, input }) => void this.#save(provider, input));
    on<{ isFocusBack: boolean }>("modal-closed", ({ isFocusBack }) => this.#dialogClosed(isFocusBack));
    on("shortcuts-open", () => this.#openDialog({ kind: "shortcuts" }));
    on<{ on: boolean }>("shortcuts-switch", ({ on }) => {
      writeShortcutsOn(on);
      this.#update({ areShortcutsOn: on });
    });
    on("theme-next", () => {
      const theme = nextTheme(this.#state.theme);
      applyTheme(theme);
      this.#update({ theme });
    });
    on<{ what: string }>("copied", ({ what }) => this.#say(`Copied: ${what}`));
    on<{ what: string }>("not-copied", ({ what }) => this.#say(`The browser does not let this page copy: ${what}`));
    addEventListener("popstate", () => this.#update({ route: readRoute(location.search), details: { isBusy: false } }));
    listenToKeys({
      areOn: () => this.#state.areShortcutsOn,
      isBlocked: () => this.#state.dialog !== undefined,
      search: () => this.#find<FilterBar>("filter-bar").focusSearch(),
      create: this.create,
      edit: () => this.#edit(this.#rowOf(this.#list.focusedKey()) ?? this.#selected),
      help: () => this.#openDialog({ kind: "shortcuts" }),
      close: () => this.#closeDetails(),
    });
  }

  // What is shown

  #update(part: Partial<State>): void {
    Object.assign(this.#state, part);
    this.#draw();
  }

  #draw(): void {
    if (this.#isDrawing) return;
    this.#isDrawing = true;
    queueMicrotask(() => {
      this.#isDrawing = false;
      render(view(this.#state, this), this.#root);
      document.documentElement.dataset["mode"] = Object.values(this.#state.modes).includes("live") ? "live" : "sandbox";
      document.title = `${this.#selected ? `${this.#selected.name} – ` : ""}Sources`;
    });
  }

  #find<Widget extends Element>(selector: string): Widget {
    return this.#root.querySelector<Widget>(selector)!;
  }

  get #list(): SourceList {
    return this.#find("source-list");
  }

  get #selected(): Row | undefined {
    return selectedOf(this.#state);
  }

  #rowOf(key: string | undefined): Row | undefined {
    return key === undefined ? undefined : this.#state.store.rows().find((row) => keyOf(row) === key);
  }

  #say(text: string): void {
    this.#find<ToastStack>("toast-stack").say(text);
  }

  /** Typing makes no history, everything else does. */
  #go(part: Partial<Route>, isTyping = false): void {
    const route = { ...this.#state.route, ...part };
    history[isTyping ? "replaceState" : "pushState"](null, "", printRoute(route));
    this.#update({ route });
  }

  async #open(key: string): Promise<void> {
    this.#go({ selected: key });
    this.#update({ details: { isBusy: false } });
    await this.#drawn();
    this.#root.querySelector<SourceDetails>("source-details")?.focusHeading();
    const row = this.#rowOf(key);
    if (!row) return;
    this.#looking?.abort();
    this.#looking = new AbortController();
    await this.#refresh(row, this.#looking.signal);
  }

  /** After drawing, widgets draw themselves. */
  async #drawn(): Promise<void> {
    await new Promise(requestAnimationFrame);
  }

  #closeDetails(): void {
    const { selected } = this.#state.route;
    if (!selected) return;
    this.#looking?.abort();
    this.#go({ selected: "" });
    void this.#drawn().then(() => this.#list.focusRow(selected) || this.#find<FilterBar>("filter-bar").focusSearch());
  }

  // Dialogs

  #openDialog(dialog: Dialog): void {
    if (!this.#state.dialog) this.#update({ dialog });
  }

  #closeDialog(): void {
    this.#root.querySelector<Modal>("[data-dialog]")?.close();
  }

  /** Where the focus was may be gone; then it goes to what is nearest. */
  #dialogClosed(isFocusBack: boolean): void {
    this.#update({ dialog: undefined });
    if (isFocusBack) return;
    void this.#drawn().then(() => {
      const { selected } = this.#state.route;
      if (!(selected && this.#list.focusRow(selected)) && !this.#list.focusRow()) this.#find<FilterBar>("filter-bar").focusSearch();
    });
  }

  #edit(row: Row | undefined): void {
    const source = row && this.#state.store.source(row.provider, row.id);
    if (row && source) this.#openDialog({ kind: "form", provider: row.provider, source, heading: `Edit ${row.name}`, isSaving: false });
  }

  /** The dialog that is open now may be another one when an answer comes. */
  #inDialog(dialog: Dialog, part: Partial<Dialog>): Dialog {
    if (this.#state.dialog !== dialog) return dialog;
    const next = { ...dialog, ...part } as Dialog;
    this.#update({ dialog: next });
    return next;
  }

  // What is done

  async #refresh(row: Row, signal: AbortSignal): Promise<Row | undefined> {
    try {
      const source = await this.#state.store.clients[row.provider].sources.get(row.id, { signal });
      return signal.aborted ? undefined : this.#put(row.provider, source);
    } catch {
      // The list shows what it knew, and its own loading tells of failures.
      return undefined;
    }
  }

  #put(provider: ProviderName, source: Source): Row | undefined {
    this.#state.store.put(provider, source);
    return this.#state.store.row(provider, source.id);
  }

  async #save(provider: ProviderName, input: object): Promise<void> {
    let { dialog } = this.#state;
    if (dialog?.kind !== "form") return;
    const { source } = dialog;
    dialog = this.#inDialog(dialog, { isSaving: true, failure: undefined });
    const { sources } = this.#state.store.clients[provider];
    try {
      const saved = source ? await sources.update(source.id, input) : await sources.create(input);
      const row = this.#put(provider, saved);
      if (row) this.#deploys.changed(row);
      this.#inDialog(dialog, { isSaving: false });
      if (!source && row) this.#go({ selected: keyOf(row) });
      this.#closeDialog();
      this.#say(`${row?.name ?? brand(provider)} is ${source ? "changed" : "created"}`);
    } catch (thrown) {
      this.#inDialog(dialog, { isSaving: false, failure: failureOf(thrown) });
    }
  }

  async #confirmed(): Promise<void> {
    let { dialog } = this.#state;
    if (dialog?.kind !== "confirm") return;
    const { row, what } = dialog;
    dialog = this.#inDialog(dialog, { isBusy: true, failure: undefined });
    const { sources } = this.#state.store.clients[row.provider];
    try {
      if (what === "delete") {
        await sources.delete!(row.id);
        this.#go({ selected: "" });
        this.#state.store.remove(row.provider, row.id);
      } else {
        const changed = this.#put(row.provider, await sources.disable!(row.id));
        if (changed) this.#deploys.changed(changed);
      }
      await this.#drawn();
      this.#closeDialog();
      this.#say(`${row.name} is ${what === "delete" ? "deleted" : "disabled"}`);
    } catch (thrown) {
      this.#inDialog(dialog, { isBusy: false, failure: failureOf(thrown) });
    }
  }

  async #enable(): Promise<void> {
    const row = this.#selected;
    if (!row) return;
    let failure: Failure | undefined;
    this.#update({ details: { isBusy: true } });
    try {
      const changed = this.#put(row.provider, await this.#state.store.clients[row.provider].sources.enable!(row.id));
      if (changed) this.#deploys.changed(changed);
      this.#say(`${row.name} is enabled`);
    } catch (thrown) {
      if (!isAbort(thrown)) failure = failureOf(thrown);
    }
    this.#update({ details: { isBusy: false, ...(failure && { failure }) } });
  }
}
