// What one should know before something is done to a source.
import { operation } from "../../model/capabilities.js";
import type { Row } from "../../types.js";

export const DISABLED = "What is cached is still served until it expires. A disabled source refuses all other changes until it is enabled again.";

export const deleteLines = (row: Row): string[] => [
  operation(row.provider, "sources.delete")?.help ?? "",
  `Every image address below ${row.hosts.join(", ") || "it"} stops working. This cannot be undone, but you have some seconds to think again.`,
];

export const disableLines = (row: Row): string[] => [operation(row.provider, "sources.disable")?.help ?? "", DISABLED];
