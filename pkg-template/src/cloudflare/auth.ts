// Who asks. Authentication comes before everything else, so that nobody learns anything without it.
import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from "jose";
import { Refusal } from "./refuse.js";
import type { Identity, Role, Settings } from "./settings.js";

export interface Caller extends Identity {
  roles: ReadonlySet<Role>;
}

const encoder = new TextEncoder();

const digest = async (text: string) => new Uint8Array(await crypto.subtle.digest("SHA-256", encoder.encode(text)));

/** Takes equally long wherever they differ. Digests are equally long whatever was given. */
export const equal = (one: Uint8Array, other: Uint8Array): boolean => {
  const platform = (crypto.subtle as any).timingSafeEqual;
  if (platform) return platform.call(crypto.subtle, one, other);
  let different = one.length ^ other.length;
  for (let at = 0; at < one.length; at++) different |= one[at]! ^ other[at]!;
  return different === 0;
};

const unauthenticated = () => new Refusal("unauthenticated", "sign in first");

export type Authenticate = (request: Request) => Promise<Caller>;

/** Makes the check for a gateway's settings. */
export function authentication({ access, tokens, roles, timeoutMs }: Settings): Authenticate {
  let digests: Promise<Uint8Array[]> | undefined;
  let keys: JWTVerifyGetKey | undefined;

  const byToken = async (given: string): Promise<Caller> => {
    const [asked, known] = await Promise.all([digest(given), (digests ??= Promise.all(tokens.map(({ secret }) => digest(secret))))]);
    // Each is compared, so that the time does not tell which of them fits.
    let found: (typeof tokens)[number] | undefined;
    known.forEach((one, at) => {
      if (equal(asked, one)) found = tokens[at];
    });
    if (!found) throw unauthenticated();
    return { kind: "token", name: found.name, roles: new Set(found.roles) };
  };

  const byAccess = async (given: string): Promise<Caller> => {
    const { team, audience } = access!;
    keys ??= createRemoteJWKSet(new URL("/cdn-cgi/access/certs", team), { timeoutDuration: Math.min(5_000, timeoutMs) });
    let payload: JWTPayload;
    try {
      ({ payload } = await jwtVerify(given, keys, { issuer: team, audience, algorithms: ["RS256", "ES256"], requiredClaims: ["exp", "sub"] }));
    } catch (failure) {
      throw keysFailed(failure) ? new Refusal("keys-unreachable", "the keys that prove who signs in cannot be read; try again", 5_000) : unauthenticated();
    }
    const { email, common_name, sub } = payload as Record<string, unknown>;
    const name = [email, common_name, sub].find((one) => typeof one == "string" && one);
    if (typeof name != "string") throw unauthenticated();
    const who: Identity = { kind: "access", name, claims: payload };
    return { ...who, roles: new Set(await roles(who)) };
  };

  return async ({ headers }) => {
    // What is given must be right: a wrong token is not made good by something else.
    const authorization = headers.get("authorization");
    if (authorization !== null && tokens.length) {
      const given = /^Bearer ([!-~]+)$/i.exec(authorization)?.[1];
      if (!given || given.length > 4096) throw unauthenticated();
      return byToken(given);
    }
    const assertion = headers.get("cf-access-jwt-assertion");
    if (assertion !== null && access) return byAccess(assertion);
    throw unauthenticated();
  };
}

/** Is it the keys that could not be had, and not the token that is wrong? */
const keysFailed = (failure: unknown) =>
  !(failure instanceof errors.JOSEError) || failure instanceof errors.JWKSTimeout || failure.code == "ERR_JOSE_GENERIC" || failure instanceof errors.JWKSInvalid;
