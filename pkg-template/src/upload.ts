// Uploads: bytes go from the caller to `fetch` and never through the core.
import { describe } from "./fetch.js";
import { toError, unreadable } from "./errors.js";

/** Above this, imgix wants a session. */
const SIMPLE = 30 << 20;

type Call = (name: string, given: unknown[], sent?: unknown, once?: boolean) => Promise<any>;

const isStream = (body: any) => typeof body?.getReader == "function";
const isIterable = (body: any) => typeof body?.[Symbol.asyncIterator] == "function";
const isBlob = (body: any) => typeof body?.size == "number" && typeof body.stream == "function";
const tag = (body: any) => Object.prototype.toString.call(body).slice(8, -1);

/** How many bytes it is; nothing if that shows only at its end. */
const sizeOf = (body: any): number | undefined =>
  typeof body == "string" ? new TextEncoder().encode(body).length : isBlob(body) ? body.size : body.byteLength;

/** What the core is told of a body: that it is one, and its type. What is none it is given as it is, and refuses it. */
export const describeBody = (body: any): unknown => {
  const bytes = typeof body == "string" || ArrayBuffer.isView(body) || tag(body) == "ArrayBuffer" || isBlob(body) || isStream(body) || isIterable(body);
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
      controller.enqueue(typeof value == "string" ? new TextEncoder().encode(value) : value);
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

/** Uploads in one request, or through a session. `check` refuses what can be refused before anything is sent. */
export async function upload(call: Call, check: () => Promise<unknown>, given: unknown[]): Promise<any> {
  const [sourceId, path, body, options] = given as any[];
  const name = "assets.upload";
  if (options?.signal?.aborted) throw options.signal.reason;
  await check();
  const { method, onProgress, overwrite, contentType, ...rest } = options ?? {};
  const tell = (sent: number, total?: number) => {
    try {
      onProgress?.({ sent, total });
    } catch {
      // A listener that throws changes nothing.
    }
  };
  let sent = body;
  if (isStream(body) || (isIterable(body) && !isBlob(body))) {
    // Browsers cannot stream what they send, and a session needs to know the size.
    if (method == "simple" && !("document" in globalThis)) return call(name, given, counted(body, tell), true);
    const reason = new Promise<never>((_, fail) => options?.signal?.addEventListener("abort", () => fail(options.signal.reason), { once: true }));
    try {
      sent = await Promise.race([new Response(streamOf(body)).blob(), reason]);
    } catch (cause) {
      throw options?.signal?.aborted ? options.signal.reason : unreadable(cause, { provider: "imgix", operation: name });
    }
  }
  const size = sizeOf(sent);
  tell(0, size);
  if (method == "simple" || (method != "session" && !(size! > SIMPLE))) {
    const asset = await call(name, given, sent);
    tell(size!, size);
    return asset;
  }
  const until = performance.now() + (rest.deadlineMs ?? 1_800_000);
  const left = () => ({ ...rest, deadlineMs: Math.max(1, until - performance.now()) });
  const type = { contentType: contentType ?? ((isBlob(sent) && sent.type) || "application/octet-stream") };
  try {
    const session = await call("uploadSessions.create", [sourceId, path, { ...left(), ...type }]);
    try {
      // To the storage's own host, without the key.
      await call("uploadSessions.put", [session.url, body, { ...left(), ...type }], sent);
      tell(size!, size);
      await call("uploadSessions.close", [sourceId, session.id, left()]);
      await call("uploadSessions.waitUntilComplete", [sourceId, session.id, left()]);
    } catch (failure) {
      const cancelled = call("uploadSessions.cancel", [sourceId, session.id, { deadlineMs: 10_000, retries: 0 }]).catch(describe);
      if (!options?.signal?.aborted) await cancelled;
      throw failure;
    }
    // It is there; whether it can be shown yet is another question.
    return await call("assets.get", [sourceId, path, left()]).catch((failure) => {
      if (failure?.kind == "declined") return null;
      throw failure;
    });
  } catch (failure: any) {
    if (failure?.operation) failure.operation = name;
    throw toError(failure);
  }
}
