// Many calls as one job: what is to be done, in which order, and what has become of it. Nothing here sends or stores.
import type { BulkJournal } from "image-sources";
import { journalPlaces } from "../package.js";
import type { Json, ProviderName } from "../types.js";

export interface Step {
  operation: string;
  arguments: Json[];
}

/** One thing to do something about, and the calls that do it, one after the other. */
export interface Entry {
  provider: ProviderName;
  label: string;
  steps: Step[];
}

/** What is kept of a job as long as it is there. */
export interface Head {
  version: 1;
  id: string;
  /** The screen it was begun in. */
  screen: string;
  title: string;
  /** When it was begun, in milliseconds since 1970. */
  at: number;
  /** What stood behind each provider then: it is gone on with nowhere else. */
  where: string;
  /** Which steps of its entries are under way. */
  phase: number;
  /** Nothing more will be done of it. */
  isOver: boolean;
}

/** Calls of one operation that go on together; `entries` are places in the list of the job's entries. */
export interface Group {
  provider: ProviderName;
  operation: string;
  entries: number[];
  journal?: BulkJournal;
}

export type Outcome = "ok" | "failed" | "unknown";

/** What became of one call. */
export interface LogRow {
  at: number;
  entry: number;
  provider: ProviderName;
  operation: string;
  label: string;
  outcome: Outcome;
  status?: number;
  code?: string;
  message?: string;
  requestId?: string;
}

export interface Counts {
  total: number;
  ok: number;
  failed: number;
  unknown: number;
}

export const doneOf = ({ ok, failed, unknown }: Counts): number => ok + failed + unknown;

const sets = new WeakMap<BulkJournal, { open: Set<number>; failed: Set<number>; left: Set<number> }>();

/** The places in a journal that is asked for many of them. */
export function placesIn(journal: BulkJournal): { open: Set<number>; failed: Set<number>; left: Set<number> } {
  let found = sets.get(journal);
  if (!found) sets.set(journal, (found = { open: new Set(journalPlaces(journal.open)), failed: new Set(journalPlaces(journal.failed)), left: new Set(journal.left) }));
  return found;
}

/** What a group's journal tells of the entry at a place in it; nothing if it is still to be done. */
export function outcomeAt({ journal }: Group, place: number): Outcome | undefined {
  if (!journal || place >= journal.taken) return undefined;
  const { open, failed, left } = placesIn(journal);
  if (left.has(place)) return undefined;
  if (open.has(place)) return "unknown";
  return failed.has(place) ? "failed" : "ok";
}

/** The calls of a phase, by provider and operation. What failed in an earlier phase is not gone on with. */
export function groupsOf(entries: readonly Entry[], phase: number, before: readonly Group[] | undefined): Group[] {
  const groups = new Map<string, Group>();
  const stopped = new Set<number>();
  for (const group of before ?? []) group.entries.forEach((entry, place) => outcomeAt(group, place) === "ok" || stopped.add(entry));
  const earlier = before && new Set(before.flatMap(({ entries }) => entries));
  entries.forEach(({ provider, steps }, at) => {
    const step = steps[phase];
    if (!step || stopped.has(at) || (earlier && !earlier.has(at))) return;
    const key = `${provider} ${step.operation}`;
    const group = groups.get(key) ?? { provider, operation: step.operation, entries: [] };
    group.entries.push(at);
    groups.set(key, group);
  });
  return [...groups.values()];
}

export const phasesOf = (entries: readonly Entry[]): number => entries.reduce((most, { steps }) => Math.max(most, steps.length), 0);

/** How many calls there are of each operation, phase by phase. */
export function callsOf(entries: readonly Entry[]): { provider: ProviderName; operation: string; count: number }[] {
  const counts = new Map<string, { provider: ProviderName; operation: string; count: number }>();
  for (const { provider, steps } of entries)
    for (const { operation } of steps) {
      const key = `${provider} ${operation}`;
      const found = counts.get(key) ?? { provider, operation, count: 0 };
      found.count += 1;
      counts.set(key, found);
    }
  return [...counts.values()];
}
