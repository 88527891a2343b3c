// Search, filters and order of the list: pure functions over rows.
import type { ProviderName, Row } from "../../types.js";
import type { Column, Route } from "./route.js";

const compare = new Intl.Collator("en", { numeric: true, sensitivity: "base" }).compare;

const texts: Record<Exclude<Column, "changed">, (row: Row) => string> = {
  name: (row) => row.name,
  provider: (row) => row.provider,
  type: (row) => row.type ?? "",
  location: (row) => row.location ?? "",
  host: (row) => row.hosts[0] ?? "",
  secured: (row) => (row.secured ? "0" : "1"),
  status: (row) => row.status ?? "\uffff",
};

function order(column: Column): (a: Row, b: Row) => number {
  if (column === "changed") return (a, b) => (a.changedAt ?? 0) - (b.changedAt ?? 0);
  const text = texts[column];
  return (a, b) => compare(text(a), text(b));
}

const searched = new WeakMap<Row, string>();

/** Everything of a row that can be searched, made once per row. */
export function haystack(row: Row): string {
  let text = searched.get(row);
  if (text === undefined) {
    text = [row.name, row.id, row.provider, row.type, row.location, row.status, ...row.hosts].join("\n").toLowerCase();
    searched.set(row, text);
  }
  return text;
}

let last: { rows: readonly Row[]; asked: string; found: Row[] } | undefined;

/** Rows as the address asks for them; sorted anew only if rows or question have changed. */
export function arrange(rows: readonly Row[], route: Route): Row[] {
  const { search, provider, type, sort, descending } = route;
  const asked = JSON.stringify([search, provider, type, sort, descending]);
  if (last?.rows !== rows || last.asked !== asked) last = { rows, asked, found: find(rows, route) };
  return last.found;
}

/** Every word must be found somewhere in a row. */
function find(rows: readonly Row[], route: Route): Row[] {
  const words = route.search.toLowerCase().split(/\s+/).filter(Boolean);
  const found = rows.filter(
    (row) =>
      (!route.provider || row.provider === route.provider) &&
      (!route.type || row.type === route.type) &&
      words.every((word) => haystack(row).includes(word)),
  );
  const way = route.descending ? -1 : 1;
  const by = order(route.sort);
  return found.sort((a, b) => way * by(a, b) || compare(a.name, b.name));
}

/** The types there are among the rows of a provider, with how many of each. */
export function typesOf(rows: readonly Row[], provider: ProviderName | ""): [string, number][] {
  const counts = new Map<string, number>();
  for (const row of rows) if (row.type !== undefined && (!provider || row.provider === provider)) counts.set(row.type, (counts.get(row.type) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => compare(a, b));
}
