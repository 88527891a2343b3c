// What somebody is filling in: a new source, or changes of one.
import { checkSource, sourceForm } from "../package.js";
import type { Json, Problem, ProviderName, Source } from "../types.js";
import { decider, demandOf, goesWith, type Leaf, leavesOf, type Purpose, storedValue } from "./fields.js";
import { emptied, fromRaw, type Raw, sameRaw, toRaw } from "./values.js";

type Input = { [name: string]: Json };

export class Draft {
  readonly provider: ProviderName;
  readonly purpose: Purpose;
  readonly leaves: Leaf[];
  readonly typeLeaf: Leaf | undefined;
  readonly #stored = new Map<string, Raw>();
  readonly #known = new Set<string>();
  readonly #raw = new Map<string, Raw>();

  constructor(provider: ProviderName, source?: Source) {
    const form = sourceForm(provider);
    this.provider = provider;
    this.purpose = source ? "edit" : "create";
    this.leaves = leavesOf(form).filter(({ field }) => (source ? field.updatable : field.createable));
    this.typeLeaf = decider(form, this.leaves);
    if (source) for (const leaf of this.leaves) this.#remember(leaf, storedValue(source, leaf));
  }

  #remember({ field }: Leaf, value: Json | undefined): void {
    if (field.secret || value === undefined) return;
    this.#stored.set(field.path, toRaw(field, value));
    this.#known.add(field.path);
  }

  get type(): string {
    return this.typeLeaf ? String(this.raw(this.typeLeaf) ?? "") : "";
  }

  get #storedType(): string {
    return this.typeLeaf ? String(this.#stored.get(this.typeLeaf.field.path) ?? "") : "";
  }

  raw(leaf: Leaf): Raw {
    const { path } = leaf.field;
    if (this.#raw.has(path)) return this.#raw.get(path);
    return this.#stored.has(path) ? this.#stored.get(path) : toRaw(leaf.field, undefined);
  }

  set(leaf: Leaf, raw: Raw): void {
    this.#raw.set(leaf.field.path, raw);
  }

  /** Back to how it was: for a secret, "unchanged". */
  forget(leaf: Leaf): void {
    this.#raw.delete(leaf.field.path);
  }

  /** Does the provider keep a value of this field that it does not tell? */
  isKeptSecret(leaf: Leaf): boolean {
    const keeps = this.purpose === "edit" && leaf.field.secret === true && (!leaf.field.only || this.type === this.#storedType);
    return keeps && !this.#raw.has(leaf.field.path);
  }

  canKeepSecret(leaf: Leaf): boolean {
    return this.purpose === "edit" && (!leaf.field.only || this.type === this.#storedType);
  }

  /** Is there a value that the provider told? */
  hasStored(leaf: Leaf): boolean {
    return this.#known.has(leaf.field.path);
  }

  demand(leaf: Leaf): Json | undefined {
    return demandOf(leaf, this.type);
  }

  /** The fields that go with the type that is chosen, without that choice. */
  shown(): Leaf[] {
    const type = this.type;
    if (!type) return [];
    return this.leaves.filter((leaf) => leaf !== this.typeLeaf && goesWith(leaf, type) && this.#isWanted(leaf));
  }

  /** Some fields go with one value of another field beside them. */
  #isWanted({ field: { when }, group }: Leaf): boolean {
    if (!when) return true;
    const other = this.leaves.find((leaf) => leaf.group === group && leaf.field.name === when.field);
    return other !== undefined && fromRaw(other.field, this.raw(other)) === when.value;
  }

  get isDirty(): boolean {
    return this.leaves.some((leaf) => this.#isChanged(leaf));
  }

  /** The value that the provider told, as it would stand in the control. */
  storedRaw(leaf: Leaf): Raw {
    return this.#stored.get(leaf.field.path) ?? toRaw(leaf.field, undefined);
  }

  #isChanged(leaf: Leaf): boolean {
    const { path } = leaf.field;
    if (!this.#raw.has(path)) return false;
    return !sameRaw(leaf.field, this.#raw.get(path), this.#stored.get(path) ?? toRaw(leaf.field, undefined));
  }

  /** What would be sent: all that was given, or only what changed. */
  input(): Input {
    const input: Input = {};
    if (this.purpose === "create") for (const { group } of this.leaves) if (group) input[group.name] ??= {};
    for (const [leaf, value] of this.#sent()) put(input, leaf, value);
    return input;
  }

  /** The fields of which something would be sent. */
  changed(): Leaf[] {
    return this.#sent().map(([leaf]) => leaf);
  }

  #sent(): [Leaf, Json][] {
    const isRetyped = this.purpose === "edit" && this.type !== this.#storedType;
    return [...(this.typeLeaf ? [this.typeLeaf] : []), ...this.shown()].flatMap((leaf): [Leaf, Json][] => {
      const { field } = leaf;
      let given = this.isKeptSecret(leaf) ? undefined : (this.demand(leaf) ?? fromRaw(field, this.raw(leaf)));
      if (this.purpose === "edit") {
        if (!this.#isChanged(leaf) && !(isRetyped && !this.hasStored(leaf))) return [];
        if (given === undefined && this.hasStored(leaf)) given = emptied(field);
      }
      return given === undefined ? [] : [[leaf, given]];
    });
  }

  /** Everything that is wrong with it. The type is named even if it is not changed, so that the rest can be judged. */
  problems(): Problem[] {
    const input = this.input();
    if (this.purpose === "edit" && this.typeLeaf) put(input, this.typeLeaf, this.type || undefined);
    return checkSource(this.provider, input, this.purpose === "edit");
  }
}

function put(input: Input, { keys, group }: Leaf, value: Json | undefined): void {
  if (value === undefined) return;
  const holder = group ? ((input[group.name] ??= {}) as Input) : input;
  holder[keys.at(-1)!] = value;
}
