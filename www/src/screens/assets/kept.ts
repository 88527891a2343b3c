// Sessions that are open, kept so long as the tab lives: a reload finds them again. What may write is not kept: neither keys nor
// the address of a session.
import type { Step } from "./session.js";

/** One upload of this tab that has a session. */
export interface Kept {
  path: string;
  session: string;
  step: Step;
  /** By these a file is known when it is chosen again. */
  name: string;
  size: number;
  lastModified: number;
  contentType: string;
}

/** Whose they are: an account, as its connection knows it, and a source of it. */
type Owner = readonly [account: string, source: string];

const KEY = "upload-sessions";
/** More than anybody would resume. */
const MOST = 200;

const isKept = (value: unknown): value is Kept & { owner: Owner } => {
  const { owner, path, session, step, name, size, lastModified, contentType } = Object(value) as Partial<Kept & { owner: Owner }>;
  return (
    Array.isArray(owner) && [path, session, name, contentType].every((one) => typeof one === "string") && [size, lastModified].every((one) => Number.isFinite(one)) && ["bytes", "close", "wait"].includes(step as string)
  );
};

function read(): (Kept & { owner: Owner })[] {
  try {
    const found: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
    return Array.isArray(found) ? found.filter(isKept) : [];
  } catch {
    return [];
  }
}

const isOf = ([account, source]: Owner, { owner }: { owner: Owner }): boolean => owner[0] === account && owner[1] === source;

/** Held by the page that has the upload, as long as it lives: a tab that is duplicated finds the same in its storage. */
const lockOf = (session: string): string => `upload-session ${session}`;
const own = new Set<string>();

function claim({ session }: Kept): void {
  if (own.has(session)) return;
  own.add(session);
  // A browser without locks cannot tell; then both pages show it.
  void navigator.locks?.request(lockOf(session), () => new Promise(() => {})).catch(() => {});
}

/** What is open and no other page's. */
export async function keptOf(owner: Owner): Promise<Kept[]> {
  // Read first: what is kept while the locks are asked for takes the place of this.
  const stored = read().filter((one) => isOf(owner, one));
  const locks = await navigator.locks?.query().catch(() => undefined);
  const held = locks?.held?.map(({ name }) => name) ?? [];
  const found = stored.filter(({ session }) => own.has(session) || !held.includes(lockOf(session)));
  found.forEach(claim);
  return found;
}

export function keep(owner: Owner, list: readonly Kept[]): void {
  list.forEach(claim);
  try {
    const all = [...read().filter((one) => !isOf(owner, one)), ...list.map((one) => ({ ...one, owner }))].slice(-MOST);
    if (all.length > 0) sessionStorage.setItem(KEY, JSON.stringify(all));
    else sessionStorage.removeItem(KEY);
  } catch {
    // A browser that keeps nothing forgets them with the page.
  }
}
