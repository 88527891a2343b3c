// Numbers out of the rows of a report's files. What the columns mean is imgix's; which hold numbers and which days shows in them.
import { CsvReader } from "./csv.js";

const ROWS_KEPT = 5000;
const NUMBER = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i;
const DAY = /^\d{4}-\d{2}-\d{2}/;

/** A failure of this kind can be shown as it is. */
export class FileError extends Error {}

export interface Table {
  columns: string[];
  /** The first of them; all are counted. */
  rows: string[][];
  count: number;
  totals: number[];
  /** Columns in which every value is a number. */
  numeric: boolean[];
  /** Was the rest left out? */
  isCut: boolean;
}

/** Collects a table out of one file or several of the same columns. */
export class TableMaker {
  readonly table: Table = { columns: [], rows: [], count: 0, totals: [], numeric: [], isCut: false };
  #reader = this.#newReader();

  feed(text: string): void {
    this.#reader.feed(text);
  }

  endFile(): void {
    this.#reader.end();
    this.#reader = this.#newReader();
  }

  #newReader(): CsvReader {
    let isHead = true;
    return new CsvReader((row) => {
      if (!isHead) return this.#add(row);
      isHead = false;
      const { table } = this;
      const names = row.map((name, at) => (at === 0 ? name.replace(/^\ufeff/, "") : name));
      if (table.columns.length > 0 && names.join("\n") === table.columns.join("\n")) return;
      if (table.columns.length > 0) throw new FileError("The files of this report do not have the same columns.");
      table.columns = names;
      table.totals = names.map(() => 0);
      table.numeric = names.map(() => true);
    });
  }

  #add(row: string[]): void {
    const { table } = this;
    table.count += 1;
    if (table.rows.length < ROWS_KEPT) table.rows.push(row);
    table.columns.forEach((_, at) => {
      const value = row[at] ?? "";
      if (!NUMBER.test(value.trim())) table.numeric[at] = false;
      else table.totals[at]! += Number(value);
    });
  }
}

const isDay = (table: Table, at: number): boolean => table.rows.length > 0 && table.rows.every((row) => DAY.test(row[at] ?? ""));

/** Columns that can be drawn, by their place. */
export const metrics = (table: Table): number[] => table.columns.map((_, at) => at).filter((at) => table.count > 0 && table.numeric[at] && !isDay(table, at));

export interface Point {
  /** Milliseconds since 1970. */
  at: number;
  value: number;
}

/** A column over the days of the table's first column of days; nothing if it has none. */
export function overDays(table: Table, metric: number): Point[] {
  const days = table.columns.findIndex((_, at) => isDay(table, at));
  if (days < 0) return [];
  const sums = new Map<number, number>();
  for (const row of table.rows) {
    const at = Date.parse((row[days] ?? "").slice(0, 10));
    if (!Number.isNaN(at)) sums.set(at, (sums.get(at) ?? 0) + Number(row[metric]));
  }
  return [...sums].map(([at, value]) => ({ at, value })).sort((a, b) => a.at - b.at);
}

export interface Ranked {
  name: string;
  value: number;
}

/** The rows with the largest values of a column, each named by what is no number in it and is not the same everywhere. */
export function ranking(table: Table, metric: number, most: number): Ranked[] {
  const differs = (at: number): boolean => table.rows.some((row) => row[at] !== table.rows[0]?.[at]);
  const words = table.columns.map((_, at) => at).filter((at) => at !== metric && !table.numeric[at] && differs(at));
  return table.rows
    .map((row, at) => ({ name: words.map((word) => row[word]).join(" · ") || `row ${at + 1}`, value: Number(row[metric]) }))
    .sort((a, b) => b.value - a.value)
    .slice(0, most);
}
