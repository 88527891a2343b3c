// The state of the screen: the entries that were asked for, the one that is open, and what is done with them.
import { html } from "lit";
import type { App } from "../../app.js";
import { asked, askedFor, jsonBody, refusalOf } from "../../gateway/answers.js";
import { type Columns, FileOnItsWay, type Format, isoTime } from "../../gateway/files.js";
import { noting } from "../../gateway/noting.js";
import { Listing, type PageOf } from "../../model/listing.js";
import { PROVIDERS, sourcesOf } from "../../package.js";
import { textOf } from "../../text/given.js";
import { plural } from "../../text/visible.js";
import type { Failure, Json, Source } from "../../types.js";
import type { Entry, Members, Plan } from "./entry.js";
import { everything, type Filter, type FilterName, keyOf, queryOf, readFilter } from "./filter.js";
import "./restore-dialog.js";

const PAGE_SIZE = "100";

const COLUMNS: Columns<Entry> = [
  ["entry", ({ seq }) => textOf(seq)],
  ["time", ({ at }) => isoTime(at)],
  ["ended", ({ ended }) => isoTime(ended)],
  ["who", ({ who }) => textOf(who)],
  ["signed in by", ({ kind }) => textOf(kind)],
  ["provider", ({ provider }) => textOf(provider)],
  ["operation", ({ operation }) => textOf(operation)],
  ["target", ({ target }) => textOf(target)],
  ["outcome", ({ outcome }) => textOf(outcome)],
  ["status", ({ status }) => textOf(status)],
  ["request id", ({ requestId }) => textOf(requestId)],
  ["puts back", ({ restores }) => textOf(restores)],
  ["fields", ({ fields }) => (Array.isArray(fields) ? fields : []).map(({ path, value }) => `${textOf(path)} = ${textOf(value)}`).join("\n")],
];

interface Told {
  entries: Entry[];
  /** There are older ones. */
  before?: number;
}

export class Audit {
  readonly app: App;
  readonly list: Listing<Entry>;
  detail: { seq: string; entry?: Entry; failure?: Failure; isMissing: boolean } | undefined;
  readonly file: FileOnItsWay<Entry>;
  #question = "";
  #reading = new AbortController();

  constructor(app: App) {
    this.app = app;
    this.list = new Listing<Entry>(({ seq }) => seq, () => app.draw(), refusalOf);
    this.file = new FileOnItsWay(COLUMNS, () => app.draw());
    addEventListener("online", () => this.#online());
  }

  get filter(): Filter {
    return readFilter(this.app.route.given);
  }

  get opened(): string {
    return this.app.route.given["entry"] ?? "";
  }

  /** Is there a gateway that may have an audit? */
  get isThere(): boolean {
    return this.app.connection.gateway !== undefined && this.list.failure?.status !== 404;
  }

  get #ask() {
    return this.app.connection.gateway!.ask;
  }

  /** Brings what is loaded to what the address says; called with every drawing. */
  sync(): void {
    if (!this.isThere) return;
    const question = queryOf(this.filter).toString() || "all";
    if (question !== this.#question) {
      this.#question = question;
      queueMicrotask(() => void this.#begin());
    }
    if (this.opened !== (this.detail?.seq ?? "")) {
      const seq = this.opened;
      this.#reading.abort();
      this.detail = seq ? { seq, isMissing: false } : undefined;
      if (seq) queueMicrotask(() => void this.readAgain());
    }
  }

  /** The network is back: what could not be loaded is tried again. */
  #online(): void {
    if (this.app.route.view !== "audit") return;
    if (this.list.failure) void this.list.retry();
    if (this.detail?.failure) void this.readAgain();
  }

  leave(): void {
    this.list.stop();
    this.#reading.abort();
    this.#question = "";
    this.detail = undefined;
  }

  readonly reload = (): void => {
    this.#question = "";
    this.app.draw();
  };

  async #begin(): Promise<void> {
    const query = queryOf(this.filter);
    query.set("limit", PAGE_SIZE);
    const page = async (signal: AbortSignal, before?: number): Promise<PageOf<Entry>> => {
      if (before !== undefined) query.set("before", String(before));
      const told = await askedFor<Told>(this.#ask, `audit?${query}`, { signal });
      return { items: told.entries, hasMore: told.before !== undefined, next: () => page(signal, told.before) };
    };
    await this.list.ask((signal) => page(signal));
  }

