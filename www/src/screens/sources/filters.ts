// Filters on single attributes, out of the package's description of a source: no attribute is spelled here.
import { decider, type Leaf, leavesOf, storedValue } from "../../forms/fields.js";
import { sourceForm } from "../../package.js";
import type { Json, ProviderName, Source } from "../../types.js";

/** An attribute and what it should hold; an empty value: it should hold nothing. */
export interface Where {
  field: string;
  value: string;
}

const offered = new Map<ProviderName, Leaf[]>();

/** What can be asked for. Secrets cannot: providers do not tell them. */
export function filterLeaves(provider: ProviderName): Leaf[] {
  let leaves = offered.get(provider);
  if (!leaves) offered.set(provider, (leaves = find(provider)));
  return leaves;
}

function find(provider: ProviderName): Leaf[] {
  const form = sourceForm(provider);
  const leaves = leavesOf(form);
  const type = decider(form, leaves);
  return leaves.filter((leaf) => leaf !== type && !leaf.field.secret && !["object", "any"].includes(leaf.field.kind));
}

export const isChoice = ({ field }: Leaf): boolean => field.kind === "boolean" || field.kind === "flag" || (field.values !== undefined && !field.open);

export function matches(provider: ProviderName, source: Source | undefined, { field, value }: Where): boolean {
  const leaf = filterLeaves(provider).find((one) => one.field.path === field);
  if (!leaf || !source) return false;
  const texts = textsOf(storedValue(source, leaf));
  const wanted = value.toLowerCase();
  if (wanted === "") return texts.length === 0;
  return texts.some((text) => (isChoice(leaf) ? text === wanted : text.includes(wanted)));
}

function textsOf(value: Json | undefined): string[] {
  if (value === undefined || value === null || value === "") return [];
  if (Array.isArray(value)) return value.flatMap(textsOf);
  if (typeof value === "object") return Object.entries(value).map(([name, item]) => `${name}=${String(item)}`.toLowerCase());
  return [String(value).toLowerCase()];
}

/** All of them in one value of an address. */
export const printWheres = (wheres: readonly Where[]): string => new URLSearchParams(wheres.map(({ field, value }) => [field, value])).toString();

export const readWheres = (text: string): Where[] => [...new URLSearchParams(text)].filter(([field]) => field !== "").map(([field, value]) => ({ field, value }));
