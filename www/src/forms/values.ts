// Between what stands in a control and what is sent.
import type { FormField, Json } from "../types.js";

/** What stands in a control: text (one item per line for lists), rows of a map, or a switch that may be left alone. */
export type Raw = string | boolean | [string, string][] | undefined;

export const isSwitch = ({ kind }: FormField): boolean => kind === "boolean" || kind === "flag";

export function toRaw(field: FormField, value: Json | undefined): Raw {
  if (isSwitch(field)) return value === true || value === "true" ? true : value === false || value === "false" ? false : undefined;
  if (field.kind === "map") {
    const entries = typeof value === "object" && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
    return entries.map(([name, item]) => [name, text(item)]);
  }
  if (field.kind === "strings") return Array.isArray(value) ? value.map(text).join("\n") : "";
  return value === undefined || value === null ? "" : text(value);
}

const text = (value: Json): string => (typeof value === "string" ? value : JSON.stringify(value));

/** `undefined`: nothing was given. */
export function fromRaw(field: FormField, raw: Raw): Json | undefined {
  if (typeof raw === "boolean" || raw === undefined) return raw;
  if (Array.isArray(raw)) {
    const rows = raw.filter(([name, value]) => name.trim() !== "" || value !== "");
    return rows.length > 0 ? Object.fromEntries(rows.map(([name, value]) => [name.trim(), value])) : undefined;
  }
  if (field.kind === "strings") {
    const lines = raw.split("\n").map((line) => line.trim()).filter(Boolean);
    return lines.length > 0 ? lines : undefined;
  }
  const given = field.secret ? raw : raw.trim();
  if (given === "") return undefined;
  // What is no number goes to the checker as it is: it says so better than we could.
  if (field.kind === "integer" || field.kind === "number") return /^-?\d+(\.\d+)?$/.test(given) ? Number(given) : given;
  return given;
}

/** What is sent in place of a value that was taken away. */
export function emptied(field: FormField): Json {
  if (field.nullable) return null;
  if (field.kind === "strings") return [];
  if (field.kind === "map") return {};
  return field.default ?? "";
}

export const sameRaw = (field: FormField, a: Raw, b: Raw): boolean =>
  JSON.stringify(fromRaw(field, a)) === JSON.stringify(fromRaw(field, b));
