// Everything goes into the core as JSON bytes, and comes out as such.

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export const bytesOf = (text: string): Uint8Array => encoder.encode(text);
export const textOf = (bytes: Uint8Array): string => decoder.decode(bytes);
export const parse = (bytes: Uint8Array): any => JSON.parse(textOf(bytes));

/** A fingerprint that goes on from another. FNV-1a: tells mistakes, not forgeries. */
export const mix = (text: string, hash = 0x811c9dc5): number => {
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
};

/** What a value is, whatever realm it comes from: `Blob`, `Date`. */
export const tagOf = (value: unknown): string => Object.prototype.toString.call(value).slice(8, -1);

/** The name of what no JSON can hold; the core refuses it by this name. */
const foreign = (value: any): string | undefined => {
  const type = typeof value;
  if (type == "symbol") return Symbol.keyFor(value)?.split("\0")[1] ?? type;
  if (/^(f|bi)/.test(type)) return type;
  if (type == "number" && !Number.isFinite(value)) return String(value);
  if (type != "object" || !value) return;
  if (typeof value.aborted == "boolean" && typeof value.addEventListener == "function") return "AbortSignal";
  // Our own mark is not for callers.
  if (Object.hasOwn(value, "\0")) return type;
  const tag = tagOf(value);
  return /^(Object|Array|String|Number|Boolean)$/.test(tag) ? undefined : tag;
};

function mark(this: any, key: string, value: unknown): unknown {
  // A date that is none says of itself that it is `null`.
  const name = foreign(value ?? this[key]);
  return name ? { "\0": name } : value;
}

export const encode = (value: unknown): Uint8Array => bytesOf(JSON.stringify(value, mark));
