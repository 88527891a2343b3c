// Refusals: JSON with a code and words for people, in a form that clients of both providers understand, and with no hint of
// what is behind.

/** Why a request is not passed on, or what came of it. A closed list, so that programs can tell them apart. */
export type RefusalCode =
  | "not-configured" | "unauthenticated" | "keys-unreachable" | "origin-refused" | "header-required" | "not-found" | "path" | "bad-request"
  | "writing-not-allowed" | "deleting-not-allowed" | "role-missing" | "media-type" | "too-large" | "too-slow" | "masked-value"
  | "too-many-requests" | "rate-limited" | "limits-unreachable" | "audit-unreachable" | "provider-off" | "provider-unreachable" | "provider-too-slow"
  | "provider-redirect" | "provider-too-large" | "key-refused" | "conflict" | "internal";

const STATUS: Record<RefusalCode, number> = {
  "not-configured": 503,
  unauthenticated: 401,
  "keys-unreachable": 503,
  "origin-refused": 403,
  "header-required": 403,
  "not-found": 404,
  // Of the same status, as nobody is to find out what is behind: but whoever looks for a thing of that name learns that nobody looked.
  path: 404,
  "bad-request": 400,
  "writing-not-allowed": 403,
  "deleting-not-allowed": 403,
  "role-missing": 403,
  "media-type": 415,
  "too-large": 413,
  "too-slow": 408,
  "masked-value": 422,
  // The one status that tells every client that nothing has happened and that the same may be asked again later.
  "too-many-requests": 429,
  "rate-limited": 429,
  "limits-unreachable": 429,
  "audit-unreachable": 429,
  "provider-off": 404,
  "provider-unreachable": 502,
  "provider-too-slow": 504,
  "provider-redirect": 502,
  "provider-too-large": 502,
  "key-refused": 502,
  conflict: 409,
  internal: 500,
};

/** Thrown where it is found; answered in one place. */
export class Refusal extends Error {
  constructor(
    readonly code: RefusalCode,
    message: string,
    /** When it may be tried again. */
    readonly afterMs?: number,
    /** Where the code has another one: 429 is for what would have been sent. */
    readonly status = STATUS[code],
  ) {
    super(message);
  }
}

/** What comes within a time; if it does not, what is to be thrown. */
export async function inTime<T>(coming: Promise<T>, ms: number, late: () => unknown): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const end = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), ms);
  });
  try {
    return await Promise.race([coming, end]);
  } finally {
    clearTimeout(timer);
  }
}

/** What every answer of the gateway carries. */
export const ALWAYS: Record<string, string> = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

export const json = (value: unknown, status = 200, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(value), { status, headers: { "content-type": "application/json", ...headers } });

/** `code` and `message` for programs of any kind, `errors` for those that read the providers' own form. */
export function refusal({ code, message, afterMs, status }: Refusal): Response {
  const headers: Record<string, string> = {};
  if (status == 401) headers["www-authenticate"] = "Bearer";
  if (afterMs !== undefined) headers["retry-after"] = String(Math.max(1, Math.ceil(afterMs / 1000)));
  return json({ code, message, errors: [{ status: String(status), code, title: message, detail: message }] }, status, headers);
}
