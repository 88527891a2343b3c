// One job under way: it can pause, end, and go on after a reload, and never runs in two tabs.
import type { Bulk, BulkJournal, BulkResult } from "image-sources";
import { failureOf } from "../model/failure.js";
import type { Clients } from "../package.js";
import type { Failure, Json } from "../types.js";
import { etaMs, widthOf } from "./eta.js";
import { type Counts, type Entry, type Group, groupsOf, type Head, type LogRow, outcomeAt, placesIn, phasesOf } from "./job.js";
import { type Hidden, putSecret, withoutSecrets } from "./secrets.js";
import * as storage from "./storage.js";

/** `elsewhere`: another tab has it. */
export type RunState = "paused" | "running" | "pausing" | "elsewhere" | "over";

/** How long a pause waits for answers before it breaks off: what has no answer then may have happened. */
const PATIENCE_MS = 30_000;
/** The key is not accepted; the page is locked. */
const STOPS = [401, 423];
const LOG_EVERY_MS = 1_000;
/** How often it is looked how far another tab is. */
const LOOK_EVERY_MS = 2_000;
const LOG_PART = 500;

export interface Runner {
  clients: Clients;
  /** Is there a request without its answer? What only waits for its turn can be called back. */
  isAnyInAir(): boolean;
  /** Something has changed that is shown. */
  changed(): void;
  /** A job runs now. */
  begun(run: Run): void;
  /** A job has ended or come to rest, here or in another tab. */
  rested(run: Run): void;
}

/** What a job is to do, and the secrets of it that are not known. */
export interface Todo {
  entries: Entry[];
  missing?: Hidden[];
}

export class Run {
  readonly head: Head;
  readonly entries: Entry[];
  /** Secrets that are not known: without them it cannot go on. */
  missing: Hidden[];
  state: RunState = "paused";
  failure: Failure | undefined;
  readonly log: LogRow[] = [];
  readonly #runner: Runner;
  readonly #hidden: readonly Hidden[];
  /** Group by group, phase by phase. */
  readonly #phases: Group[][] = [];
  /** How many calls of each group are under way. */
  readonly #flying = new Map<Group, number>();
  #pause: AbortController | undefined;
  #closed: (() => void) | undefined;
  #unsaved: LogRow[] = [];
  #parts = 0;
  #counts: Counts | undefined;
  readonly #total: number;

  private constructor(runner: Runner, head: Head, entries: Entry[], hidden: readonly Hidden[], missing: Hidden[]) {
    this.#runner = runner;
    this.head = head;
    this.entries = entries;
    this.#hidden = hidden;
    this.missing = missing;
    this.#total = entries.reduce((sum, { steps }) => sum + steps.length, 0);
  }

  /** A new job. It is stored before anything is sent. What is `missing` is asked for first. */
  static async begin(runner: Runner, about: Pick<Head, "screen" | "title" | "where">, { entries, missing = [] }: Todo): Promise<Run> {
    const head: Head = { version: 1, id: crypto.randomUUID(), at: Date.now(), phase: 0, isOver: false, ...about };
    const { stored, hidden } = withoutSecrets(entries);
    hidden.push(...missing);
    await storage.putBody(head.id, { entries: stored, hidden });
    await storage.putHead(head);
    return new Run(runner, head, entries, hidden, missing);
  }

