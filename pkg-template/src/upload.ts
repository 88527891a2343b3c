// Uploads: bytes go from the caller to `fetch` and never through the core.
import { bytesOf, tagOf } from "./encode.js";
import { describe } from "./fetch.js";
import { failing, isImageSourcesError, quietly, TimeoutError, unreadable } from "./errors.js";
import { now } from "./run.js";

/** Above this, imgix wants a session. */
const SIMPLE = 30 << 20;

type Call = (name: string, given: unknown[], sent?: unknown, once?: boolean) => Promise<any>;

const isStream = (body: any) => typeof body?.getReader == "function";
const isIterable = (body: any) => typeof body?.[Symbol.asyncIterator] == "function";
// Whatever else has a size and a stream would be sent as "[object Object]".
const isBlob = (body: any) => /^(Blob|File)$/.test(tagOf(body)) && typeof body.stream == "function";

/** How many bytes it is; nothing if that shows only at its end. */
const sizeOf = (body: any): number | undefined =>
  typeof body == "string" ? bytesOf(body).length : isBlob(body) ? body.size : body.byteLength;

/** What the core is told of a body: that it is one, and its type. What is none it is given as it is, and refuses it. */
export const describeBody = (body: any): unknown => {
  const bytes = typeof body == "string" || ArrayBuffer.isView(body) || tagOf(body) == "ArrayBuffer" || isBlob(body) || isStream(body) || isIterable(body);
  return bytes ? Symbol.for("\0bytes" + (isBlob(body) && body.type ? " " + body.type : "")) : body;
};

/** A stream of what an iterable gives. */
const streamOf = (body: any): ReadableStream => {
  if (isStream(body)) return body;
  const items = body[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await items.next();
      if (done) return controller.close();
      controller.enqueue(typeof value == "string" ? bytesOf(value) : value);
    },
    cancel: () => items.return?.(),
  });
};

/** A stream that tells how much of it has gone. */
const counted = (body: any, tell: (sent: number) => void): ReadableStream => {
  let sent = 0;
  const count = new TransformStream({
    transform(chunk, controller) {
      tell((sent += chunk.byteLength));
      controller.enqueue(chunk);
    },
  });
  return streamOf(body).pipeThrough(count);
};

/** All of a stream as one blob; ends with the signal, or when its time is over, and then ends the stream as well. */
const gather = async (body: any, signal: any, ms: number, from: object): Promise<Blob> => {
  const stop = new AbortController();
  const end = () => stop.abort(signal?.reason);
  const timer = setTimeout(end, ms);
  signal?.addEventListener("abort", end);
  // It may have aborted since anybody looked.
  if (signal?.aborted) end();
  try {
    return await new Response(streamOf(body).pipeThrough(new TransformStream(), stop)).blob();
  } catch (cause) {
    if (signal?.aborted) throw signal.reason;
    throw stop.signal.aborted ? failing(TimeoutError, "timeout", "timeout", "the deadline has passed before the body could be read", from) : unreadable(cause, from);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", end);
  }
};

/** Uploads in one request, or through a session. `check` refuses what can be refused before anything is sent. */
export async function upload(call: Call, check: () => Promise<unknown>, given: unknown[], usual: number): Promise<any> {
  const [sourceId, path, body, options] = given as any[];
  const from = { provider: "imgix", operation: "assets.upload" };
  const signal = options?.signal;
  if (signal?.aborted) throw signal.reason;
  await check();
  const { method, onProgress, overwrite, contentType, ...rest } = options ?? {};
  const until = now() + (rest.deadlineMs ?? usual);
  const left = (of = rest) => ({ ...of, deadlineMs: Math.max(1, until - now()) });
  const tell = (sent: number, total?: number) => quietly(() => onProgress?.({ sent, total }));
  const simple = (sent: unknown, once?: boolean) => call(from.operation, [sourceId, path, body, left(options)], sent, once);
  let sent = body;
  if (isStream(body) || (isIterable(body) && !isBlob(body))) {
    // Browsers cannot stream what they send, and a session needs to know the size.
    if (method == "simple" && !("document" in globalThis)) return simple(counted(body, tell), true);
    sent = await gather(body, signal, until - now(), from);
  }
  const size = sizeOf(sent);
  tell(0, size);
  if (method == "simple" || (method != "session" && !(size! > SIMPLE))) {
    const asset = await simple(sent);
    tell(size!, size);
    return asset;
  }
  const type = { contentType: contentType ?? ((isBlob(sent) && sent.type) || "application/octet-stream") };
  let session: any;
  let put = false;
  try {
    session = await call("uploadSessions.create", [sourceId, path, { ...left(), ...type }]);
    // To the storage's own host, without the key.
    await call("uploadSessions.put", [session.url, body, { ...left(), ...type }], sent);
    put = true;
    tell(size!, size);
    await call("uploadSessions.close", [sourceId, session.id, left()]);
    await call("uploadSessions.waitUntilComplete", [sourceId, session.id, left()]);
  } catch (failure: any) {
    const cancelled = session && call("uploadSessions.cancel", [sourceId, session.id, { deadlineMs: 10_000, retries: 0 }]).catch(describe);
    if (signal?.aborted || !isImageSourcesError(failure)) throw failure;
    await cancelled;
    // The steps are the upload's own: so are their failures, and what went before them has happened.
    const outcome = put && failure.outcome == "none" ? "unknown" : failure.outcome;
    throw Object.assign(failure, { operation: from.operation, sent: failure.sent || !!session, outcome });
  }
  // It is there; whether it can be shown yet is another question.
  return call("assets.get", [sourceId, path, left()]).catch((failure) => {
    if (signal?.aborted) throw failure;
    return null;
  });
}
