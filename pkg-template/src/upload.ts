// Uploads: bytes go from the caller to `fetch` and never through the core.
import { now } from "./core.js";
import { bytesOf, tagOf } from "./encode.js";
import { invalid, looked, quietly, TimeoutError, unreadable, UnreadableResponseError } from "./errors.js";
import { bytes } from "./fetch.js";
import { onAbort } from "./run.js";
import type { OperationRow } from "./tables.js";

/** Above this, imgix wants a session. */
const SIMPLE = 30 << 20;

type Call = (name: string, given: any[], dry?: boolean | 1, sent?: unknown) => Promise<any>;

type From = OperationRow["from"];

/** One that is there as a whole, as `fetch` takes it: no platform sends memory that others may write to or that may grow. */
const wholeOf = (body: any): any => {
  if (typeof body == "string") return bytesOf(body);
  if (body instanceof Blob) return body;
  try {
    // What only calls itself one, or has been given away, makes no view.
    const view = bytes(ArrayBuffer.isView(body) ? body : new DataView(body));
    return (view.buffer as any).resizable === false ? view : view.slice();
  } catch {
    // It is read, or is none.
  }
};

// What only calls itself one would be sent as "[object Blob]": it is read, like one of another realm.
const isBlob = (body: any) => /^(Blob|File)$/.test(tagOf(body)) && !!body.stream;

const ownType = (body: any) => (isBlob(body) && body.type) || "";

/** What the core is told of a body: that it is one, and its type. What is none it is given as it is, and refuses it. */
export const describeBody = (body: any): unknown =>
  typeof body == "string" || wholeOf(body) || isBlob(body) || typeof (body?.getReader ?? body?.[Symbol.asyncIterator]) == "function"
    ? Symbol.for("\0bytes " + ownType(body))
    : body;

/** All of a body that comes in pieces; ends with the signal, or when its time is over, whatever the body does then. */
const gather = async (body: any, signal: any, ms: number, from: From): Promise<Blob | undefined> => {
  let pieces: any;
  let off = () => {};
  let timer: any;
  const read = async () => {
    // Of a stream that somebody has read from, or reads, only a rest would come: no answer can be made of it.
    if (body instanceof ReadableStream) new Response(body);
    const source = isBlob(body) ? body.stream() : body;
    const reader = source.getReader?.();
    pieces = reader ? { next: () => reader.read(), return: (reason: unknown) => reader.cancel(reason) } : source[Symbol.asyncIterator]();
    const parts: any[] = [];
    for (let turn = now(); ; ) {
      // A body that has always something to give would leave no time to anything else.
      if (now() > turn + 50) {
        await new Promise((done) => setTimeout(done));
        turn = now();
      }
      const { done, value } = Object(await pieces.next());
      if (done) {
        pieces = undefined;
        return new Blob(parts);
      }
      // Whoever gives bytes may use their memory again.
      parts.push(typeof value == "string" ? value : bytes(value).slice());
    }
  };
  try {
    return await Promise.race([
      read().catch((cause) => {
        throw unreadable(cause, from, "body");
      }),
      new Promise<never>((_, stop) => {
        timer = setTimeout(() => stop(new TimeoutError("the body did not end before the deadline", from, "timeout")), ms);
        off = onAbort(signal, () => stop(signal.reason));
      }),
    ]);
  } finally {
    quietly(() => pieces?.return?.(signal?.reason));
    // What goes on all the same is not read any more.
    pieces = undefined;
    off();
    clearTimeout(timer);
  }
};

/** Uploads in one request, or through a session; or the bytes of a session. Without a usual deadline: shows what would be sent first. */
export async function upload(call: Call, row: OperationRow, given: any[], usual?: number): Promise<any> {
  const { at, from, name } = row;
  const [sourceId, path] = given;
  const body = given[at - 1];
  // Whatever can be refused is, before anything is read or sent.
  const shown = await call(name, given, usual ? 1 : true);
  const { method, onProgress, overwrite, contentType, ...rest } = looked<any>(() => ({ ...given[at] }), from);
  const { signal } = rest;
  const type = { contentType: contentType ?? (ownType(body) || "application/octet-stream") };
  const until = now() + (rest.deadlineMs ?? usual);
  const left = (more?: object) => ({ ...rest, ...more, deadlineMs: Math.max(1, until - now()) });
  // A session needs to know the size, browsers cannot stream what they send, and what is there can be sent again.
  const sent = wholeOf(body) ?? (usual ? await gather(body, signal, until - now(), from) : body);
  const size = sent.size ?? sent.byteLength;
  // Bytes of one session take no other.
  const session = at > 2 && (method == "session" || (method != "simple" && size > SIMPLE));
  if (session && overwrite) throw invalid("overwrite", "mismatch", 'goes with no session; use `method: "simple"`', from);
  if (!usual) return session ? call("uploadSessions.create", [sourceId, path, type], true) : shown;
  const tell = (sent: number) => quietly(() => onProgress?.({ sent, total: size }));
  tell(0);
  if (!session) {
    const answer = await call(name, [...given.slice(0, at), left({ ...type, overwrite })], false, sent);
    tell(size);
    return answer;
  }
  const step = (verb: string, id: unknown, more?: object) => call("uploadSessions." + verb, [sourceId, id, left(more)]);
  let made: any;
  /** How far it may have come: its bytes are there, it may be closed. */
  let steps = 0;
  try {
    made = await step("create", path, type);
    // To the storage's own host, without the key.
    await call("uploadSessions.put", [made.id && made.url, body, left(type)], false, sent);
    tell(size);
    steps = 2;
    await step("close", made.id).catch((failure) => {
      // Where it may be closed, whatever the answer, its status tells. An abort ends that too.
      if (!/none|declined/.test(failure.outcome)) return;
      steps = 1;
      throw failure;
    });
    await step("waitUntilComplete", made.id);
  } catch (failure: any) {
    // What may be closed is imgix's: to cancel it might throw away what has arrived.
    const time = until - now();
    const waits = time > 1;
    const ms = { deadlineMs: waits ? Math.min(10_000, time) : 10_000, retries: 0 };
    const cancelled = made?.id && steps < 2 && call("uploadSessions.cancel", [sourceId, made.id, ms]).catch(() => {});
    // Nobody waits longer than was asked for.
    let off: any;
    await Promise.race([waits && cancelled, new Promise<any>((done) => (off = onAbort(signal, done as () => void)))]);
    off();
    if (signal?.aborted) throw signal.reason;
    // The steps are the upload's own: so are their failures, and what went before them has happened. What is invalid now is what the session said.
    const error =
      made && failure.kind == "invalid"
        ? new UnreadableResponseError("the session has no usable address", { cause: failure, attempts: 1, outcome: "unknown" }, "unreadable")
        : failure;
    throw Object.assign(error, from, made && { sent: true }, steps && error.outcome == "none" && { outcome: "unknown" });
  }
  // It is there; whether it can be shown yet is another question.
  return call("assets.get", [sourceId, path, left()]).catch((failure) => {
    if (signal?.aborted) throw failure;
    return null;
  });
}
