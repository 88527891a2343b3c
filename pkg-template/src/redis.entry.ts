// `image-sources/redis`: the limits of an account for a fleet of processes that share a Redis.
import script from "./redis.lua";
import { type Asking, type Given, held, patiently } from "./patience.js";

/** Sends one command, given as its words. */
export type Send = (command: string[]) => Promise<unknown>;

/** As much of a client of `ioredis` or of `redis` as is used: nothing but sending a command. */
export type RedisClient = Send | { call(name: string, ...rest: string[]): Promise<unknown> } | { sendCommand(command: string[]): Promise<unknown> };

interface Limit {
  requests: number;
  perMs: number;
}

export interface RedisLimiter {
  reserve(account: string, rateClass: string, limit: Limit, asking?: Asking): Promise<number>;
  release(account: string, rateClass: string, asking?: Asking): Promise<void>;
  close(account: string, rateClass: string, ms: number): Promise<void>;
}

/** As long as it is not known how far away the Redis is. */
const USUAL_LATE_MS = 5;

const senderOf = (client: any): Send | undefined => {
  if (typeof client == "function") return client;
  // The first one is that of ioredis, whose `sendCommand` takes something else.
  if (typeof client?.call == "function") return ([name, ...rest]) => client.call(name, ...rest);
  if (typeof client?.sendCommand == "function") return (command) => client.sendCommand(command);
  return undefined;
};

const hex = (bytes: ArrayBuffer) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

const slot = ([ticket, ms, now]: [string, string, string]): Given<string> => ({ ticket, ms: Number(ms), now: Number(now) });

/** Shares the limits of the account of a key over all processes that use the same Redis. */
export function redisLimiter(client: RedisClient, key: string, { prefix = "image-sources" }: { prefix?: string } = {}): RedisLimiter {
  const send = senderOf(client);
  if (!send) throw new TypeError("redisLimiter needs a client of `redis` or `ioredis`, or a function that sends a command");
  if (typeof key != "string" || !key) throw new TypeError("redisLimiter needs the key of the account");
  let name: string | undefined;
  let sha: string | undefined;
  let lateMs = USUAL_LATE_MS;
  const taken = new WeakMap<Asking, string>();

  const ask = async (rateClass: string, ...words: (string | number)[]): Promise<any> => {
    // The braces keep both of an account's keys on one node of a cluster; of the key itself nothing is told.
    name ??= `${prefix}:{${hex(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(key)))}}`;
    const keys = [`${name}:${rateClass}:log`, `${name}:${rateClass}:facts`];
    sha ??= String(await send(["SCRIPT", "LOAD", script]));
    const rest = ["2", ...keys, ...words.map(String)];
    try {
      return await send(["EVALSHA", sha, ...rest]);
    } catch (failure: any) {
      // A Redis that was started anew knows no scripts.
      if (!String(failure?.message).includes("NOSCRIPT")) throw failure;
      return send(["EVAL", script, ...rest]);
    }
  };

  return {
    async reserve(_, rateClass, { requests, perMs }, asking = {}) {
      const take = async (late: number, instead = "") => {
        const began = Date.now();
        const given = slot(await ask(rateClass, "grant", requests, perMs, late, instead));
        lateMs = Math.min(2_000, Math.max(USUAL_LATE_MS, Date.now() - began, Math.floor(lateMs * 0.9)));
        if (given.ms < 0) throw new RangeError("too many wait for this account already; try again later");
        return held(given, began, late, perMs);
      };
      const again = async (ticket: string) => {
        const began = Date.now();
        return held(slot(await ask(rateClass, "again", ticket)), began, 0, perMs).at;
      };
      return patiently({ take, again }, asking, perMs, lateMs, (ticket) => taken.set(asking, ticket));
    },
    async release(_, rateClass, asking) {
      const ticket = asking && taken.get(asking);
      if (ticket !== undefined) await ask(rateClass, "release", ticket);
    },
    async close(_, rateClass, ms) {
      await ask(rateClass, "close", Math.min(86_400_000, Math.max(0, ms)));
    },
  };
}
