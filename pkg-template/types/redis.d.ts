// For fleets of processes: `import { redisLimiter } from "image-sources/redis"`.
import type { LimitedCall, Limiter } from "./index.js";

/**
 * Shares the limits of an account over all processes that use the same Redis (7 or newer): the same sliding log as everywhere, in
 * one atomic script. If the Redis cannot be reached, calls fail before anything is sent.
 *
 * @param client of `redis` or `ioredis`, connected; or a function that sends a command, given as its words
 * @param key of the account; only a hash of it goes to the Redis
 */
export function redisLimiter(client: RedisClient, key: string, options?: { prefix?: string }): RedisLimiter;

export type RedisClient =
  | ((command: string[]) => Promise<unknown>)
  | { call(name: string, ...rest: string[]): Promise<unknown> }
  | { sendCommand(command: string[]): Promise<unknown> };

export interface RedisLimiter extends Limiter {
  reserve(account: string, rateClass: string, limit: { requests: number; perMs: number }, call?: Partial<LimitedCall>): Promise<number>;
  release(account: string, rateClass: string, call?: Partial<LimitedCall>): Promise<void>;
  close(account: string, rateClass: string, ms: number): Promise<void>;
}
