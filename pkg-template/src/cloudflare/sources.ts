// A source without its envelope, as the audit keeps it, and what a request says to change.
import type { Field } from "./audit.js";
import { masked } from "./mask.js";

const object = (value: any): any => (value && typeof value == "object" && !Array.isArray(value) ? value : undefined);

/** Attributes of a request's body, whatever they are wrapped in. */
export const attributesOf = (body: any): any => object(body?.data?.attributes) ?? object(body?.source) ?? object(body) ?? {};

/** What a body says beside its attributes. */
const besides = (body: any): any => {
  const { data, source, ...rest } = Object(body);
  if (object(data?.attributes)) {
    const { attributes, type, id, ...more } = data;
    return { ...rest, ...(source !== undefined && { source }), ...(Object.keys(more).length && { data: more }) };
  }
  return object(source) ? { ...rest, ...(data !== undefined && { data }) } : {};
};

/** So many fields can be noted, and names so long. What has more is refused: it could hide something. */
export const MOST_FIELDS = 1_000;
export const LONGEST_NAME = 200;

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
  const add = (path: string, value: unknown) => {
    if (fields.length >= MOST_FIELDS) throw new RangeError(`the body has more than ${MOST_FIELDS} fields`);
    fields.push({ path, value: short(value) });
  };
  for (const [name, value] of [...Object.entries(masked(attributesOf(body))), ...Object.entries(masked(besides(body)))]) {
    const inner = object(value);
    if (name.length > LONGEST_NAME || (inner && Object.keys(inner).some((key) => key.length > LONGEST_NAME))) throw new RangeError(`the body holds a name of more than ${LONGEST_NAME} letters`);
    if (!inner || !Object.keys(inner).length) add(name, value);
    else for (const [key, value] of Object.entries(inner)) add(`${name}.${key}`, value);
  }
  return fields;
}
