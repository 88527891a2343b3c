// What can be shared is in the address: search, filters, order and the selected source.
import { PROVIDERS } from "../package.js";
import type { ProviderName } from "../types.js";

export const COLUMNS = ["name", "provider", "type", "location", "host", "secured", "status", "changed"] as const;
export type Column = (typeof COLUMNS)[number];

export interface Route {
  search: string;
  provider: ProviderName | "";
  type: string;
  sort: Column;
  descending: boolean;
  selected: string;
}

export const START: Route = { search: "", provider: "", type: "", sort: "name", descending: false, selected: "" };

/** The name of a source over both providers. */
export const keyOf = (row: { provider: ProviderName; id: string }): string => `${row.provider}:${row.id}`;

export function readRoute(query: string): Route {
  const given = new URLSearchParams(query);
  const provider = PROVIDERS.find((name) => name === given.get("api")) ?? "";
  const order = given.get("sort") ?? "";
  const sort = COLUMNS.find((name) => name === order.replace(/^-/, "")) ?? START.sort;
  return {
    search: given.get("q") ?? "",
    provider,
    type: given.get("type") ?? "",
    sort,
    descending: order === `-${sort}`,
    selected: given.get("sel") ?? "",
  };
}

export function printRoute(route: Route): string {
  const given = new URLSearchParams();
  if (route.provider) given.set("api", route.provider);
  if (route.type) given.set("type", route.type);
  if (route.search) given.set("q", route.search);
  if (route.sort !== START.sort || route.descending) given.set("sort", (route.descending ? "-" : "") + route.sort);
  if (route.selected) given.set("sel", route.selected);
  const query = given.toString();
  return query ? `?${query}` : location.pathname;
}
