// The same to many things: what was given is read, checked or planned, and then run. It knows the app and the widgets.
import { html } from "lit";
import type { App } from "../../app.js";
import { refusalOf } from "../../gateway/answers.js";
import { handOver } from "../../gateway/jobs.js";
import { etaMs } from "../../jobs/eta.js";
import { callsOf, type Entry, groupsOf, phasesOf } from "../../jobs/job.js";
import type { Todo } from "../../jobs/run.js";
import { Runs } from "../../jobs/runs.js";
import { failureOf, isAbort } from "../../model/failure.js";
import { entriesOf, liveOf, planOf, type PlanRow, rowsOf } from "../../plan/plan.js";
import { NO_FILTER, type PlanFilter } from "../../plan/table.js";
import { plural } from "../../text/visible.js";
import type { Failure } from "../../types.js";
import type { DataIntake, Intake } from "../../widgets/data-intake.js";
import { check, type Item, type Status } from "./check.js";
import { entryOf } from "./items.js";
import { type Kind, kindOf } from "./kinds.js";
import { type Format, parse, type Raw, Unreadable } from "./parse.js";
import "../../jobs/run-dialog.js";

/** What was read last. */
interface Given {
  name: string;
  kind: Kind;
  format: Format;
  rows: Raw[];
  /** For one operation: what the check of each says. */
  items?: Item[];
}

export interface ItemFilter {
  status: Status | "";
  shown: number;
}

const STEP = 100;

export class Bulk {
  readonly #app: App;
  readonly runs: Runs;
  given: Given | undefined;
  failure: Failure | undefined;
  /** What goes on just now, in words. */
  work = "";
  planFilter: PlanFilter = NO_FILTER;
  itemFilter: ItemFilter = { status: "", shown: STEP };
  #reading: AbortController | undefined;
  #planned: { of: unknown[]; rows: PlanRow[] } | undefined;

  constructor(app: App) {
    this.#app = app;
    this.runs = new Runs(app, "bulk");
  }

  enter(): void {
    void this.runs.load();
  }

