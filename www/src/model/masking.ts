// What is noted of requests, without their secrets. Which these are is told by the package: they are what `toCurl` puts variables
// in place of.
import { toCurl } from "../package.js";
import type { Json } from "../types.js";
import { isSecretName, withoutUser } from "./secrets.js";

export const MASK = "****";
const MOST_CHARACTERS = 16_384;

const PROBE = "probe";
const headers = new Map<string, string | undefined>();

/** The variable in which a header's value is kept; `undefined`: it is no secret. */
export function variableOf(name: string): string | undefined {
  if (!headers.has(name)) {
    const command = toCurl({ operation: "", method: "GET", url: "https://provider.invalid/", headers: { [name]: PROBE } });
    headers.set(name, command.includes(PROBE) ? undefined : /: (.*)"$/.exec(command)?.[1]);
  }
  return headers.get(name);
}

export const maskedHeaders = (given: Record<string, string> = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(given).map(([name, value]) => [name, variableOf(name) === undefined ? value : MASK]));

/** A value with a mask in place of every secret in it. */
export const maskedValue = (value: unknown): Json =>
  JSON.parse(
    JSON.stringify(value, (name, inner: unknown) => {
      if (typeof inner === "string") return name && isSecretName(name) ? MASK : withoutUser(inner);
      return inner;
    }) ?? "null",
  ) as Json;

/** A body of JSON, masked; of any other only how long it is. */
export function maskedBody(body: string): string {
  try {
    const text = JSON.stringify(maskedValue(JSON.parse(body)));
    return text.length > MOST_CHARACTERS ? `[${text.length} characters of JSON]` : text;
  } catch {
    return `[${body.length} characters]`;
  }
}
