import type { ImageSourcesError as Declared } from "../types/index.js";
/** The classes are known by name, so that two copies of this package in one process recognise each other's errors. */
export declare const isImageSourcesError: (value: unknown) => value is ImageSourcesError;
/** What the records of the core bring along. */
export interface ImageSourcesError extends Omit<Declared, keyof Error> {
}
export declare class ImageSourcesError extends Error {
    constructor(message: string, record?: Record<string, unknown>);
    static [Symbol.hasInstance](value: unknown): boolean;
}
export declare const InvalidInputError: typeof ImageSourcesError, AuthenticationError: typeof ImageSourcesError, PermissionError: typeof ImageSourcesError, NotFoundError: typeof ImageSourcesError, ConflictError: typeof ImageSourcesError, DeclinedError: typeof ImageSourcesError, RateLimitError: typeof ImageSourcesError, ServerError: typeof ImageSourcesError, UnreadableResponseError: typeof ImageSourcesError, NetworkError: typeof ImageSourcesError, TimeoutError: typeof ImageSourcesError, InternalError: typeof ImageSourcesError;
/** The error that a record of the core describes; anything else is given back as it is. */
export declare const toError: (record: any) => unknown;
/** An error with one problem, made here and not by the core. */
export declare const failing: (type: typeof ImageSourcesError, kind: string, code: string, message: string, from?: object, field?: string, about?: string) => ImageSourcesError;
/** One thing that is wrong with the input. */
export declare const invalid: (field: string, code: string, about: string, from?: object, what?: string) => ImageSourcesError;
/** Runs what changes nothing, whether it fails now or later: listeners, and what is told to whom. */
export declare const quietly: (run: () => unknown) => void;
/** Input that could not even be looked at: a getter or a `toJSON` that throws, a circle. */
export declare const unreadable: (cause: unknown, from?: object) => unknown;
