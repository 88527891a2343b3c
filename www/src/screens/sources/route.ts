// What of the list can be shared: search, filters, order and the selected source.
import type { Given, Part } from "../../model/route.js";
import { PROVIDERS } from "../../package.js";
import type { ProviderName } from "../../types.js";

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

export function readRoute(given: Given): Route {
  const provider = PROVIDERS.find((name) => name === given["api"]) ?? "";
  const order = given["sort"] ?? "";
  const sort = COLUMNS.find((name) => name === order.replace(/^-/, "")) ?? START.sort;
  return {
    search: given["q"] ?? "",
    provider,
    type: given["type"] ?? "",
    sort,
    descending: order === `-${sort}`,
    selected: given["sel"] ?? "",
  };
}

/** It as a part of the address. */
export const printRoute = ({ search, provider, type, sort, descending, selected }: Route): Part => ({
  api: provider,
  type,
  q: search,
  sort: sort !== START.sort || descending ? (descending ? "-" : "") + sort : "",
  sel: selected,
});
