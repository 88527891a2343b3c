// Jobs in the browser's database, so that a reload loses nothing. What is stored of them holds no secrets.
import type { BulkJournal } from "image-sources";
import type { Entry, Group, Head, LogRow } from "./job.js";
import type { Hidden } from "./secrets.js";

const load = () => import("idb-keyval");

let opened: Promise<{ keyval: Awaited<ReturnType<typeof load>>; store: ReturnType<Awaited<ReturnType<typeof load>>["createStore"]> }> | undefined;

const database = () =>
  (opened ??= load().then(
    (keyval) => ({ keyval, store: keyval.createStore("image-sources-jobs", "jobs") }),
    (thrown) => {
      // A server that is away may come back.
      opened = undefined;
      throw thrown;
    },
  ));

/** Loads what jobs and their lists need, so that they work without the network. Never rejects. */
export const preloaded = (): Promise<unknown> => Promise.allSettled([load(), import("papaparse")]);

async function put(key: string, value: unknown): Promise<void> {
  const { keyval, store } = await database();
  await keyval.set(key, value, store);
}

async function get<Value>(key: string): Promise<Value | undefined> {
  const { keyval, store } = await database();
  return keyval.get<Value>(key, store);
}

/** What is kept of a job beside its head: written once. */
export interface Body {
  entries: Entry[];
  hidden: Hidden[];
}

const isHead = (value: unknown): value is Head => (value as Head | undefined)?.version === 1 && typeof (value as Head).id === "string";

/** All jobs that are kept, the oldest first. */
export async function heads(): Promise<Head[]> {
  const { keyval, store } = await database();
  const names = (await keyval.keys<string>(store)).filter((name) => name.startsWith("head "));
  const found = await keyval.getMany<Head>(names, store);
  return found.filter(isHead).sort((a, b) => a.at - b.at);
}

export const putHead = (head: Head): Promise<void> => put(`head ${head.id}`, head);
export const putBody = (id: string, body: Body): Promise<void> => put(`body ${id}`, body);
export const body = (id: string): Promise<Body | undefined> => get<Body>(`body ${id}`);

/** Which entries each group of a phase has: written when the phase begins. */
export const putGroups = (id: string, phase: number, groups: readonly Group[]): Promise<void> =>
  put(`groups ${id} ${phase}`, groups.map(({ provider, operation, entries }) => ({ provider, operation, entries })));

/** The groups of a phase with their journals. */
export async function groups(id: string, phase: number): Promise<Group[] | undefined> {
  const found = await get<Group[]>(`groups ${id} ${phase}`);
  if (!found) return undefined;
  return Promise.all(found.map(async (group, at) => ({ ...group, journal: await get<BulkJournal>(`journal ${id} ${phase} ${at}`) })));
}

/** Written before every request: so small that it may be. */
export const putJournal = (id: string, phase: number, group: number, journal: BulkJournal): Promise<void> => put(`journal ${id} ${phase} ${group}`, journal);

export const putLog = (id: string, part: number, rows: readonly LogRow[]): Promise<void> => put(`log ${id} ${String(part).padStart(6, "0")}`, rows);

export async function log(id: string): Promise<{ rows: LogRow[]; parts: number }> {
  const { keyval, store } = await database();
  const names = (await keyval.keys<string>(store)).filter((name) => name.startsWith(`log ${id} `)).sort();
  const parts = await keyval.getMany<LogRow[]>(names, store);
  return { rows: parts.flatMap((rows) => rows ?? []), parts: names.length };
}

/** Forgets a job. */
export async function forget(id: string): Promise<void> {
  const { keyval, store } = await database();
  const names = (await keyval.keys<string>(store)).filter((name) => name.split(" ")[1] === id);
  await keyval.delMany(names, store);
}
