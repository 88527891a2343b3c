// Search, filters and order of the list. Ten thousand rows are put in order once; a key press only looks through them.
import type { ProviderName, Row, Source } from "../../types.js";
import { keyOf } from "../../model/sources.js";
import { matches, type Where } from "./filters.js";
import { type Column, statusOf } from "./columns.js";

export interface Question {
  search: string;
  provider: ProviderName | "";
  type: string;
  status: string;
  where: readonly Where[];
  sort: Column;
  descending: boolean;
}

const compare = new Intl.Collator("en", { numeric: true, sensitivity: "base" }).compare;

const texts: Record<Exclude<Column, "changed">, (row: Row) => string> = {
  name: (row) => row.name,
  provider: (row) => row.provider,
  type: (row) => row.type ?? "",
  location: (row) => row.location ?? "",
  host: (row) => row.hosts[0] ?? "",
  secured: (row) => (row.secured ? "0" : "1"),
  status: (row) => row.status ?? "\uffff",
  id: (row) => row.id,
};

function orderOf(column: Column, descending: boolean): (a: Row, b: Row) => number {
  const way = descending ? -1 : 1;
  const text = column === "changed" ? undefined : texts[column];
  const by = text ? (a: Row, b: Row) => compare(text(a), text(b)) : (a: Row, b: Row) => (a.changedAt ?? 0) - (b.changedAt ?? 0);
  return (a, b) => way * by(a, b) || compare(a.name, b.name);
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

export class Arranger {
  readonly #sourceOf: (row: Row) => Source | undefined;
  #rows: readonly Row[] | undefined;
  #order = "";
  #sorted: readonly Row[] = [];
  /** All of the last question but the search, and its words. */
  #asked = "";
  #words: readonly string[] = [];
  #filtered: readonly Row[] = [];
  #found: readonly Row[] = [];

  constructor(sourceOf: (row: Row) => Source | undefined) {
    this.#sourceOf = sourceOf;
  }

  /** The rows that are asked for, in the order that is asked for. The same array as long as nothing changes. */
  arrange(rows: readonly Row[], question: Question): readonly Row[] {
    const { search, provider, type, status, where, sort, descending } = question;
    const order = `${sort} ${descending}`;
    const isNew = this.#rows !== rows || this.#order !== order;
    if (isNew) {
      // Sorting what is almost in order is much cheaper than sorting anew, as while pages come in.
      this.#sorted = (this.#order === order ? follow(this.#sorted, rows) : [...rows]).sort(orderOf(sort, descending));
      this.#rows = rows;
      this.#order = order;
    }
    const asked = JSON.stringify([provider, type, status, where]);
    // Every word must be found somewhere in a row.
    const words = search.toLowerCase().split(/\s+/).filter(Boolean);
    const hasWords = (row: Row) => words.every((word) => haystack(row).includes(word));
    if (isNew || this.#asked !== asked) {
      const isAny = !provider && !type && !status && where.length === 0;
      const goes = (row: Row) =>
        (!provider || row.provider === provider) &&
        (!type || row.type === type) &&
        (!status || statusOf(row) === status) &&
        where.every((one) => matches(row.provider, this.#sourceOf(row), one));
      this.#filtered = isAny ? this.#sorted : this.#sorted.filter(goes);
    }
    if (isNew || this.#asked !== asked || !isSame(words, this.#words)) {
      // Who types on looks only through what was found so far.
      const from = !isNew && this.#asked === asked && this.#words.every((word) => words.some((longer) => longer.includes(word))) ? this.#found : this.#filtered;
      this.#found = words.length === 0 ? this.#filtered : from.filter(hasWords);
    }
    this.#asked = asked;
    this.#words = words;
    return this.#found;
  }
}

const isSame = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((word, at) => word === b[at]);

/** The rows in the order of those before, new ones behind. */
function follow(before: readonly Row[], rows: readonly Row[]): Row[] {
  const left = new Map(rows.map((row) => [keyOf(row), row]));
  const kept: Row[] = [];
  for (const old of before) {
    const key = keyOf(old);
    const row = left.get(key);
    if (row && left.delete(key)) kept.push(row);
  }
  return [...kept, ...left.values()];
}

/** The values there are among rows, with how many of each. */
export function countBy(rows: readonly Row[], of: (row: Row) => string | undefined): [string, number][] {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const value = of(row);
    if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts].sort(([a], [b]) => compare(a, b));
}
