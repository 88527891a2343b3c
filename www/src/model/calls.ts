// Calls of clients as a program would write them, noted without secrets when they are made.
import { CLASS_NAMES, operations } from "../package.js";
import type { Json, ProviderName } from "../types.js";
import type { RequestLog } from "./log.js";
import { MASK, maskedValue } from "./masking.js";

type Method = (...given: unknown[]) => unknown;
type Group = { [name: string]: Method | Group };

/** Makes a client tell the log with what its methods are called. */
export function noteCalls(provider: ProviderName, client: object, log: RequestLog): void {
  for (const { provider: of, name, parameters, input, answer } of operations()) {
    if (of !== provider) continue;
    const path = name.split(".");
    const last = path.pop()!;
    const group = path.reduce((group, part) => group[part] as Group, client as Group);
    const method = group[last] as Method;
    const given = parameters.length + (input === "none" ? 0 : 1);
    group[last] = (...args) => {
      log.begins(`${provider} ${name}`, program(provider, name, args.slice(0, answer === "list" ? given + 1 : given), input === "bytes"), answer === "list");
      try {
        return method(...args);
      } finally {
        log.begun();
      }
    };
  }
}

function program(provider: ProviderName, name: string, args: unknown[], isFile: boolean): string {
  const shown = args.map((arg, at) => (isFile && at === args.length - 1 ? "file" : printed(plain(arg))));
  const call = `${provider}.${name}(${shown.join(", ")})`;
  return `import { ${CLASS_NAMES[provider]} } from "image-sources";

const ${provider} = new ${CLASS_NAMES[provider]}({ apiKey: process.env.${provider.toUpperCase()}_API_KEY });
await ${call};
`;
}

/** What of an argument is data: no signals, no functions. */
function plain(arg: unknown): Json {
  if (typeof arg !== "object" || arg === null) return maskedValue(arg);
  return maskedValue(Object.fromEntries(Object.entries(arg).filter(([name]) => name !== "signal")));
}

/** JSON as code: names without quotes where they need none, variables in place of secrets. */
export function printed(value: Json, name = "", indent = ""): string {
  if (value === MASK) return `process.env.${name.replace(/\W/g, "_").toUpperCase() || "SECRET"}`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const inner = `${indent}  `;
  const items = Array.isArray(value)
    ? value.map((item) => printed(item, name, inner))
    : Object.entries(value).map(([key, item]) => `${/^[a-z_$][\w$]*$/i.test(key) ? key : JSON.stringify(key)}: ${printed(item, key, inner)}`);
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  if (items.length === 0) return `${open}${close}`;
  return `${open}\n${items.map((item) => `${inner}${item},\n`).join("")}${indent}${close}`;
}
