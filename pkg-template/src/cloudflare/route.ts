// Which operation a request is. The table is the one that the requests are built from, and what is not in it does not exist.
import { type OperationInfo, operationsOf } from "./tables.js";
import { COMMAND } from "./body.js";
import { Refusal } from "./refuse.js";

export interface Route {
  provider: string;
  row: OperationInfo;
  /** Decoded segments behind the provider. */
  segments: string[];
  /** The values of the parameters that stand in the path, by name. */
  parameters: Record<string, string>;
  query: string;
}

/** Nobody means anything by more, and each time costs. */
const MOST_DECODED = 8;

/** Could anybody read a segment as another path? Who stands between may decode it once more, and fold letters that look alike. */
function leads(segment: string): boolean {
  for (let [text, times] = [segment, 0]; times < MOST_DECODED; times++) {
    // Dots of whatever kind, also before a parameter of the path or with blanks around them.
    const parts = text.normalize("NFKC").replace(/\p{Cf}/gu, "").split(/[/\\]/).map((part) => part.replace(/[;?#].*$/s, "").trim());
    if (parts.some((part) => /^[.\u3002]{0,2}$/.test(part)) || /[\u0000-\u001f\u007f-\u009f\\\u2028\u2029\ufeff\ufffe\uffff]/.test(text)) return true;
    let inner: string;
    try {
      inner = decodeURIComponent(text);
    } catch {
      return false;
    }
    if (inner === text) return false;
    text = inner;
  }
  return true;
}

const notPassed = () => new Refusal("path", "the gateway passes no path with a backslash, a control character or anything else that could be read as another path");

/** The decoded segments of an address as it came. What anybody could read as another path is refused. */
export function pathOf(url: string): { segments: string[]; query: string } {
  const rest = /^https?:\/\/[^/?#]*([^#]*)$/i.exec(url)?.[1];
  const refused = new Refusal("not-found", "there is nothing here");
  if (rest === undefined || rest.length > 8192) throw refused;
  const at = rest.indexOf("?");
  const path = at < 0 ? rest : rest.slice(0, at);
  if (!path.startsWith("/")) throw refused;
  let segments: string[];
  try {
    segments = path.slice(1).split("/").map(decodeURIComponent);
  } catch {
    throw refused;
  }
  if (segments.some(leads)) throw notPassed();
  return { segments, query: at < 0 ? "" : rest.slice(at + 1) };
}

/** Separators that were encoded, and escapes that were encoded twice, are in no parameter that is one segment. */
const isPlain = (segment: string) => !/[/%;?#]/.test(segment);

const PARAMETER = /^\{([^{}+]+)(\+?)\}$/;

/** The parameters of a path that fits a template; nothing if it does not. */
function fit(template: string, segments: string[]): Record<string, string> | undefined {
  const found: Record<string, string> = {};
  const parts = template.split("/");
  for (const [at, part] of parts.entries()) {
    const [, name, several] = PARAMETER.exec(part) ?? [];
    const segment = segments[at];
    if (segment === undefined) return undefined;
    if (name === undefined) {
      if (part !== segment) return undefined;
    } else if (several) {
      const rest = segments.slice(at);
      // An escaped slash would become one of the path, however often it was escaped.
      if (!rest.every((segment) => !/[/]|%(25)*(2f|5c)/i.test(segment))) throw notPassed();
      found[name] = rest.join("/");
      return found;
    } else {
      if (!isPlain(segment)) return undefined;
      found[name] = segment;
    }
  }
  return parts.length == segments.length ? found : undefined;
}

/** How many of a template's parts are words: the more, the closer it fits. */
const words = ({ path }: OperationInfo) => path.split("/").filter((part) => !PARAMETER.test(part)).length;

/** The operation that a method and the segments behind the provider's name are. */
export function operationAt(provider: string, method: string, all: string[]): Pick<Route, "row" | "segments" | "parameters"> | undefined {
  const host = all[0] === "images" ? "images" : "api";
  const segments = host == "images" ? all.slice(1) : all;
  let best: Pick<Route, "row" | "segments" | "parameters"> | undefined;
  for (const row of operationsOf(provider)) {
    if (row.host !== host || row.method !== method) continue;
    const parameters = fit(row.path, segments);
    if (!parameters) continue;
    const closer = !best || words(row) > words(best.row) || (words(row) == words(best.row) && row.input == "json" && best.row.input == "none");
    if (closer) best = { row, segments, parameters };
  }
  return best;
}

/** Is an address behind `base` one of an operation, and could nobody read it as another? So it must be for what does not come as a request. */
export function isAddressOf({ path }: OperationInfo, url: string, base: string): boolean {
  try {
    const { segments } = pathOf(url);
    return fit(path, segments.slice(new URL(base).pathname.split("/").filter(Boolean).length)) !== undefined;
  } catch (failure) {
    if (failure instanceof Refusal) return false;
    throw failure;
  }
}

/** Names of query parameters as the providers have them: a word, and words in brackets. */
const QUERY = /^[\w.-]{1,64}(\[[\w.-]{0,64}\])*$/;

/**
 * The query, taken apart and put together again, so that nothing in it is read in two ways. Of a write it holds what the table has:
 * frameworks mix the rest with the attributes of the body, and no audit would know of it.
 */
export function queryOf(query: string, row: OperationInfo): string {
  if (query.length > 4096) throw new Refusal("bad-request", "the query is too long");
  const pairs = [...new URLSearchParams(query)];
  if (pairs.length > 64 || !pairs.every(([name, value]) => QUERY.test(name) && !COMMAND.test(name) && !/[\u0000-\u001f\u007f]/.test(value)))
    throw new Refusal("bad-request", "the query holds a parameter that no operation has");
  if (writes(row) && !pairs.every(([name]) => row.query?.includes(name))) throw new Refusal("bad-request", "the query holds a parameter that this operation has not");
  return pairs.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join("&");
}

/** Does it delete something for good? Purges and sessions that are given up do not. */
export const deletes = ({ name }: OperationInfo) => /(^|\.)delete$/.test(name);

export const writes = ({ method }: OperationInfo) => method != "GET";
