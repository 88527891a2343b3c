// What is asked of the audit, as it stands in the address of the page and in the request.
import { operations } from "../../package.js";
import type { Given } from "../../model/route.js";
import type { ProviderName } from "../../types.js";

/** Names in the address, by those that the gateway knows. */
const KEYS = { provider: "api", operation: "op", who: "who", target: "of", outcome: "outcome", since: "from", until: "to" } as const;
export type FilterName = keyof typeof KEYS;
export type Filter = Record<FilterName, string>;
export const FILTER_NAMES = Object.keys(KEYS) as FilterName[];

export const keyOf = (name: FilterName): string => KEYS[name];

export const readFilter = (given: Given): Filter => Object.fromEntries(FILTER_NAMES.map((name) => [name, given[KEYS[name]]?.trim() ?? ""])) as Filter;

export const isFiltered = (filter: Filter): boolean => FILTER_NAMES.some((name) => filter[name]);

/** A part of the address that asks for everything. */
export const everything = (): Record<string, string> => Object.fromEntries(FILTER_NAMES.map((name) => [KEYS[name], ""]));

const DAY_MS = 86_400_000;

/** Days of UTC; both are part of what is asked for. What is no day is not asked for. */
const dayOf = (text: string): number | undefined => (/^\d{4}-\d\d-\d\d$/.test(text) && Number.isFinite(Date.parse(text)) ? Date.parse(text) : undefined);

/** As the gateway's query. */
export function queryOf(filter: Filter): URLSearchParams {
  const query = new URLSearchParams();
  for (const name of FILTER_NAMES) {
    const isTime = name === "since" || name === "until";
    const day = isTime ? dayOf(filter[name]) : undefined;
    const value = isTime ? day === undefined ? "" : String(name === "since" ? day : day + DAY_MS - 1) : filter[name];
    if (value) query.set(name, value);
  }
  return query;
}

const OF_JOBS = ["start", "pause", "resume", "cancel", "retry"].map((verb) => `jobs.${verb}`);

/** What can stand in the audit: all that writes. */
export const operationNames = (provider: ProviderName | string): string[] => [
  ...new Set([...operations().filter((one) => one.method !== "GET" && (!provider || one.provider === provider)).map(({ name }) => name), ...OF_JOBS]),
];
