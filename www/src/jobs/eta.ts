// How long many calls take at least, by the limits that the clients know.
import type { Clients } from "../package.js";
import { operation } from "../model/capabilities.js";
import type { ProviderName } from "../types.js";

interface Calls {
  provider: ProviderName;
  operation: string;
  count: number;
}

/** Nothing is sent: this only asks what it would take. */
const least = (clients: Clients, { provider, operation, count }: Calls): number =>
  clients[provider].bulk(operation, { length: count, *[Symbol.iterator]() {} } as Iterable<unknown>).plan.etaMs ?? 0;

/** Calls of one rate class wait for each other, those of different classes do not. */
export function etaMs(clients: Clients, calls: readonly Calls[]): number {
  const classes = new Map<string, Calls>();
  for (const call of calls) {
    const key = `${call.provider} ${operation(call.provider, call.operation)?.rateClass}`;
    classes.set(key, { ...call, count: call.count + (classes.get(key)?.count ?? 0) });
  }
  return Math.max(0, ...[...classes.values()].map((call) => least(clients, call)));
}

const MANY = 1000;

/** How many calls to begin at once: those that wait long for their turn are not taken up early. */
export const widthOf = (clients: Clients, provider: ProviderName, name: string): number =>
  least(clients, { provider, operation: name, count: MANY }) / MANY > 2_000 ? 1 : 10;

/** Milliseconds in words. */
export function duration(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}
