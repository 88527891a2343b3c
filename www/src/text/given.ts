// Values of answers, which may hold something else than is declared.

/** A text, whatever is there in its place. */
export const textOf = (value: unknown): string => (typeof value === "string" ? value : value == null ? "" : (JSON.stringify(value) ?? ""));

/** Milliseconds of unix seconds that are a moment. */
export const momentOf = (seconds: unknown): number | undefined => (typeof seconds === "number" && Math.abs(seconds) < 8e12 ? seconds * 1000 : undefined);

/** What a table has under a name that others chose. */
export const known = <Value>(table: Readonly<Record<string, Value>>, name: unknown): Value | undefined => (typeof name === "string" && Object.hasOwn(table, name) ? table[name] : undefined);
