// A request of the log as others can use it: a command, code, a file. What is masked stays masked, or becomes a variable.
import { toCurl } from "../../package.js";
import type { Attempt, Entry } from "../../model/log.js";
import { MASK, variableOf } from "../../model/masking.js";
import { printed } from "../../model/calls.js";
import type { Json } from "../../types.js";

export const curlOf = ({ operation }: Entry, { method, url, headers, body }: Attempt): string => toCurl({ operation, method, url, headers, ...(body !== undefined && { body }) });

const quoted = (text: string): string => JSON.stringify(text);

/** A header's value as code: the key is taken from where `toCurl` takes it. */
function headerCode(name: string, value: string): string {
  if (value !== MASK) return quoted(value);
  const variable = variableOf(name) ?? "";
  const [before = "", key = "SECRET"] = variable.split("$");
  return before ? `\`${before}\${process.env.${key}}\`` : `process.env.${key}`;
}

export function fetchOf({ method, url, headers, body }: Attempt): string {
  const lines = Object.entries(headers).map(([name, value]) => `    ${quoted(name)}: ${headerCode(name, value)},\n`);
  const parsed = body === undefined ? undefined : json(body);
  return [
    `const response = await fetch(${quoted(url)}, {\n`,
    `  method: ${quoted(method)},\n`,
    lines.length > 0 ? `  headers: {\n${lines.join("")}  },\n` : "",
    parsed !== undefined ? `  body: JSON.stringify(${printed(parsed, "", "  ")}),\n` : "",
    "});\n",
  ].join("");
}

function json(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

const pairs = (headers: Record<string, string>) => Object.entries(headers).map(([name, value]) => ({ name, value }));

/** The log as an HTTP archive, for the tools of a browser. Answers' bodies are not noted, so they are not in it. */
export function harOf(entries: readonly Entry[]): string {
  const requests = entries.flatMap((entry) => entry.attempts.map((attempt) => ({ entry, attempt })));
  const har = {
    log: {
      version: "1.2",
      creator: { name: "image-sources console", version: "1" },
      entries: requests.map(({ entry, attempt }) => ({
        startedDateTime: new Date(attempt.at).toISOString(),
        time: attempt.ms ?? 0,
        request: {
          method: attempt.method,
          url: attempt.url,
          httpVersion: "HTTP/2",
          cookies: [],
          headers: pairs(attempt.headers),
          queryString: URL.canParse(attempt.url) ? [...new URL(attempt.url).searchParams].map(([name, value]) => ({ name, value })) : [],
          ...(attempt.body !== undefined && { postData: { mimeType: attempt.headers["content-type"] ?? "", text: attempt.body } }),
          headersSize: -1,
          bodySize: attempt.body?.length ?? 0,
        },
        response: {
          status: attempt.status ?? 0,
          statusText: "",
          httpVersion: "HTTP/2",
          cookies: [],
          headers: attempt.requestId === undefined ? [] : [{ name: "x-request-id", value: attempt.requestId }],
          content: { size: 0, mimeType: "", comment: "not noted" },
          redirectURL: "",
          headersSize: -1,
          bodySize: -1,
        },
        cache: {},
        timings: { blocked: attempt === entry.attempts[0] ? entry.waits.reduce((sum, { ms }) => sum + ms, 0) : 0, send: 0, wait: attempt.ms ?? 0, receive: 0 },
        comment: `${entry.provider} ${entry.operation}${entry.outcome === undefined ? "" : `: ${entry.outcome}`}`,
      })),
    },
  };
  return JSON.stringify(har, null, 2);
}
