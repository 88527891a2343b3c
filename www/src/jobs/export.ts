// The log of a job as a file, safe to open in a spreadsheet.
import { CSV_START, csvLine } from "../text/csv.js";
import type { LogRow } from "./job.js";

const COLUMNS = ["time", "provider", "operation", "item", "outcome", "status", "code", "message", "request id"];

const told = (row: LogRow) => [new Date(row.at).toISOString(), row.provider, row.operation, row.label, row.outcome, row.status, row.code, row.message, row.requestId];

export const logAsCsv = (rows: readonly LogRow[]): string => CSV_START + [COLUMNS, ...rows.map((row) => told(row).map((value) => String(value ?? "")))].map(csvLine).join("");

export const logAsJson = (rows: readonly LogRow[]): string =>
  JSON.stringify(rows.map((row) => Object.fromEntries(told(row).flatMap((value, at) => (value === undefined ? [] : [[COLUMNS[at], value]])))), null, 2);
