// Everything goes into the core as JSON bytes, and comes out as such.

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export const bytesOf = (text: string): Uint8Array => encoder.encode(text);
export const textOf = (bytes: Uint8Array): string => decoder.decode(bytes);
export const parse = (bytes: Uint8Array): any => JSON.parse(decoder.decode(bytes));

/** A fingerprint that goes on from another. FNV-1a: tells mistakes, not forgeries. */
export const mix = (text: string, hash = 0x811c9dc5): number => {
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
};

/** What a value is, whatever realm it comes from: `Blob`, `Date`. */
export const tagOf = (value: unknown): string => Object.prototype.toString.call(value).slice(8, -1);

/** The name of what no JSON can hold; the core refuses it by this name. */
const foreign = (value: any): string | undefined => {
  switch (typeof value) {
    case "symbol":
      return Symbol.keyFor(value)?.match(/^\0(.*)/)?.[1] ?? "symbol";
    case "function":
    case "bigint":
      return typeof value;
    case "number":
      return Number.isFinite(value) ? undefined : String(value);
    case "object": {
      if (!value) return;
      if (typeof value.aborted == "boolean" && typeof value.addEventListener == "function") return "AbortSignal";
      // Our own mark is not for callers.
      if (Object.hasOwn(value, "\0")) return "object";
      const tag = tagOf(value);
      return /^(Object|Array|String|Number|Boolean)$/.test(tag) ? undefined : tag;
    }
  }
};

function mark(this: any, key: string, value: unknown): unknown {
  // A date that is none says of itself that it is `null`.
  const name = foreign(value ?? this[key]);
  return name ? { "\0": name } : value;
}

export const encode = (value: unknown): Uint8Array => encoder.encode(JSON.stringify(value, mark));

/** A copy of what can be sent, with a mark in place of what cannot. */
export const copy = (value: object): any => JSON.parse(JSON.stringify(value, mark), (_, value) => (value && typeof value == "object" && "\0" in value ? Symbol.for("\0" + value["\0"]) : value));
