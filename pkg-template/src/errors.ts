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
  constructor(message: string, record: object = {}, code = "internal", field = "", about = message) {
    // Of a record it takes the cause, if there is one.
    super(message, record);
    const { cause, name, message: _, ...rest } = record as any;
    Object.assign(this, { kind: code, problems: [{ field, code, message: about, level: "error" }], attempts: 0, sent: false, outcome: "none" }, rest);
  }

  static [Symbol.hasInstance](value: unknown): boolean {
    // A class that a caller derives from ours is no class of ours.
    if (!Object.hasOwn(this, BRAND)) return super[Symbol.hasInstance](value);
    return isImageSourcesError(value) && ((this as unknown) === ImageSourcesError || (value as any)[BRAND] === (this as any)[BRAND]);
  }
}

const brand = (type: any, value: string) => {
  for (const place of [type, type.prototype]) Object.defineProperties(place, { [BRAND]: { value }, name: { value, configurable: true, writable: true } });
  return type;
};
brand(ImageSourcesError, "ImageSourcesError");

const classes: Record<string, typeof ImageSourcesError> = {};

export const [
  InvalidInputError, AuthenticationError, PermissionError, NotFoundError, ConflictError, DeclinedError, RateLimitError, ServerError,
  UnreadableResponseError, NetworkError, TimeoutError, InternalError,
] = "InvalidInput,Authentication,Permission,NotFound,Conflict,Declined,RateLimit,Server,UnreadableResponse,Network,Timeout,Internal"
  .split(",")
  .map((name) => (classes[(name += "Error")] = brand(class extends ImageSourcesError {}, name))) as Twelve<typeof ImageSourcesError>;

type Twelve<T> = [T, T, T, T, T, T, T, T, T, T, T, T];

/** The error that a record of the core describes. */
export const toError = (record: any) => new classes[record.name]!(record.message, record);

/** One thing that is wrong with the input. */
export const invalid = (field: string, code: string, about: string, from?: object) =>
  new InvalidInputError("invalid input: " + (field && `\`${field}\` `) + about, { kind: "invalid", ...from }, code, field, about);

/** Runs what changes nothing, whether it fails now or later: listeners, and what is told to whom. */
export const quietly = (run: () => unknown) => {
  try {
    Promise.resolve(run()).catch(() => {});
  } catch {
    // Told, and that is all.
  }
};

/** What somebody threw, in words. */
export const describe = (thrown: any): string => {
  try {
    const [own, inner] = [thrown.message ?? thrown, thrown.cause?.message].map((text) => typeof text == "string" && text);
    if (own) return own + (inner ? ` (${inner})` : "");
  } catch {
    // What was thrown has no words.
  }
  return "unknown failure";
};

/** Input that could not even be looked at: a getter or a `toJSON` that throws, a circle. */
export const unreadable = (cause: unknown, from?: object, field = ""): unknown =>
  invalid(field, "type", "cannot be read: " + describe(cause).replace(/\s+/g, " ").slice(0, 200), { cause, ...from });

/** What somebody's object gives; one that cannot be looked at is refused. */
export const looked = <T>(look: () => T, from?: object): T => {
  try {
    return look();
  } catch (cause) {
    throw isImageSourcesError(cause) ? cause : unreadable(cause, from);
  }
};
