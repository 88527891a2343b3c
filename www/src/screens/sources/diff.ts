// What a draft changes, field by field, in words that can be shown: secrets only by that they change.
import type { Draft } from "../../forms/draft.js";
import type { Leaf } from "../../forms/fields.js";
import { fromRaw } from "../../forms/values.js";
import { isSecretName, masked } from "../../model/secrets.js";
import type { Json } from "../../types.js";
import { compared, type Lines, linesOf } from "../../widgets/diff-table.js";

export interface Change {
  leaf: Leaf;
  before: Lines;
  after: Lines;
}

export function changesOf(draft: Draft): Change[] {
  return draft.changed().map((leaf) => {
    const { field } = leaf;
    const given = draft.demand(leaf) ?? fromRaw(field, draft.raw(leaf));
    if (field.secret) return { leaf, ...compared(draft.canKeepSecret(leaf) ? ["the stored one"] : [], given === undefined ? [] : ["a new one"]) };
    const lines = (value: Json | undefined) => (isSecretName(field.name) ? linesOf(value).map((line) => masked(line, true)) : linesOf(value));
    return { leaf, ...compared(lines(fromRaw(field, draft.storedRaw(leaf))), lines(given)) };
  });
}
