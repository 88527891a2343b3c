// Secrets of a job stay in memory: what is stored of it has none, and to go on after a reload they are given again.
import { leavesOf } from "../forms/fields.js";
import { sourceForm } from "../package.js";
import type { Json, ProviderName } from "../types.js";
import { operation } from "../model/capabilities.js";
import type { Entry } from "./job.js";

/** A value that was taken out of what is stored. */
export interface Hidden {
  entry: number;
  step: number;
  /** The way to it in the attributes that are sent. */
  keys: string[];
}

type Attributes = { [name: string]: Json };

/** An address with a name or a password in it. */
export const USER_INFO = /^\w+:\/\/[^/?#]*@/;

const holder = (attributes: Attributes, keys: readonly string[]): Attributes | undefined => {
  let at: Json | undefined = attributes;
  for (const key of keys.slice(0, -1)) at = typeof at === "object" && at && !Array.isArray(at) && Object.hasOwn(at, key) ? at[key] : undefined;
  return typeof at === "object" && at && !Array.isArray(at) ? at : undefined;
};

/** The attributes among a step's arguments, if it takes some. */
function attributesOf(entry: Entry, step: number): Attributes | undefined {
  const { operation: name, arguments: given } = entry.steps[step]!;
  const last = operation(entry.provider, name)?.input === "json" ? given.at(-1) : undefined;
  return typeof last === "object" && last && !Array.isArray(last) ? last : undefined;
}

const secretKeys = (provider: ProviderName): string[][] => leavesOf(sourceForm(provider)).filter(({ field }) => field.secret).map(({ keys }) => keys);

/** Where secrets stand in attributes, also those in addresses. */
function secretsIn(provider: ProviderName, attributes: Attributes): string[][] {
  const found = secretKeys(provider).filter((keys) => typeof holder(attributes, keys)?.[keys.at(-1)!] === "string");
  const look = (value: Attributes, keys: string[]): void => {
    for (const [name, inner] of Object.entries(value)) {
      if (typeof inner === "string" && USER_INFO.test(inner)) found.push([...keys, name]);
      else if (typeof inner === "object" && inner && !Array.isArray(inner)) look(inner, [...keys, name]);
    }
  };
  look(attributes, []);
  return found;
}

/** The entries as they may be stored, and what is missing in them. */
export function withoutSecrets(entries: readonly Entry[]): { stored: Entry[]; hidden: Hidden[] } {
  const hidden: Hidden[] = [];
  const stored = entries.map((entry, at): Entry => {
    const steps = entry.steps.map((step, number) => {
      const attributes = attributesOf(entry, number);
      const secrets = attributes ? secretsIn(entry.provider, attributes) : [];
      if (secrets.length === 0) return step;
      const copy = structuredClone(step.arguments);
      for (const keys of secrets) {
        delete holder(copy.at(-1) as Attributes, keys)?.[keys.at(-1)!];
        hidden.push({ entry: at, step: number, keys });
      }
      return { ...step, arguments: copy };
    });
    return { ...entry, steps };
  });
  return { stored, hidden };
}

/** Puts a secret back where it was. */
export function putSecret(entries: readonly Entry[], { entry, step, keys }: Hidden, value: string): void {
  let at = entries[entry] && attributesOf(entries[entry], step);
  for (const key of keys.slice(0, -1)) at = at && ((at[key] ??= {}) as Attributes);
  if (at) at[keys.at(-1)!] = value;
}

