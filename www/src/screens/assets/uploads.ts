// Files on their way into a source: some at once, each with its own end.
import { failureOf, isAbort } from "../../model/failure.js";
import type { Failure } from "../../types.js";
import type { Sent } from "../../model/progress.js";
import type { Kept } from "./kept.js";
import { isLost, type Session, type Stage, type Step, Unfinished } from "./session.js";

/** What is known of a file that was chosen before the page was loaded again. */
type About = Pick<File, "name" | "size" | "lastModified">;

export interface Upload {
  id: number;
  file: File | About;
  /** `waiting` can be changed and started; `finishing`: all bytes have left. */
  state: "waiting" | "queued" | "sending" | "finishing" | "done" | "failed" | "stopped";
  /** Where it goes: fixed when it starts. */
  path: string;
  overwrite: boolean;
  contentType: string;
  sent: number;
  way?: Sent["way"];
  mustWait?: boolean;
  failure?: Failure;
  /** If it goes by a session: what comes next. */
  step?: Step;
  /** The one that is open: what failed goes on in it. */
  session?: Session | undefined;
  /** The connection broke. `waits`: it goes on by itself, once, when there is one again. */
  lost?: "waits" | "again" | undefined;
  /** What happened to it that nobody asked for. */
  note?: string | undefined;
}

export interface Options {
  prefix: string;
  overwrite: boolean;
  /** Empty: what the browser takes each file for. */
  contentType: string;
}

export type Tell = (news: Sent | Stage) => void;
export type Send = (upload: Upload, signal: AbortSignal, tell: Tell) => Promise<unknown>;

/** What there is outside of the list. */
interface Around {
  /** Gives a session up; tells whether it is. */
  cancel(session: Session): Promise<boolean>;
  /** Those that are open, whenever that changes. */
  keep(list: readonly Kept[]): void;
  /** While there is no connection, nothing is begun. */
  isOnline(): boolean;
}

const NOTHING: Around = { cancel: async () => true, keep: () => undefined, isOnline: () => true };

const AT_ONCE = 3;
const OFFLINE = "the connection is gone";
const TYPE = /^[\w.+-]+\/[\w.+-]+(\s*;\s*[\w-]+=\S+)*$/;

export const isOver = ({ state }: Upload): boolean => ["done", "failed", "stopped"].includes(state);
export const isRunning = ({ state }: Upload): boolean => ["queued", "sending", "finishing"].includes(state);
/** Nothing can go on in it. */
export const isCleared = ({ state }: Upload): boolean => state === "done" || state === "stopped";
/** Its bytes are not in this page. */
export const isMissing = ({ file }: Upload): boolean => !(file instanceof File);
const waits = ({ state, lost }: Upload): boolean => state === "failed" && lost === "waits";

/** A folder as people write it, as the API takes it. */
const folder = (prefix: string): string => {
  const trimmed = prefix.trim().replace(/^\/+|\/+$/g, "");
  return trimmed && `${trimmed}/`;
};

export const targetOf = (prefix: string, file: About): string => folder(prefix) + file.name;

export class Uploads {
  options: Options = { prefix: "", overwrite: false, contentType: "" };
  #list: readonly Upload[] = [];
  #count = 0;
  readonly #stops = new Map<number, AbortController>();
  readonly #send: Send;
  readonly #changed: () => void;
  readonly #done: (upload: Upload) => void;
  readonly #over: (count: number) => void;
  readonly #around: Around;
  /** Uploaded since nothing was under way. */
  #round = 0;

  constructor(send: Send, changed: () => void, done: (upload: Upload) => void, over: (count: number) => void, around = NOTHING) {
    this.#send = send;
    this.#changed = changed;
    this.#done = done;
    this.#over = over;
    this.#around = around;
  }

  /** A new array whenever something changes. */
  get list(): readonly Upload[] {
    return this.#list;
  }

  get running(): number {
    return this.#list.filter(isRunning).length;
  }

  /** How many go on by themselves when there is a connection again. */
  get waiting(): number {
    return this.#list.filter(waits).length;
  }

  /** How many have begun and did not come to their end. */
  get broken(): number {
    return this.#list.filter(({ state }) => state === "failed").length;
  }

  /** Those that still want bytes that are not in this page. */
  get missing(): Upload[] {
    return this.#list.filter((upload) => isMissing(upload) && upload.state !== "done");
  }

  get isOnline(): boolean {
    return this.#around.isOnline();
  }

