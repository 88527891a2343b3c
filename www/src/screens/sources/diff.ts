// What a draft changes, field by field, in words that can be shown: secrets only by that they change.
import type { Draft } from "../../forms/draft.js";
import type { Leaf } from "../../forms/fields.js";
import { fromRaw } from "../../forms/values.js";
import { isSecretName, masked, withoutUser } from "../../model/secrets.js";
import type { Json } from "../../types.js";

/** A line of a value, and whether only this side has it. */
export interface Line {
  text: string;
  isNews: boolean;
}

/** None: there is no value. */
export type Lines = readonly Line[];

export interface Change {
  leaf: Leaf;
  before: Lines;
  after: Lines;
}

export function changesOf(draft: Draft): Change[] {
  return draft.changed().map((leaf) => {
    const { field } = leaf;
    const given = draft.demand(leaf) ?? fromRaw(field, draft.raw(leaf));
    if (field.secret) return compared(leaf, draft.canKeepSecret(leaf) ? ["the stored one"] : [], given === undefined ? [] : ["a new one"]);
    const lines = (value: Json | undefined) => (isSecretName(field.name) ? linesOf(value).map((line) => masked(line, true)) : linesOf(value));
    return compared(leaf, lines(fromRaw(field, draft.storedRaw(leaf))), lines(given));
  });
}

/** Of a list or a map only the lines that go and come are news, unless all that changes is their order. */
function compared(leaf: Leaf, before: readonly string[], after: readonly string[]): Change {
  const isOrder = before.every((line) => after.includes(line)) && after.every((line) => before.includes(line));
  const marked = (lines: readonly string[], others: readonly string[]) => lines.map((text) => ({ text, isNews: isOrder || !others.includes(text) }));
  return { leaf, before: marked(before, after), after: marked(after, before) };
}

function linesOf(value: Json | undefined): string[] {
  if (value === undefined || value === null || value === "") return [];
  if (Array.isArray(value)) return value.map((item) => withoutUser(typeof item === "string" ? item : JSON.stringify(item)));
  if (typeof value === "object") return Object.entries(value).map(([name, item]) => `${name} = ${typeof item === "string" ? item : JSON.stringify(item)}`);
  return [withoutUser(String(value))];
}
