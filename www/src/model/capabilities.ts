// What can be done at a provider, by the package's own table of operations.
import { operations, sourceForm } from "../package.js";
import type { Operation, ProviderName } from "../types.js";

const table = new Map<string, Operation>();

export function operation(provider: ProviderName, name: string): Operation | undefined {
  if (table.size === 0) for (const one of operations()) table.set(`${one.provider} ${one.name}`, one);
  return table.get(`${provider} ${name}`);
}

export const canDelete = (provider: ProviderName): boolean => operation(provider, "sources.delete") !== undefined;
export const canSwitch = (provider: ProviderName): boolean => operation(provider, "sources.disable") !== undefined;

/** The provider's own spelling of its name: the first word of its title. */
export const brand = (provider: ProviderName): string => sourceForm(provider).title.split(" ")[0] ?? provider;