  /** What was open when the page was loaded again. */
  restore(kept: readonly Kept[]): void {
    const found = kept.map(({ path, session, step, contentType, ...file }): Upload => ({ id: (this.#count += 1), file, state: "failed", path, overwrite: false, contentType, sent: 0, step, session: { id: session } }));
    if (found.length === 0) return;
    this.#list = [...found, ...this.#list];
    this.#changed();
  }

  add(files: Iterable<File>): number {
    const isNew = (file: File): boolean => {
      const same = ({ file: about }: Upload): boolean => about.name === file.name && about.size === file.size && about.lastModified === file.lastModified;
      const missing = this.missing.find(same);
      if (missing) this.#put(missing.id, { file, note: "this is the file that was chosen before" });
      return !missing;
    };
    const added = Array.from(files).filter(isNew).map((file): Upload => ({ id: (this.#count += 1), file, state: "waiting", path: "", overwrite: false, contentType: "", sent: 0 }));
    this.#list = [...this.#list, ...added];
    this.#changed();
    return added.length;
  }

  set(part: Partial<Options>): void {
    this.options = { ...this.options, ...part };
    this.#changed();
  }

  typeProblem(): string {
    const given = this.options.contentType.trim();
    return given && !TYPE.test(given) ? "this is no media type; write one such as image/jpeg" : "";
  }

  prefixProblem(): string {
    const { prefix } = this.options;
    if (/^\s*[a-z][a-z\d+.-]*:\/\//i.test(prefix)) return "this is an address; write a folder such as products/2026";
    return /(^|\/)\.{1,2}(\/|$)|[^/]\/\/+[^/]|[\u0000-\u001f]/.test(prefix.trim()) ? "write a folder without empty parts, `.` and `..`" : "";
  }

  /** What keeps one file from being sent, whatever the provider says. */
  problem(upload: Upload): string {
    if (upload.state !== "waiting") return "";
    if (upload.file.size === 0) return "the file is empty, or it is a folder; choose files";
    const path = targetOf(this.options.prefix, upload.file);
    const same = (other: Upload): boolean => other.id < upload.id && !isOver(other) && (other.path || targetOf(this.options.prefix, other.file)) === path;
    return this.#list.some(same) ? "another file of this list goes to the same path" : "";
  }

  /** Those that would be sent. */
  get ready(): Upload[] {
    return this.typeProblem() || this.prefixProblem() ? [] : this.#list.filter((upload) => upload.state === "waiting" && !this.problem(upload));
  }

  start(): void {
    const { prefix, overwrite, contentType } = this.options;
    for (const { id, file } of this.ready) this.#put(id, { state: "queued", path: targetOf(prefix, file), overwrite, contentType: contentType.trim() });
    this.#next();
  }

  /** From the beginning: a session that is open is given up. */
  retry(id: number, overwrite?: boolean): void {
    this.#cancel(id);
    this.#go(id, { sent: 0, step: undefined, note: undefined, lost: undefined, ...(overwrite && { overwrite }) });
  }

  /** With the step that failed. */
  resume(id: number): void {
    this.#go(id, { note: undefined, lost: undefined });
  }

  /** Ends its session. What is closed is the provider's, and is only not looked at any more. */
  giveUp(id: number): void {
    this.#cancel(id);
    this.#put(id, { state: "stopped", step: undefined, failure: undefined, note: undefined, lost: undefined, sent: 0 });
    // Without its bytes there is nothing that could be done with it.
    if (this.missing.some((one) => one.id === id)) this.remove(id);
  }

  /** There is no connection: what has a session is broken off, as no answer will come. */
  offline(): void {
    for (const { id } of this.#list.filter(({ session }) => session)) this.#stops.get(id)?.abort(OFFLINE);
    this.#tellAgain();
  }

  /** There is one again. Tells how many go on. */
  online(): number {
    const queued = this.#list.filter(({ state }) => state === "queued");
    const broken = this.#list.filter(waits);
    for (const { id } of broken) this.#go(id, { lost: "again", note: "the connection is back, and it goes on" });
    this.#next();
    this.#tellAgain();
    return queued.length + broken.length;
  }

  /** What is said of those that wait depends on the connection, too. */
  #tellAgain(): void {
    this.#list = [...this.#list];
    this.#changed();
  }

  #go(id: number, part: Partial<Upload>): void {
    this.#put(id, { state: "queued", failure: undefined, way: undefined, mustWait: false, ...part });
    this.#next();
  }

  #cancel(id: number): void {
    const { session, step } = this.#list.find((one) => one.id === id) ?? {};
    if (!session) return;
    if (step !== "wait") void this.#around.cancel(session).then((isCancelled) => isCancelled || this.#put(id, { note: "its session could not be cancelled; it ends by itself, within eight hours" }));
    this.#put(id, { session: undefined });
  }

  stop(id: number): void {
    this.#stops.get(id)?.abort();
    // One that has not begun has nothing to abort.
    if (this.#list.find((one) => one.id === id)?.state !== "queued") return;
    this.#cancel(id);
    this.#put(id, { state: "stopped", step: undefined, note: undefined });
  }

  stopAll(): void {
    for (const { id } of this.#list.filter(isRunning)) this.stop(id);
  }

  remove(id: number): void {
    this.#drop((one) => one.id === id);
  }

  /** What can still go on stays. */
  clear(): void {
    this.#drop(isCleared);
  }

  /** All that is not under way, with what it has begun. */
  close(): void {
    this.#drop(() => true);
  }

  /** What leaves the list leaves no session behind. */
  #drop(which: (upload: Upload) => boolean): void {
    const gone = this.#list.filter((one) => which(one) && !isRunning(one));
    for (const { id } of gone) this.#cancel(id);
    this.#list = this.#list.filter(({ id }) => !gone.some((one) => one.id === id));
    this.#changed();
  }

  #put(id: number, part: Partial<Upload>): void {
    this.#list = this.#list.map((one) => (one.id === id ? { ...one, ...part } : one));
    if ("session" in part || "step" in part) this.#around.keep(this.#list.flatMap(keptOf));
    this.#changed();
  }

  #next(): void {
    for (const upload of this.#list) {
      if (this.#stops.size >= AT_ONCE || !this.isOnline) return;
      if (upload.state === "queued") void this.#run(upload);
    }
  }

  async #run({ id }: Upload): Promise<void> {
    const stop = new AbortController();
    this.#stops.set(id, stop);
    const upload = this.#list.find((one) => one.id === id)!;
    const { size } = upload.file;
    const stateAt = (step?: Step): Pick<Upload, "state" | "sent"> => (step === "close" || step === "wait" ? { state: "finishing", sent: size } : { state: "sending", sent: 0 });
    this.#put(id, stateAt(upload.step));
    const tell: Tell = (news) => {
      if (stop.signal.aborted) return;
      if ("step" in news) this.#put(id, { ...news, ...stateAt(news.step) });
      else this.#put(id, { way: news.way, mustWait: news.mustWait, sent: news.bytes, state: news.bytes >= size ? "finishing" : "sending" });
    };
    try {
      await this.#send(upload, stop.signal, tell);
      this.#put(id, { state: "done", sent: size, step: undefined, session: undefined, note: undefined, lost: undefined });
      this.#round += 1;
      this.#done(upload);
    } catch (thrown) {
      this.#failed(id, stop.signal, thrown);
    }
    this.#stops.delete(id);
    this.#next();
    if (this.running > 0 || this.#round === 0) return;
    this.#over(this.#round);
    this.#round = 0;
  }

  #failed(id: number, { aborted, reason }: AbortSignal, thrown: unknown): void {
    const { step, lost, state } = this.#list.find((one) => one.id === id)!;
    const isBroken = reason === OFFLINE || isLost(thrown);
    if (reason !== OFFLINE && (aborted || isAbort(thrown))) {
      this.#cancel(id);
      // Bytes of a session that is not closed are no asset.
      const isUnsure = step === "wait" || step === "close" || (step === undefined && state === "finishing");
      this.#put(id, { state: "stopped", step: undefined, note: isUnsure ? "all bytes had arrived before, so the asset may be there all the same: look before you send it again" : undefined });
    } else if (thrown instanceof Unfinished) this.#put(id, { state: "failed", note: thrown.message, lost: undefined });
    else
      this.#put(id, {
        state: "failed",
        // Who goes on in a session looks first how far it is, so nobody else has to; of one whose id did not come nobody can.
        failure: reason === OFFLINE ? undefined : { ...failureOf(thrown), ...(step && step !== "open" && { unsure: false }) },
        ...(step && { lost: !isBroken ? undefined : lost === "again" ? "again" : "waits" }),
      });
  }
}

/** What of an upload may be kept. */
function keptOf({ file: { name, size, lastModified }, path, contentType, step, session }: Upload): Kept[] {
  return session && step ? [{ path, session: session.id, step, name, size, lastModified, contentType }] : [];
}
