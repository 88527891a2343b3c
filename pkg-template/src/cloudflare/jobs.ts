// Long jobs: thousands of calls of one operation, done over hours by a Durable Object that wakes, does a slice, and sleeps. The
// calls are the package's own; what is known of each item stands in the journal, which outlives the object.
import { DurableObject } from "cloudflare:workers";
import type { Asking } from "../patience.js";
import { type Account, accountIn, baseOf, clientOf, methodOf } from "./accounts.js";
import { commandIn } from "./body.js";
import { type Item, type Job, Journal, type Told } from "./journal.js";
import { type DurableLimiter, ownLimiter } from "./limiter.js";
import type { Limit } from "./log.js";
import { lookUp } from "./lookup.js";
import { masked, maskedIn } from "./mask.js";
import type { Environment, ObjectState } from "./platform.js";
import { changesSource, note, type Note } from "./recorder.js";
import { isAddressOf, writes } from "./route.js";
import { fieldsOf } from "./sources.js";
import { isProvider, type OperationInfo, operationsOf, providerOf, ratesOf } from "./tables.js";

/** A job, and how long what is left of it takes at the account's limit. */
export type Progress = Job & { rateClass: string; etaMs: number };

/** What went wrong with a question about jobs. */
export interface Declined {
  code: "not-found" | "bad-request" | "conflict" | "provider-off";
  message: string;
  /** Which item it is about. */
  index?: number;
}

export type Answer<T> = { value: T } | { declined: Declined };

/** How long the object works at a stretch. */
const SLICE_MS = 20_000;
/** A call that gets no slot for so long is put back: the object sleeps rather than waits. */
const PATIENCE_MS = 10_000;
/** What a call has for its answer, however late its slot came: cut off earlier, it would be one that may have happened. */
const ANSWER_MS = 30_000;
/** A slot so far away that no call waits for it. */
const NEVER_MS = 86_400_000;
/** Should everything end, the alarm rings again. */
const SAFETY_MS = 60_000;
/** As many connections as a Worker may have at a time. */
const LANES = 6;
const PAGE = 100;
const MOST_ITEMS = 1_000_000;
/** How often an item is put back that was never sent. */
const MOST_TRIES = 50;
const MOST_LOOKS = 5;
/** Who begins to collect and goes away leaves nothing. */
const COLLECTING_MS = 3_600_000;
/** How long a job is kept that is over. */
const KEPT_MS = 366 * 86_400_000;

const declined = (code: Declined["code"], message: string, index?: number): { declined: Declined } => ({ declined: { code, message, ...(index !== undefined && { index }) } });

/** Arguments to be written in place of those that hold secrets. */
function withoutSecrets({ args: given }: Item): { args?: unknown[] } {
  const args = masked(given);
  return JSON.stringify(args) == JSON.stringify(given) ? {} : { args };
}

/** What the lanes of one job share while it runs. */
interface Slice {
  job: Job;
  row: OperationInfo;
  until: number;
  /** The first of the items that were not taken up. */
  queue: Item[];
  after: number;
  /** Nothing more is taken up before. */
  delayedUntil: number;
  lanes: Set<Lane>;
  stopped: boolean;
}

interface Lane {
  client: any;
  item?: Item;
  sent: boolean;
  requestId: string | undefined;
  /** When there is a slot, if it was too far away. */
  slotMs: number | undefined;
  /** The source as it was, and the entry of the audit, if what is done can be put back. */
  before: unknown;
  noted: Note | undefined;
  abort: AbortController;
}

export class Jobs extends DurableObject {
  #journal: Journal;
  #slices = new Map<string, Slice>();
  /** By provider. */
  #limiters = new Map<string, DurableLimiter>();
  /** When a job goes on; of those that may, the one comes first that has waited longest. */
  #due = new Map<string, number>();

  constructor(ctx: ObjectState, env: Environment) {
    super(ctx, env);
    this.#journal = new Journal(ctx.storage);
    this.#journal.recover();
    // An earlier life may have ended before it said when to go on.
    if (this.#journal.running().length) ctx.blockConcurrencyWhile(() => ctx.storage.setAlarm(Date.now()));
  }

  /** The account at a provider; a class of one's own may know another place for keys. */
  protected account(provider: string): Account | undefined {
    return accountIn(this.env, provider);
  }

  /** The same with a limiter: one of its own, where none is shared. */
  #limited(provider: string): (Account & { limiter: DurableLimiter }) | undefined {
    const account = this.account(provider);
    if (!account) return undefined;
    const limiter = account.limiter ?? this.#limiters.get(provider) ?? ownLimiter();
    this.#limiters.set(provider, limiter);
    return { ...account, limiter };
  }

