// The list as a file: without secrets, and safe from programs that take a cell for a formula.
import { leavesOf } from "../../forms/fields.js";
import { isSecretName, withoutUser } from "../../model/secrets.js";
import { sourceForm } from "../../package.js";
import { CSV_START, csvLine } from "../../text/csv.js";
import { saveFile } from "../../text/file.js";
import type { Json, ProviderName, Row, Source } from "../../types.js";
import { type Column, COLUMNS, TITLES } from "./columns.js";

export type Format = "csv" | "json";

const cells: Record<Column, (row: Row) => string> = {
  name: (row) => row.name,
  provider: (row) => row.provider,
  type: (row) => row.type ?? "",
  location: (row) => withoutUser(row.location ?? ""),
  host: (row) => row.hosts.join(" "),
  secured: (row) => (row.secured ? "yes" : "no"),
  status: (row) => row.status ?? "",
  changed: (row) => (row.changedAt === undefined ? "" : new Date(row.changedAt).toISOString()),
  id: (row) => row.id,
};

/** As RFC 4180 says, with a mark by which programs know UTF-8. The id is always there, so that rows can be found again. */
export function toCsv(rows: readonly Row[], columns: readonly Column[]): string {
  const wanted: Column[] = columns.includes("id") ? [...columns] : [...columns, "id"];
  const lines = [wanted.map((column) => TITLES[column]), ...rows.map((row) => wanted.map((column) => cells[column](row)))];
  return CSV_START + lines.map(csvLine).join("");
}

/** Every attribute but secrets, and but what the provider itself adds for signing. */
export function toJson(sources: readonly (readonly [ProviderName, Source])[]): string {
  return `${JSON.stringify(sources.map(([provider, source]) => ({ provider, ...withoutSecrets(provider, source) })), null, 2)}\n`;
}

const secrets = new Map<ProviderName, Set<string>>();

function isSecret(provider: ProviderName, name: string): boolean {
  let known = secrets.get(provider);
  if (!known) secrets.set(provider, (known = new Set(leavesOf(sourceForm(provider)).filter(({ field }) => field.secret).map(({ field }) => field.name))));
  return known.has(name) || isSecretName(name);
}

function withoutSecrets(provider: ProviderName, value: { [name: string]: Json }): { [name: string]: Json } {
  const clean = (one: Json): Json => {
    if (typeof one === "string") return withoutUser(one);
    if (Array.isArray(one)) return one.map(clean);
    return typeof one === "object" && one !== null ? withoutSecrets(provider, one) : one;
  };
  // Names are those of the provider: none of them may become a prototype.
  return Object.fromEntries(Object.entries(value).filter(([name]) => !isSecret(provider, name)).map(([name, one]) => [name, clean(one)]));
}

/** Gives it to the browser as a download. */
export function saveRows(format: Format, rows: readonly Row[], hidden: readonly Column[], sourceOf: (row: Row) => Source | undefined): void {
  const name = `sources-${new Date().toISOString().slice(0, 10)}.${format}`;
  if (format === "csv") return saveFile(name, toCsv(rows, COLUMNS.filter((column) => !hidden.includes(column))), "text/csv;charset=utf-8");
  const sources = rows.map((row) => [row.provider, sourceOf(row)] as const).filter((one): one is [ProviderName, Source] => one[1] !== undefined);
  saveFile(name, toJson(sources), "application/json");
}
