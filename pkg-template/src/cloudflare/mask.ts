// Secrets in JSON text, found by the names of the tables. The text stays as the provider wrote it everywhere else: numbers that
// JavaScript cannot hold, keys that come twice, white space.
import { forms, secretNames } from "./tables.js";

export const MASK = "****";

/** A name and a password in an address. */
const USER_INFO = /^([a-z][\w+.-]*:\/\/)[^/?#@\s]+@/i;

let known: { secrets: RegExp; shown: Set<string> } | undefined;

/** Names of attributes that the tables declare, and that hold no secret: they sound like some, and must come back as they are. */
function names() {
  if (known) return known;
  const [shown, secret] = [new Set<string>(), new Set<string>()];
  const walk = (fields: any[]) => {
    for (const field of fields) {
      (field.secret ? secret : shown).add(field.name);
      if (field.fields) walk(field.fields);
    }
  };
  for (const form of forms()) walk(form.fields);
  for (const name of secret) shown.delete(name);
  return (known = { secrets: secretNames(), shown });
}

/** Does an attribute of this name hold a secret? */
export const hides = (name: string): boolean => {
  const { secrets, shown } = names();
  return secrets.test(name) && !shown.has(name);
};

/** The end of the string that begins at `at`, behind its quotation mark. */
export function stringEnd(text: string, at: number): number {
  for (let end = text.indexOf('"', at + 1); end > 0; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text[end - 1 - slashes] == "\\") slashes++;
    if (slashes % 2 == 0) return end + 1;
  }
  return text.length;
}

const space = (text: string, at: number) => {
  while (at < text.length && " \t\r\n".includes(text[at]!)) at++;
  return at;
};

/** The end of the value that begins at `at`. */
function valueEnd(text: string, at: number): number {
  if (text[at] == '"') return stringEnd(text, at);
  if (text[at] != "{" && text[at] != "[") {
    while (at < text.length && !",]} \t\r\n".includes(text[at]!)) at++;
    return at;
  }
  let depth = 0;
  for (let end = at; end < text.length; end++) {
    const letter = text[end]!;
    if (letter == '"') end = stringEnd(text, end) - 1;
    else if (letter == "{" || letter == "[") depth++;
    else if ((letter == "}" || letter == "]") && --depth == 0) return end + 1;
  }
  return text.length;
}

const decode = (raw: string): string => {
  try {
    return JSON.parse(raw);
  } catch {
    return raw.slice(1, -1);
  }
};

/** The same text with secrets masked. */
export function mask(text: string): string {
  let out = "";
  let copied = 0;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at)) {
    const end = stringEnd(text, at);
    const raw = text.slice(at, end);
    const behind = space(text, end);
    if (text[behind] != ":") {
      const shown = /@|\\u0040/.test(raw) && USER_INFO.test(decode(raw)) ? JSON.stringify(decode(raw).replace(USER_INFO, `$1${MASK}@`)) : raw;
      if (shown !== raw) {
        out += text.slice(copied, at) + shown;
        copied = end;
      }
      at = end;
      continue;
    }
    const start = space(text, behind + 1);
    at = start;
    if (!hides(decode(raw))) continue;
    const stop = valueEnd(text, start);
    const value = text.slice(start, stop);
    if (!/^(null|true|false|""|"\*{4}"|)$/.test(value)) {
      out += `${text.slice(copied, start)}"${MASK}"`;
      copied = stop;
    }
    at = Math.max(stop, start);
  }
  return copied ? out + text.slice(copied) : text;
}

/** Every form in which a text may stand in an answer that repeats it. */
function formsOf(secret: string): string[] {
  const bytes = new TextEncoder().encode(secret);
  // Base64 of something longer holds, of the three ways to stand in it, at least one without its ends.
  const coded = [0, 1, 2].map((shift) => {
    const padded = new Uint8Array(shift + bytes.length);
    padded.set(bytes, shift);
    const whole = btoa(String.fromCharCode(...padded)).replace(/=+$/, "");
    return whole.slice(shift ? shift + 1 : 0, padded.length % 3 ? -1 : undefined);
  });
  const url = coded.map((text) => text.replaceAll("+", "-").replaceAll("/", "_"));
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [...new Set([secret, hex, hex.toUpperCase(), [...secret].reverse().join(""), ...coded, ...url])].filter((text) => text.length >= 6 || text === secret);
}

/** The letters of a secret, each as it is or escaped for JSON, an address or a page: who repeats it escapes what they like. Backslashes are looked at a few at a time: of a long row each could be a beginning. */
function escaped(secret: string): RegExp {
  const named: Record<string, string> = { "&": "amp", "<": "lt", ">": "gt", '"': "quot", "'": "apos" };
  const letters = [...secret].map((letter) => {
    const code = letter.charCodeAt(0);
    const hex = code.toString(16).padStart(2, "0");
    const plain = letter.replace(/[^\w]/, "\\$&");
    return `(?:\\\\{0,8}${plain}|%(?:25)*${hex}|\\\\{1,8}(?:u00|x)${hex}|&(?:amp;)*#(?:0*${code}|x0*${hex});${letter in named ? `|&(?:amp;)*${named[letter]};` : ""})`;
  });
  return new RegExp(letters.join(""), "gi");
}

/** Takes a key out of a text, in whatever form it stands there. Keys are visible ASCII. */
export const without = (text: string, secret: string): string => formsOf(secret).reduce((text, form) => text.replaceAll(form, MASK), text.replace(escaped(secret), MASK));

/** The path of a value that is a mask and not a secret: written, it would replace what it hides. */
export function maskedIn(value: unknown, path = "", name = ""): string | undefined {
  if (typeof value == "string") return (/^\*{4}/.test(value) && (hides(name) || value.length <= 8)) || value.includes(`://${MASK}@`) ? path : undefined;
  if (!value || typeof value != "object") return undefined;
  for (const [key, member] of Object.entries(value)) {
    const found = maskedIn(member, path ? `${path}.${key}` : key, key);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A copy of a value with secrets masked, and without the key of the account that it comes from. */
export const masked = <T>(value: T, key?: string): T => {
  if (value === undefined) return value;
  const text = mask(JSON.stringify(value));
  return JSON.parse(key === undefined ? text : without(text, key)) as T;
};