  readonly choose = (name: FilterName, value: string): void => this.app.go({ [keyOf(name)]: value });

  readonly clear = async (): Promise<void> => {
    this.app.go(everything());
    await this.app.drawn();
    document.querySelector<HTMLElement>("#audit-provider")?.focus();
  };

  readonly readAgain = async (): Promise<void> => {
    const seq = this.opened;
    const { signal } = (this.#reading = new AbortController());
    try {
      const entry = await askedFor<Entry>(this.#ask, `audit/${encodeURIComponent(seq)}`, { signal });
      if (!signal.aborted) this.detail = { seq, entry, isMissing: false };
    } catch (thrown) {
      if (signal.aborted) return;
      const failure = refusalOf(thrown);
      this.detail = failure.status === 404 ? { seq, isMissing: true } : { seq, failure, isMissing: false };
    }
    this.app.draw();
  };

  readonly open = async (seq: number): Promise<void> => {
    this.app.go({ entry: String(seq) });
    await this.app.drawn();
    document.querySelector<HTMLElement>("#entry-heading")?.focus();
  };

  readonly close = async (): Promise<void> => {
    const seq = this.opened;
    if (!seq) return;
    this.app.go({ entry: "" });
    await this.app.drawn();
    (document.querySelector<HTMLElement>(`[data-entry="${CSS.escape(seq)}"] a`) ?? document.querySelector<HTMLElement>("#audit-provider"))?.focus();
  };

  // Putting back

  /** Can a source be put back to how it was before this? */
  readonly canRestore = ({ before, provider }: Entry): boolean => before !== undefined && PROVIDERS.includes(provider);

  /** First shows what that would do. */
  readonly restore = async (entry: Entry): Promise<void> => {
    const { app } = this;
    const { may, modes } = app.connection;
    let isLeft = false;
    const put = (...given: [Entry, string, Record<string, string>]): Promise<boolean> =>
      this.#put(...given).catch((thrown: unknown) => {
        const { title, message, unsure } = refusalOf(thrown, true);
        if (isLeft) app.say(`${title}: ${message}${unsure ? "; it may have happened all the same" : ""}`);
        throw thrown;
      });
    const isDone = await app.ask<boolean>(
      () => html`<restore-dialog .entry=${entry} .mode=${modes[entry.provider]} .mayWrite=${may?.["write"] !== false} .read=${this.#plan} .put=${put}></restore-dialog>`,
    );
    isLeft = true;
    if (!isDone) return;
    await app.drawn();
    document.querySelector<HTMLElement>("#entry-heading")?.focus();
  };

  /** What would be done, and what is there now. */
  readonly #plan = async ({ seq, provider }: Entry): Promise<{ plan: Plan; now: Members | undefined }> => {
    const plan = await askedFor<Plan>(this.#ask, `audit/${seq}/restore`);
    // Read after it: should it have changed in between, the plan is refused.
    const now = plan.id === undefined ? undefined : ((await sourcesOf(this.app.connection.clients, provider).get(plan.id)) as Members);
    return { plan, now };
  };

  readonly #put = async (entry: Entry, version: string, secrets: Record<string, string>): Promise<boolean> => {
    const { app } = this;
    const { provider, seq } = entry;
    if (!(await app.mayWrite(provider))) return false;
    try {
      // Of secrets that were given not even the mask is noted.
      const way = noting(app.connection, { provider, operation: "audit.restore", body: JSON.stringify({ version }) });
      const { source } = await askedFor<{ source: Source }>(way, `audit/${seq}/restore`, jsonBody({ version, ...(Object.keys(secrets).length > 0 && { secrets }) } as Json));
      // What the gateway tells of it is masked, also for those who may see more.
      app.store.put(provider, await sourcesOf(app.connection.clients, provider).get(String(source.id)).catch(() => source));
    } finally {
      // What was declined is an entry as well.
      this.reload();
    }
    app.say(`Put back to how it was before entry ${seq}`);
    return true;
  };

  // Files

  readonly export = async (format: Format): Promise<void> => {
    const count = await this.file.save(`audit-${new Date().toISOString().slice(0, 10)}`, format, (signal) => asked(this.#ask, `audit/export?${queryOf(this.filter)}`, { signal }));
    if (count !== undefined) this.app.say(`Saved as a file: ${plural(count, "entry", "entries")}`);
  };
}
