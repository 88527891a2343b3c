// How much of each limit is used: counted from the requests that left, here and in other tabs of this page.
import type { ClientEvent } from "image-sources";
import type { ProviderName } from "../types.js";
import { classOf, rateClasses, type RateClass } from "./limits.js";

/** Requests do not travel equally fast, so the package keeps a window a little longer than the provider. */
const MARGIN = 1.025;

/** So long and so many are remembered, for whoever counts in another window than this page. */
const REMEMBERED_MS = 3_700_000;
const REMEMBERED = 1_000;

/** One class as it is just now. */
export interface Gauge extends RateClass {
  /** Requests that still count. */
  used: number;
  /** Of these, those of other tabs. */
  elsewhere: number;
  /** Milliseconds until the next request may leave; 0: now. */
  nextMs: number;
  /** Calls that wait for their turn. */
  waiting: number;
  /** How often the provider has answered 429. */
  refused: number;
}

interface Count {
  /** When requests left, by which call if it is from here. */
  sent: { at: number; call?: number }[];
  waiting: Map<number, number>;
  refused: number;
  closedUntil: number;
}

interface Told {
  account: string;
  key: string;
  at: number;
  /** It took no slot after all. */
  isUnsent?: boolean;
}

const since = ({ sent }: Count, after: number): Count["sent"] => sent.filter(({ at }) => at > after);

/** The last one that fits. */
function drop(count: Count | undefined, fits: (one: Count["sent"][number]) => boolean): number | undefined {
  const at = count?.sent.findLastIndex(fits) ?? -1;
  return at < 0 ? undefined : count!.sent.splice(at, 1)[0]!.at;
}

export class RateMeter {
  readonly #counts = new Map<string, Count>();
  readonly #account: string | undefined;
  readonly #tabs: BroadcastChannel | undefined;
  readonly #changed: () => void;
  readonly #last = new Map<number, string>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Tabs of one account count together; without a name of it each counts for itself. */
  constructor(account: string | undefined, changed: () => void) {
    this.#changed = changed;
    this.#account = account;
    if (!account || !("BroadcastChannel" in globalThis)) return;
    this.#tabs = new BroadcastChannel("image-sources-meter");
    this.#tabs.onmessage = ({ data }: MessageEvent<Told>) => {
      if (data?.account !== account || typeof data.key !== "string" || typeof data.at !== "number") return;
      const count = this.#countOf(data.key);
      if (data.isUnsent) drop(count, (one) => one.at === data.at && one.call === undefined);
      else this.#add(count, data.at);
      this.#tick();
    };
  }

  readonly note = (event: ClientEvent): void => {
    if (event.type === "request") this.#leaves(event);
    else if (event.type === "wait") this.#countOf(`${event.provider} ${event.rateClass}`)?.waiting.set(event.call, event.at + event.ms);
    else if (event.type === "response" && event.status === 429) this.#refused(event.call);
    else if (event.type === "retry") this.#closed(event.call, event.at + event.afterMs);
    else if (event.type === "end") this.#ended(event.call);
    else return;
    this.#tick();
  };

  /** A gateway refused the last request of a call, and took no slot for it. */
  readonly unsent = (call: number): void => {
    for (const [key, count] of this.#counts) {
      const at = drop(count, (one) => one.call === call);
      if (at !== undefined) this.#tabs?.postMessage({ account: this.#account, key, at, isUnsent: true } as Told);
    }
    this.#tick();
  };

  gauges(now = Date.now()): Gauge[] {
    return rateClasses().map((one) => this.#gauge(one, now));
  }

  gauge(provider: ProviderName, name: string, now = Date.now()): Gauge | undefined {
    const found = rateClasses().find((one) => one.provider === provider && one.name === name);
    return found && this.#gauge(found, now);
  }

  /** How many requests of a class left after one time and until another: of this page, and of its other tabs. */
  sent({ provider, name }: RateClass, after: number, until: number): { here: number; elsewhere: number } {
    const sent = since(this.#countOf(`${provider} ${name}`)!, after).filter(({ at }) => at <= until);
    const here = sent.filter(({ call }) => call !== undefined).length;
    return { here, elsewhere: sent.length - here };
  }

  /** The class that has least left. */
  busiest(now = Date.now()): Gauge | undefined {
    const gauges = this.gauges(now);
    return gauges.sort((a, b) => b.waiting - a.waiting || b.used / b.requests - a.used / a.requests)[0];
  }

  #gauge(one: RateClass, now: number): Gauge {
    const count = this.#countOf(`${one.provider} ${one.name}`)!;
    const sent = since(count, now - one.perMs * MARGIN);
    const blocking = sent[sent.length - one.requests]?.at;
    const freeAt = Math.max(blocking === undefined ? 0 : blocking + one.perMs * MARGIN, count.closedUntil);
    return { ...one, used: sent.length, elsewhere: sent.filter(({ call }) => call === undefined).length, nextMs: Math.max(0, freeAt - now), waiting: count.waiting.size, refused: count.refused };
  }

  #countOf(key: string): Count | undefined {
    let count = this.#counts.get(key);
    if (!count && rateClasses().some(({ provider, name }) => `${provider} ${name}` === key))
      this.#counts.set(key, (count = { sent: [], waiting: new Map(), refused: 0, closedUntil: 0 }));
    return count;
  }

  #add(count: Count | undefined, at: number, call?: number): void {
    if (count) count.sent = [...since(count, Date.now() - REMEMBERED_MS), { at, call }].sort((a, b) => a.at - b.at).slice(-REMEMBERED);
  }

  #leaves({ provider, operation, method, url, call, at }: ClientEvent & { type: "request" }): void {
    const name = classOf(provider, operation, method, url);
    const key = `${provider} ${name}`;
    const count = name === undefined ? undefined : this.#countOf(key);
    if (!count) return;
    for (const one of this.#counts.values()) one.waiting.delete(call);
    this.#last.set(call, key);
    this.#add(count, at, call);
    this.#tabs?.postMessage({ account: this.#account, key, at } as Told);
  }

  #refused(call: number): void {
    const count = this.#counts.get(this.#last.get(call) ?? "");
    if (count) count.refused += 1;
  }

  /** After a 429 the package sends nothing of the class until the call is repeated. */
  #closed(call: number, until: number): void {
    const count = this.#counts.get(this.#last.get(call) ?? "");
    if (count && count.refused > 0) count.closedUntil = Math.max(count.closedUntil, until);
  }

  #ended(call: number): void {
    for (const one of this.#counts.values()) one.waiting.delete(call);
    this.#last.delete(call);
  }

  /** Tells now, and again as soon as something counts no more. */
  #tick(): void {
    this.#changed();
    clearTimeout(this.#timer);
    const now = Date.now();
    const ends = this.gauges(now).flatMap((one) => {
      const count = this.#countOf(`${one.provider} ${one.name}`)!;
      return since(count, now - one.perMs * MARGIN).slice(0, 1).map(({ at }) => at + one.perMs * MARGIN - now);
    });
    if (ends.length > 0) this.#timer = setTimeout(() => this.#tick(), Math.max(50, Math.min(...ends)));
  }
}
