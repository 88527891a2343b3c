// Entries of the audit as the gateway tells them, and what they say of a source.
import { leavesOf as fieldsOf } from "../../forms/fields.js";
import { MASK } from "../../gateway/answers.js";
import { isSecretName, masked, withoutUser } from "../../model/secrets.js";
import { PROVIDERS, sourceForm } from "../../package.js";
import { known, textOf } from "../../text/given.js";
import type { Json, ProviderName } from "../../types.js";
import { compared, type DiffRow, linesOf } from "../../widgets/diff-table.js";

export type Members = { [name: string]: Json };

export interface Entry {
  seq: number;
  at: number;
  ended: number | null;
  who: string;
  kind: string;
  provider: ProviderName;
  operation: string;
  target: string;
  /** What was sent, secrets masked. */
  fields: { path: string; value: Json }[];
  outcome: string;
  status?: number;
  requestId?: string;
  /** The entry that a source was put back to. */
  restores?: number;
  before?: Members;
  after?: Members;
}

/** What putting a source back would do. */
export interface Plan {
  provider: ProviderName;
  operation: "sources.update" | "sources.create" | "none";
  id?: string;
  changes: Members;
  cannot: { field: string; because: string; required?: boolean }[];
  version: string;
}

export const OUTCOMES: Record<string, string> = { ok: "done", declined: "declined", unknown: "may have happened", begun: "end not known" };

const isMembers = (value: unknown): value is Members => typeof value === "object" && value !== null && !Array.isArray(value);
const lastOf = (path: string): string => path.split(".").at(-1)!;

/** What is written under one name and read under another: `credential_attributes` comes back as `credentials`. */
const member = (holder: Members, name: string): Json | undefined => known(holder, Object.hasOwn(holder, name) ? name : name.replace(/_attributes$/, "s"));

/** The value of a source at the path by which it is written. A name may hold a dot itself. */
export function valueAt(source: Json | undefined, path: string): Json | undefined {
  if (!isMembers(source)) return undefined;
  const whole = member(source, path);
  const at = path.indexOf(".");
  return whole !== undefined || at < 0 ? whole : valueAt(member(source, path.slice(0, at)), path.slice(at + 1));
}

/** Every value that is no object with members, by its path. */
function leavesOf(value: Json, path = "", name = "", found = new Map<string, { name: string; value: Json }>()): typeof found {
  if (isMembers(value) && Object.keys(value).length > 0) for (const [key, inner] of Object.entries(value)) leavesOf(inner, path ? `${path}.${key}` : key, key, found);
  else if (path) found.set(path, { name, value });
  return found;
}

const SECRET = ["a secret: sent, shown nowhere"];

let keyIds: Set<string> | undefined;

/** Declared, and only sounding like a secret: its end may be shown. */
const isKeyId = (name: string): boolean => (keyIds ??= new Set(PROVIDERS.flatMap((provider) => fieldsOf(sourceForm(provider))).flatMap(({ field }) => (field.secret ? [] : [field.name])))).has(name);

/** A value in lines. What sounds like a secret is not shown, whoever masked it or did not. */
const told = (name: string, value: Json | undefined): string[] => linesOf(value).map((line) => (isSecretName(name) && typeof value === "string" ? masked(line, isKeyId(name)) : line));

const row = (name: string, path: string, before: Json | undefined, after: Json | undefined): DiffRow => ({ name, path, ...compared(told(name, before), told(name, after)) });
const secret = (path: string): DiffRow => ({ name: lastOf(path), path, ...compared([], SECRET) });

const isSecret = (path: string): boolean => isSecretName(lastOf(path)) && !isKeyId(lastOf(path));

/** Flags come back as words. */
const isSame = (one: Json | undefined, other: Json | undefined): boolean => JSON.stringify(one ?? null) === JSON.stringify(other ?? null) || (typeof one !== "object" && typeof other !== "object" && String(one) === String(other));

/** What an entry did: of a source what differs, of everything else what was sent. */
export function changesOf({ before, after, fields }: Entry): { rows: DiffRow[]; isDifference: boolean } {
  const sent = Array.isArray(fields) ? fields.map(({ path, value }) => ({ path: textOf(path), value })) : [];
  if (before && after) {
    const [was, is] = [leavesOf(before), leavesOf(after)];
    const paths = [...new Set([...was.keys(), ...is.keys()])].filter((path) => JSON.stringify(was.get(path)?.value) !== JSON.stringify(is.get(path)?.value));
    const rows = paths.map((path) => row((was.get(path) ?? is.get(path))!.name, path, was.get(path)?.value, is.get(path)?.value));
    return { rows: [...rows, ...sent.filter(({ path }) => isSecret(path)).map(({ path }) => secret(path))], isDifference: true };
  }
  // An update may say again what is there already.
  const news = before ? sent.filter(({ path, value }) => isSecret(path) || !isSame(valueAt(before, path), value)) : sent;
  return { rows: news.map(({ path, value }) => (isSecret(path) ? secret(path) : row(lastOf(path), path, valueAt(before, path), value))), isDifference: before !== undefined && sent.length > 0 };
}

/** What putting back changes, beside what is there now. */
export const plannedRows = ({ changes }: Plan, now: Members | undefined): DiffRow[] => [...leavesOf(changes)].map(([path, { name, value }]) => row(name, path, valueAt(now, path), value));

/** Can it be given anew? What was a secret was masked when it was noted. */
export const canBeGiven = (field: string, before: Members | undefined): boolean => isSecret(field) || linesOf(valueAt(before, field)).some((line) => line.includes(MASK) || line.includes("••••@"));

/** The state of a source as JSON for people, without secrets. */
export const stateText = (state: Members): string =>
  JSON.stringify(state, (name, value: Json) => (typeof value !== "string" ? value : (name && told(name, value)[0]) || withoutUser(value)), 2);
