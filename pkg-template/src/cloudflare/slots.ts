// Slots for what the gateway sends: it waits a while for one, and else says when there will be one.
import { type DurableLimiter, durableLimiter, ownLimiter, UnreachableError } from "./limiter.js";
import type { Count, Limit } from "./log.js";
import { Refusal } from "./refuse.js";
import { writes } from "./route.js";
import type { Settings } from "./settings.js";
import { type OperationInfo, operationsOf, providerNames, ratesOf } from "./tables.js";

/** What is closed after a refusal that does not say until when. */
const LONGEST_CLOSE_MS = 60_000;
/** As in the core: whoever says more than this is asked anew. */
const LONGEST_TOLD_MS = 3_600_000;

export interface Gate {
  limiterOf(provider: string): DurableLimiter;
  /** Waits for a slot of the operation's class. */
  slot(provider: string, row: OperationInfo): Promise<void>;
  /** The provider answered 429. */
  refused(provider: string, row: OperationInfo, retryAfter: string | undefined): Promise<void>;
  /** How each class of each account stands, by provider; `null` for one without a limit. Takes no slot. */
  counts(): Promise<Record<string, Record<string, (Limit & Count) | null>>>;
}

export function gateOf({ places, rateLimits, limits, waitMs }: Settings): Gate {
  const limiters = new Map<string, DurableLimiter>();
  for (const provider of providerNames()) {
    const place = places[provider];
    if (place) limiters.set(provider, rateLimits ? durableLimiter(rateLimits, place.apiKey) : ownLimiter());
  }
  const limitOf = (provider: string, rateClass: OperationInfo["rateClass"]): Limit | null => {
    const own = limits[rateClass];
    if (own !== undefined) return own;
    const usual = ratesOf(provider)[rateClass];
    return usual ? { requests: usual[0], perMs: usual[1] } : null;
  };
  return {
    limiterOf: (provider) => limiters.get(provider)!,
    async slot(provider, row) {
      const limit = limitOf(provider, row.rateClass);
      if (!limit) return;
      const limiter = limiters.get(provider)!;
      const asking = { reads: !writes(row), deadlineMs: waitMs };
      let ms: number;
      try {
        ms = await limiter.reserve("", row.rateClass, limit, asking);
      } catch (failure) {
        if (failure instanceof UnreachableError) throw new Refusal("limits-unreachable", failure.message, 5_000);
        throw new Refusal("rate-limited", "too many wait for this account already", LONGEST_CLOSE_MS);
      }
      if (ms > waitMs) {
        await limiter.release("", row.rateClass, asking);
        throw new Refusal("rate-limited", `the account's limit for \`${row.rateClass}\` is used up for now`, ms);
      }
      if (ms > 0) await new Promise((done) => setTimeout(done, ms));
    },
    async refused(provider, row, retryAfter) {
      const limit = limitOf(provider, row.rateClass);
      const ms = retryAfter === undefined ? Math.min(LONGEST_CLOSE_MS, limit?.perMs ?? 1_000) : Number(retryAfter) * 1_000;
      // The answer goes on whether the others can be told or not.
      if (limit) await limiters.get(provider)!.close("", row.rateClass, Math.min(LONGEST_TOLD_MS, ms)).catch(() => {});
    },
    async counts() {
      const of = async (provider: string, limiter: DurableLimiter) => {
        const limits = new Map(operationsOf(provider).map(({ rateClass }) => [rateClass, limitOf(provider, rateClass)]));
        const counts = await limiter.counts([...limits].flatMap(([rateClass, limit]) => (limit ? [{ rateClass, ...limit }] : [])));
        return [provider, Object.fromEntries([...limits].map(([rateClass, limit]) => [rateClass, limit && { ...limit, ...counts[rateClass]! }]))] as const;
      };
      try {
        return Object.fromEntries(await Promise.all([...limiters].map((one) => of(...one))));
      } catch (failure) {
        if (failure instanceof UnreachableError) throw new Refusal("limits-unreachable", failure.message, 5_000, 503);
        throw failure;
      }
    },
  };
}
