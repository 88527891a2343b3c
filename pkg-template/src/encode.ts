// Everything goes into the core as JSON bytes.

const encoder = new TextEncoder();

/** The name of what no JSON can hold; the core refuses it by this name. */
const foreign = (value: any): string | undefined => {
  switch (typeof value) {
    case "function":
    case "symbol":
    case "bigint":
      return typeof value;
    case "number":
      return Number.isFinite(value) ? undefined : String(value);
    case "object": {
      if (!value) return;
      if (typeof value.aborted == "boolean" && typeof value.addEventListener == "function") return "AbortSignal";
      const tag = Object.prototype.toString.call(value).slice(8, -1);
      return /^(Object|Array|String|Number|Boolean)$/.test(tag) ? undefined : tag;
    }
  }
};

const mark = (_: string, value: unknown): unknown => {
  const name = foreign(value);
  return name ? { "\0": name } : value;
};

export const encode = (value: unknown): Uint8Array => encoder.encode(JSON.stringify(value, mark));
