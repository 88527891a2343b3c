// What of the list can be shared: search, filters, order and the selected source.
import type { Given, Part } from "../../model/route.js";
import { PROVIDERS } from "../../package.js";
import type { Question } from "./arrange.js";
import { COLUMNS } from "./columns.js";
import { printWheres, readWheres } from "./filters.js";

export interface Route extends Question {
  selected: string;
}

export const START: Route = { search: "", provider: "", type: "", status: "", where: [], sort: "name", descending: false, selected: "" };

/** Without search and filters. */
export const UNFILTERED: Partial<Route> = { search: "", provider: "", type: "", status: "", where: [] };

export function readRoute(given: Given): Route {
  const provider = PROVIDERS.find((name) => name === given["api"]) ?? "";
  const order = given["sort"] ?? "";
  const sort = COLUMNS.find((name) => name === order.replace(/^-/, "")) ?? START.sort;
  return {
    search: given["q"] ?? "",
    provider,
    type: given["type"] ?? "",
    status: given["status"] ?? "",
    where: readWheres(given["where"] ?? ""),
    sort,
    descending: order === `-${sort}`,
    selected: given["sel"] ?? "",
  };
}

/** It as a part of the address. */
export const printRoute = ({ search, provider, type, status, where, sort, descending, selected }: Route): Part => ({
  api: provider,
  type,
  status,
  where: printWheres(where),
  q: search,
  sort: sort !== START.sort || descending ? (descending ? "-" : "") + sort : "",
  sel: selected,
});
