// What the gateway knows of providers and operations: the tables that the clients are made from.
import { formOf, operations, printed } from "../tables.js";
import type { OperationInfo, Provider, SourceForm } from "../../types/index.js";

export { isProvider, ratesOf } from "../tables.js";
export type { OperationInfo };

let known: OperationInfo[] | undefined;

export const operationsOf = (provider: string): OperationInfo[] => (known ??= operations()).filter((row) => row.provider === provider);

export const providerNames = (): Provider[] => printed().providers.map(({ name }) => name);

/** How a provider takes its key, and where its sources keep what all have in common. */
export const providerOf = (provider: string) => printed().providers.find(({ name }) => name == provider)!;

export const forms = (): SourceForm[] => providerNames().map(formOf);

let secrets: RegExp | undefined;

/** Names of attributes whose values are never printed. */
export const secretNames = () => (secrets ??= new RegExp(printed().secrets, "i"));
