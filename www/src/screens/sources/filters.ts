// Filters on single attributes, out of the package's description of a source: no attribute is spelled here.
import { decider, type Leaf, leavesOf, storedValue } from "../../forms/fields.js";
import { PROVIDERS, sourceForm } from "../../package.js";
import type { Json, ProviderName, Source } from "../../types.js";

/** An attribute and what it should hold; an empty value: it should hold nothing. */
export interface Where {
  field: string;
  value: string;
}

/** What can be asked for. Secrets cannot: providers do not tell them. */
export function filterLeaves(provider: ProviderName): Leaf[] {
  const form = sourceForm(provider);
  const leaves = leavesOf(form);
  const type = decider(form, leaves);
  return leaves.filter((leaf) => leaf !== type && !leaf.field.secret && !["object", "any"].includes(leaf.field.kind));
}

const places = new Map<string, Map<ProviderName, Leaf>>();

/** The same path may be an attribute at both providers. */
function leafOf(provider: ProviderName, path: string): Leaf | undefined {
  let known = places.get(path);
  if (!known) {
    known = new Map();
    for (const name of PROVIDERS) for (const leaf of filterLeaves(name)) if (leaf.field.path === path) known.set(name, leaf);
    places.set(path, known);
  }
  return known.get(provider);
}

export function matches(provider: ProviderName, source: Source | undefined, { field, value }: Where): boolean {
  const leaf = leafOf(provider, field);
  if (!leaf || !source) return false;
  const texts = textsOf(storedValue(source, leaf));
  const wanted = value.toLowerCase();
  if (wanted === "") return texts.length === 0;
  const isChoice = leaf.field.kind === "boolean" || leaf.field.kind === "flag" || (leaf.field.values !== undefined && !leaf.field.open);
  return texts.some((text) => (isChoice ? text === wanted : text.includes(wanted)));
}

function textsOf(value: Json | undefined): string[] {
  if (value === undefined || value === null || value === "") return [];
  if (Array.isArray(value)) return value.flatMap(textsOf);
  if (typeof value === "object") return Object.entries(value).map(([name, item]) => `${name}=${String(item)}`.toLowerCase());
  return [String(value).toLowerCase()];
}

export const printWhere = ({ field, value }: Where): string => `${field}:${value}`;

export function readWhere(text: string): Where | undefined {
  const at = text.indexOf(":");
  return at > 0 ? { field: text.slice(0, at), value: text.slice(at + 1) } : undefined;
}
