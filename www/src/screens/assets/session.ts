// A large file on its way by an upload session: opened, filled, closed, taken in. What failed goes on with the step that failed, in
// the same session, as long as there is one. One PUT carries all bytes, so a PUT that broke off begins anew.
import type { CallOptions, Imgix, ImgixUploadSession } from "image-sources";
import { isImageSourcesError } from "../../package.js";

/** What comes next in it. `open`: there is none yet. */
export type Step = "open" | "bytes" | "close" | "wait";

export interface Session {
  readonly id: string;
  /** Whoever has it can write: it stays in the memory of this page, so after a reload it is not known. */
  readonly url?: string;
  /** The bytes must be sent with the type with which it was opened. */
  readonly type?: string;
  /** When its address ends, by the clock of this page; nothing if that is not known. */
  readonly until?: number;
}

/** How far it is; a session that is told as `undefined` is gone. */
export interface Stage {
  step: Step;
  session?: Session | undefined;
  /** What happened that nobody asked for. */
  note?: string;
}

interface Wanted {
  client: Imgix;
  source: string;
  path: string;
  /** Nothing: it was chosen before the page was loaded again. */
  file: File | undefined;
  /** The media type with which a new session is opened. */
  type: string;
  signal: AbortSignal;
  tell(stage: Stage): void;
}

/** It cannot go on without somebody; the message says what is to be done. */
export class Unfinished extends Error {}

/** The longest that a call may take. An address is good for eight hours, and a slow line may need them. */
const LONGEST_MS = 86_400_000;
const SHORTEST_MS = 60_000;

/** Goes through what is left of the steps. */
export async function bySession(wanted: Wanted, stage: Stage): Promise<void> {
  const { client, source, file, type, signal, tell } = wanted;
  const now = await whereItIs(wanted, stage);
  if (!now) return;
  let { step, session } = now;
  if (!session) {
    if (!file) throw new Unfinished("choose the file again: its bytes are needed");
    tell({ step: "open" });
    const { id, url, date_created, date_expires } = await opened(wanted);
    if (!isId(id) || typeof url !== "string") {
      if (isId(id)) void cancel(client, source, id);
      throw new Unfinished("imgix opened a session without an id or an address");
    }
    // Its own clock says how long, ours from when.
    const ms = (Number(date_expires) - Number(date_created)) * 1000;
    session = { id, url, type, ...(ms > 0 && { until: Date.now() + ms }) };
    step = "bytes";
    tell({ step, session });
  }
  if (step === "bytes") {
    const { url = "", until } = session;
    const ms = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, (until ?? Infinity) - Date.now()));
    await client.uploadSessions.put(url, file!, { contentType: session.type ?? type, timeoutMs: ms, deadlineMs: ms, signal });
    tell({ step: (step = "close") });
  }
  if (step === "close") {
    await client.uploadSessions.close(source, session.id, { signal });
    tell({ step: "wait" });
  }
  await client.uploadSessions.waitUntilComplete(source, session.id, { signal });
}

/** A new one. Whoever stops waits no longer; but only its answer tells what there is to cancel, so that is waited for. */
async function opened({ client, source, path, type, signal }: Wanted): Promise<ImgixUploadSession> {
  signal.throwIfAborted();
  const answer = client.uploadSessions.create(source, path, { contentType: type });
  let stop!: () => void;
  const stopped = new Promise<never>((_, failed) => signal.addEventListener("abort", (stop = () => failed(signal.reason))));
  try {
    return await Promise.race([answer, stopped]);
  } catch (thrown) {
    if (signal.aborted) void answer.then(({ id }) => isId(id) && cancel(client, source, id), () => undefined);
    throw thrown;
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

const isId = (id: unknown): id is string => typeof id === "string" && id !== "";

/** Where a session that was begun is now; nothing if it is done. An answer may have got lost, and others may have ended it: who knows is asked. */
async function whereItIs({ client, source, file, signal, tell }: Wanted, { step, session }: Stage): Promise<Stage | undefined> {
  if (!session) return { step: "open" };
  const gone = (why: string): Stage => {
    const ended: Stage = { step: "open", session: undefined };
    tell(file ? { ...ended, note: `${why}; the file is sent again in a new one` } : ended);
    if (!file) throw new Unfinished(`${why}; choose the file again to send it in a new one`);
    return ended;
  };
  const found = await statusOf(client, source, session.id, { signal });
  if (found === undefined) return gone("imgix does not know the session any more");
  if (/^CANCEL/.test(found)) return gone("the session had been cancelled");
  if (/^(EXPIRED|FAILED|ERROR)/.test(found)) return gone(found === "EXPIRED" ? "the session had expired" : "the session had failed");
  if (found === "COMPLETE") return undefined;
  if (found === "CLOSED") {
    tell({ step: "wait" });
    return { step: "wait", session };
  }
  if (step !== "bytes") return { step, session };
  if (!session.url) {
    void cancel(client, source, session.id);
    return gone("the session's address is not kept when a page is loaded again");
  }
  return session.until !== undefined && session.until <= Date.now() ? gone("the session had expired") : { step, session };
}

async function statusOf(client: Imgix, source: string, id: string, options: CallOptions): Promise<string | undefined> {
  try {
    return String((await client.uploadSessions.status(source, id, options)).status);
  } catch (thrown) {
    if ((thrown as { status?: number } | undefined)?.status === 404) return undefined;
    throw thrown;
  }
}

/** Gives a session up, if that can be had; tells whether there is none any more. Never rejects. */
export const cancel = (client: Imgix, source: string, id: string): Promise<boolean> =>
  client.uploadSessions.cancel(source, id, { deadlineMs: 10_000, retries: 0 }).then(
    () => true,
    (thrown: { status?: number }) => thrown.status === 404,
  );

/**
 * Can its bytes be had? A browser reads a file when it is sent, and what it cannot read looks like a broken connection then.
 * Rejects with what is to be done.
 */
export const assertReadable = (file: File): Promise<unknown> =>
  file
    .slice(0, 1)
    .arrayBuffer()
    .catch(() => Promise.reject(new Unfinished("it cannot be read: it is a folder, or was changed or moved after it was chosen. Take it off the list and choose it again")));

/** Did the connection break? */
export const isLost = (thrown: unknown): boolean => isImageSourcesError(thrown) && (thrown as { kind?: string }).kind === "network";
