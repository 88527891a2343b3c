// The log of a job as a file, safe to open in a spreadsheet.
import { FORMULA } from "../text/formula.js";
import type { LogRow } from "./job.js";

const COLUMNS = ["time", "provider", "operation", "item", "outcome", "status", "code", "message", "request id"];

const told = (row: LogRow) => [new Date(row.at).toISOString(), row.provider, row.operation, row.label, row.outcome, row.status, row.code, row.message, row.requestId];

/** As CSV. What a spreadsheet would take for a formula gets a quote before it. */
export async function logAsCsv(rows: readonly LogRow[]): Promise<string> {
  const { unparse } = (await import("papaparse")).default;
  return unparse({ fields: COLUMNS, data: rows.map((row) => told(row).map((value) => value ?? "")) }, { escapeFormulae: FORMULA });
}

export const logAsJson = (rows: readonly LogRow[]): string =>
  JSON.stringify(rows.map((row) => Object.fromEntries(told(row).flatMap((value, at) => (value === undefined ? [] : [[COLUMNS[at], value]])))), null, 2);
