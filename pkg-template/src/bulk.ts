// Many calls of one operation: paced by the limits, resumable, and never one of them twice.
import { InvalidInputError } from "./errors.js";
import type { OperationRow } from "./tables.js";

type Call = (given: unknown[], options: object) => Promise<unknown>;

const refuse = (field: string, message: string, operation: string): never => {
  const problems = [{ field, code: "value", message, level: "error" }];
  throw new InvalidInputError(`${operation} was not begun: \`${field}\` ${message}`, { kind: "invalid", problems, operation });
};

/** A short fingerprint that goes on from another. FNV-1a: tells mistakes, not forgeries. */
const mix = (text: string, hash = 0x811c9dc5): number => {
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
};

export class Bulk {
  plan: { operation: string; rateClass: string; total?: number; etaMs?: number };
  progress: any;
  #call: Call | undefined;
  #items: any;
  #options: any;
  #taken = 0;
  #hash: number | undefined;
  #open = new Set<number>();
  #failed = new Set<number>();
  #begun = false;
  #width: number;

  constructor(call: Call | undefined, row: OperationRow, limit: [number, number] | null, items: any, options: any) {
    const [requests, perMs] = limit ?? [Infinity, 0];
    const total: number | undefined = items?.length ?? items?.size;
    const known = typeof total == "number";
    this.plan = { operation: row.name, rateClass: row.rateClass, ...(known && { total, etaMs: limit ? Math.max(0, Math.ceil(total / requests) - 1) * perMs : 0 }) };
    this.progress = { ...(known && { total }), done: 0, ok: 0, failed: 0, unknown: 0 };
    this.#call = call;
    this.#items = items;
    this.#options = options ?? {};
    this.#width = Math.min(10, requests);
  }

  /** What has been done, to go on from later. */
  journal() {
    const told = { version: 1, operation: this.plan.operation, taken: this.#taken, items: this.#hash ?? mix(""), open: [...this.#open], failed: [...this.#failed] };
    return { ...told, check: mix(JSON.stringify(told)) };
  }

  /** Takes over a journal; refuses one that is damaged, of another version or of something else. */
  #resume(journal: any) {
    const { operation } = this.plan;
    const list = (value: unknown) => Array.isArray(value) && value.every((index) => Number.isInteger(index) && index >= 0 && index < journal.taken);
    const { check, ...told } = Object(journal);
    if (told.version !== 1) refuse("journal", "is of another version", operation);
    if (told.operation !== operation) refuse("journal", "belongs to another operation", operation);
    if (!Number.isInteger(told.taken) || told.taken < 0 || !list(told.open) || !list(told.failed) || check !== mix(JSON.stringify(told))) refuse("journal", "is damaged", operation);
    return told as { taken: number; items: number; open: number[]; failed: number[] };
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<any> {
    const { journal, again = [], save, onProgress, signal, ...rest } = this.#options;
    const { operation } = this.plan;
    if (!this.#call) refuse("operation", "must be the name of an operation that is no list", operation);
    if (this.#begun) refuse("items", "have been iterated already; make a new one from the journal", operation);
    this.#begun = true;
    const items = this.#items;
    if (typeof items == "string" || typeof (items?.[Symbol.asyncIterator] ?? items?.[Symbol.iterator]) != "function") refuse("items", "must be a list, an iterable or an async iterable", operation);
    if (!Array.isArray(again) || !again.every((name) => name === "failed" || name === "unknown")) refuse("again", 'must be a list of "failed" and "unknown"', operation);
    signal?.throwIfAborted();
    const before = journal == null ? undefined : this.#resume(journal);
    const source = items[Symbol.asyncIterator]?.() ?? items[Symbol.iterator]();
    const stop = new AbortController();
    // What has happened and was not looked at yet.
    const events: any[] = [];
    let wake = () => {};
    const happened = (event: any) => {
      events.push(event);
      wake();
    };
    const abort = () => {
      stop.abort(signal.reason);
      happened({});
    };
    signal?.addEventListener("abort", abort);
    let flying = 0;
    let pulling = false;
    const pull = () => {
      pulling = true;
      Promise.resolve(source.next()).then((given) => happened({ given }), (broken) => happened({ broken: { broken } }));
    };
    const waiting: [number, any][] = [];
    let ended = false;
    let index = 0;
    const settle = (result: any) => {
      const { progress } = this;
      progress.done++;
      progress[result.outcome]++;
      if (result.outcome != "unknown") this.#open.delete(result.index);
      if (result.outcome == "failed") this.#failed.add(result.index);
      try {
        onProgress?.({ ...progress });
      } catch {
        // A listener that throws changes nothing.
      }
      return result;
    };
    const send = async (index: number, item: any) => {
      // Written before it is sent: what is open at the end may have happened.
      this.#open.add(index);
      this.#failed.delete(index);
      await save?.(this.journal());
      try {
        const value = await this.#call!(Array.isArray(item) ? item : [item], { deadlineMs: 86_400_000, ...rest, signal: stop.signal });
        return { index, item, outcome: "ok", ...(value !== undefined && { value }) };
      } catch (error: any) {
        if (stop.signal.aborted) return { index, stopped: true };
        return { index, item, outcome: error?.outcome == "unknown" ? "unknown" : "failed", error };
      }
    };
    try {
      for (;;) {
        const resuming = before && index < before.taken;
        while (!resuming && waiting.length && flying < this.#width) {
          flying++;
          send(...waiting.shift()!).then(happened, (broken) => happened({ broken: { broken } }));
        }
        if (!ended && !pulling && (resuming || (!waiting.length && flying < this.#width))) pull();
        if (!pulling && !flying) return;
        while (!events.length) await new Promise<void>((done) => (wake = done));
        const event = events.shift();
        if (stop.signal.aborted) throw signal.reason;
        if (event.broken) throw event.broken.broken;
        if (!event.given) {
          flying--;
          yield settle(event);
          continue;
        }
        pulling = false;
        if (event.given.done) {
          if (resuming) refuse("journal", "tells of more items than there are", operation);
          ended = true;
          continue;
        }
        const item = event.given.value;
        const at = index++;
        const text = JSON.stringify(item) ?? "";
        this.#hash = mix(text, this.#hash);
        if (!before || at >= before.taken) {
          this.#taken = index;
          waiting.push([at, item]);
          continue;
        }
        if (before.open.includes(at)) again.includes("unknown") ? waiting.push([at, item]) : this.#open.add(at);
        else if (before.failed.includes(at)) again.includes("failed") ? waiting.push([at, item]) : this.#failed.add(at);
        if (index < before.taken) continue;
        if (this.#hash !== before.items) refuse("journal", "belongs to other items", operation);
        this.#taken = index;
        this.progress.done = index - waiting.length;
        this.progress.unknown = this.#open.size;
        this.progress.failed = this.#failed.size;
        this.progress.ok = this.progress.done - this.#open.size - this.#failed.size;
      }
    } finally {
      signal?.removeEventListener("abort", abort);
      stop.abort(signal?.aborted ? signal.reason : undefined);
      Promise.resolve(source.return?.()).catch(() => {});
    }
  }
}
