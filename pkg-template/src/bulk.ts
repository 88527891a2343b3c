// Many calls of one operation: paced by the limits, resumable, and never one of them twice.
import { mix } from "./encode.js";
import { invalid, quietly } from "./errors.js";
import { leaving } from "./run.js";
import type { OperationRow } from "./tables.js";

type Call = (given: unknown[], options: object) => Promise<unknown>;

export function bulk(call: Call | undefined, { name: operation, rateClass }: OperationRow, limit: [number, number] | undefined | null, items: any, given: any) {
  const { journal, save, onProgress, signal, ...options } = given ?? {};
  const [requests, perMs] = limit ?? [Infinity, 0];
  const width = Math.min(10, requests);
  const count = items?.length ?? items?.size;
  const total: object | undefined = typeof count == "number" ? { total: count } : undefined;
  const progress: any = { ...total, done: 0, ok: 0, failed: 0, unknown: 0 };
  const open = new Set<number>();
  const failed = new Set<number>();
  /** Taken up and never sent. */
  const left = new Set<number>();
  let taken = 0;
  let hash = mix("");
  let begun = false;
  /** The journal that is gone on from, until it is known to fit. */
  let held: any;

  // By value: who keeps a journal may keep its members in another order.
  const check = (told: any) => mix(JSON.stringify([told.operation, told.taken, told.items, told.open, told.failed, told.left]));

  const refuse = (field: string, message: string): never => {
    throw invalid(field, "value", message, { operation }, operation + " was not begun");
  };

  /** What has been done, to go on from later. */
  const told = () => {
    if (held) return held;
    const told = { version: 1, operation, taken, items: hash, open: [...open], failed: [...failed], left: [...left] };
    return { ...told, check: check(told) };
  };

  /** Refuses a journal that is damaged, of another version or of something else. */
  const resume = (): any => {
    const told = Object(journal);
    if (told.version !== 1) refuse("journal", "is of another version");
    if (told.operation !== operation) refuse("journal", "belongs to another operation");
    if (told.check !== check(told)) refuse("journal", "is damaged");
    if (told.taken) held = journal;
    return told;
  };

  async function* run(): AsyncGenerator<any> {
    if (!call) refuse("operation", "must name an operation that is no list");
    if (begun) refuse("items", "have been iterated already");
    begun = true;
    const iterate = typeof items == "string" ? undefined : (items?.[Symbol.asyncIterator] ?? items?.[Symbol.iterator]);
    if (typeof iterate != "function") refuse("items", "must be iterable");
    if (signal?.aborted) throw signal.reason;
    const before = journal == null ? { taken: 0, left: [] } : resume();
    const source = iterate.call(items);
    const stop = new AbortController();
    // What has happened and was not looked at yet.
    const events: any[] = [];
    let wake = () => {};
    const happened = (event: any) => {
      events.push(event);
      wake();
    };
    const broke = (thrown: unknown) => happened({ broken: { thrown } });
    const abort = () => {
      stop.abort(signal.reason);
      happened({});
    };
    signal?.addEventListener("abort", abort);
    const again: [number, any][] = [];
    let saving: Promise<unknown> = Promise.resolve();
    let flying = 0;
    let pulling = false;
    let ended = false;
    let index = 0;

    const send = async (index: number, item: any) => {
      // Written before it is sent: what is open at the end may have happened. One after the other, so that no older
      // journal is written over a newer one.
      open.add(index);
      left.delete(index);
      const own = new AbortController();
      const end = () => own.abort();
      let sent = false;
      leaving.set(own.signal, () => (sent = true));
      stop.signal.addEventListener("abort", end);
      await (saving = saving.then(() => save?.(told())));
      try {
        if (stop.signal.aborted) throw 0;
        const value = await call!(Array.isArray(item) ? item : [item], { deadlineMs: 86_400_000, ...options, signal: own.signal });
        open.delete(index);
        return { index, item, outcome: "ok", ...(value !== undefined && { value }) };
      } catch (error: any) {
        const unknown = sent && (own.signal.aborted || error?.outcome == "unknown");
        if (!unknown) open.delete(index);
        if (own.signal.aborted) {
          if (!sent) left.add(index);
        } else if (!unknown) failed.add(index);
        return { index, item, outcome: unknown ? "unknown" : "failed", error };
      } finally {
        stop.signal.removeEventListener("abort", end);
      }
    };
    const begin = (index: number, item: any) => {
      flying++;
      send(index, item).then(happened, broke);
    };
    try {
      for (;;) {
        const resuming = index < before.taken;
        if (!ended && !pulling && flying < width) {
          pulling = true;
          Promise.resolve(source.next()).then((given) => happened({ given }), broke);
        }
        if (!pulling && !flying) {
          await save?.(told());
          return;
        }
        while (!events.length) await new Promise<void>((done) => (wake = done));
        const event = events.shift();
        if (stop.signal.aborted) throw signal.reason;
        if (event.broken) throw event.broken.thrown;
        if (!event.given) {
          flying--;
          progress.done++;
          progress[event.outcome]++;
          quietly(() => onProgress?.({ ...progress }));
          yield event;
          continue;
        }
        pulling = false;
        if (event.given.done) {
          if (resuming) refuse("journal", "tells of more items");
          ended = true;
          continue;
        }
        const item = event.given.value;
        const at = index++;
        hash = mix(JSON.stringify(item) ?? "", hash);
        if (!resuming) {
          taken = index;
          begin(at, item);
          continue;
        }
        if (before.left.includes(at)) again.push([at, item]);
        if (index < before.taken) continue;
        if (hash !== before.items) refuse("journal", "belongs to other items");
        held = undefined;
        taken = index;
        for (const at of before.open) open.add(at);
        for (const at of before.failed) failed.add(at);
        const done = index - again.length;
        Object.assign(progress, { done, unknown: open.size, failed: failed.size, ok: done - open.size - failed.size });
        for (const one of again) begin(...one);
      }
    } finally {
      signal?.removeEventListener("abort", abort);
      stop.abort(signal?.aborted ? signal.reason : undefined);
      // What was under way ends in this turn, and what waited for its journal when that is kept; then it knows what had left.
      await Promise.allSettled([saving, new Promise((done) => setTimeout(done))]);
      quietly(() => source.return?.());
    }
  }
  return {
    plan: { operation, rateClass, ...total, ...(total && { etaMs: limit ? Math.max(0, Math.ceil(count / requests) - 1) * perMs : 0 }) },
    progress,
    journal: told,
    [Symbol.asyncIterator]: run,
  };
}
