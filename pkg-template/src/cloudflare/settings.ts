// What a gateway is told, checked once. A gateway that nobody has to sign in to is refused: it would lend its keys to everybody.
import { isProvider, operationsOf, providerNames, providerOf } from "./tables.js";
import type { GatewayOptions, Identity, Role, Upstream } from "../../types/cloudflare.js";
import type { ObjectNamespace } from "./platform.js";

export type { GatewayOptions, Identity, Role, Upstream };

/** A name missing here does not compile. */
const namesOf = <Name extends string>(names: Record<Name, true>) => Object.keys(names) as Name[];

/** What somebody may do beyond reading with secrets masked. Writing and deleting need the gateway's switches besides. */
export const ROLES = namesOf<Role>({ write: true, delete: true, reveal: true, audit: true });

/** What everybody who is let in may do, unless more or less is said. Secrets are shown to nobody. */
export const USUAL_ROLES: readonly Role[] = ["write", "delete", "audit"];

export type Place = { apiKey: string; live: boolean; api: string; images?: string };

export interface Settings extends Required<Pick<GatewayOptions, "jsonBytes" | "uploadBytes" | "bodyMs" | "timeoutMs" | "uploadMs" | "waitMs" | "write" | "delete">> {
  base: string;
  places: Record<string, Place | undefined>;
  access?: { team: string; audience: string | string[] };
  tokens: { name: string; secret: string; roles: readonly Role[] }[];
  roles: (who: Identity) => readonly Role[] | Promise<readonly Role[]>;
  origins: Set<string>;
  limits: Record<string, { requests: number; perMs: number } | null>;
  rateLimits: ObjectNamespace | undefined;
  audit: ObjectNamespace | undefined;
  jobs: ObjectNamespace | undefined;
  callers: GatewayOptions["callers"];
  fetch: typeof fetch;
}

/** What is wrong with the options; the message is for who runs the gateway, and never goes to who asks it. */
export class SettingsError extends Error {
  override name = "SettingsError";

  constructor(readonly problems: string[]) {
    super(`the gateway does not start: ${problems.join("; ")}`);
  }
}

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** An address that nothing but what follows it is appended to. */
const address = (given: unknown): URL | undefined => {
  try {
    const url = new URL(given as string);
    const plain = url.search == "" && url.hash == "" && url.username == "" && url.password == "";
    return plain && (url.protocol == "https:" || (url.protocol == "http:" && LOOPBACK.test(url.hostname))) ? url : undefined;
  } catch {
    return undefined;
  }
};

const visible = (text: unknown): text is string => typeof text == "string" && /^[!-~]+$/.test(text);

const isNamespace = (value: any) => typeof value?.idFromName == "function" && typeof value.get == "function";

const KNOWN = namesOf<keyof GatewayOptions>({
  providers: true, access: true, tokens: true, roles: true, write: true, delete: true, base: true, origins: true, limits: true, rateLimits: true, audit: true, jobs: true, callers: true, jsonBytes: true,
  uploadBytes: true, bodyMs: true, timeoutMs: true, uploadMs: true, waitMs: true, fetch: true,
});

/** Checks options; throws everything that is wrong with them. */
export function check(options: GatewayOptions): Settings {
  const problems: string[] = [];
  const given: any = options && typeof options == "object" ? options : {};
  for (const name of Object.keys(given)) if (!(KNOWN as string[]).includes(name)) problems.push(`\`${name}\` is not known`);

  const places = placesOf(given.providers, problems);
  const { access, tokens } = signIn(given, problems);
  for (const name of ["write", "delete"]) if (given[name] !== undefined && typeof given[name] != "boolean") problems.push(`\`${name}\` must be true or false`);
  for (const name of ["jsonBytes", "uploadBytes", "bodyMs", "timeoutMs", "uploadMs", "waitMs"])
    if (given[name] !== undefined && !(Number.isFinite(given[name]) && given[name] > 0)) problems.push(`\`${name}\` must be a number above 0`);
  for (const name of ["rateLimits", "audit", "jobs"]) if (given[name] != null && !isNamespace(given[name])) problems.push(`\`${name}\` must be a binding of Durable Objects`);
  if (given.callers != null && typeof given.callers.limit != "function") problems.push("`callers` must be a binding for rate limiting");
  for (const name of ["roles", "fetch"]) if (given[name] !== undefined && typeof given[name] != "function") problems.push(`\`${name}\` must be a function`);
  const base = given.base ?? "/api";
  if (typeof base != "string" || !/^(\/[\w.-]+)*$/.test(base) || /\/\.+(\/|$)/.test(base)) problems.push("`base` must be a path such as `/api`, without a slash at its end");
  const origins = new Set<string>();
  for (const origin of Array.isArray(given.origins ?? []) ? (given.origins ?? []) : [undefined]) {
    const url = address(origin);
    if (url && url.origin === origin) origins.add(origin);
    else problems.push("`origins` must be a list of origins such as `https://admin.example.com`");
  }
  const limits = limitsOf(given.limits, problems);
  if (problems.length) throw new SettingsError(problems);
  return {
    places,
    access,
    tokens,
    limits,
    origins,
    base,
    roles: given.roles ?? (() => USUAL_ROLES),
    write: given.write === true,
    delete: given.delete === true,
    rateLimits: given.rateLimits ?? undefined,
    audit: given.audit ?? undefined,
    jobs: given.jobs ?? undefined,
    callers: given.callers ?? undefined,
    jsonBytes: given.jsonBytes ?? 64 * 1024,
    uploadBytes: given.uploadBytes ?? 32 * 1024 * 1024,
    bodyMs: given.bodyMs ?? 30_000,
    timeoutMs: given.timeoutMs ?? 30_000,
    uploadMs: given.uploadMs ?? 600_000,
    waitMs: given.waitMs ?? 20_000,
    fetch: given.fetch ?? ((...of: Parameters<typeof fetch>) => fetch(...of)),
  };
}

