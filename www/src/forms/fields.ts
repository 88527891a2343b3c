// The fields of a form, out of the package's description: laid flat, and which of them go with a type.
import type { FormField, Json, Source, SourceForm } from "../types.js";

/** A field that holds a value, and where in the input it stands. A name may hold dots, so the way there is a list. */
export interface Leaf {
  field: FormField;
  keys: string[];
  group?: FormField;
}

export type Purpose = "create" | "edit";

export function leavesOf(form: SourceForm): Leaf[] {
  const flat = (fields: FormField[], keys: string[], group?: FormField): Leaf[] =>
    fields.flatMap((field) =>
      field.fields ? flat(field.fields, [...keys, field.name], field) : [{ field, keys: [...keys, field.name], ...(group && { group }) }],
    );
  return flat(form.fields, []);
}

/** The field whose value decides which others there are. */
export function decider(form: SourceForm, leaves: readonly Leaf[]): Leaf | undefined {
  const path = form.fields.find((field) => field.decidedBy)?.decidedBy;
  return leaves.find((leaf) => leaf.field.path === path);
}

export const goesWith = ({ field }: Leaf, type: string): boolean => !field.only || field.only.includes(type);

/** The one value that a field can have for this type. */
export const demandOf = ({ field }: Leaf, type: string): Json | undefined => field.demanded?.find((demand) => demand.type === type)?.value;

const isObject = (value: Json | undefined): value is { [name: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The value that a source has for a field. Where a provider reads a group under another name than it writes it, the group is the one with the same members. */
export function storedValue(source: Source, leaf: Leaf): Json | undefined {
  const { group, field } = leaf;
  if (!group) return Object.hasOwn(source, field.name) ? source[field.name] : undefined;
  const own = source[group.name];
  const holder = isObject(own) ? own : mostAlike(source, group);
  return holder && Object.hasOwn(holder, field.name) ? holder[field.name] : undefined;
}

function mostAlike(source: Source, group: FormField): { [name: string]: Json } | undefined {
  const shared = (value: { [name: string]: Json }) => (group.fields ?? []).filter(({ name }) => Object.hasOwn(value, name)).length;
  const [best] = Object.values(source).filter(isObject).sort((a, b) => shared(b) - shared(a));
  return best && shared(best) > 0 ? best : undefined;
}
