// The tables of operations and forms. They are printed from the core's tables when the package is built, because here
// they weigh a fraction of what they would inside the module.
import { tables } from "#generated/tables.js";
import type { OperationInfo, Provider, SourceForm } from "../types/index.js";

export interface OperationRow extends OperationInfo {
  /** The number by which the core knows it. */
  index: number;
  /** A step of other operations, and no method. */
  hidden?: boolean;
}

interface Tables {
  operations: (OperationInfo & { hidden?: boolean })[];
  forms: Record<string, SourceForm>;
  providers: {
    name: Provider;
    header: string;
    prefix: string;
    variable: string;
    /** By class: so many requests in so many milliseconds. */
    rates: Record<string, [number, number]>;
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

let parsed: Tables | undefined;

const all = () => (parsed ??= JSON.parse(tables) as Tables);

/** What printing a request needs to know. */
export const printing = () => ({ providers: all().providers, secrets: new RegExp(all().secrets, "i") });

export const rows = () => all().providers.map(({ name, row }) => ({ provider: name, row }));

export const providerNames = (): string[] => all().providers.map(({ name }) => name);

export const providerOf = (provider: string) => all().providers.find(({ name }) => name == provider)!;

export const forms = (): SourceForm[] => Object.values(all().forms);

export const ratesOf = (provider: string): Record<string, [number, number]> => all().providers.find(({ name }) => name == provider)!.rates;

export const operationsOf = (provider: string): OperationRow[] =>
  all()
    .operations.filter((row) => row.provider == provider)
    .map((row, index) => ({ ...row, index }));

export const operations = (): OperationInfo[] => structuredClone(all().operations.filter((row) => !row.hidden));

export const formOf = (provider: string): SourceForm | undefined => (Object.hasOwn(all().forms, provider) ? structuredClone(all().forms[provider]) : undefined);
