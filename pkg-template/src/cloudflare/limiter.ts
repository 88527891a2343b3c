// The limits of an account as a client's limiter: slots come from the account's Durable Object, and the waiting is done here.
import { type Asking, held, type Held, patiently, sleep } from "../patience.js";
import { type Count, type Limit, type Log, passing } from "./log.js";
import type { ObjectNamespace } from "./platform.js";
import type { Limited, RateLimits } from "./rate-limits.js";

export interface DurableLimiter {
  reserve(account: string, rateClass: string, limit: Limit, asking?: Asking): Promise<number>;
  release(account: string, rateClass: string, asking?: Asking): Promise<void>;
  close(account: string, rateClass: string, ms: number): Promise<void>;
  /** How classes stand just now. For the gateway alone, so it is not among the declared types. */
  counts(classes: Limited[]): Promise<Record<string, Count>>;
}

/** The object cannot be asked, and what is wanted is a write. */
export class UnreachableError extends Error {
  override name = "UnreachableError";
}

/** An object that does not answer within this time is not there. */
const PATIENCE_MS = 3_000;
/** How long it is not asked again then. */
const AWAY_MS = 2_000;
/** As long as the way to the object is not known. */
const USUAL_LATE_MS = 50;
const MOST_LEASED = 5;

/** What an isolate knows of an object. It holds nothing of the platform, so every request may use it. */
interface Known {
  /** Slots ahead that nobody here waits for yet, by class. */
  leases: Map<string, Held<number>[]>;
  /** When this isolate asked, and whether it had to wait, by class. */
  asked: Map<string, { times: number[]; flying: number; waited: boolean }>;
  lateMs: number;
  awayUntil: number;
  /** For as long as the object cannot be reached. */
  own: Log;
}

const objects = new Map<string, Known>();

const knownOf = (name: string): Known => {
  let known = objects.get(name);
  // Keys are few; whoever makes up many loses no more than leases.
  if (!known && objects.size >= 256) objects.delete(objects.keys().next().value!);
  if (!known) objects.set(name, (known = { leases: new Map(), asked: new Map(), lateMs: USUAL_LATE_MS, awayUntil: 0, own: passing() }));
  return known;
};

const of = <K, V>(map: Map<K, V>, key: K, make: () => V): V => {
  let value = map.get(key);
  if (!value) map.set(key, (value = make()));
  return value;
};

/** An eighth of a limit, for an isolate that does not know of the others. */
const eighth = ({ requests, perMs }: Limit): Limit =>
  requests >= 8 ? { requests: Math.floor(requests / 8), perMs } : { requests: 1, perMs: Math.min(86_400_000, (perMs * 8) / requests) };

const hex = (bytes: ArrayBuffer) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** The name of an account's object: nothing of the key can be read from it. */
export const objectName = async (key: string) => `v1:${hex(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(key)))}`;

