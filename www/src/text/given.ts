// Values of answers, which may hold something else than is declared.

/** A text, whatever is there in its place. */
export const textOf = (value: unknown): string => (typeof value === "string" ? value : value == null ? "" : (JSON.stringify(value) ?? ""));

/** Milliseconds of unix seconds that are a moment. */
export const momentOf = (seconds: unknown): number | undefined => (typeof seconds === "number" && Math.abs(seconds) < 8e12 ? seconds * 1000 : undefined);
