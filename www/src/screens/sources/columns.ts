// The columns of the list, and which of them somebody wants to see.
import type { Row } from "../../types.js";

export const COLUMNS = ["name", "provider", "type", "location", "host", "secured", "status", "changed", "id"] as const;
export type Column = (typeof COLUMNS)[number];

export const TITLES: Record<Column, string> = {
  name: "Name", provider: "Provider", type: "Type", location: "Origin", host: "Host", secured: "Signed", status: "Status", changed: "Changed", id: "Id",
};

/** The name is what a row is called, so it is always there. */
export const CHOOSABLE: readonly Column[] = COLUMNS.filter((column) => column !== "name");
const HIDDEN_AT_FIRST: readonly Column[] = ["id"];

/** What was kept may be of another version of this page. */
export function readHidden(kept: string | undefined): readonly Column[] {
  if (kept === undefined) return HIDDEN_AT_FIRST;
  const names = kept.split(" ");
  return CHOOSABLE.filter((column) => names.includes(column));
}

export const printHidden = (hidden: readonly Column[]): string => hidden.join(" ");

/** A provider without deployments has no status. */
export const statusOf = (row: Row): string => row.status ?? "none";
