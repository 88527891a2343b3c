// Uploads: bytes go from the caller to `fetch` and never through the core.
import { now } from "./core.js";
import { bytesOf, tagOf } from "./encode.js";
import { invalid, quietly, TimeoutError, unreadable, UnreadableResponseError } from "./errors.js";
import { bytes } from "./fetch.js";
import { onAbort } from "./run.js";

/** Above this, imgix wants a session. */
const SIMPLE = 30 << 20;

const FROM = { provider: "imgix", operation: "assets.upload" };

type Call = (name: string, given: any[], dry?: boolean, sent?: unknown) => Promise<any>;

const isWhole = (body: any) => typeof body == "string" || ArrayBuffer.isView(body) || tagOf(body) == "ArrayBuffer" || body instanceof Blob;

/** One that is there as a whole, as `fetch` takes it: no platform sends memory that others may write to. */
const wholeOf = (body: any): any =>
  typeof body == "string" ? bytesOf(body) : tagOf(body?.buffer) == "SharedArrayBuffer" ? bytes(body).slice() : isWhole(body) ? body : undefined;

// What only calls itself one would be sent as "[object Blob]": it is read, like one of another realm.
const isBlob = (body: any) => /^(Blob|File)$/.test(tagOf(body)) && !!body.stream;

const ownType = (body: any) => (isBlob(body) && body.type) || "";

/** What the core is told of a body: that it is one, and its type. What is none it is given as it is, and refuses it. */
export const describeBody = (body: any): unknown =>
  isWhole(body) || isBlob(body) || typeof (body?.getReader ?? body?.[Symbol.asyncIterator]) == "function"
    ? Symbol.for("\0bytes " + ownType(body))
    : body;

/** All of a body that comes in pieces; ends with the signal, or when its time is over, whatever the body does then. */
const gather = (body: any, signal: any, ms: number): Promise<Blob> => {
  let off: () => void;
  let timer: any;
  return new Promise<Blob>((resolve, reject) => {
    let pieces: any;
    let over = false;
    const stop = (reason: unknown) => {
      over = true;
      reject(reason);
      quietly(() => pieces?.return?.(signal?.reason));
    };
    const read = async () => {
      const source = isBlob(body) ? body.stream() : body;
      const reader = source.getReader?.();
      pieces = reader ? { next: () => reader.read(), return: (reason: unknown) => reader.cancel(reason) } : source[Symbol.asyncIterator]();
      const parts: any[] = [];
      for (let turn = now() + 50; !over; ) {
        const { done, value } = Object(await pieces.next());
        if (done) return resolve(new Blob(parts));
        // Whoever gives bytes may use their memory again.
        parts.push(typeof value == "string" ? value : bytes(value).slice());
        // A body that has always something to give would leave no time to anything else.
        if (now() > turn) {
          await new Promise((done) => setTimeout(done));
          turn = now() + 50;
        }
      }
    };
    timer = setTimeout(() => stop(new TimeoutError("the body did not end before the deadline", FROM, "timeout")), ms);
    off = onAbort(signal, () => stop(signal.reason));
    read().catch((cause) => stop(unreadable(cause, FROM)));
  }).finally(() => {
    off();
    clearTimeout(timer);
  });
};

/** Does it take a session? What imgix cannot do in one is refused. */
const bySession = ({ method, overwrite }: any, size: number) => {
  const session = method == "session" || (method != "simple" && size > SIMPLE);
  if (session && overwrite) throw invalid("overwrite", "mismatch", 'goes with no session; use `method: "simple"`', FROM);
  return session;
};

const typeOf = (body: any, { contentType }: any) => ({ contentType: contentType ?? (ownType(body) || "application/octet-stream") });

/** What would be sent first. */
export async function dryUpload(call: Call, given: any[]): Promise<any> {
  const shown = await call(FROM.operation, given, true);
  const [sourceId, path, body] = given;
  const options = given[3] ?? {};
  const whole = wholeOf(body) ?? body;
  return bySession(options, whole.size ?? whole.byteLength) ? call("uploadSessions.create", [sourceId, path, typeOf(body, options)], true) : shown;
}

/** Uploads in one request, or through a session. */
export async function upload(call: Call, given: any[], usual: number): Promise<any> {
  const [sourceId, path, body] = given;
  const options = given[3] ?? {};
  const { signal } = options;
  if (signal?.aborted) throw signal.reason;
  // Whatever can be refused is, before anything is read or sent.
  await call(FROM.operation, given, true);
  const { method, onProgress, overwrite, contentType, ...rest } = options;
  const until = now() + (rest.deadlineMs ?? usual);
  const left = (more?: object) => ({ ...rest, ...more, deadlineMs: Math.max(1, until - now()) });
  const tell = (sent: number, total: number) => quietly(() => onProgress?.({ sent, total }));
  // A session needs to know the size, browsers cannot stream what they send, and what is there can be sent again.
  const sent = wholeOf(body) ?? (await gather(body, signal, until - now()));
  const size = sent.size ?? sent.byteLength;
  const session = bySession(options, size);
  tell(0, size);
  if (!session) {
    const asset = await call(FROM.operation, [sourceId, path, body, left(options)], false, sent);
    tell(size, size);
    return asset;
  }
  const step = (name: string, id: unknown, more?: object) => call("uploadSessions." + name, [sourceId, id, left(more)]);
  const type = typeOf(body, options);
  let made: any;
  /** How many steps have been done. */
  let steps = 0;
  try {
    made = await step("create", path, type);
    if (!made.id) throw invalid("", "required", "has no id");
    // To the storage's own host, without the key.
    await call("uploadSessions.put", [made.url, body, left(type)], false, sent);
    steps = 1;
    tell(size, size);
    await step("close", made.id);
    steps = 2;
    await step("waitUntilComplete", made.id);
  } catch (failure: any) {
    // What is closed is imgix's: to cancel it might throw away what has arrived.
    const cancelled = made?.id && steps < 2 && call("uploadSessions.cancel", [sourceId, made.id, { deadlineMs: 10_000, retries: 0 }]).catch(() => {});
    if (signal?.aborted) throw failure;
    await cancelled;
    // The steps are the upload's own: so are their failures, and what went before them has happened. What is invalid now is what the session said.
    const error =
      made && failure.kind == "invalid" ? new UnreadableResponseError("the session has no usable address", { cause: failure, attempts: 1 }, "unreadable") : failure;
    const unknown = failure != error || (steps && error.outcome == "none");
    throw Object.assign(error, FROM, { sent: error.sent || !!made }, unknown && { outcome: "unknown" });
  }
  // It is there; whether it can be shown yet is another question.
  return call("assets.get", [sourceId, path, left()]).catch((failure) => {
    if (signal?.aborted) throw failure;
    return null;
  });
}
