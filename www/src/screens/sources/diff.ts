// What a draft changes, field by field, in words that can be shown: secrets only by that they change.
import type { Draft } from "../../forms/draft.js";
import type { Leaf } from "../../forms/fields.js";
import { fromRaw } from "../../forms/values.js";
import type { Json } from "../../types.js";
import { withoutUser } from "../../model/secrets.js";

/** Lines of a value; none: there is no value. */
export type Lines = readonly string[];

export interface Change {
  leaf: Leaf;
  before: Lines;
  after: Lines;
  isSecret: boolean;
}

export function changesOf(draft: Draft): Change[] {
  return draft.changed().map((leaf) => {
    const { field } = leaf;
    const given = draft.demand(leaf) ?? fromRaw(field, draft.raw(leaf));
    if (field.secret) return { leaf, before: draft.canKeepSecret(leaf) ? ["the stored one"] : [], after: given === undefined ? [] : ["a new one"], isSecret: true };
    return { leaf, before: linesOf(fromRaw(field, draft.storedRaw(leaf))), after: linesOf(given), isSecret: false };
  });
}

function linesOf(value: Json | undefined): Lines {
  if (value === undefined || value === null || value === "") return [];
  if (Array.isArray(value)) return value.map((item) => withoutUser(typeof item === "string" ? item : JSON.stringify(item)));
  if (typeof value === "object") return Object.entries(value).map(([name, item]) => `${name} = ${typeof item === "string" ? item : JSON.stringify(item)}`);
  return [withoutUser(String(value))];
}

/** Lines that only one of both has; of a list or a map the rest is not news. */
export function news({ before, after }: Change): { gone: Lines; come: Lines } {
  const gone = before.filter((line) => !after.includes(line));
  const come = after.filter((line) => !before.includes(line));
  // The same lines in another order: all of them are news then.
  return gone.length + come.length === 0 ? { gone: before, come: after } : { gone, come };
}
