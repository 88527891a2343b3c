// Classes of requests and their limits, as the package counts them.
import { classes, operations, PROVIDERS } from "../package.js";
import type { Operation, ProviderName } from "../types.js";

export interface RateClass {
  provider: ProviderName;
  name: string;
  requests: number;
  perMs: number;
  /** What is counted in it. */
  operations: string[];
}

const MOST_REQUESTS = 1000;
let table: RateClass[] | undefined;

/** All classes with their limits. The package tells a limit by how long so many calls take at least. */
export function rateClasses(): readonly RateClass[] {
  return (table ??= PROVIDERS.flatMap((provider) => {
    const client = new classes[provider]({ apiKey: "none" });
    const found = new Map<string, RateClass>();
    for (const { name, rateClass, answer } of operations().filter((one) => one.provider === provider)) {
      const known = found.get(rateClass);
      if (known?.requests) known.operations.push(name);
      else found.set(rateClass, { provider, name: rateClass, operations: [...(known?.operations ?? []), name], ...(answer === "list" ? { requests: 0, perMs: 0 } : limitOf(client, name)) });
    }
    return [...found.values()].filter(({ requests }) => requests > 0);
  }));
}

function limitOf(client: InstanceType<(typeof classes)[ProviderName]>, operation: string): { requests: number; perMs: number } {
  for (let length = 1; length <= MOST_REQUESTS; length += 1) {
    const { etaMs = 0 } = client.bulk(operation, { length, [Symbol.iterator]: () => [][Symbol.iterator]() } as Iterable<unknown>).plan;
    if (etaMs > 0) return { requests: length - 1, perMs: etaMs };
  }
  return { requests: 0, perMs: 0 };
}

interface Row extends Operation {
  pattern: RegExp;
}

let rows: Row[] | undefined;

/** The class in which a request is counted: that of its operation, or of the read that goes before it. */
export function classOf(provider: ProviderName, operation: string, method: string, url: string): string | undefined {
  rows ??= operations()
    .map((row) => ({ ...row, pattern: patternOf(row.path) }))
    .sort((a, b) => b.path.length - a.path.length);
  const own = rows.filter((row) => row.provider === provider && row.method === method);
  return (own.find(({ name }) => name === operation) ?? own.find(({ pattern }) => pattern.test(url)))?.rateClass;
}

/** `sources/{id}` as the end of an address. */
const patternOf = (path: string): RegExp =>
  new RegExp(`/${path.split("/").map((part) => (part.endsWith("+}") ? ".+" : part.startsWith("{") ? "[^/?]+" : part)).join("/")}(\\?|$)`);
