// Plans as the console shows and runs them. What a plan is the package knows.
import { plan, type PlannedSource, type SetupDocument, type SetupPlan, type SetupSources } from "image-sources";
import type { App } from "../app.js";
import { type Leaf, leavesOf } from "../forms/fields.js";
import type { Entry } from "../jobs/job.js";
import { PROVIDERS, sourceForm } from "../package.js";
import type { Json, Problem, ProviderName } from "../types.js";

/** In the order in which they matter. */
export const ACTIONS = ["impossible", "create", "change", "delete", "unmanaged", "unchanged"] as const;
export type Action = (typeof ACTIONS)[number];

export interface PlanRow extends PlannedSource {
  action: Action;
  key: string;
}

/** What is live at the providers of which all is known. */
export function liveOf({ store }: App): SetupSources {
  const known = PROVIDERS.filter((provider) => store.half(provider).isLoaded && !store.half(provider).failure);
  return Object.fromEntries(known.map((provider) => [provider, [...store.half(provider).sources.values()]]));
}

/** Plans a document, be it one or not. */
export const planOf = (document: unknown, live: SetupSources): SetupPlan => plan(document as SetupDocument, live);

export const rowsOf = (made: SetupPlan): PlanRow[] =>
  ACTIONS.flatMap((action) => made[action].map((source) => ({ ...source, action, key: `${source.provider} ${source.index ?? source.id}` })));

export const nameOf = ({ name, id, index }: PlannedSource): string => name ?? id ?? `entry ${index}`;

/** What there is to do, as a job. */
export const entriesOf = (rows: readonly PlanRow[]): Entry[] =>
  rows
    .filter(({ steps }) => steps.length > 0)
    .map((row) => ({ provider: row.provider, label: nameOf(row), steps: row.steps.map((step) => ({ operation: step.operation, arguments: step.arguments as unknown as Json[] })) }));

/** A value that the document does not have and somebody can type. */
export interface Missing {
  key: string;
  row: PlanRow;
  leaf: Leaf;
  isRequired: boolean;
}

const leaves = new Map<ProviderName, Leaf[]>();

function leafAt(provider: ProviderName, path: string): Leaf | undefined {
  let known = leaves.get(provider);
  if (!known) leaves.set(provider, (known = leavesOf(sourceForm(provider))));
  return known.find(({ field }) => field.path === path);
}

/** The secrets that a row lacks, and addresses with a mask in place of name and password. */
export function missingIn(row: PlanRow): Missing[] {
  const { provider, index, problems } = row;
  const isMissing = ({ code }: Problem, leaf: Leaf) => code === "masked" || code === "write-only" || (code === "required" && leaf.field.secret);
  return problems.flatMap((problem) => {
    const leaf = leafAt(provider, problem.field.slice(`${provider}.${index}.`.length));
    return leaf && isMissing(problem, leaf) ? [{ key: problem.field, row, leaf, isRequired: problem.level === "error" }] : [];
  });
}

/** A copy of the document with what was typed put where it belongs. */
export function filled(document: SetupDocument, typed: ReadonlyMap<string, { row: PlanRow; leaf: Leaf; value: string }>): SetupDocument {
  if (typed.size === 0) return document;
  const copy = structuredClone(document);
  for (const { row, leaf, value } of typed.values()) {
    let holder = copy[row.provider]?.[row.index!] as unknown as Record<string, Json> | undefined;
    for (const key of leaf.keys.slice(0, -1)) holder = holder && ((holder[key] ??= {}) as Record<string, Json>);
    if (holder) holder[leaf.keys.at(-1)!] = value;
  }
  return copy;
}
