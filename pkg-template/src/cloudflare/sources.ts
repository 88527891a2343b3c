// A source without its envelope, as the audit keeps it, and what a request says to change.
import type { Field } from "./audit.js";
import { masked } from "./mask.js";

const object = (value: any): any => (value && typeof value == "object" && !Array.isArray(value) ? value : undefined);

/** Attributes of a request's body, whatever they are wrapped in. */
export const attributesOf = (body: any): any => object(body?.data?.attributes) ?? object(body?.source) ?? object(body) ?? {};

/** A source out of an answer, flat, with secrets masked; nothing if there is none. */
export function sourceOf(body: any): any {
  const data = object(body?.data);
  if (data) return data.id === undefined ? undefined : masked({ ...object(data.attributes), id: data.id });
  const bare = object(body?.source) ?? object(body);
  return bare?.id === undefined ? undefined : masked(bare);
}

const short = (value: unknown): unknown => (JSON.stringify(value ?? null).length <= 1_000 ? value : "(long)");

/** What a body changes, one level deep. */
export function fieldsOf(body: unknown): Field[] {
  const fields: Field[] = [];
  for (const [name, value] of Object.entries(masked(attributesOf(body)))) {
    const inner = object(value);
    if (!inner) fields.push({ path: name, value: short(value) });
    else for (const [key, value] of Object.entries(inner)) fields.push({ path: `${name}.${key}`, value: short(value) });
  }
  return fields.slice(0, 200);
}
