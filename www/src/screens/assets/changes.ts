// What somebody changes of an asset, and what is sent for it.
import type { ImgixAsset, ImgixAssetChanges } from "image-sources";
import type { Leaf } from "../../forms/fields.js";
import { emptied, fromRaw, type Raw, sameRaw, toRaw } from "../../forms/values.js";
import type { FormField, Json } from "../../types.js";

type Name = keyof ImgixAssetChanges;

/** Every attribute that can be changed: one more or fewer in the package does not compile. */
const KINDS: Record<Name, [kind: FormField["kind"], help: string]> = {
  name: ["string", "shown in the Asset Manager"],
  description: ["string", "text beside it"],
  categories: ["strings", "labels"],
  custom_fields: ["map", "values of your own"],
};

export const LEAVES: readonly Leaf[] = (Object.keys(KINDS) as Name[]).map((name) => {
  const [kind, help] = KINDS[name];
  return { field: { name, path: name, kind, help, nullable: true, updatable: true }, keys: [name] };
});

export interface Difference {
  name: string;
  before: Json | undefined;
  after: Json;
}

/** Only what the package completes: lists and maps. */
const isMerged = ({ field }: Leaf): boolean => field.kind === "strings" || field.kind === "map";

export class AssetDraft {
  readonly asset: ImgixAsset;
  /** Add to lists and maps as they are at imgix then, instead of replacing them by what was read here. */
  merge = false;
  readonly #raw = new Map<string, Raw>();

  constructor(asset: ImgixAsset) {
    this.asset = asset;
  }

  #stored({ field }: Leaf): Json | undefined {
    return this.asset[field.name as Name] as Json | undefined;
  }

  raw(leaf: Leaf): Raw {
    return this.#raw.has(leaf.field.name) ? this.#raw.get(leaf.field.name) : toRaw(leaf.field, this.#stored(leaf));
  }

  set(leaf: Leaf, raw: Raw): void {
    this.#raw.set(leaf.field.name, raw);
  }

  /** Fields that hold something else than what was read. */
  get changed(): Leaf[] {
    return LEAVES.filter((leaf) => this.#raw.has(leaf.field.name) && !sameRaw(leaf.field, this.raw(leaf), toRaw(leaf.field, this.#stored(leaf))));
  }

  /** A value that is taken away cannot be merged. */
  problem(leaf: Leaf): string {
    if (leaf.field.kind === "map") {
      const names = (this.raw(leaf) as [string, string][]).map(([name]) => name.trim());
      if (names.some((name, at) => name === "" && (this.raw(leaf) as [string, string][])[at]![1] !== "")) return "a value has no name";
      if (new Set(names.filter(Boolean)).size < names.filter(Boolean).length) return "a name is given twice";
    }
    if (this.merge && isMerged(leaf) && this.#taken(leaf).length > 0) return `merging only adds, and ${this.#taken(leaf).join(", ")} is taken away: replace instead`;
    return "";
  }

  #taken(leaf: Leaf): string[] {
    const [before, after] = [this.#stored(leaf), fromRaw(leaf.field, this.raw(leaf))];
    const members = (value: Json | undefined): string[] => (Array.isArray(value) ? value.map(String) : Object.keys((value as object | null) ?? {}));
    const kept = new Set(members(after));
    return members(before).filter((member) => !kept.has(member));
  }

  /** What is given to `assets.update`. */
  changes(): ImgixAssetChanges {
    return Object.fromEntries(this.changed.map((leaf) => [leaf.field.name, this.#sent(leaf)])) as ImgixAssetChanges;
  }

  #sent(leaf: Leaf): Json {
    const after = fromRaw(leaf.field, this.raw(leaf)) ?? emptied(leaf.field);
    const before = this.#stored(leaf);
    if (!this.merge || !isMerged(leaf)) return after;
    // The package completes what is new by what is stored when it is sent.
    if (Array.isArray(after)) return after.filter((item) => !(Array.isArray(before) && before.includes(item)));
    return Object.fromEntries(Object.entries((after ?? {}) as object).filter(([name, value]) => (before as Record<string, Json> | null)?.[name] !== value));
  }

  differences(): Difference[] {
    return this.changed.map((leaf) => ({ name: leaf.field.name, before: this.#stored(leaf), after: fromRaw(leaf.field, this.raw(leaf)) ?? emptied(leaf.field) }));
  }
}