  get kind(): Kind {
    return kindOf(this.#app.route.given["do"]);
  }

  readonly choose = (event: Event): void => {
    this.#app.go({ do: (event.target as HTMLSelectElement).value });
    this.close();
  };

  /** Sources are planned against what is live now. */
  get planRows(): readonly PlanRow[] {
    const { given } = this;
    if (!given || given.kind.operation) return [];
    const { sources, rows } = this.#app.store.half(given.kind.provider);
    const of = [given, sources, rows];
    if (this.#planned?.of.every((part, at) => part === of[at])) return this.#planned.rows;
    const document = { version: 1, [given.kind.provider]: given.rows.map((raw) => entryOf(given.kind, raw, given.format !== "JSON")) };
    // Of what is live and not named nothing is to be said here.
    const made = rowsOf(planOf(document, liveOf(this.#app))).filter(({ action }) => action !== "unmanaged");
    this.#planned = { of, rows: made };
    return made;
  }

  get entries(): Entry[] {
    const { given } = this;
    if (!given) return [];
    const { kind, items } = given;
    if (!kind.operation) return entriesOf(this.planRows);
    const { name } = kind.operation;
    return (items ?? []).filter(({ status }) => status === "ready").map(({ label, arguments: given }) => ({ provider: kind.provider, label, steps: [{ operation: name, arguments: given }] }));
  }

  readonly read = async ({ detail: { name, content }, currentTarget }: CustomEvent<Intake>): Promise<void> => {
    const intake = currentTarget as DataIntake;
    this.#reading?.abort();
    const { signal } = (this.#reading = new AbortController());
    const { kind } = this;
    const work = (text: string) => {
      if (signal.aborted) return;
      this.work = text;
      this.#app.draw();
    };
    try {
      work(`Reading ${name} …`);
      const { format, rows } = await parse(content, { columns: kind.columns, required: kind.required, isOpen: kind.operation?.input === "json" }, (count) => {
        signal.throwIfAborted();
        work(`Reading ${name}: ${count.toLocaleString("en")} rows …`);
      });
      if (rows.length === 0) throw new Unreadable("There are no rows in it. Nothing was changed.");
      const before = this.given;
      const given: Given = { name, kind, format, rows };
      if (kind.operation) {
        given.items = await check(this.#app.connection.clients, kind, rows, format, (done) => work(`Checking ${done.toLocaleString("en")} of ${rows.length.toLocaleString("en")} …`), signal);
      }
      if (signal.aborted) return;
      this.given = given;
      try {
        void this.planRows;
      } catch (thrown) {
        this.given = before;
        throw thrown;
      }
      this.failure = undefined;
      // There may be secrets in it.
      intake.clear();
      this.planFilter = NO_FILTER;
      this.itemFilter = { status: given.items?.some(({ status }) => status === "invalid") ? "invalid" : "", shown: STEP };
    } catch (thrown) {
      if (isAbort(thrown) || signal.aborted) return;
      this.failure = { ...failureOf(thrown), title: `${name} cannot be used` };
    }
    this.work = "";
    this.#app.draw();
    await this.#app.drawn();
    document.querySelector<HTMLElement>(this.failure ? "#bulk-refusal" : "#bulk-heading")?.focus();
  };

  readonly close = (): void => {
    this.#reading?.abort();
    Object.assign(this, { given: undefined, failure: undefined, work: "" });
    this.#app.draw();
  };

  readonly changePlan = (part: Partial<PlanFilter>): void => {
    this.planFilter = { ...this.planFilter, ...part };
    this.#app.draw();
  };

  readonly changeItems = (part: Partial<ItemFilter>): void => {
    this.itemFilter = { ...this.itemFilter, ...part };
    this.#app.draw();
  };

  readonly more = (): void => this.changeItems({ shown: this.itemFilter.shown + STEP });

  readonly run = async (): Promise<void> => {
    const { entries, given } = this;
    const calls = callsOf(entries);
    const { clients, modes } = this.#app.connection;
    const deletes = this.planRows.filter(({ action }) => action === "delete").length;
    const goOn = await this.#app.ask<boolean>(
      () => html`<run-dialog heading=${`Run “${given!.kind.title}”?`} .calls=${calls} .modes=${modes} .etaMs=${etaMs(clients, calls)} .mustType=${deletes}></run-dialog>`,
    );
    if (!goOn) return;
    const isBegun = await this.begin(`${given!.kind.title} (${given!.name})`, { entries });
    // It is run now; running it twice would be a mistake.
    if (isBegun && given!.kind.operation) this.close();
  };

  /** Can the gateway do it without this page? It does one call after the other, and not several about one thing. */
  get canHandOver(): boolean {
    const { gateway, may } = this.#app.connection;
    return gateway?.offers.has("jobs") === true && may?.["write"] !== false && phasesOf(this.entries) === 1;
  }

  /** Gives all calls to the gateway: nothing is sent before the job is started there. */
  readonly handOver = async (): Promise<void> => {
    const { entries } = this;
    if (this.work || entries.length === 0) return;
    const groups = groupsOf(entries, 0, undefined);
    const { signal } = (this.#reading = new AbortController());
    this.failure = undefined;
    let first: string | undefined;
    try {
      for (const { provider, operation, entries: places } of groups) {
        this.work = `Giving ${plural(places.length, "call")} to the gateway, which checks each …`;
        this.#app.draw();
        const { id } = await handOver(this.#app.connection, provider, operation, places.map((at) => entries[at]!.steps[0]!.arguments), signal);
        first ??= id;
      }
      if (signal.aborted) return;
      this.close();
      this.#app.go({ job: first }, { view: "jobs" });
      // The screen may have to be loaded first.
      for (let turn = 0; turn < 300 && !document.querySelector("#job-heading"); turn += 1) await this.#app.drawn();
      return document.querySelector<HTMLElement>("#job-heading")?.focus();
    } catch (thrown) {
      if (signal.aborted) return;
      const failure = refusalOf(thrown);
      this.failure = { ...failure, message: first === undefined ? failure.message : `${failure.message}. What was given before it stands under Jobs, and is not started` };
    }
    this.work = "";
    this.#app.draw();
    await this.#app.drawn();
    document.querySelector<HTMLElement>("#bulk-refusal")?.focus();
  };

  readonly begin = async (title: string, todo: Todo): Promise<boolean> => {
    if (!(await this.runs.begin(title, todo))) return false;
    this.#app.draw();
    await this.#app.drawn();
    // What was pressed may be gone, and this is what goes on.
    document.querySelector<HTMLElement>(".job h2")?.focus();
    return true;
  };
}
