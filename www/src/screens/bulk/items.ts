// Rows into what the package takes: arguments of a method, or entries of a document of sources.
import type { FormField, Json } from "../../types.js";
import { fieldOf, type Kind } from "./kinds.js";
import type { Raw } from "./parse.js";

type Members = { [name: string]: Json };

const isMembers = (value: Json | undefined): value is Members => typeof value === "object" && value !== null && !Array.isArray(value);

/** A cell as the field's kind has it. What does not fit stays text, and is refused by name. */
export function coerced(text: string, field: FormField | undefined): Json {
  const kind = field?.kind;
  if (kind === "boolean" && /^(true|false)$/i.test(text)) return text.toLowerCase() === "true";
  if ((kind === "integer" || kind === "number") && text !== "" && Number.isFinite(Number(text))) return Number(text);
  if (kind === "strings" && !text.startsWith("[")) return text.split(/[|;\n]/).map((part) => part.trim()).filter(Boolean);
  if (kind === "map" || kind === "strings" || (!field && /^(\[.*\]|\{.*\}|null)$/s.test(text))) {
    try {
      return JSON.parse(text) as Json;
    } catch {
      return text;
    }
  }
  return field?.nullable && text === "null" ? null : text;
}

/** Sets a value where the keys lead, making objects on the way. */
function put(holder: Members, keys: readonly string[], value: Json): void {
  let at = holder;
  for (const key of keys.slice(0, -1)) {
    if (!isMembers(at[key])) Object.defineProperty(at, key, { value: {}, enumerable: true, writable: true, configurable: true });
    at = at[key] as Members;
  }
  Object.defineProperty(at, keys.at(-1)!, { value, enumerable: true, writable: true, configurable: true });
}

/** A row as an entry of a document of sources. */
export function entryOf(kind: Kind, { value }: Raw, isText: boolean): Json {
  if (!isText || !isMembers(value)) return value;
  const entry: Members = {};
  for (const [column, cell] of Object.entries(value)) {
    const known = fieldOf(kind, column);
    put(entry, known?.keys ?? [column], typeof cell === "string" ? coerced(cell, known?.field) : cell);
  }
  return entry;
}

/** The address of an original as the parameters that name it: the first step of the path, and the rest of it. */
function fromAddress(text: string): [string, string] | undefined {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return undefined;
  const [, first, ...rest] = new URL(text).pathname.split("/");
  try {
    return first && rest.length > 0 ? [decodeURIComponent(first), rest.map(decodeURIComponent).join("/")] : undefined;
  } catch {
    return undefined;
  }
}

/** A row as arguments; what is missing is told by whoever checks them. Out of JSON every value has its kind, cells are `isText`. */
export function argumentsOf({ operation, columns }: Kind, { value }: Raw, isText: boolean): Json[] {
  if (Array.isArray(value)) return value;
  const record: Members = isMembers(value) ? value : { [columns[0]!]: value };
  const { parameters, input } = operation!;
  let given: Json[] = parameters.map((name) => record[name] ?? null);
  const [only] = given;
  if (parameters.length === 2 && typeof only === "string" && given[1] === null) given = fromAddress(only) ?? given;
  if (input !== "json") return given;
  const attributes: Members = {};
  for (const [name, cell] of Object.entries(record)) if (!parameters.includes(name)) put(attributes, [name], isText && typeof cell === "string" ? coerced(cell, undefined) : cell);
  return [...given, attributes];
}

/** What an item is called in tables and logs. */
export const labelOf = ({ operation }: Kind, given: readonly Json[]): string =>
  given.slice(0, operation!.parameters.length).map((one) => (typeof one === "string" ? one : JSON.stringify(one))).join(" ");
