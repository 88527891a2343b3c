// Many calls of one operation: paced by the limits, resumable, and never one of them twice.
import { mix } from "./encode.js";
import { invalid, looked, quietly } from "./errors.js";
import { gone, onAbort } from "./run.js";

type Call = (given: unknown[], options: object) => any;

/** How many places one text of a set tells of: few enough to be changed quickly. */
const BLOCK = 1000;

const OTHER = "is of another operation or items";

/** A set as it is kept: in a copy of it, blocks without a place may be missing. */
type Places = (string | null | undefined)[];

const bits = (digits: Places[number]) => BigInt("0x0" + (digits ?? ""));

/** Puts a place into a set, or takes it out: a bit for each keeps it small on paper, however many there are. */
const flip = (set: Places, place: number) => {
  const block = Math.floor(place / BLOCK);
  set[block] = (bits(set[block]) ^ (1n << BigInt(place % BLOCK))).toString(16);
};

/** The places in a set. */
export const placesOf = (set: Places): number[] =>
  set.flatMap((digits, block) => [...bits(digits).toString(2)].reverse().flatMap((bit, at) => (+bit ? block * BLOCK + at : [])));

export function bulk(call: Call, operation: string | undefined, rateClass: string, [requests = Infinity, perMs = 0]: number[] = [], items: any, given: any) {
  const from = { operation };
  let count: unknown;
  quietly(() => (count = items?.length ?? items?.size));
  const total = typeof count == "number" && { total: count };
  const progress: any = { ...total, done: 0, ok: 0, failed: 0, unknown: 0 };
  /** What a journal holds: sets of what may have happened and of what failed, and what was taken up and not done. */
  const state: any = { version: 2, operation, taken: 0, items: mix(""), open: [], failed: [], left: [] };
  let begun = false;

  const refuse = (field: string, message: string): never => {
    throw invalid(field, "value", message, from);
  };

  /** What has been done, to go on from later. */
  const told = () => {
    const text = JSON.stringify(state);
    return { ...JSON.parse(text), check: mix(text) };
  };

  /** Goes on from a journal, unless it is damaged, of another version or of something else. */
  const resume = (journal: unknown) => {
    const { check, ...before } = Object(journal);
    if (before.version !== 2) refuse("journal", "is not of version 2");
    if (before.operation !== operation) refuse("journal", OTHER);
    // In the order of ours: who keeps a journal may keep its members in another one.
    const text = JSON.stringify({ ...state, ...before });
    if (check !== mix(text)) refuse("journal", "is damaged");
    Object.assign(state, JSON.parse(text));
    progress.done = state.taken - state.left.length;
    progress.unknown = placesOf(state.open).length;
    progress.failed = placesOf(state.failed).length;
    progress.ok = progress.done - progress.unknown - progress.failed;
  };

  async function* run(): AsyncGenerator<any> {
    const { journal, save, onProgress, signal, ...options } = looked(() => ({ ...given }), from);
    if (signal?.aborted) throw signal.reason;
    if (!operation) refuse("operation", "is a list or none");
    for (const [field, needed] of [["save", save], ["signal", signal?.addEventListener ?? signal]] as const)
      if (typeof (needed ?? run) != "function") refuse(field, "is none");
    if (begun) refuse("items", "were used before");
    begun = true;
    let source: any;
    quietly(() => (source = typeof items != "string" && (items[Symbol.asyncIterator] ?? items[Symbol.iterator]).call(items)));
    if (typeof source?.next != "function") refuse("items", "must be iterable");
    if (journal != null) resume(journal);
    const before = state.taken;
    let seen = mix("");
    /** What became of items and was not given on yet, and what is to be done then. */
    const results: [any, () => void][] = [];
    let wake = () => {};
    /** What is under way. */
    const flights = new Set<AbortController>();
    /** What an earlier run has left. */
    const again: [number, any][] = [];
    let turn: Promise<any> = Promise.resolve();
    let saving: Promise<unknown> = turn;
    let queued: Promise<unknown> | undefined;
    let ended: any;
    let stopped = false;
    /** Why no more is done. */
    let broken: any;
    let index = 0;

    /** No more is taken up, and what has not left does not leave; what has left comes to its end, or `all` ends. */
    const end = (all?: boolean) => {
      ended = stopped = true;
      for (const own of flights) if (all || !gone.has(own.signal)) own.abort();
      wake();
    };
    const fail = (thrown: unknown) => {
      broken ??= { thrown };
      end();
    };
    const off = onAbort(signal, () => end(true));

    /** Keeps the journal, one after the other, so that no older one is written over a newer one. */
    const keep = () => (queued ??= saving = saving.then(() => ((queued = undefined), save?.(told()))));

    /** The next item that is to be done, with its place. */
    const next = async (): Promise<any> => {
      while (!ended) {
        if (index >= before && again.length) return again.shift();
        const { done, value } = await source.next();
        if (done && index < before) refuse("journal", OTHER);
        if ((ended ||= done)) break;
        const item: [number, any] = [index++, value];
        // What cannot be read fails when it is done.
        let text: any;
        quietly(() => (text = JSON.stringify(value)));
        seen = mix(text ?? "", seen);
        if (index > before) {
          state.items = seen;
          state.taken = index;
          return item;
        }
        // What has been done is only looked at: is it the same?
        if (state.left.includes(item[0])) again.push(item);
        if (index == before && seen !== state.items) refuse("journal", OTHER);
      }
      wake();
    };

    /** Does one item; gives what became of it, unless a later run is to do it. */
    const send = async ([index, item]: [number, any], { signal }: AbortController) => {
      flip(state.open, index);
      state.left = state.left.filter((at: number) => at != index);
      let given: any[] = [];
      try {
        given = looked(() => [item].flat(), from);
        // Written before it is sent: what is open at the end may have happened. An abort waits for no journal.
        signal.throwIfAborted();
        await Promise.race([keep().catch(fail), new Promise((_, stop) => (signal.onabort = stop))]);
        const value = await call(given, { ...options, signal });
        flip(state.open, index);
        return { index, item, outcome: "ok", value };
      } catch (error: any) {
        const { aborted } = signal;
        if (gone.has(signal) && (aborted || error?.outcome == "unknown")) return { index, item, outcome: "unknown", error };
        flip(state.open, index);
        // Where nothing can leave, the key or an option is refused, or everybody is sent elsewhere to sign in, no other item will do better.
        const isHopeless =
          error?.status == 401 ||
          (error?.sent === false && error.kind != "invalid" && !given.at(-1)?.deadlineMs) ||
          error?.problems?.some(({ code, field }: any) => code == "redirect" || Object.hasOwn(options, field.split(".")[0]));
        if (!aborted && !isHopeless) {
          flip(state.failed, index);
          return { index, item, outcome: "failed", error };
        }
        state.left.push(index);
        if (!aborted) fail(error);
      }
    };

    const work = async () => {
      for (let item; (item = await (turn = turn.then(next))); ) {
        const own = new AbortController();
        flights.add(own);
        if (stopped) own.abort();
        const result = await send(item, own);
        flights.delete(own);
        // No more is taken up than is given on.
        wake();
        if (result) await new Promise<any>((done: any) => results.push([result, done]));
      }
    };

    try {
      for (let count = 0; count < Math.min(10, requests); count++) work().catch(fail);
      for (;;) {
        while (!results.length && (flights.size || !ended) && !signal?.aborted) await new Promise<void>((done) => (wake = done));
        if (signal?.aborted) throw signal.reason;
        const [result, done] = results.shift() ?? [];
        if (!result) break;
        progress.done++;
        progress[result.outcome]++;
        quietly(() => onProgress?.({ ...progress }));
        yield result;
        done!();
      }
      if (index >= before) await keep();
      if (broken) throw broken.thrown;
    } finally {
      off();
      end(true);
      // What was under way ends in this turn, then it knows what had left. An abort is told at once, and kept later.
      if (signal?.aborted) setTimeout(() => quietly(keep));
      await Promise.allSettled([signal?.aborted || saving, new Promise((done) => setTimeout(done))]);
      quietly(() => source.return?.());
    }
  }
  return {
    plan: { operation, rateClass, ...total, ...(total && { etaMs: Math.floor(Math.max(0, total.total - 1) / requests) * perMs }) },
    progress,
    journal: told,
    [Symbol.asyncIterator]: run,
  };
}
