// One thing done to many assets: held for some seconds, so that it can be taken back, then run by the package's bulk.
import { journalPlaces } from "../../package.js";
import type { Bulk, BulkJournal, BulkProgress } from "image-sources";
import { failureOf } from "../../model/failure.js";
import { noFormula } from "../../text/formula.js";
import type { Failure } from "../../types.js";

export const HOLD_MS = 5000;

export interface Target {
  path: string;
  /** What the bulk takes for it. */
  item: unknown;
}

/** `unsent`: taken back or stopped before its request left. */
export type Outcome = "ok" | "failed" | "unknown" | "unsent";

export interface Result {
  path: string;
  outcome: Outcome;
  /** A remark, or what went wrong. */
  words: string;
}

export interface Work {
  /** `Purge`, as on the button. */
  title: string;
  operation: string;
  targets: readonly Target[];
  begin(items: unknown[], options: { signal: AbortSignal }): Bulk<any, any>;
  remark?(value: unknown): string;
}

const EMPTY: BulkProgress = { done: 0, ok: 0, failed: 0, unknown: 0 };

export class Run {
  readonly work: Work;
  state: "held" | "running" | "stopping" | "over" | "undone" = "held";
  /** What ended it as a whole. */
  failure?: Failure;
  progress: BulkProgress;
  etaMs = 0;
  readonly #results = new Map<number, Result>();
  readonly #stop = new AbortController();
  readonly #changed: (run: Run) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #bulk: Bulk<any, any>;
  #journal: BulkJournal | undefined;

  constructor(work: Work, changed: (run: Run) => void, holdMs = HOLD_MS) {
    this.work = work;
    this.#changed = changed;
    this.progress = { ...EMPTY, total: work.targets.length };
    this.#bulk = work.begin(work.targets.map(({ item }) => item), { signal: this.#stop.signal });
    this.etaMs = this.#bulk.plan.etaMs ?? 0;
    this.#timer = setTimeout(() => this.now(), holdMs);
  }

  get isOpen(): boolean {
    return ["held", "running", "stopping"].includes(this.state);
  }

  /** Does not wait for the end of the hold. */
  now(): void {
    if (this.state === "held") void this.#run();
  }

  undo(): void {
    if (this.state !== "held") return;
    clearTimeout(this.#timer);
    this.#go("undone");
  }

  stop(): void {
    if (this.state === "held") this.undo();
    if (this.state !== "running") return;
    this.#go("stopping");
    this.#stop.abort();
  }

  /** One for each target, in their order. */
  results(): Result[] {
    const open = new Set(this.#journal && journalPlaces(this.#journal.open));
    const rest = (path: string, at: number): Result =>
      open.has(at) ? { path, outcome: "unknown", words: "its answer was not waited for: it may have happened" } : { path, outcome: "unsent", words: "not sent" };
    return this.work.targets.map(({ path }, at) => this.#results.get(at) ?? rest(path, at));
  }

  /** Those that are worth doing once more. */
  left(): Target[] {
    const results = this.results();
    return this.work.targets.filter((_, at) => ["failed", "unsent"].includes(results[at]!.outcome));
  }

  async #run(): Promise<void> {
    clearTimeout(this.#timer);
    this.#go("running");
    try {
      for await (const { index, outcome, value, error } of this.#bulk) {
        this.#results.set(index, { path: this.work.targets[index]!.path, outcome, words: error ? failureOf(error).message : (this.work.remark?.(value) ?? "") });
        this.progress = { ...this.#bulk.progress };
        this.#changed(this);
      }
    } catch (thrown) {
      if (!this.#stop.signal.aborted) this.failure = failureOf(thrown);
    }
    this.#journal = this.#bulk.journal();
    this.#go("over");
  }

  #go(state: Run["state"]): void {
    this.state = state;
    this.#changed(this);
  }
}

/** What became of each, for a table of another program: no cell begins a formula. */
export const printed = (results: readonly Result[]): string =>
  ["path\toutcome\tremark", ...results.map(({ path, outcome, words }) => [path, outcome, words].map(cell).join("\t"))].join("\n");

const cell = (text: string): string => noFormula(text).replace(/[\t\r\n]+/g, " ");
