// The limits of one account for all isolates: a Durable Object that hands out slots. It never sleeps; who has a slot waits where
// it is. What it answers is written first: the platform holds answers back until the storage has what was written before them.
import { DurableObject } from "cloudflare:workers";
import { type Count, type Limit, Log, type Slot } from "./log.js";
import type { Environment, ObjectState } from "./platform.js";

/** A class, and its limit as who asks knows it. */
export interface Limited extends Limit {
  rateClass: string;
}

export interface Asked extends Limited {
  /** How many slots; more than one are a lease. */
  count?: number;
  /** How late the answer may be heard. */
  lateMs?: number;
  /** A slot that was not used, and is given back. */
  instead?: number;
}

const MOST_AT_ONCE = 5;
const MOST_CLASSES = 64;

const refuse = (what: string): never => {
  throw new RangeError(what);
};

const named = (rateClass: unknown): string =>
  typeof rateClass == "string" && /^[\w.-]{1,64}$/.test(rateClass) ? rateClass : refuse("a rate class has up to 64 letters");

const within = (value: unknown, least: number, most: number, what: string): number =>
  typeof value == "number" && value >= least && value <= most ? value : refuse(`${what} lies between ${least} and ${most}`);

const stated = ({ requests, perMs }: Limit): Limit => {
  if (!Number.isInteger(requests)) refuse("requests is a whole number");
  return { requests: within(requests, 1, 10_000, "requests"), perMs: within(perMs, 1, 86_400_000, "perMs") };
};

const lateOf = (lateMs: unknown): number => within(lateMs, 0, 5_000, "lateMs");

export class RateLimits extends DurableObject {
  #log: Log;

  constructor(ctx: ObjectState, env: Environment) {
    super(ctx, env);
    const { sql } = ctx.storage;
    sql.exec("CREATE TABLE IF NOT EXISTS classes (name TEXT PRIMARY KEY, state BLOB NOT NULL, used INTEGER NOT NULL) WITHOUT ROWID");
    this.#log = new Log({
      read: (name) => {
        const [row] = sql.exec<{ state: ArrayBuffer }>("SELECT state FROM classes WHERE name = ?", name);
        return row && new Uint8Array(row.state);
      },
      write: (name, state) => void sql.exec("INSERT INTO classes (name, state, used) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET state = excluded.state, used = excluded.used", name, state, Date.now()),
    });
  }

  /** The next slots of a class, and milliseconds until each by this clock; none if too many wait already. */
  reserve({ rateClass, count = 1, lateMs = 0, instead, ...limit }: Asked): { slots: Slot[]; now: number } {
    const now = Date.now();
    const back = instead === undefined ? undefined : instead >>> 0;
    return { slots: this.#log.reserve(named(rateClass), stated(limit), now, lateOf(lateMs), within(count, 1, MOST_AT_ONCE, "count"), back), now };
  }

  /** Milliseconds until a slot may be used, as it is known now. */
  again(rateClass: string, ticket: number): { ms: number; now: number } {
    const now = Date.now();
    return { ms: this.#log.again(named(rateClass), ticket >>> 0, now), now };
  }

  /** Gives a slot back that was not used. Tells whether it was there. */
  release(rateClass: string, ticket: number): boolean {
    return this.#log.release(named(rateClass), ticket >>> 0, Date.now());
  }

  /** The provider answered 429. */
  close(rateClass: string, ms: number): void {
    this.#log.close(named(rateClass), within(ms, 0, 86_400_000, "ms"), Date.now());
  }

  /** How classes stand just now, by their names. Who only looks takes no slot, and nothing is written. */
  counts(classes: Limited[], lateMs = 0): Record<string, Count> {
    if (!Array.isArray(classes) || classes.length > MOST_CLASSES) refuse(`there are up to ${MOST_CLASSES} classes`);
    const [now, late] = [Date.now(), lateOf(lateMs)];
    return Object.fromEntries(classes.map(({ rateClass, ...limit }) => [named(rateClass), this.#log.count(rateClass, stated(limit), now, late)]));
  }

  /** How many wait, by class. */
  waiting(): Record<string, number> {
    const names = [...this.ctx.storage.sql.exec<{ name: string }>("SELECT name FROM classes ORDER BY name")];
    return Object.fromEntries(names.map(({ name }) => [name, this.#log.waiting(name, Date.now())]));
  }
}
