// One request and its answer, over the platform's `fetch` or the caller's. Nothing that either of them does may throw on.
import { bytesOf } from "./encode.js";
import { describe, quietly } from "./errors.js";

/** What happened, as the core takes it: kind, number, headers as lines, body or words; and what the platform threw. */
export type News = [kind: number, number?: number, head?: string, body?: Uint8Array, cause?: { thrown: unknown }];

export const TIME = 0;
export const SLOT = 1;
export const ANSWER = 2;
/** Of a page, the core knows what else can be the cause. */
export const LOST = 4 + +("document" in globalThis);
const SENT = 8;
const TOO_LARGE = 16;
export const TIMED_OUT = 32;

const LIMIT = 32 << 20;
/** More pieces than any network makes of a body under the cap: a stream of empty ones would never be too large. */
const MOST_CHUNKS = 1 << 20;
const HEADERS = ["content-length", "date", "retry-after", "x-request-id", "x-cloud-trace-context", "cf-ray"];
/** Node and Bun name the system's error: these prove that nothing was sent. A certificate that is not believed ends a connection before. */
const UNSENT = /^(E?CONN(ECTION)?REFUSED|ENOTFOUND|EAI_AGAIN|\w*(CONNECT_TIMEOUT|INVALID_URL|CERT\w*)|UNABLE_\w+|bad port)$/i;

/** How far something has come that is waited for: what to tell the core if it is lost now. */
export interface Far {
  flags: number;
  status: number;
  head: string;
  /** Ends the reading of the body. */
  cancel?: () => void;
}

/** What was thrown, in words; it may tell that nothing was sent. */
export const lost = (far: Far, thrown: any): Uint8Array => {
  try {
    // Whatever an answer breaks off with, it was an answer.
    if (far.status < 0 && [thrown, thrown.cause].some((of) => UNSENT.test(of?.code ?? of?.message))) far.flags &= ~SENT;
  } catch {
    // What cannot be looked at proves nothing.
  }
  return bytesOf(describe(thrown));
};

/** Sends a request, with the bytes of a body if they are the caller's, and gives those of the answer unless there are too many. */
export async function exchange(send: Function, { init, url, bytes: own }: any, given: any, far: Far, signal: AbortSignal): Promise<Uint8Array | undefined> {
  init.signal = signal;
  if (own) init.body = given;
  far.flags |= SENT;
  const answer = await send(url, init);
  const { status } = Object(answer);
  if (typeof status != "number" || !(status >= 0 && status <= 999) || (!status && answer.type == "error")) throw new TypeError("`fetch` gave no response");
  far.status = status;
  for (const name of HEADERS) {
    try {
      const value = answer.headers.get(name);
      if (value) far.head += `${name}:${value.replace(/[\r\n]/g, " ")}\n`;
    } catch {
      // Headers that cannot be read are not there.
    }
  }
  const [, announced = 0] = /^content-length: *(\d+)/.exec(far.head) ?? [];
  const body = +announced > LIMIT ? undefined : await read(answer, far);
  far.flags = body ? ANSWER : far.flags | TOO_LARGE;
  return body;
}

/** The bytes of an answer, of a real one or of one that looks alike; nothing if there are too many. */
async function read(answer: any, far: Far): Promise<Uint8Array | undefined> {
  let reader: any;
  try {
    reader = answer.body.getReader();
  } catch {
    const whole = answer.arrayBuffer ? bytes(await answer.arrayBuffer()) : bytesOf(await answer.text());
    return whole.length > LIMIT ? undefined : whole;
  }
  const parts: Uint8Array[] = [];
  let length = 0;
  // Not awaited: whether the rest is thrown away politely changes nothing, and where there is none, nothing happens.
  far.cancel = () => quietly(() => reader.cancel());
  try {
    for (let count = 0; length <= LIMIT && count < MOST_CHUNKS; count++) {
      // An answer that always has something to give would leave no time to anything else.
      if (count % 1000 == 999) await new Promise((done) => setTimeout(done));
      const { done, value } = Object(await reader.read());
      // Most answers come in one piece.
      if (done) return count == 1 ? parts[0] : bytes(await new Blob(parts as BlobPart[]).arrayBuffer());
      parts.push(bytes(value));
      length += parts[count]!.length;
    }
  } finally {
    far.cancel();
  }
}

/** A typed array or an `ArrayBuffer`, of whatever realm, as bytes. */
export const bytes = (chunk: any): Uint8Array => {
  try {
    if (typeof chunk.byteLength == "number")
      return chunk.buffer === undefined ? new Uint8Array(chunk) : new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  } catch {
    // Looks like bytes, but holds none.
  }
  throw new TypeError("it holds something other than bytes");
};
