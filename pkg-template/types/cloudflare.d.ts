// For Workers: `import { gateway, RateLimits, Jobs, Audit, durableLimiter } from "image-sources/cloudflare"`.
import type { LimitedCall, Limiter, OperationInfo, Provider, RateClass } from "./index.js";

/**
 * Makes a gateway: it holds the keys of the accounts and does for those who are signed in what the clients of this package do,
 * and nothing else. Clients reach it with `{ gateway: { url, token? } }`, where `url` is `https://HOST/api/imgix` or `.../api/imageboss`.
 *
 * Options that are wrong throw; if they are made from the environment, every request is answered with 503 until they are right,
 * and the Worker's log says what is missing. Without a way to sign in there is no gateway.
 */
export function gateway<Env = any>(options: GatewayOptions | ((env: Env) => GatewayOptions)): Gateway<Env>;

/** What a Worker exports as `default`, or asks for what lies below `base`. */
export interface Gateway<Env = any> {
  fetch(request: Request, env?: Env, ctx?: { waitUntil(promise: Promise<unknown>): void }): Promise<Response>;
}

export interface GatewayOptions {
  /** The account at each provider. One without a key is off. */
  providers: Partial<Record<Provider, Upstream | undefined>>;
  /** Sign-in of people by Cloudflare Access: `team` is `https://NAME.cloudflareaccess.com`, `audience` the application's tag. */
  access?: { team: string; audience: string | string[] };
  /** Sign-in of programs by a bearer token. Secrets have at least 24 characters. Roles: `write`, `delete` and `audit` unless said otherwise. */
  tokens?: { name: string; secret: string; roles?: Role[] }[];
  /** What somebody who comes through Access may do; `write`, `delete` and `audit` for all unless said otherwise. */
  roles?: (who: Identity) => Role[] | Promise<Role[]>;
  /** May anything be changed? Default: no. */
  write?: boolean;
  /** May sources be deleted, if anything may be changed? Default: no. */
  delete?: boolean;
  /** Path below which the gateway lies; default `/api`. */
  base?: string;
  /** Origins of pages that may ask besides those of the gateway's own host. */
  origins?: string[];
  /** The account's limits, where they differ from the usual ones; `null`: none. */
  limits?: Partial<Record<RateClass, { requests: number; perMs: number } | null>>;
  /** The binding of {@link RateLimits}. Without it each isolate counts for itself. */
  rateLimits?: ObjectBinding;
  /** The binding of {@link Audit}. Without it nothing is recorded. */
  audit?: ObjectBinding;
  /** The binding of {@link Jobs}. Without it there are no jobs. */
  jobs?: ObjectBinding;
  /** A binding for [rate limiting](https://developers.cloudflare.com/workers/runtime-apis/bindings/rate-limit/): how often a network and somebody who is signed in may ask. Whoever asks more often gets 429. */
  callers?: { limit(of: { key: string }): Promise<{ success: boolean }> };
  /** The largest body of JSON; default 65,536 bytes. */
  jsonBytes?: number;
  /** The largest file; default 32 MiB. */
  uploadBytes?: number;
  /** How long a body of JSON may take to come; default 30,000. */
  bodyMs?: number;
  /** How long a provider may take to answer; default 30,000. */
  timeoutMs?: number;
  /** The same for a file; default 600,000. */
  uploadMs?: number;
  /** How long a request waits for a slot before it is answered with 429 and `Retry-After`; default 20,000. */
  waitMs?: number;
  /** How the providers are reached; default the platform's `fetch`. */
  fetch?: typeof fetch;
}

export interface Upstream {
  apiKey?: string;
  /** A sandbox or a test server in place of the provider. */
  baseUrl?: string;
  imageBaseUrl?: string;
}

/** `reveal` is for seeing secrets, with the header `x-reveal-secrets`. */
export type Role = "write" | "delete" | "reveal" | "audit";

/** Who has signed in. */
export interface Identity {
  kind: "access" | "token";
  name: string;
  /** What the token of Access says. */
  claims?: Record<string, unknown>;
}

/** The binding of a class of Durable Objects. */
export interface ObjectBinding {
  idFromName(name: string): any;
  get(id: any): any;
}

/**
 * The limits of an account for all isolates. Asks the Durable Object that belongs to `key`; while it cannot be reached, reads go on
 * at an eighth of the limit, and writes fail before they are sent.
 */
export function durableLimiter(namespace: ObjectBinding, key: string): DurableLimiter;

export interface DurableLimiter extends Limiter {
  reserve(account: string, rateClass: string, limit: { requests: number; perMs: number }, call?: Partial<LimitedCall>): Promise<number>;
  release(account: string, rateClass: string, call?: Partial<LimitedCall>): Promise<void>;
  close(account: string, rateClass: string, ms: number): Promise<void>;
}

/** Durable Object: hands out the slots of one account. Needs SQLite storage (`new_sqlite_classes`). */
export class RateLimits {
  constructor(ctx: any, env: any);
}

/**
 * Durable Object: long jobs. Takes keys and places from the environment (`IMGIX_API_KEY`, `IMAGEBOSS_API_KEY`, and optionally
 * `IMGIX_BASE_URL`, `IMAGEBOSS_BASE_URL`, `IMAGEBOSS_IMAGE_BASE_URL`, `LIMITS`) and shares the bindings `RATE_LIMITS` and,
 * for what is done to sources, `AUDIT`. Needs SQLite storage.
 */
export class Jobs {
  constructor(ctx: any, env: any);
  /** May an operation be done as things stand? While it may not, its jobs rest, and are asked about again each minute. Default: yes. */
  protected allows(operation: OperationInfo): boolean;
}

/** A job as `GET /api/jobs/{id}` tells it, and `GET /api/jobs` in its list `jobs`. Times are epoch milliseconds. */
export interface Job {
  id: string;
  provider: Provider;
  operation: string;
  state: "planned" | "running" | "paused" | "done" | "cancelled";
  /** Who handed it over. */
  by: string;
  created: number;
  started: number | null;
  ended: number | null;
  /** How many items it has, and how many of them are in which state. */
  total: number;
  planned: number;
  sent: number;
  ok: number;
  failed: number;
  unknown: number;
  rateClass: RateClass;
  /** How long what is left takes at least. */
  etaMs: number;
}

/** One item of a job, as a line of `GET /api/jobs/{id}/export`. */
export interface JobItem {
  /** Its place in what was handed over, from 0. */
  seq: number;
  /** The arguments of the method. */
  args: unknown[];
  /** `sent` and `unknown`: it may have happened. */
  state: "planned" | "sent" | "ok" | "failed" | "unknown";
  at: number | null;
  requestId: string | null;
  error: string | null;
  /** What the method gave, secrets masked. */
  value?: unknown;
}

/** Durable Object: who wrote what, and what came of it. Needs SQLite storage. */
export class Audit {
  constructor(ctx: any, env: any);
}
