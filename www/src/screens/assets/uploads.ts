// Files on their way into a source: some at once, each with its own end.
import { failureOf, isAbort } from "../../model/failure.js";
import type { Failure } from "../../types.js";
import type { Sent } from "../../model/progress.js";

export interface Upload {
  id: number;
  file: File;
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
}

export interface Options {
  prefix: string;
  overwrite: boolean;
  /** Empty: what the browser takes each file for. */
  contentType: string;
}

export type Send = (upload: Upload, signal: AbortSignal, tell: (sent: Sent) => void) => Promise<unknown>;

const AT_ONCE = 3;
const TYPE = /^[\w.+-]+\/[\w.+-]+(\s*;\s*[\w-]+=\S+)*$/;

export const isOver = ({ state }: Upload): boolean => ["done", "failed", "stopped"].includes(state);
export const isRunning = ({ state }: Upload): boolean => ["queued", "sending", "finishing"].includes(state);

/** A folder as people write it, as the API takes it. */
const folder = (prefix: string): string => {
  const trimmed = prefix.trim().replace(/^\/+|\/+$/g, "");
  return trimmed && `${trimmed}/`;
};

export const targetOf = (prefix: string, file: File): string => folder(prefix) + file.name;

export class Uploads {
  options: Options = { prefix: "", overwrite: false, contentType: "" };
  #list: readonly Upload[] = [];
  #count = 0;
  readonly #stops = new Map<number, AbortController>();
  readonly #send: Send;
  readonly #changed: () => void;
  readonly #done: (upload: Upload) => void;
  readonly #over: (count: number) => void;
  /** Uploaded since nothing was under way. */
  #round = 0;

  constructor(send: Send, changed: () => void, done: (upload: Upload) => void, over: (count: number) => void) {
    this.#send = send;
    this.#changed = changed;
    this.#done = done;
    this.#over = over;
  }

  /** A new array whenever something changes. */
  get list(): readonly Upload[] {
    return this.#list;
  }

  get running(): number {
    return this.#list.filter(isRunning).length;
  }

  add(files: Iterable<File>): number {
    const added = Array.from(files, (file): Upload => ({ id: (this.#count += 1), file, state: "waiting", path: "", overwrite: false, contentType: "", sent: 0 }));
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

  retry(id: number, overwrite?: boolean): void {
    this.#put(id, { state: "queued", sent: 0, failure: undefined, way: undefined, ...(overwrite && { overwrite }) });
    this.#next();
  }

  stop(id: number): void {
    this.#stops.get(id)?.abort();
    // One that has not begun has nothing to abort.
    if (this.#list.find((one) => one.id === id)?.state === "queued") this.#put(id, { state: "stopped" });
  }

  stopAll(): void {
    for (const { id } of this.#list.filter(isRunning)) this.stop(id);
  }

  remove(id: number): void {
    this.#list = this.#list.filter((one) => one.id !== id || isRunning(one));
    this.#changed();
  }

  clear(): void {
    this.#list = this.#list.filter(isRunning);
    this.#changed();
  }

  #put(id: number, part: Partial<Upload>): void {
    this.#list = this.#list.map((one) => (one.id === id ? { ...one, ...part } : one));
    this.#changed();
  }

  #next(): void {
    for (const upload of this.#list) {
      if (this.#stops.size >= AT_ONCE) return;
      if (upload.state === "queued") void this.#run(upload);
    }
  }

  async #run({ id }: Upload): Promise<void> {
    const stop = new AbortController();
    this.#stops.set(id, stop);
    this.#put(id, { state: "sending" });
    const upload = this.#list.find((one) => one.id === id)!;
    const tell = ({ way, bytes, mustWait }: Sent): void => {
      if (!stop.signal.aborted) this.#put(id, { way, mustWait, sent: bytes, state: bytes >= upload.file.size ? "finishing" : "sending" });
    };
    try {
      await this.#send(upload, stop.signal, tell);
      this.#put(id, { state: "done", sent: upload.file.size });
      this.#round += 1;
      this.#done(upload);
    } catch (thrown) {
      this.#put(id, stop.signal.aborted || isAbort(thrown) ? { state: "stopped" } : { state: "failed", failure: failureOf(thrown) });
    }
    this.#stops.delete(id);
    this.#next();
    if (this.running > 0 || this.#round === 0) return;
    this.#over(this.#round);
    this.#round = 0;
  }
}