/** Shares the limits of the account of a key over all isolates. `namespace` is the binding of {@link RateLimits}. */
export function durableLimiter(namespace: ObjectNamespace, key: string): DurableLimiter {
  if (typeof namespace?.idFromName != "function") throw new TypeError("durableLimiter needs a binding of the Durable Object class RateLimits");
  if (typeof key != "string" || !key) throw new TypeError("durableLimiter needs the key of the account");
  let name: string | undefined;
  /** By whom: who gives back must give back its own, and not one that somebody else is about to use. */
  const taken = new WeakMap<Asking, number>();

  /** Asks the object. A stub belongs to the request that made it, so each has its own. */
  const reach = async <T>(question: (object: RateLimits) => T): Promise<T> => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error("no answer in time")), PATIENCE_MS);
    });
    try {
      for (let attempt = 1; ; attempt++) {
        try {
          return (await Promise.race([question(namespace.get(namespace.idFromName(name!)) as RateLimits), late])) as T;
        } catch (failure: any) {
          // One that has too much to do gets nothing more to do.
          if (!failure?.retryable || failure.overloaded || attempt > 2) throw failure;
          await sleep(50 * attempt);
        }
      }
    } finally {
      clearTimeout(timer);
    }
  };

  /** The same for slots: after a failure the next ones do not wait for it. */
  const ask = async <T>(known: Known, question: (object: RateLimits) => T): Promise<T> => {
    try {
      return await reach(question);
    } catch (failure) {
      known.awayUntil = Date.now() + AWAY_MS;
      throw failure;
    }
  };

  const knownNow = async () => knownOf((name ??= await objectName(key)));

  /** A slot of the object, or one that was leased before. */
  const slotOf = async (known: Known, rateClass: string, limit: Limit, lateMs: number, instead: number | undefined): Promise<Held<number>> => {
    const leases = of(known.leases, rateClass, () => []);
    while (leases.length && instead === undefined) {
      const lease = leases.shift()!;
      // What was not used in time has passed: later it would be one too many.
      if (lease.at >= Date.now()) return lease;
    }
    const asked = of(known.asked, rateClass, () => ({ times: [], flying: 0, waited: false }));
    const began = Date.now();
    asked.times = asked.times.filter((time) => time > began - limit.perMs);
    const busy = limit.perMs <= 1_000 && asked.flying == 0 && asked.waited && asked.times.length >= 3;
    const count = busy ? Math.max(1, Math.min(MOST_LEASED, Math.floor(limit.requests / 2))) : 1;
    asked.flying++;
    try {
      const { slots, now } = await ask(known, (object) => object.reserve({ rateClass, ...limit, count, lateMs, ...(instead !== undefined && { instead }) }));
      const heard = Date.now();
      // Climbs at once and falls slowly.
      known.lateMs = Math.min(2_000, Math.max(USUAL_LATE_MS, heard - began, known.lateMs * 0.9));
      if (!slots.length) throw new RangeError("too many wait for this account already; try again later");
      asked.times.push(heard);
      const [first, ...rest] = slots.map((slot) => held({ ...slot, now }, began, lateMs, limit.perMs));
      asked.waited = first!.at > heard;
      leases.push(...rest);
      return first!;
    } finally {
      asked.flying--;
    }
  };

  /** While the object is away: reads go on slowly, each isolate for itself. */
  const alone = (known: Known, rateClass: string, limit: Limit, reads: boolean | undefined): number => {
    if (!reads) throw new UnreachableError("the limits that all share cannot be reached, so nothing is written; try again later");
    const [slot] = known.own.reserve(rateClass, eighth(limit), Date.now());
    if (!slot) throw new UnreachableError("the limits that all share cannot be reached, and too many wait");
    return slot.ms;
  };

  return {
    async reserve(_, rateClass, limit, asking = {}) {
      const { reads } = asking;
      const known = await knownNow();
      if (Date.now() < known.awayUntil) return alone(known, rateClass, limit, reads);
      const again = async (ticket: number): Promise<number | undefined> => {
        const began = Date.now();
        const told = await ask(known, (object) => object.again(rateClass, ticket)).catch(() => undefined);
        return told && held({ ticket, ...told }, began, 0, limit.perMs).at;
      };
      try {
        return await patiently({ take: (late, instead) => slotOf(known, rateClass, limit, late, instead), again }, asking, limit.perMs, known.lateMs, (ticket) => taken.set(asking, ticket));
      } catch (failure) {
        if (failure instanceof RangeError) throw failure;
        return alone(known, rateClass, limit, reads);
      }
    },
    async release(_, rateClass, asking) {
      const known = await knownNow();
      const ticket = asking && taken.get(asking);
      if (ticket !== undefined) await ask(known, (object) => object.release(rateClass, ticket)).catch(() => {});
    },
    async close(_, rateClass, ms) {
      const known = await knownNow();
      known.leases.delete(rateClass);
      known.own.close(rateClass, ms, Date.now());
      await ask(known, (object) => object.close(rateClass, Math.min(86_400_000, Math.max(0, ms))));
    },
    async counts(classes) {
      const known = await knownNow();
      try {
        // Whoever only looks must not be why others go on alone, nor ask what is known to be away.
        if (Date.now() >= known.awayUntil) return await reach((object) => object.counts(classes, known.lateMs));
      } catch {
        // Why is of no use to who asks.
      }
      throw new UnreachableError("the limits that all share cannot be reached, so nobody knows how they stand; try again later");
    },
  };
}

/** For an isolate that shares with nobody: what a gateway has that is not given a binding. */
export function ownLimiter(): DurableLimiter {
  const log = passing();
  const taken = new WeakMap<Asking, number>();
  return {
    async reserve(_, rateClass, limit, asking = {}) {
      const [slot] = log.reserve(rateClass, limit, Date.now());
      if (!slot) throw new RangeError("too many wait for this account already; try again later");
      taken.set(asking, slot.ticket);
      return slot.ms;
    },
    async release(_, rateClass, asking) {
      const ticket = asking && taken.get(asking);
      if (ticket !== undefined) log.release(rateClass, ticket, Date.now());
    },
    async close(_, rateClass, ms) {
      log.close(rateClass, ms, Date.now());
    },
    async counts(classes) {
      const now = Date.now();
      return Object.fromEntries(classes.map(({ rateClass, ...limit }) => [rateClass, log.count(rateClass, limit, now)]));
    },
  };
}