function placesOf(given: any, problems: string[]): Settings["places"] {
  const places: Settings["places"] = {};
  const providers = given && typeof given == "object" ? given : {};
  for (const [name, upstream] of Object.entries<any>(providers)) {
    if (!isProvider(name)) {
      problems.push(`\`providers.${name}\` is no provider; there are ${providerNames().join(" and ")}`);
      continue;
    }
    if (upstream?.apiKey == null || upstream.apiKey === "") continue;
    if (!visible(upstream.apiKey)) problems.push(`\`providers.${name}.apiKey\` must be visible ASCII`);
    const usual = providerOf(name);
    const imageBaseUrl = upstream.imageBaseUrl || usual.imageBaseUrl;
    const [api, images] = [address(upstream.baseUrl || usual.baseUrl), imageBaseUrl ? address(imageBaseUrl) : undefined];
    if (!api) problems.push(`\`providers.${name}.baseUrl\` must be an https address (http on this machine) without query`);
    if (imageBaseUrl && !images) problems.push(`\`providers.${name}.imageBaseUrl\` must be an https address (http on this machine) without query`);
    const trimmed = (url: URL | undefined) => url?.href.replace(/\/+$/, "");
    const { hostname } = new URL(usual.baseUrl);
    places[name] = { apiKey: upstream.apiKey, live: api?.hostname == hostname, api: trimmed(api) ?? "", ...(images && { images: trimmed(images)! }) };
  }
  if (!Object.keys(places).length && !problems.length) problems.push("no provider has a key: set `providers.imgix.apiKey` or `providers.imageboss.apiKey`");
  return places;
}

function signIn(given: any, problems: string[]): Pick<Settings, "access" | "tokens"> {
  const tokens: Settings["tokens"] = [];
  const list = Array.isArray(given.tokens) ? given.tokens : given.tokens == null ? [] : [undefined];
  for (const token of list) {
    const { name, secret, roles } = Object(token);
    if (typeof name != "string" || !name) problems.push("each of `tokens` needs a `name`");
    // Shorter ones can be guessed.
    if (!visible(secret) || secret.length < 24) problems.push("each of `tokens` needs a `secret` of at least 24 visible characters, such as `openssl rand -hex 32` gives");
    if (roles !== undefined && !(Array.isArray(roles) && roles.every((role) => ROLES.includes(role)))) problems.push(`\`roles\` of a token can hold ${ROLES.join(", ")}`);
    tokens.push({ name, secret, roles: roles ?? USUAL_ROLES });
  }
  if (new Set(tokens.map(({ secret }) => secret)).size < tokens.length) problems.push("two of `tokens` have the same secret");
  let access: Settings["access"];
  if (given.access != null && (given.access.team || given.access.audience)) {
    const { team, audience } = given.access;
    const url = address(team);
    if (!url || url.pathname != "/") problems.push("`access.team` must be an address such as `https://example.cloudflareaccess.com`");
    const audiences = Array.isArray(audience) ? audience : [audience];
    if (!audiences.length || !audiences.every((one) => typeof one == "string" && one)) problems.push("`access.audience` must be the application's audience tag");
    access = { team: url?.origin ?? "", audience };
  }
  if (!access && !tokens.length) problems.push("nobody has to sign in: set `access` for people, or `tokens` for programs");
  return { ...(access && { access }), tokens };
}

function limitsOf(given: any, problems: string[]): Settings["limits"] {
  const classes = new Set(providerNames().flatMap((name) => operationsOf(name).map(({ rateClass }) => rateClass as string)));
  const limits: Settings["limits"] = {};
  for (const [name, limit] of Object.entries<any>(Object(given))) {
    const { requests, perMs } = Object(limit);
    if (!classes.has(name)) problems.push(`\`limits.${name}\` is no rate class`);
    else if (limit !== null && !(Number.isInteger(requests) && requests >= 1 && requests <= 10_000 && perMs > 0 && perMs <= 86_400_000))
      problems.push(`\`limits.${name}\` must be \`{ requests, perMs }\`: 1 to 10000 in up to 86400000 milliseconds, or null`);
    else limits[name] = limit;
  }
  return limits;
}
