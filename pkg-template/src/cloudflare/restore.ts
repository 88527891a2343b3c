// Putting a source back to how it was before an entry of the audit. What cannot be put back is said first, and what is done is
// what was said.
import type { FormField, SourceForm } from "../../types/index.js";
import { readUnder } from "./lookup.js";
import { hides, MASK } from "./mask.js";

export interface Plan {
  provider: string;
  operation: "sources.update" | "sources.create" | "none";
  id?: string;
  /** What will be sent. */
  changes: Record<string, unknown>;
  /** What stays as it is, or has to be given anew. */
  cannot: { field: string; because: string; required?: boolean }[];
  /** Tells this plan from one made of another state. */
  version: string;
}

const isObject = (value: unknown): value is Record<string, unknown> => !!value && typeof value == "object" && !Array.isArray(value);

const same = (one: unknown, other: unknown): boolean => JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
const sorted = (value: unknown): unknown =>
  isObject(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, member]) => [key, sorted(member)])) : Array.isArray(value) ? value.map(sorted) : value;

const isMasked = (value: unknown) => typeof value == "string" && (value.startsWith(MASK) || value.includes(`://${MASK}@`));

/** The value at a form's dotted path, under the name it is read by. A name may hold a dot itself (`robots.txt`). */
const readAt = (source: unknown, path: string): unknown => {
  if (!isObject(source)) return undefined;
  const at = path.indexOf(".");
  const whole = readUnder(source, path);
  return at < 0 || whole !== undefined ? whole : readAt(readUnder(source, path.slice(0, at)), path.slice(at + 1));
};

interface Comparison {
  was: unknown;
  is: unknown;
  creating: boolean;
  cannot: Plan["cannot"];
}

/** What it takes to get from one state to the other, field by field. */
function changesOf(of: Comparison, fields: FormField[], path: string, kind?: string, otherKind?: boolean): Record<string, unknown> {
  const { was, is, creating, cannot } = of;
  const changes: Record<string, unknown> = {};
  for (const field of fields) {
    const full = path ? `${path}.${field.name}` : field.name;
    if (field.only && kind !== undefined && !field.only.includes(kind)) continue;
    const [old, now] = [readAt(was, full), readAt(is, full)];
    if (field.fields) {
      const [type, other] = field.decidedBy === undefined ? [] : [readAt(was, field.decidedBy), readAt(is, field.decidedBy)];
      const nested = changesOf(of, field.fields, full, typeof type == "string" ? type : undefined, type !== other);
      if (Object.keys(nested).length) changes[field.name] = nested;
    } else if (field.secret || hides(field.name)) {
      // What goes with another type is stored nowhere any more.
      if ((creating || otherKind) && (field.required || old != null)) cannot.push({ field: full, because: "is a secret, which is recorded nowhere: give it anew", ...(field.required && { required: true }) });
    } else if (same(old ?? null, now ?? null)) continue;
    else if (isMasked(old)) cannot.push({ field: full, because: "holds a secret, which is recorded nowhere: give it anew" });
    else if (old == null && creating) continue;
    else if (!(creating ? field.createable : field.updatable)) cannot.push({ field: full, because: creating ? "cannot be given to a new source" : "cannot be changed" });
    else if (old == null && !field.nullable) cannot.push({ field: full, because: "was not set, and cannot be unset" });
    else changes[field.name] = old ?? null;
  }
  return changes;
}

/** What it takes to put a source back; `is` is nothing if there is no such source any more. */
export async function planFor(form: SourceForm, entry: { provider: string; before?: any; fields: { path: string }[] }, is: any): Promise<Plan> {
  const creating = is === undefined;
  const plan: Plan = { provider: entry.provider, operation: "none", ...(creating ? {} : { id: String(is.id) }), changes: {}, cannot: [], version: "" };
  plan.changes = changesOf({ was: entry.before, is, creating, cannot: plan.cannot }, form.fields, "");
  // A secret that the entry itself changed has another value now than it had, whatever it was.
  if (!creating)
    for (const { path } of entry.fields)
      if (hides(path.split(".").at(-1)!) && !plan.cannot.some(({ field }) => field == path)) plan.cannot.push({ field: path, because: "is a secret, which is recorded nowhere: it stays as it is" });
  if (creating) plan.operation = "sources.create";
  else if (Object.keys(plan.changes).length) plan.operation = "sources.update";
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(JSON.stringify([plan.operation, plan.changes, plan.cannot, sorted(is)])));
  plan.version = [...new Uint8Array(bytes.slice(0, 8))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return plan;
}

/** Puts secrets that were given anew where they belong. Takes only what the plan asks for. */
export function withSecrets(plan: Plan, secrets: unknown): { changes: Record<string, unknown>; wrong?: string } {
  const changes = structuredClone(plan.changes);
  if (secrets !== undefined && !isObject(secrets)) return { changes, wrong: "secrets" };
  const given = secrets ?? {};
  const asked = new Set(plan.cannot.map(({ field }) => field));
  for (const [path, value] of Object.entries(given)) {
    if (!asked.has(path) || typeof value != "string" || isMasked(value)) return { changes, wrong: path };
    const parts = path.split(".");
    const last = parts.pop()!;
    const place = parts.reduce<any>((place, name) => (isObject(place[name]) ? place[name] : (place[name] = {})), changes);
    place[last] = value;
  }
  const missing = plan.cannot.find(({ field, required }) => required && !Object.hasOwn(given, field));
  return missing ? { changes, wrong: missing.field } : { changes };
}
