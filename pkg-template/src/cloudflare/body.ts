// What comes in with a request: JSON is read whole, under a limit and within a time; bytes of a file go through as they come.
import { maskedIn, stringEnd } from "./mask.js";
import { inTime, Refusal } from "./refuse.js";
import type { Settings } from "./settings.js";

const JSON_TYPE = /^\s*application\/(vnd\.api\+)?json\s*(;|$)/i;
/** What forms send: no file comes like this. */
const FORM_TYPE = /^\s*(application\/x-www-form-urlencoded|multipart\/)/i;
const MEDIA_TYPE = /^[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+(\s*;[ -~]*)?$/;

export interface Json {
  text: string;
  value: unknown;
}

export const tooSlow = () => new Refusal("too-slow", "the body did not come in time");

const tooLarge = (limit: number) => new Refusal("too-large", `the body is larger than ${limit} bytes`);

/** As in the core: a stack has an end. */
const DEEPEST = 128;

/** How deep a text of JSON is nested, and how many names it holds. */
function shapeOf(text: string): { depth: number; names: number } {
  const shape = { depth: 0, names: 0 };
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const letter = text[at]!;
    if (letter == '"') at = stringEnd(text, at) - 1;
    else if (letter == ":") shape.names++;
    else if (letter == "{" || letter == "[") shape.depth = Math.max(shape.depth, ++depth);
    else if (letter == "}" || letter == "]") depth--;
  }
  return shape;
}

const namesIn = (value: unknown): number =>
  value && typeof value == "object" ? Object.values(value).reduce((count: number, member) => count + namesIn(member), Array.isArray(value) ? 0 : Object.keys(value).length) : 0;

/** Names that frameworks of web servers take for another method, or for a deletion, whatever the method is. */
export const COMMAND = /^_(method|destroy|delete)$/i;

/** The first such name in a value, however deep. */
export const commandIn = (value: unknown): string | undefined => {
  if (!value || typeof value != "object") return undefined;
  for (const [name, member] of Object.entries(value)) {
    const found = !Array.isArray(value) && COMMAND.test(name) ? name : commandIn(member);
    if (found !== undefined) return found;
  }
  return undefined;
};

export const tooDeep = (text: string): boolean => shapeOf(text).depth > DEEPEST;

/** The length that the request says it has. */
function announced({ headers }: Request): number | undefined {
  const given = headers.get("content-length");
  if (given === null) return undefined;
  if (!/^\d{1,15}$/.test(given)) throw new Refusal("bad-request", "the length of the body is no number");
  return Number(given);
}

/** All of a stream as text, unless it is too long or too slow. */
export async function readText(body: ReadableStream<Uint8Array> | null, limit: number, ms: number): Promise<string> {
  if (!body) return "";
  const reader = body.getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  const all = async () => {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      length += value.length;
      if (length > limit) throw tooLarge(limit);
      parts.push(value);
    }
  };
  const stop = () => void reader.cancel().catch(() => {});
  try {
    await inTime(all(), ms, tooSlow);
  } catch (failure) {
    stop();
    throw failure instanceof Refusal ? failure : new Refusal("bad-request", "the body broke off");
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(whole);
  } catch {
    throw new Refusal("bad-request", "the body is no UTF-8");
  }
}

/** The body of a request that takes JSON; nothing if there is none. */
export async function jsonOf(request: Request, { jsonBytes, bodyMs }: Pick<Settings, "jsonBytes" | "bodyMs">): Promise<Json | undefined> {
  if ((announced(request) ?? 0) > jsonBytes) throw tooLarge(jsonBytes);
  const text = await readText(request.body, jsonBytes, bodyMs);
  if (text === "") return undefined;
  if (!JSON_TYPE.test(request.headers.get("content-type") ?? "")) throw new Refusal("media-type", "the body must be JSON, and its content type say so");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Refusal("bad-request", "the body is no JSON");
  }
  if (!value || typeof value != "object" || Array.isArray(value)) throw new Refusal("bad-request", "the body must be a JSON object");
  const { depth, names } = shapeOf(text);
  if (depth > DEEPEST) throw new Refusal("bad-request", `the body is nested deeper than ${DEEPEST}`);
  // Of a name that comes twice the provider might take the one that was not looked at.
  if (namesIn(value) != names) throw new Refusal("bad-request", "the body holds a name twice");
  const command = commandIn(value);
  if (command !== undefined) throw new Refusal("bad-request", `\`${command}\` is no attribute of anything`);
  const hidden = maskedIn(value);
  if (hidden !== undefined) throw new Refusal("masked-value", `\`${hidden}\` is a mask and not the secret; leave it out to keep what is stored`);
  return { text, value };
}

/** A file on its way through. */
export interface Passing {
  body: ReadableStream | null;
  type: string;
  /** Why it did not get through whole. */
  broken: () => Refusal | undefined;
  /** Is it who sends it that is waited for? */
  waiting: () => boolean;
}

/**
 * A file on its way through: counted, never held. If it breaks off or is too large, `stop` must end the request to the provider:
 * the platform would end the body properly, and the provider keep what came for the whole.
 */
export function bytesOf(request: Request, { uploadBytes }: Pick<Settings, "uploadBytes">, stop: () => void): Passing {
  const type = request.headers.get("content-type") ?? "application/octet-stream";
  if (!MEDIA_TYPE.test(type) || FORM_TYPE.test(type)) throw new Refusal("media-type", "the content type must be that of the file");
  const length = announced(request);
  if ((length ?? 0) > uploadBytes) throw tooLarge(uploadBytes);
  let broken: Refusal | undefined;
  const source = request.body?.getReader();
  if (!source) return { body: null, type, broken: () => undefined, waiting: () => false };
  let waiting = false;
  let sent = 0;
  const end = (why: Refusal) => {
    broken = why;
    stop();
    source.cancel(why).catch(() => {});
    // Neither closed nor failed: either would look like the end.
    return new Promise<void>(() => {});
  };
  const counted = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        let piece: ReadableStreamReadResult<Uint8Array>;
        waiting = true;
        try {
          piece = await source.read();
          waiting = false;
        } catch {
          return end(new Refusal("bad-request", "the body broke off"));
        }
        if (piece.done) return controller.close();
        sent += piece.value.byteLength;
        if (sent > uploadBytes) return end(tooLarge(uploadBytes));
        controller.enqueue(piece.value);
      },
      cancel: (reason) => source.cancel(reason),
    },
    { highWaterMark: 0 },
  );
  const Fixed = (globalThis as any).FixedLengthStream;
  // So that the provider is told the length as well.
  return { body: length !== undefined && Fixed ? counted.pipeThrough(new Fixed(length)) : counted, type, broken: () => broken, waiting: () => waiting };
}