  /** A job that was begun before; nothing if what is stored of it is not whole. */
  static async restore(runner: Runner, head: Head): Promise<Run | undefined> {
    const body = await storage.body(head.id);
    if (!body) return undefined;
    const run = new Run(runner, head, body.entries, body.hidden, [...body.hidden]);
    for (let phase = 0; phase <= head.phase; phase++) {
      const groups = await storage.groups(head.id, phase);
      if (groups) run.#phases[phase] = groups;
    }
    const { rows, parts } = await storage.log(head.id);
    run.log.push(...rows);
    run.#parts = parts;
    if (head.isOver) run.state = "over";
    // What is done needs no secrets any more; what is over may be repeated.
    else run.missing = run.missing.filter(({ entry, step }) => run.#isToDo(entry, step));
    return run;
  }

  get counts(): Counts {
    return (this.#counts ??= this.#count());
  }

  /** What is left takes so long at least. */
  get etaMs(): number {
    let sum = 0;
    for (let phase = this.head.phase; phase < phasesOf(this.entries); phase++) {
      const groups = this.#phases[phase] ?? groupsOf(this.entries, phase, undefined);
      const left = (group: Group) => group.entries.length - (group.journal?.taken ?? 0) + (group.journal?.left.length ?? 0);
      sum += etaMs(this.#runner.clients, groups.map((group) => ({ ...group, count: left(group) })).filter(({ count }) => count > 0));
    }
    return sum;
  }

  /** Entries of which a call ended so, to be done again. */
  again(outcome: LogRow["outcome"]): Todo {
    const found = new Set<number>();
    for (const groups of this.#phases) for (const group of groups ?? []) group.entries.forEach((entry, place) => outcomeAt(group, place) === outcome && found.add(entry));
    const places = [...found];
    return {
      entries: places.map((entry) => structuredClone(this.entries[entry]!)),
      missing: this.missing.filter(({ entry }) => found.has(entry)).map((hidden) => ({ ...hidden, entry: places.indexOf(hidden.entry) })),
    };
  }

  give(hidden: Hidden, value: string): void {
    putSecret(this.entries, hidden, value);
  }

  /** All that was missing has been given. */
  given(): void {
    this.missing = [];
    this.#runner.changed();
  }

  /** Begins, or goes on. Does nothing if another tab has it. */
  async start(): Promise<void> {
    if (this.state === "running" || this.state === "pausing" || this.state === "over" || this.missing.length > 0) return;
    this.failure = undefined;
    await locked([lockOf(this.head.id), ...placesOf(this.head.where, this.entries)], async (refused) => {
      if (refused === lockOf(this.head.id)) return void this.follow();
      if (refused) return void (this.failure = failureOf(busy));
      // Another tab may have begun it, or gone on with it, meanwhile.
      await this.#refresh();
      if (this.head.isOver) return this.#turn("over");
      this.#turn("running");
      this.#runner.begun(this);
      try {
        await this.#go();
      } catch (thrown) {
        this.failure = failureOf(thrown);
      }
      await this.#saveLog();
      this.#turn(this.head.isOver ? "over" : "paused");
    });
    this.#runner.rested(this);
  }

  /** Another tab has it: tells how far it is there, and when it is free again. */
  async follow(): Promise<void> {
    if (this.#isElsewhere) return;
    this.#turn("elsewhere");
    while (this.#isElsewhere) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      const isHeld = (await navigator.locks.query()).held?.some(({ name }) => name === lockOf(this.head.id));
      await this.#refresh(!isHeld).catch(() => undefined);
      if (this.#isElsewhere) this.#turn(isHeld ? "elsewhere" : this.head.isOver ? "over" : "paused");
    }
    // Also of a tab that was closed and told nothing.
    if (this.state === "over" || this.state === "paused") this.#runner.rested(this);
  }

  get #isElsewhere(): boolean {
    return this.state === "elsewhere";
  }

  /** Takes up nothing more; what is under way may end. */
  pause(): void {
    if (this.state !== "running") return;
    this.#turn("pausing");
    this.#closed?.();
    // By then it may go on already, with another one.
    const broken = this.#pause;
    setTimeout(() => broken?.abort(new DOMException("paused", "AbortError")), PATIENCE_MS);
  }

  /** Ends it for good: what is left is not done. */
  async stop(): Promise<void> {
    this.head.isOver = true;
    if (this.state === "running") this.pause();
    else if (this.state === "paused") this.#turn("over");
    await storage.putHead(this.head);
  }

  #turn(state: RunState): void {
    this.state = state;
    this.#counts = undefined;
    this.#runner.changed();
  }

  #isToDo(entry: number, step: number): boolean {
    const group = this.#phases[step]?.find(({ entries }) => entries.includes(entry));
    return !group || outcomeAt(group, group.entries.indexOf(entry)) === undefined;
  }

  async #refresh(hasLog = true): Promise<void> {
    const head = (await storage.heads()).find(({ id }) => id === this.head.id);
    if (head) Object.assign(this.head, head);
    for (let phase = 0; phase <= this.head.phase; phase++) {
      const groups = await storage.groups(this.head.id, phase);
      if (groups) this.#phases[phase] = groups;
    }
    this.#counts = undefined;
    if (!hasLog) return;
    const { rows, parts } = await storage.log(this.head.id);
    if (parts > this.#parts) {
      this.log.splice(0, this.log.length, ...rows);
      this.#parts = parts;
    }
  }

  #count(): Counts {
    const counts: Counts = { total: this.#total, ok: 0, failed: 0, unknown: 0 };
    for (const group of this.#phases.flat()) {
      const { journal } = group;
      if (!journal) continue;
      const { open, failed, left } = placesIn(journal);
      counts.failed += failed.size;
      // What is under way now is not unknown yet.
      counts.unknown += this.#isElsewhere ? 0 : Math.max(0, open.size - (this.#flying.get(group) ?? 0));
      counts.ok += journal.taken - failed.size - open.size - left.size;
    }
    return counts;
  }

  async #go(): Promise<void> {
    const phases = phasesOf(this.entries);
    const stop = (this.#pause = new AbortController());
    const closed = new Promise<void>((resolve) => (this.#closed = resolve));
    for (; this.head.phase < phases; this.head.phase++) {
      const { phase, id } = this.head;
      if (!this.#phases[phase]) {
        this.#phases[phase] = groupsOf(this.entries, phase, this.#phases[phase - 1]);
        await storage.putGroups(id, phase, this.#phases[phase]);
        await storage.putHead(this.head);
      }
      const ended = await Promise.allSettled(this.#phases[phase].map((group, at) => this.#runGroup(group, at, stop, closed)));
      for (const one of ended) if (one.status === "rejected") throw one.reason;
      if (this.state === "pausing") return void (await storage.putHead(this.head));
    }
    this.head.isOver = true;
    await storage.putHead(this.head);
  }

  async #runGroup(group: Group, at: number, stop: AbortController, closed: Promise<void>): Promise<void> {
    const { id, phase } = this.head;
    const { clients } = this.#runner;
    const width = widthOf(clients, group.provider, group.operation);
    const flying = () => this.#flying.get(group) ?? 0;
    let landed = () => {};
    const isClosed = () => this.state === "pausing";
    // What was in the air when it broke off is told by the journal.
    for (const place of group.journal ? placesIn(group.journal).open : []) this.#noteLost(group, place);
    const items = this.#items(group);
    const taken = group.journal?.taken ?? 0;
    const again = group.journal?.left.length ?? 0;
    this.#flying.set(group, again);
    const add = (count: number) => this.#flying.set(group, flying() + count);
    async function* given(): AsyncGenerator<Json[]> {
      for (const [place, item] of items.entries()) {
        if (place >= taken) {
          while (flying() >= width && !isClosed()) await Promise.race([new Promise<void>((resolve) => (landed = resolve)), closed]);
          // Waits for ever: what is under way ends, and then the run is broken off.
          if (isClosed()) return await new Promise<never>(() => {});
          add(1);
        }
        yield item;
      }
    }
    const run = clients[group.provider].bulk(group.operation, { [Symbol.asyncIterator]: given } as AsyncIterable<unknown>, {
      signal: stop.signal,
      ...(group.journal && { journal: group.journal }),
      save: (journal: BulkJournal) => {
        group.journal = journal;
        this.#counts = undefined;
        return storage.putJournal(id, phase, at, journal);
      },
    }) as Bulk<Json[], unknown>;
    // In the very turn in which nothing is in the air: what leaves a moment later would be in doubt.
    void closed.then(() => {
      const watch = () => (flying() <= 0 || !this.#runner.isAnyInAir() ? stop.abort(new DOMException("paused", "AbortError")) : void setTimeout(watch, 20));
      watch();
    });
    try {
      for await (const result of run) {
        add(-1);
        landed();
        this.#note(group, result);
      }
    } catch (thrown) {
      if (!stop.signal.aborted) {
        stop.abort(thrown);
        throw thrown;
      }
    } finally {
      this.#flying.delete(group);
      // What broke off has left its mark in the last journal.
      group.journal = run.journal();
      this.#counts = undefined;
      await storage.putJournal(id, phase, at, group.journal);
      for (const place of placesIn(group.journal).open) this.#noteLost(group, place);
    }
  }

  /** The arguments of each call. What is told by journals of them holds no secrets. */
  #items({ entries }: Group): Json[][] {
    const { phase } = this.head;
    const hidden = new Set(this.#hidden.filter(({ step }) => step === phase).map(({ entry }) => entry));
    return entries.map((at) => {
      const item = this.entries[at]!.steps[phase]!.arguments;
      if (!hidden.has(at)) return item;
      const [stored] = withoutSecrets([this.entries[at]!]).stored;
      return Object.defineProperty([...item], "toJSON", { value: () => stored!.steps[phase]!.arguments });
    });
  }

  #note({ provider, operation, entries }: Group, { index, outcome, error }: BulkResult<Json[], unknown>): void {
    const entry = entries[index]!;
    this.#push({
      at: Date.now(), entry, provider, operation, label: this.entries[entry]!.label, outcome,
      ...(error && { status: error.status, code: error.problems?.[0]?.code, message: error.message, requestId: error.requestId }),
    });
    // Every other call would meet the same.
    if (error && (error.kind === "network" || STOPS.includes(error.status ?? 0)) && this.state === "running") {
      this.failure = failureOf(error);
      this.pause();
    }
    this.#runner.changed();
  }

  #noteLost({ provider, operation, entries }: Group, place: number): void {
    const entry = entries[place]!;
    if (this.log.some((row) => row.entry === entry && row.operation === operation)) return;
    const message = "was under way when the run broke off: it may have happened, and is not repeated";
    this.#push({ at: Date.now(), entry, provider, operation, label: this.entries[entry]!.label, outcome: "unknown", message });
  }

  #push(row: LogRow): void {
    this.log.push(row);
    this.#unsaved.push(row);
    this.#counts = undefined;
    if (this.#unsaved.length === 1) setTimeout(() => void this.#saveLog(), LOG_EVERY_MS);
    else if (this.#unsaved.length >= LOG_PART) void this.#saveLog();
  }

  async #saveLog(): Promise<void> {
    if (this.#unsaved.length === 0) return;
    const rows = this.#unsaved;
    this.#unsaved = [];
    await storage.putLog(this.head.id, this.#parts++, rows).catch(() => undefined);
  }
}

export const lockOf = (id: string): string => `job ${id}`;

/** A provider of an account, where one job runs at a time: what one has planned another may just do. */
const placesOf = (where: string, entries: readonly Entry[]): string[] => [...new Set(entries.map(({ provider }) => `jobs ${provider} ${where}`))].sort();

const busy = new Error("another job is under way at the same provider, here or in another tab: wait for its end or pause it, and look again at what is to be done");

/** Why nothing can begin there just now. */
export async function busyAt(where: string, entries: readonly Entry[]): Promise<Error | undefined> {
  const held = (await navigator.locks?.query())?.held?.map(({ name }) => name) ?? [];
  return placesOf(where, entries).some((name) => held.includes(name)) ? busy : undefined;
}

/** Runs with all these locks, or is told which one somebody else has; a browser without locks cannot tell. */
async function locked([name, ...rest]: string[], run: (refused?: string) => Promise<void>): Promise<void> {
  if (!navigator.locks || name === undefined) return run();
  await navigator.locks.request(name, { ifAvailable: true }, (lock) => (lock ? locked(rest, run) : run(name)));
}