  /** May an operation be done here as things stand? While it may not, its jobs rest. */
  protected allows(_operation: OperationInfo): boolean {
    return true;
  }

  #row(provider: string, operation: string): OperationInfo | undefined {
    return isProvider(provider) ? operationsOf(provider).find((row) => row.name === operation) : undefined;
  }

  #told(job: Job): Progress {
    const { rateClass } = this.#row(job.provider, job.operation)!;
    const own = this.account(job.provider)?.limits?.[rateClass];
    const usual = ratesOf(job.provider)[rateClass];
    const limit = own !== undefined ? own : usual ? { requests: usual[0], perMs: usual[1] } : null;
    const left = job.planned + job.sent;
    const windows = limit ? Math.max(0, Math.ceil(left / limit.requests) - 1) : 0;
    // The window as the shared log counts it.
    const span = limit ? limit.perMs + Math.min(1_000, limit.perMs / 20) : 0;
    return { ...job, rateClass, etaMs: Math.round(windows * span) };
  }

  #found(id: string): Answer<Progress> {
    const job = this.#journal.job(id);
    return job ? { value: this.#told(job) } : declined("not-found", "there is no such job");
  }

  /** Begins a job; its items come next. */
  create(provider: string, operation: string, by: string): Answer<string> {
    const row = this.#row(provider, operation);
    if (!row || !writes(row) || row.input == "bytes" || row.several) return declined("bad-request", "`operation` must be one that writes, and no upload");
    if (!this.account(provider)) return declined("provider-off", "no account is set up for this provider");
    for (const id of this.#journal.forgotten(Date.now() - COLLECTING_MS, Date.now() - KEPT_MS)) this.#journal.remove(id);
    const id = crypto.randomUUID();
    this.#journal.create({ id, provider: row.provider, operation, by: String(by).slice(0, 200), created: Date.now() });
    return { value: id };
  }

  /** Adds items: each a list of the operation's arguments, or its only one. What is certainly wrong is refused now. */
  async add(id: string, items: unknown[]): Promise<Answer<number>> {
    const job = this.#journal.job(id);
    if (job?.state != "collecting") return declined("conflict", "the job takes no more items");
    if (job.total + items.length > MOST_ITEMS) return declined("bad-request", `a job has at most ${MOST_ITEMS} items`);
    const row = this.#row(job.provider, job.operation)!;
    const count = row.parameters.length + +(row.input == "json");
    const account = this.account(job.provider)!;
    const base = baseOf(job.provider, row, account);
    const check = methodOf(clientOf(job.provider, account, {}).dryRun, row.name)!;
    const lists: unknown[][] = [];
    for (const [at, item] of items.entries()) {
      const args = Array.isArray(item) ? item : [item];
      try {
        if (args.length < count || args.length > count + 1) throw new Error(`an item of ${row.name} has ${count} argument${count == 1 ? "" : "s"}, and perhaps options`);
        if (maskedIn(args) !== undefined) throw new Error("it holds a mask and not the secret");
        const { url, body } = await check(...args);
        if (row.path.includes("{") && !isAddressOf(row, url, base)) throw new Error("its path could be read as another one");
        // The journal and the audit tell of the arguments, and not of what goes along with them.
        if (Object.hasOwn(Object(args[count]), "extra")) throw new Error("`extra` is not for jobs");
        const command = row.input == "json" ? commandIn(JSON.parse(body)) : undefined;
        if (command !== undefined) throw new Error(`\`${command}\` is no attribute of anything`);
        // What cannot be noted later is refused now.
        if (row.name.startsWith("sources.") && row.input == "json") fieldsOf(args[row.parameters.length]);
      } catch (failure: any) {
        return declined("bad-request", `item ${job.total + at}: ${String(failure?.message).slice(0, 500)}`, job.total + at);
      }
      lists.push(args);
    }
    return { value: this.#journal.add(id, lists) };
  }

  /** All items are there: gives the plan. */
  seal(id: string): Answer<Progress> {
    const job = this.#journal.job(id);
    if (job?.state != "collecting") return declined("conflict", "the job is planned already");
    if (!job.total) {
      this.#journal.remove(id);
      return declined("bad-request", "a job needs items");
    }
    this.#journal.state(id, "planned", Date.now());
    return this.#found(id);
  }

  /** Forgets a job that is being collected. */
  drop(id: string): void {
    if (this.#journal.job(id)?.state == "collecting") this.#journal.remove(id);
  }

  get(id: string): Answer<Progress> {
    return this.#found(id);
  }

  list(): Progress[] {
    return this.#journal.jobs().map((job) => this.#told(job));
  }

  page(id: string, after: number, limit: number, length: number): Told[] {
    return this.#journal.page(id, after, limit, length);
  }

  /** Begins, or goes on. Whoever says it a second time changes nothing. */
  async start(id: string): Promise<Answer<Progress>> {
    const state = this.#journal.job(id)?.state;
    if (state == "planned" || state == "paused") {
      this.#journal.state(id, "running", Date.now());
      await this.#wake(id);
    } else if (state && state != "running") return declined("conflict", `the job is ${state}`);
    return this.#found(id);
  }

  /** Takes up nothing more. What is under way comes to its end. */
  pause(id: string): Answer<Progress> {
    const state = this.#journal.job(id)?.state;
    if (state == "running") {
      this.#journal.state(id, "paused", Date.now());
      this.#stop(id);
    } else if (state && state != "paused") return declined("conflict", `the job is ${state}`);
    return this.#found(id);
  }

  /** Ends it for good. */
  cancel(id: string): Answer<Progress> {
    const state = this.#journal.job(id)?.state;
    if (state == "planned" || state == "running" || state == "paused") {
      this.#journal.state(id, "cancelled", Date.now());
      this.#stop(id);
      this.#forget(id);
    } else if (state && state != "cancelled") return declined("conflict", `the job is ${state}`);
    return this.#found(id);
  }

  /** Sends again what failed, or what may have happened: only because somebody wants it. */
  async retry(id: string, states: ("failed" | "unknown")[]): Promise<Answer<Progress>> {
    const state = this.#journal.job(id)?.state;
    if (state == "running" || state == "collecting") return declined("conflict", `the job is ${state}; pause it first`);
    if (state == "cancelled") return declined("conflict", "the job is cancelled");
    if (state && this.#journal.again(id, states.filter((one) => one == "failed" || one == "unknown"))) {
      this.#journal.state(id, "running", Date.now());
      await this.#wake(id);
    }
    return this.#found(id);
  }

  /** Nobody needs the secrets any more of what will not be sent. */
  #forget(id: string) {
    const job = this.#journal.job(id)!;
    if (this.#row(job.provider, job.operation)?.input != "json") return;
    for (const state of ["planned", "unknown"] as const)
      for (let after = -1, items: Item[]; (items = this.#journal.next(id, after, PAGE, state)).length; after = items.at(-1)!.seq) for (const item of items) this.#journal.mark(id, item.seq, state, withoutSecrets(item));
  }

  async #wake(id: string) {
    this.#due.delete(id);
    await this.ctx.storage.setAlarm(Date.now());
  }

  #stop(id: string) {
    const slice = this.#slices.get(id);
    if (!slice) return;
    slice.stopped = true;
    for (const lane of slice.lanes) if (!lane.sent) lane.abort.abort();
  }

  async alarm(): Promise<void> {
    await this.ctx.storage.setAlarm(Date.now() + SAFETY_MS);
    const dueAt = (job: Job, now: number) => (this.#can(job) ? (this.#due.get(job.id) ?? 0) : now + SAFETY_MS);
    const began = Date.now();
    const ready = this.#journal.running().map((job) => ({ job, at: dueAt(job, began) })).filter(({ at }) => at <= began);
    const jobs = ready.sort((one, other) => one.at - other.at).slice(0, LANES).map(({ job }) => job);
    const width = Math.max(1, Math.floor(LANES / Math.max(1, jobs.length)));
    const until = Date.now() + SLICE_MS;
    await Promise.all(
      jobs.map(async (job) => {
        this.#due.delete(job.id);
        const next = await this.#slice(job, until, width).catch((failure: any) => {
          console.error(`a slice of a job failed: ${failure?.name}`);
          return Date.now() + 10_000;
        });
        this.#due.set(job.id, next);
      }),
    );
    const running = this.#journal.running();
    for (const id of this.#due.keys()) if (!running.some((job) => job.id === id)) this.#due.delete(id);
    const now = Date.now();
    if (!running.length) await this.ctx.storage.deleteAlarm();
    else await this.ctx.storage.setAlarm(Math.max(now, Math.min(now + SAFETY_MS, ...running.map((job) => dueAt(job, now)))));
  }

  #can(job: Job): boolean {
    const row = this.#row(job.provider, job.operation);
    return row !== undefined && this.account(job.provider) !== undefined && this.allows(row);
  }

  /** Works on a job for a while; gives the time at which to go on. */
  async #slice(job: Job, until: number, width: number): Promise<number> {
    const row = this.#row(job.provider, job.operation);
    const account = this.#limited(job.provider);
    if (!row || !account || this.#slices.has(job.id)) return Date.now() + SAFETY_MS;
    const slice: Slice = { job, row, until, queue: [], after: -1, delayedUntil: 0, lanes: new Set(), stopped: false };
    this.#slices.set(job.id, slice);
    try {
      this.#journal.recover(job.id);
      await this.#lookFor(slice, account);
      const ends = await Promise.allSettled(Array.from({ length: width }, () => this.#lane(slice, account)));
      for (const end of ends) if (end.status == "rejected") throw end.reason;
    } finally {
      this.#slices.delete(job.id);
    }
    const now = this.#journal.job(job.id)!;
    if (now.state == "running" && !now.planned && !now.sent && !this.#journal.lost(job.id, 1).length) this.#journal.state(job.id, "done", Date.now());
    // Who is paused and started again meanwhile goes on at once.
    return slice.stopped ? Date.now() : Math.max(Date.now(), slice.delayedUntil);
  }

  /** Looks for what may have happened, before anything else is sent. */
  async #lookFor(slice: Slice, account: Account) {
    const { job, row } = slice;
    const client = clientOf(job.provider, account, {});
    while (!slice.stopped && Date.now() < slice.until && Date.now() >= slice.delayedUntil) {
      const [item] = this.#journal.lost(job.id, 1);
      if (!item) return;
      try {
        const found = await lookUp(client, row, item.args, { deadlineMs: PATIENCE_MS });
        if (found == "done") this.#finish(slice, item, "ok", {});
        else if (found == "not-done") this.#journal.mark(job.id, item.seq, "planned", { looked: false });
        else this.#journal.mark(job.id, item.seq, "unknown", { looked: true, error: "it may have happened, and there is nothing to look for" });
      } catch (failure: any) {
        const tries = item.tries + 1;
        this.#journal.mark(job.id, item.seq, "unknown", { tries, looked: tries >= MOST_LOOKS, error: `it may have happened, and looking for it failed: ${failure?.message}` });
        slice.delayedUntil = Date.now() + (failure?.retryAfterMs ?? 1_000 * 2 ** tries);
      }
    }
  }

  #take(slice: Slice): Item | undefined {
    if (!slice.queue.length) slice.queue = this.#journal.next(slice.job.id, slice.after, PAGE);
    const item = slice.queue.shift();
    if (item) slice.after = item.seq;
    return item;
  }

  async #lane(slice: Slice, account: Account & { limiter: DurableLimiter }) {
    const lane: Lane = { client: undefined, sent: false, requestId: undefined, slotMs: undefined, before: undefined, noted: undefined, abort: new AbortController() };
    const { limiter } = account;
    lane.client = clientOf(slice.job.provider, account, {
      timeoutMs: ANSWER_MS,
      limiter: {
        ...limiter,
        reserve: async (of: string, rateClass: string, limit: Limit, asking: Asking) => {
          const ms = await limiter.reserve(of, rateClass, limit, Object.assign(asking, { deadlineMs: PATIENCE_MS }));
          lane.slotMs = ms > PATIENCE_MS ? ms : undefined;
          return lane.slotMs === undefined ? ms : NEVER_MS;
        },
      },
      onEvent: (event: any) => event.type == "response" && (lane.requestId = event.requestId),
      fetch: async (url: string, init: RequestInit) => {
        if (init.method != "GET" && !lane.sent) {
          const { item, abort } = lane;
          const noted = await this.#note(slice, lane);
          // Who gave the call up meanwhile was told that nothing has been sent, and looks here no more.
          if (abort.signal.aborted || init.signal?.aborted) {
            await noted?.end({ outcome: "declined" });
            throw new DOMException("the call was given up before it was sent", "AbortError");
          }
          // Written before it is sent: what is found like this in another life may have happened.
          Object.assign(lane, { noted, sent: true });
          this.#journal.mark(slice.job.id, item!.seq, "sent", { at: Date.now() });
        }
        return fetch(url, init);
      },
    });
    slice.lanes.add(lane);
    while (!slice.stopped && Date.now() < slice.until && Date.now() >= slice.delayedUntil) {
      const item = this.#take(slice);
      if (!item) break;
      Object.assign(lane, { item, sent: false, requestId: undefined, slotMs: undefined, before: undefined, noted: undefined, abort: new AbortController() });
      await this.#do(slice, lane, item, account.apiKey);
    }
    slice.lanes.delete(lane);
  }

  async #do(slice: Slice, lane: Lane, item: Item, key: string) {
    const { job, row } = slice;
    if (maskedIn(item.args) !== undefined) return this.#finish(slice, item, "failed", { error: "it held secrets, which are not kept when an item is over: give it anew in another job" });
    const count = row.parameters.length + +(row.input == "json");
    // Whether anything is sent again is decided here, by what is known of it, and not by the item.
    const options = { ...Object(item.args[count]), retries: 0, timeoutMs: ANSWER_MS, deadlineMs: PATIENCE_MS + ANSWER_MS, signal: lane.abort.signal };
    let given: any;
    try {
      if (this.env.AUDIT && changesSource(row)) lane.before = await lane.client.sources.get(item.args[0], { retries: 0, deadlineMs: PATIENCE_MS, signal: lane.abort.signal }).then((source: any) => masked(source, key), () => undefined);
      given = await methodOf(lane.client, row.name)!(...item.args.slice(0, count), options);
    } catch (failure: any) {
      await lane.noted?.end({ outcome: failure?.outcome == "unknown" ? "unknown" : "declined", ...(failure?.status && { status: failure.status }), ...(failure?.requestId && { requestId: failure.requestId }) });
      const back = (ms: number) => {
        this.#open(slice, item, "planned", { tries: item.tries + 1 });
        slice.delayedUntil = Math.max(slice.delayedUntil, Date.now() + ms);
      };
      if (!lane.sent && lane.abort.signal.aborted) this.#open(slice, item, "planned", {});
      else if (failure?.name == "RateLimitError") back(lane.slotMs ?? failure.retryAfterMs ?? 1_000);
      else if (lane.sent && failure?.outcome == "unknown") this.#open(slice, item, "unknown", { tries: 0, looked: false, requestId: lane.requestId, error: failure.message });
      else if (!lane.sent && /^(Network|Timeout|Server)Error$/.test(failure?.name) && item.tries < MOST_TRIES) back(Math.min(60_000, 1_000 * 2 ** Math.min(6, item.tries)));
      else this.#finish(slice, item, "failed", { requestId: lane.requestId, error: String(failure?.message) });
      return;
    }
    // Whatever goes wrong from here on, it has been done.
    const value = masked(given, key);
    const id = typeof value?.id == "string" ? value.id.slice(0, 200) : typeof value?.id == "number" ? value.id : undefined;
    this.#finish(slice, item, "ok", { requestId: lane.requestId, ...(id !== undefined && { value: { id } }) });
    await lane.noted?.end({ outcome: "ok", ...(lane.requestId && { requestId: lane.requestId }), ...(id !== undefined && { target: String(id), after: value }) });
  }

  /** Notes in the audit what is about to be done to a source; other calls stand in the journal alone. */
  async #note({ job, row }: Slice, { item, before }: Lane): Promise<Note | undefined> {
    if (!this.env.AUDIT || !row.name.startsWith("sources.")) return undefined;
    const { args } = item!;
    const input = row.input == "json" ? args[row.parameters.length] : undefined;
    const target = row.parameters.length ? args.slice(0, row.parameters.length).join("/") : String((input as any)?.[providerOf(job.provider).row.name] ?? "");
    return note(this.env.AUDIT, { who: job.by, kind: "job", provider: job.provider, operation: row.name, target, fields: fieldsOf(input), ...(before !== undefined && { before }) });
  }

  /** It is not over, unless the job is. */
  #open({ job }: Slice, item: Item, state: "planned" | "unknown", more: object) {
    this.#journal.mark(job.id, item.seq, state, { ...more, ...(this.#journal.job(job.id)?.state == "cancelled" && withoutSecrets(item)) });
  }

  /** What is over needs its secrets no more. */
  #finish({ job }: Slice, item: Item, state: "ok" | "failed", more: object) {
    this.#journal.mark(job.id, item.seq, state, { ...more, ...withoutSecrets(item) });
  }
}
