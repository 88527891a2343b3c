// What is done to sources beside what somebody looks at: deletions, which are held for some seconds first because nothing brings
// a source back, and what is done to many of them one after the other. Nothing of it is lost without a word.
import { failureOf, isAbort } from "../../model/failure.js";
import type { Failure, Row } from "../../types.js";

export const HOLD_MS = 5000;
const NOTE = "given up";

export interface Job {
  readonly id: number;
  readonly verb: "delete" | "disable" | "enable";
  readonly rows: readonly Row[];
  /** Nothing is sent yet, it runs, or it ended with failures. */
  readonly phase: "held" | "running" | "failed";
  /** While it is held: epoch milliseconds of its end. */
  readonly until: number;
  readonly done: number;
  readonly failures: readonly (readonly [Row, Failure])[];
}

/** Rejects with `BrokenOff` if its request had left when it was stopped. */
type Act = (row: Row, signal: AbortSignal) => Promise<void>;

/** Nobody waited for the answer. */
export class BrokenOff extends Error {}

const BROKEN_OFF: Failure = { title: "Stopped", message: "its answer was not waited for", problems: [], unsure: true };

interface OwnJob extends Job {
  phase: Job["phase"];
  done: number;
  failures: [Row, Failure][];
  readonly act: Act;
  readonly stop: AbortController;
  timer: ReturnType<typeof setTimeout> | undefined;
}

export const DONE = { delete: "deleted", disable: "disabled", enable: "enabled" };

export const nameOf = ({ rows }: Pick<Job, "rows">): string => (rows.length === 1 ? rows[0]!.name : `${rows.length.toLocaleString("en")} sources`);

/** What has become of it, in words. */
export function outcomeOf({ verb, rows, done }: Job, isStopped: boolean): string {
  const whole = rows.length === 1 ? `${rows[0]!.name} is` : `${done.toLocaleString("en")} of ${rows.length.toLocaleString("en")} sources are`;
  if (rows.length === 1) return done === 1 ? `${whole} ${DONE[verb]}` : `${whole} not ${DONE[verb]}`;
  return `${whole} ${DONE[verb]}${isStopped ? "; the rest was stopped" : ""}`;
}

export class Jobs {
  readonly #changed: () => void;
  readonly #say: (text: string) => void;
  readonly #ended: () => void;
  #jobs: readonly OwnJob[] = [];
  #count = 0;
  #clock: ReturnType<typeof setInterval> | undefined;

  /** `ended`: what was shown of one, with its buttons, is gone or another. */
  constructor(changed: () => void, say: (text: string) => void, ended: () => void) {
    this.#changed = changed;
    this.#say = say;
    this.#ended = ended;
    addEventListener("beforeunload", (event) => this.isBusy && event.preventDefault());
    // A page that is put aside may come back later, and must not go on then.
    addEventListener("pagehide", () => {
      const words = this.giveUp(["held", "running"]);
      if (words) keepNote(words);
    });
  }

  get list(): readonly Job[] {
    return this.#jobs;
  }

  get isBusy(): boolean {
    return this.#jobs.some(({ phase }) => phase !== "failed");
  }

  /** Keys of rows that are held, or wait for their turn. */
  rows(): readonly Row[] {
    return this.#jobs.flatMap(({ phase, rows, done, failures }) => (phase === "failed" ? [] : rows.slice(done + failures.length)));
  }

  add(verb: Job["verb"], rows: readonly Row[], act: Act, isHeld = verb === "delete"): number {
    const id = (this.#count += 1);
    const job: OwnJob = { id, verb, rows, phase: "held", until: Date.now() + HOLD_MS, done: 0, failures: [], act, stop: new AbortController(), timer: undefined };
    this.#jobs = [...this.#jobs, job];
    if (isHeld) job.timer = setTimeout(() => this.now(id), HOLD_MS);
    else void this.#run(job);
    this.#tell();
    return id;
  }

  /** What is held is not sent; what runs ends after what is under way. What failed is forgotten. */
  stop(id: number): Job | undefined {
    const job = this.#find(id);
    if (!job) return undefined;
    clearTimeout(job.timer);
    job.stop.abort();
    if (job.phase !== "running") this.#drop(job);
    return job;
  }

  /** Does not wait for the rest of the time. */
  now(id: number): void {
    const job = this.#find(id);
    if (job?.phase !== "held") return;
    clearTimeout(job.timer);
    void this.#run(job);
  }

  /** Those that failed, once more. */
  retry(id: number): void {
    const job = this.stop(id);
    if (job) this.add(job.verb, job.failures.map(([row]) => row), (job as OwnJob).act, false);
  }

  /** Ends what is in these phases, and tells in words what was not done; none: nothing was. */
  giveUp(phases: readonly Job["phase"][]): string | undefined {
    const words: string[] = [];
    for (const job of this.#jobs.filter(({ phase }) => phases.includes(phase))) {
      const { verb, rows, done, failures, phase } = job;
      const open = rows[done + failures.length];
      if (phase === "held") words.push(`${nameOf(job)} not ${DONE[verb]}: the page was left while it was held`);
      if (phase === "running") words.push(`${outcomeOf(job, true)} because the page was left${open ? `; ${open.name} was under way, and may be ${DONE[verb]}` : ""}`);
      this.stop(job.id);
    }
    return words.length > 0 ? words.join(". ") : undefined;
  }

  async #run(job: OwnJob): Promise<void> {
    job.phase = "running";
    this.#tell();
    const { signal } = job.stop;
    for (const row of job.rows) {
      if (signal.aborted) break;
      try {
        await job.act(row, signal);
        job.done += 1;
      } catch (thrown) {
        if (isAbort(thrown)) break;
        job.failures.push([row, thrown instanceof BrokenOff ? BROKEN_OFF : failureOf(thrown)]);
      }
      this.#tell();
    }
    this.#say(outcomeOf(job, signal.aborted));
    if (job.failures.length === 0) this.#drop(job);
    else job.phase = "failed";
    this.#tell();
    this.#ended();
  }

  #find(id: number): OwnJob | undefined {
    return this.#jobs.find((job) => job.id === id);
  }

  #drop(job: OwnJob): void {
    this.#jobs = this.#jobs.filter((one) => one !== job);
    this.#tell();
  }

  /** The seconds that are left are shown while something is held. */
  #tell(): void {
    const isHolding = this.#jobs.some(({ phase }) => phase === "held");
    if (isHolding) this.#clock ??= setInterval(this.#changed, 1000);
    else {
      clearInterval(this.#clock);
      this.#clock = undefined;
    }
    this.#changed();
  }
}

function keepNote(words: string): void {
  try {
    sessionStorage.setItem(NOTE, words);
  } catch {
    // A browser that keeps nothing cannot tell.
  }
}

/** What was given up when the page was left, told once. */
export function takeNote(): string | undefined {
  try {
    const words = sessionStorage.getItem(NOTE) ?? undefined;
    sessionStorage.removeItem(NOTE);
    return words;
  } catch {
    return undefined;
  }
}
