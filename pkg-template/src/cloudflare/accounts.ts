// The package's own clients for what a Durable Object does by itself. Keys come from the object's environment, so that none is
// ever stored.
import { ImageBoss, Imgix } from "#client";
import { type DurableLimiter, durableLimiter } from "./limiter.js";
import type { Environment } from "./platform.js";
import { type OperationInfo, providerOf, ratesOf } from "./tables.js";

const CLIENTS: Record<string, new (options: object) => any> = { imgix: Imgix, imageboss: ImageBoss };

export interface Account {
  apiKey: string;
  baseUrl?: string;
  imageBaseUrl?: string;
  limits?: Limits;
  limiter?: DurableLimiter;
}

type Limits = Record<string, { requests: number; perMs: number } | null>;

/** Of limits for all providers, those of one. */
export const limitsOf = (all: unknown, provider: string): Limits =>
  Object.fromEntries(Object.entries(Object(all) as Limits).filter(([name]) => Object.hasOwn(ratesOf(provider), name)));

/** What the environment says of an account: `IMGIX_API_KEY`, `IMGIX_BASE_URL` and so on; nothing if there is no key. */
export function accountIn(env: Environment, provider: string): Account | undefined {
  const { variable } = providerOf(provider);
  const prefix = variable.replace(/_API_KEY$/, "");
  const apiKey = env[variable];
  if (typeof apiKey != "string" || !apiKey) return undefined;
  const limits = limitsOf(env.LIMITS, provider);
  return {
    apiKey,
    ...(env[`${prefix}_BASE_URL`] && { baseUrl: env[`${prefix}_BASE_URL`] }),
    ...(env[`${prefix}_IMAGE_BASE_URL`] && { imageBaseUrl: env[`${prefix}_IMAGE_BASE_URL`] }),
    limits,
    ...(env.RATE_LIMITS && { limiter: durableLimiter(env.RATE_LIMITS, apiKey) }),
  };
}

/** Where an operation of an account is. */
export function baseOf(provider: string, { host }: OperationInfo, { baseUrl, imageBaseUrl }: Account): string {
  const usual = providerOf(provider);
  return host == "images" ? (imageBaseUrl ?? usual.imageBaseUrl!) : (baseUrl ?? usual.baseUrl);
}

export const clientOf = (provider: string, account: Account, more: object): any => new CLIENTS[provider]!({ ...account, ...more });

/** The method of a client that does an operation. */
export const methodOf = (client: any, name: string): ((...given: any[]) => Promise<any>) | undefined => {
  const path = name.split(".");
  const last = path.pop()!;
  const group = path.reduce((group, part) => group?.[part], client);
  return typeof group?.[last] == "function" ? (...given) => group[last](...given) : undefined;
};
