// Error classes: made from the records that the core gives.
import type { ImageSourcesError as Declared } from "../types/index.js";

const BRAND = Symbol.for("image-sources.error");

/** The classes are known by name, so that two copies of this package in one process recognise each other's errors. */
export const isImageSourcesError = (value: unknown): value is ImageSourcesError => {
  try {
    return !!(value as any)?.[BRAND];
  } catch {
    return false;
  }
};

/** What the records of the core bring along. */
export interface ImageSourcesError extends Omit<Declared, keyof Error> {}

export class ImageSourcesError extends Error {
  constructor(message: string, record: Record<string, unknown> = {}) {
    const { cause, name, message: _, ...rest } = record;
    super(message, "cause" in record ? { cause } : undefined);
    Object.assign(
      this,
      { kind: "internal", problems: [{ field: "", code: "internal", message, level: "error" }], attempts: 0, sent: false, outcome: "none" },
      rest,
    );
  }

  static [Symbol.hasInstance](value: unknown): boolean {
    // A class that a caller derives from ours is no class of ours.
    if (!Object.hasOwn(this, BRAND)) return Function.prototype[Symbol.hasInstance].call(this, value);
    const name = isImageSourcesError(value) && (value as any)[BRAND];
    return !!name && ((this as unknown) === ImageSourcesError || name === (this as any)[BRAND]);
  }
}

const brand = (type: any, name: string) => {
  Object.defineProperty(type, BRAND, { value: name });
  Object.defineProperty(type, "name", { value: name });
  Object.defineProperty(type.prototype, BRAND, { value: name });
  Object.defineProperty(type.prototype, "name", { value: name, configurable: true, writable: true });
  return type;
};
brand(ImageSourcesError, "ImageSourcesError");

const classes: Record<string, typeof ImageSourcesError> = {};
const define = (name: string): typeof ImageSourcesError => (classes[name] = brand(class extends ImageSourcesError {}, name));

export const [
  InvalidInputError, AuthenticationError, PermissionError, NotFoundError, ConflictError, DeclinedError, RateLimitError, ServerError,
  UnreadableResponseError, NetworkError, TimeoutError, InternalError,
] = "InvalidInput,Authentication,Permission,NotFound,Conflict,Declined,RateLimit,Server,UnreadableResponse,Network,Timeout,Internal"
  .split(",")
  .map((name) => define(name + "Error")) as Twelve<typeof ImageSourcesError>;

type Twelve<T> = [T, T, T, T, T, T, T, T, T, T, T, T];

/** The error that a record of the core describes; anything else is given back as it is. */
export const toError = (record: any): unknown =>
  record?.name in classes && !isImageSourcesError(record) ? new classes[record.name]!(record.message, record) : record;

/** An error with one problem, made here and not by the core. */
export const failing = (type: typeof ImageSourcesError, kind: string, code: string, message: string, from: object = {}, field = "", about = message) =>
  new type(message, { kind, problems: [{ field, code, message: about, level: "error" }], ...from });

/** One thing that is wrong with the input. */
export const invalid = (field: string, code: string, about: string, from: object = {}, what = "invalid input") =>
  failing(InvalidInputError, "invalid", code, field ? `${what}: \`${field}\` ${about}` : about, from, field, about);

/** Runs what changes nothing, whether it fails now or later: listeners, and what is told to whom. */
export const quietly = (run: () => unknown) => {
  try {
    Promise.resolve(run()).catch(() => {});
  } catch {
    // Told, and that is all.
  }
};

/** Input that could not even be looked at: a getter or a `toJSON` that throws, a circle. */
export const unreadable = (cause: unknown, from: object = {}): unknown => {
  let said = "unknown failure";
  try {
    said = String((cause as any)?.message ?? cause).replace(/\s+/g, " ").slice(0, 200);
  } catch {
    // What was thrown has no text.
  }
  const message = "the input cannot be read: " + said;
  return invalid("", "type", message, { cause, ...from });
};
