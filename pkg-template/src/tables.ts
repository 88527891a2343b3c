// What the package knows of operations, forms and providers. It is printed from the core's tables when the package is built,
// because here it weighs a fraction of what it would inside the module.
import { calls, documented, forms, printing } from "#generated/tables.js";
import type { OperationInfo, Provider, SourceForm } from "../types/index.js";

/** What clients know of an operation. */
export interface OperationRow {
  name: string;
  /** What errors and events tell of it. */
  from: { provider: string; operation: string };
  /** How many arguments become part of path or body. */
  parameters: string;
  input: "none" | "json" | "bytes";
  answer: "one" | "maybe" | "list" | "receipt" | "nothing";
  /** Nothing for what is no request of the API. */
  rateClass?: string;
  /** Letters: `r` it changes nothing, `s` it sends several requests. */
  flags: string;
  /** Which argument holds the options. */
  at: number;
  /** The number by which the core knows it. */
  index: number;
}

/** By class: so many requests in so many milliseconds. */
type Rates = Record<string, [number, number]>;

const known: Record<string, { rates: Rates; rows: string }> = /* @__PURE__ */ JSON.parse(calls);

export const isProvider = (name: unknown): name is Provider => typeof name == "string" && Object.hasOwn(known, name);

export const ratesOf = (provider: string): Rates => known[provider]!.rates;

export const operationsOf = (provider: string): OperationRow[] =>
  known[provider]!.rows.split(";").map((line, index) => {
    const [name, parameters, input, answer, rateClass, flags = ""] = line.split(" ") as any[];
    return { name, from: { provider, operation: name }, parameters, input, answer, rateClass, flags, at: +parameters + +(input != "none"), index };
  });

export const operations = (): OperationInfo[] => JSON.parse(documented);

export const formOf = (provider: Provider): SourceForm => JSON.parse(forms)[provider];

interface Printing {
  providers: {
    name: Provider;
    title: string;
    baseUrl: string;
    /** Empty if nothing is asked of a host that serves images. */
    imageBaseUrl: string;
    header: string;
    prefix: string;
    variable: string;
    row: {
      name: string;
      kind: string;
      location: string[];
      hosts: [string, string, string][];
      enabled?: string;
      status?: string;
      secured: string;
      changedAt: string;
    };
  }[];
  /** Names of attributes whose values are never printed, as a regular expression. */
  secrets: string;
}

let parsed: Printing | undefined;

/** What printing requests and sources needs to know. */
export const printed = () => (parsed ??= JSON.parse(printing) as Printing);
