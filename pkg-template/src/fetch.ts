// One request and its answer, over the platform's `fetch` or the caller's. Nothing that either of them does may throw on.
import { bytesOf } from "./encode.js";
import { quietly } from "./errors.js";

/** What happened, as the core takes it: kind, number, headers as lines, body or words; and what the platform threw. */
export type News = [kind: number, number?: number, head?: string, body?: Uint8Array, cause?: { thrown: unknown }];

export const TIME = 0;
export const SLOT = 1;
export const ANSWER = 2;
export const LOST = 4;
const SENT = 8;
const TOO_LARGE = 16;
export const TIMED_OUT = 32;

const LIMIT = 32 << 20;
/** More pieces than any network makes of a body under the cap; a stream of empty ones would never end. */
const MOST_CHUNKS = 1 << 20;
const HEADERS = ["content-length", "date", "retry-after", "x-request-id", "x-cloud-trace-context", "cf-ray"];
/** Node and Bun name the system's error: these prove that nothing was sent. */
const UNSENT = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|UND_ERR_CONNECT_TIMEOUT|ConnectionRefused|ERR_INVALID_URL)$/;

const visible = (text: unknown): text is string => typeof text == "string" && /^[!-~]*$/.test(text);

/** What somebody threw, in one line. */
export const describe = (thrown: any): string => {
  try {
    const own = typeof thrown?.message == "string" ? thrown.message : typeof thrown == "string" ? thrown : "unknown failure";
    const inner = thrown?.cause?.message;
    return typeof inner == "string" && inner ? `${own} (${inner})` : own;
  } catch {
    return "unknown failure";
  }
};

const provesUnsent = (thrown: any): boolean => {
  try {
    return UNSENT.test(thrown?.code) || UNSENT.test(thrown?.cause?.code) || thrown?.cause?.message == "bad port";
  } catch {
    return false;
  }
};

/** In a browser a request that never got an answer may have been stopped by the browser itself. */
const CORS = "; the cause can be CORS: the provider may not answer pages of this origin; use a gateway";

/** Words for what went wrong, and what was thrown. */
interface Trouble {
  words: string;
  cause?: { thrown: unknown };
}
const trouble = (words: string, cause?: Trouble["cause"]): Trouble => ({ words, cause });

interface Sending {
  fetch: Function | undefined;
  token: unknown;
  credentials: string | undefined;
  /** Told of every token. */
  keep(token: Uint8Array): void;
}

/** Sends a request. `halt` ends it without news. */
export function exchange(state: Sending, step: any, given: any, done: (...news: News) => void): () => void {
  const controller = new AbortController();
  let flags = LOST;
  let status = -1;
  let head = "";
  let over = false;
  const end = (...news: News) => {
    if (over) return;
    over = true;
    clearTimeout(timer);
    if (news[0] != ANSWER) controller.abort();
    done(...news);
  };
  const timer = setTimeout(() => end(flags | TIMED_OUT, status, head), step.timeoutMs);

  const answer = async () => {
    const attempt = async (words: string, run: () => unknown): Promise<any> => {
      try {
        return await run();
      } catch (thrown) {
        throw trouble(words + describe(thrown), { thrown });
      }
    };
    const init = { ...step.init, signal: controller.signal };
    if (step.own) {
      const { token } = state;
      const found = typeof token == "function" ? await attempt("`gateway.token` failed: ", () => token()) : token;
      if (found != null && !visible(found)) throw trouble("`gateway.token` gave something that is no token");
      if (found) {
        state.keep(bytesOf(found));
        init.headers.authorization = "Bearer " + found;
      }
      if (state.credentials) init.credentials = state.credentials;
    }
    if (step.bytes) {
      init.body = given;
      if (typeof given?.getReader == "function") init.duplex = "half";
    }
    if (over) return;
    flags |= SENT;
    // Called without a receiver: a bare `fetch` called as a method fails in browsers and Workers.
    const send = state.fetch ?? fetch;
    const answer = await attempt("", () => send(step.url, init));
    const code = answer?.status;
    if (code === 0 && answer.type == "error") throw trouble("`fetch` gave an error response");
    if (typeof code != "number" || !(code >= 0 && code <= 999)) throw trouble("`fetch` gave no response");
    status = code;
    for (const name of HEADERS) {
      let value: unknown;
      try {
        value = answer.headers.get(name);
      } catch {
        // Headers that cannot be read are not there.
      }
      if (typeof value == "string") head += `${name}:${value.replace(/[\r\n]/g, " ")}\n`;
    }
    const announced = /content-length:\s*(\d+)/.exec(head);
    if (announced && +announced[1]! > LIMIT) return end(flags | TOO_LARGE, status, head);
    const broken = (run: () => unknown) => attempt("the answer broke off: ", run);
    const body = await read(answer, broken);
    if (!body) return end(flags | TOO_LARGE, status, head);
    end(ANSWER, status, head, body);
  };
  answer().catch((thrown) => {
    const { words, cause }: Trouble = thrown?.words ? thrown : trouble(describe(thrown), { thrown });
    if (cause && provesUnsent(cause.thrown)) flags &= ~SENT;
    const hint = status < 0 && flags & SENT && "document" in globalThis ? CORS : "";
    end(flags, status, head, bytesOf(words + hint), cause);
  });
  return () => {
    over = true;
    clearTimeout(timer);
    controller.abort();
  };
}

/** The bytes of an answer, of a real one or of one that looks alike; nothing if there are too many. */
async function read(answer: any, broken: (run: () => unknown) => Promise<any>): Promise<Uint8Array | undefined> {
  let reader: any;
  try {
    reader = answer.body.getReader();
  } catch {
    let whole: Uint8Array;
    if (typeof answer.arrayBuffer == "function") whole = bytes(await broken(() => answer.arrayBuffer()));
    else {
      const text = await broken(() => answer.text());
      whole = bytesOf(typeof text == "string" ? text : "");
    }
    return whole.length > LIMIT ? undefined : whole;
  }
  const parts: Uint8Array[] = [];
  let length = 0;
  for (let count = 0; count < MOST_CHUNKS; count++) {
    const { done, value } = Object(await broken(() => reader.read()));
    if (done) {
      // Most answers come in one piece.
      if (parts.length == 1) return parts[0];
      const whole = new Uint8Array(length);
      let at = 0;
      for (const part of parts) {
        whole.set(part, at);
        at += part.length;
      }
      return whole;
    }
    let part: Uint8Array | undefined;
    try {
      part = bytes(value);
      length += part.length;
    } finally {
      // Not awaited: whether the rest is thrown away politely changes nothing.
      if (!part || length > LIMIT) quietly(() => reader.cancel?.());
    }
    if (length > LIMIT) return;
    parts.push(part);
  }
  throw trouble("the answer came in too many pieces");
}

/** A typed array or an `ArrayBuffer`, of whatever realm, as bytes. */
const bytes = (chunk: any): Uint8Array => {
  try {
    if (chunk instanceof Uint8Array) return chunk;
    if (typeof chunk?.byteLength == "number")
      return chunk.buffer === undefined ? new Uint8Array(chunk) : new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  } catch {
    // Looks like bytes, but holds none.
  }
  throw trouble("the answer holds something other than bytes");
};
