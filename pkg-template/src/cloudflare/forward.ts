// On to the provider and back: a fixed host, few headers in both directions, no redirect, no cache, no key in an answer.
import { providerOf } from "./tables.js";
import { mask, without } from "./mask.js";
import { Refusal } from "./refuse.js";
import type { Route } from "./route.js";
import type { Place, Settings } from "./settings.js";

const ANSWER_LIMIT = 32 * 1024 * 1024;
const RESPONSE_HEADERS = ["date", "x-request-id", "x-cloud-trace-context"];
const JSON_TYPES = /^\s*(application\/(?:vnd\.api\+)?json)\b/i;

/** What the provider answered, with nothing in it that must not be seen by anybody. */
export interface Answered {
  status: number;
  headers: Record<string, string>;
  /** JSON, or nothing. Secrets of the account are still in it. */
  text: string;
}

export interface Sending {
  body?: BodyInit | null;
  type?: string;
  accept: string;
  ms: number;
  /** Ends the request, if it must not go on. */
  stop?: AbortController;
}

/** The provider's own address of a route, put together from its parts. */
export function addressOf(place: Place, { row, segments, query }: Pick<Route, "row" | "segments" | "query">): string {
  const base = row.host == "images" ? place.images : place.api;
  if (!base) throw new Refusal("not-found", "there is nothing here");
  return `${base}/${segments.map(encodeURIComponent).join("/")}${query && `?${query}`}`;
}

/** Seconds until it may be asked again, by the provider's own clock. */
function retryAfter(headers: Headers): string | undefined {
  const given = headers.get("retry-after");
  if (given === null) return undefined;
  if (/^\d{1,9}$/.test(given.trim())) return given.trim();
  const [until, now] = [Date.parse(given), Date.parse(headers.get("date") ?? "")];
  const seconds = Math.ceil((until - (Number.isNaN(now) ? Date.now() : now)) / 1000);
  return seconds >= 0 && seconds < 1e9 ? String(seconds) : undefined;
}

/** Asks the provider. Throws a refusal if there is no answer that could be passed on. */
export async function forward({ fetch }: Settings, place: Place, route: Pick<Route, "provider" | "row" | "segments" | "query">, sending: Sending): Promise<Answered> {
  const { header, prefix } = providerOf(route.provider);
  const url = addressOf(place, route);
  const headers: Record<string, string> = { accept: sending.accept, [header]: prefix + place.apiKey };
  if (sending.type) headers["content-type"] = sending.type;
  const stop = sending.stop ?? new AbortController();
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    stop.abort();
  }, sending.ms);
  try {
    const init: RequestInit & { duplex?: string } = { method: route.row.method, headers, redirect: "manual", signal: stop.signal };
    if (sending.body != null) {
      init.body = sending.body;
      if (typeof (sending.body as any).getReader == "function") init.duplex = "half";
    }
    const answer = await fetch(url, init);
    const { status } = answer;
    if ((status >= 300 && status < 400) || (answer.type as string) == "opaqueredirect") throw new Refusal("provider-redirect", "the provider answered with a redirect, which is not followed");
    if (!(status >= 200 && status <= 599)) throw new Refusal("provider-unreachable", "the provider gave no answer that can be passed on");
    const text = [204, 205].includes(status) ? "" : await read(answer);
    return clean(answer, status, text, place.apiKey);
  } catch (failure) {
    if (failure instanceof Refusal) throw failure;
    if (late) throw new Refusal("provider-too-slow", `the provider did not answer within ${sending.ms / 1000} s`);
    // Whatever it says may tell of what is behind.
    throw new Refusal("provider-unreachable", "the provider did not answer, or its answer broke off");
  } finally {
    clearTimeout(timer);
    stop.abort();
  }
}

/** The text of an answer; nothing if it is none. */
async function read(answer: Response): Promise<string | undefined> {
  const tooLarge = new Refusal("provider-too-large", "the provider's answer is too large");
  if (Number(answer.headers.get("content-length") ?? 0) > ANSWER_LIMIT) throw tooLarge;
  const reader = answer.body?.getReader();
  if (!reader) return "";
  // What stands in for letters that are none would be taken for the provider's.
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const decode = (bytes?: Uint8Array): string | undefined => {
    try {
      return decoder.decode(bytes, { stream: bytes !== undefined });
    } catch {
      return undefined;
    }
  };
  let text = "";
  for (let length = 0; ; ) {
    const { done, value } = await reader.read();
    length += value?.length ?? 0;
    const piece: string | undefined = length > ANSWER_LIMIT ? undefined : decode(value);
    if (piece === undefined) reader.cancel().catch(() => {});
    if (length > ANSWER_LIMIT) throw tooLarge;
    if (piece === undefined) return undefined;
    text += piece;
    if (done) return text;
  }
}

function clean(answer: Response, status: number, text: string | undefined, key: string): Answered {
  // The gateway's own key is wrong: nothing that who asks could mend by signing in anew.
  if (status == 401) throw new Refusal("key-refused", "the provider does not accept the gateway's key");
  const headers: Record<string, string> = {};
  for (const name of RESPONSE_HEADERS) {
    const value = answer.headers.get(name);
    if (value !== null && without(value, key) === value) headers[name] = value;
  }
  const after = retryAfter(answer.headers);
  if (after !== undefined) headers["retry-after"] = after;
  const type = JSON_TYPES.exec(answer.headers.get("content-type") ?? "")?.[1]?.toLowerCase();
  headers["content-type"] = type ?? "application/json";
  if (text !== undefined && isJson(text)) return { status, headers, text: without(text, key) };
  // Pages of proxies on the way say much about them and nothing about the question.
  if (status < 400) return { status, headers, text: "" };
  const said = { code: "provider-said", message: `the provider answered ${status} without saying why` };
  return { status, headers, text: JSON.stringify({ ...said, errors: [{ status: String(status), code: said.code, title: said.message, detail: said.message }] }) };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text.replace(/^\ufeff/, ""));
    return true;
  } catch {
    return false;
  }
}

/** The answer for who asked. */
export function passOn({ status, headers, text }: Answered, revealed: boolean): Response {
  if ([204, 205].includes(status)) return new Response(null, { status, headers });
  return new Response(revealed ? text : mask(text), { status, headers });
}
