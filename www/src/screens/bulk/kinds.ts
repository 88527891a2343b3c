// What can be done to many things at once: found in the package's table of operations.
import { operations } from "../../package.js";
import { brand } from "../../model/capabilities.js";
import { leavesOf } from "../../forms/fields.js";
import { PROVIDERS, sourceForm } from "../../package.js";
import type { FormField, Operation, ProviderName } from "../../types.js";

export interface Kind {
  /** Its name in the address. */
  id: string;
  provider: ProviderName;
  title: string;
  help: string;
  /** One operation for every item; without it sources are created or changed, whichever it takes. */
  operation?: Operation;
  /** Names of columns, those that must be there first. */
  columns: string[];
  required: number;
}

/** Operations that people do to many things at once, but for those on sources, which are planned. */
const isOften = ({ name }: Operation): boolean => /(^|\.)(purge|refresh|update)$/.test(name) && !name.startsWith("sources.");

const titleOf = ({ provider, name }: Operation): string => {
  const [noun, verb = noun] = name.split(".");
  return `${brand(provider)}: ${verb}${verb === noun ? "" : ` ${noun}`}`;
};

const single = (operation: Operation): Kind => ({
  id: `${operation.provider}.${operation.name}`,
  provider: operation.provider,
  title: titleOf(operation),
  help: operation.help,
  operation,
  columns: operation.parameters,
  required: operation.parameters.length,
});

const planned = (provider: ProviderName): Kind => ({
  id: `${provider}.sources`,
  provider,
  title: `${brand(provider)}: create and change sources`,
  help: "Sources that are there are changed, others created. Attributes that are not named stay as they are.",
  columns: ["id", ...leavesOf(sourceForm(provider)).map(({ field }) => field.path)],
  required: 0,
});

let all: readonly Kind[] | undefined;

export const kinds = (): readonly Kind[] => (all ??= [...operations().filter(isOften).map(single), ...PROVIDERS.map(planned)]);

export const kindOf = (id: string | undefined): Kind => kinds().find((kind) => kind.id === id) ?? kinds()[0]!;

/** What a form knows of a column of sources. */
export const fieldOf = ({ provider, operation }: Kind, column: string): { field: FormField; keys: string[] } | undefined =>
  operation ? undefined : leavesOf(sourceForm(provider)).find(({ field }) => field.path === column);
