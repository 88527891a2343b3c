// The sliding log of the core, class by class, kept where whoever owns it says. It is computed by the same Rust as in the clients.
import { type Slots, tools } from "../core.js";

export interface Limit {
  requests: number;
  perMs: number;
}

/** Where the states lie. */
export interface Keep {
  read(rateClass: string): Uint8Array | undefined;
  write(rateClass: string, state: Uint8Array): void;
}

export interface Slot {
  ticket: number;
  /** Milliseconds until it may be used. */
  ms: number;
}

/** How a class stands just now. */
export interface Count {
  /** Requests that have left, or do so within the time that was asked for, and still count. */
  used: number;
  /** Slots that lie ahead, whoever has them. */
  waiting: number;
  /** Milliseconds until who asks now might send; `null` if too many wait for anybody to be given a slot. */
  nextMs: number | null;
}

/** How long a class is closed whose state cannot be read: as long as most windows are. */
const UNREADABLE_MS = 60_000;

export class Log {
  #classes = new Map<string, Slots>();
  /** Those of a module that has failed are of no use any more. */
  #of: unknown;

  constructor(readonly keep: Keep) {}

  #slots(rateClass: string, now: number): Slots {
    const living = tools();
    if (this.#of !== living) {
      this.#classes.clear();
      this.#of = living;
    }
    let slots = this.#classes.get(rateClass);
    if (!slots) {
      slots = new living.glue.Slots(this.keep.read(rateClass) ?? new Uint8Array());
      if (!slots.readable()) slots.close(UNREADABLE_MS, now);
      this.#classes.set(rateClass, slots);
    }
    return slots;
  }

  /** Written before anybody is told of it. */
  #change<T>(rateClass: string, now: number, change: (slots: Slots) => T): T {
    const slots = this.#slots(rateClass, now);
    const given = change(slots);
    this.keep.write(rateClass, slots.state());
    return given;
  }

  /** The next slot, or nothing if too many wait. More than one only if all of them lie ahead: they can still be used then. */
  reserve(rateClass: string, { requests, perMs }: Limit, now: number, late = 0, count = 1, instead?: number): Slot[] {
    return this.#change(rateClass, now, (slots) => {
      if (instead !== undefined) slots.cancel(instead, now);
      const found: Slot[] = [];
      do {
        const ms = slots.grant(requests, perMs, late, now);
        if (ms < 0) break;
        found.push({ ticket: slots.ticket(), ms: Math.ceil(ms) });
      } while (found.length < count && found[0]!.ms > 0);
      return found;
    });
  }

  again(rateClass: string, ticket: number, now: number): number {
    return Math.ceil(this.#slots(rateClass, now).again(ticket, now));
  }

  release(rateClass: string, ticket: number, now: number): boolean {
    return this.#change(rateClass, now, (slots) => slots.cancel(ticket, now));
  }

  close(rateClass: string, ms: number, now: number): void {
    this.#change(rateClass, now, (slots) => slots.close(ms, now));
  }

  waiting(rateClass: string, now: number): number {
    return this.#slots(rateClass, now).waiting(0, now);
  }

  /** Takes no slot and writes nothing. `late`: as who asks for slots hears of them. */
  count(rateClass: string, { requests, perMs }: Limit, now: number, late = 0): Count {
    const slots = this.#slots(rateClass, now);
    const ms = slots.next(requests, perMs, late, now);
    return { used: slots.used(requests, perMs, late, now), waiting: slots.waiting(late, now), nextMs: ms < 0 ? null : Math.ceil(ms) };
  }
}

/** One that lasts as long as the isolate. */
export const passing = (): Log => new Log({ read: () => undefined, write: () => {} });
