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
  for (const segment of segments) {
    // Dots of whatever kind, also before a parameter of the path or with white space around them.
    const bare = segment.replace(/;.*$/s, "").trim();
    if (segment === "" || /^[.\u2024\u3002\uff0e\uff61]{1,2}$/.test(bare) || /[\u0000-\u001f\u007f-\u009f\\\u2028\u2029\ufeff\ufffe\uffff]/.test(segment)) throw refused;
  }
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
      // An escaped slash would become one of the path.
      if (!rest.every((segment) => !/[/]|%2f|%5c/i.test(segment))) return undefined;
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
