// How the page is connected to the providers, and the clients that come of it.
import type { Sandbox, SandboxFaults } from "image-sources/sandbox";
import { Gateway } from "../gateway/gateway.js";
import { type Clients, classes, perProvider } from "../package.js";
import type { Modes, ProviderName } from "../types.js";
import { noteCalls } from "./calls.js";
import { Lock } from "./lock.js";
import { RequestLog } from "./log.js";
import { withProgress } from "./progress.js";

export interface Connection {
  readonly kind: "gateway" | "direct" | "sandbox";
  /** To whom, in words. */
  readonly to: string;
  readonly modes: Modes;
  readonly clients: Clients;
  readonly log: RequestLog;
  readonly lock: Lock;
  /** What an account is known by to other tabs of this page, and to jobs after a reload; nothing for one that goes with the page. */
  readonly account?: string;
  /** The switches of the sandbox, if it is one that has them. */
  readonly faults?: FaultSwitch;
  /** What a gateway lets this person do, if it tells. */
  readonly may?: Record<string, boolean>;
  /** The gateway itself, if it is one that may have more than the providers. */
  readonly gateway?: Gateway;
  /** The network, or what stands in its place: for files that providers lead to. No key goes this way. */
  readonly send: typeof fetch;
  /** An address for `<img src>` that shows what an image's address would; rejects if there is nothing. One of a blob is to be revoked. */
  picture(provider: ProviderName, address: string, signal?: AbortSignal): Promise<string>;
}

export interface FaultSwitch {
  get(): Promise<SandboxFaults>;
  set(faults: SandboxFaults): Promise<void>;
}

/** The account's key, or a gateway, with everything else that a client takes. */
type Access = { apiKey: string } | { gateway: { url: string; token?: string; credentials?: "include" }; headers?: Record<string, string> };

interface Plan extends Pick<Connection, "kind" | "to" | "modes" | "account" | "faults" | "may" | "gateway"> {
  access(provider: ProviderName): Access | undefined;
  send?: typeof fetch;
  picture?: Connection["picture"];
}

const nowhere = async (): Promise<never> => {
  throw new Error("there is no key for this provider");
};

function open({ access, send = withProgress(), picture = async (_, address) => address, ...rest }: Plan): Connection {
  const log = new RequestLog();
  const lock = new Lock(rest.modes);
  const clients = perProvider((provider) => {
    const given = access(provider);
    const way = given ? lock.guarding(provider, send) : nowhere;
    // A provider without access is there all the same: its requests can be prepared, but never leave.
    const client = new classes[provider]({ ...(given ?? { apiKey: "none" }), fetch: log.watching(way), onEvent: log.note });
    noteCalls(provider, client, log);
    return client;
  }) as unknown as Clients;
  return { ...rest, send, picture, log, lock, clients };
}

/** By which a gateway knows that a page means what it sends. */
const OWN_HEADER = { "x-image-sources": "console" };

/** Clients that hold no key: a gateway does. Without a token, one elsewhere knows people by their cookies. */
export function throughGateway(url: string, modes: Modes, { token, may }: { token?: string; may?: Record<string, boolean> } = {}): Connection {
  const isOwn = new URL(url).origin === location.origin;
  const isSandbox = Object.values(modes).includes("sandbox");
  const way = isOwn || token ? {} : ({ credentials: "include" } as const);
  return open({
    kind: "gateway",
    to: isOwn ? "the server of this page" : new URL(url).host,
    modes,
    account: url,
    may,
    gateway: may && new Gateway(url, (path, init) => fetch(`${url}/${path}`, { ...init, ...way, headers: { ...(token ? { authorization: `Bearer ${token}` } : OWN_HEADER), ...init?.headers } })),
    access: (provider) => ({
      gateway: { url: `${url}/${provider}`, ...(token ? { token } : way) },
      headers: { ...(!isOwn && !token && OWN_HEADER), ...(may?.reveal && { "x-reveal-secrets": "1" }) },
    }),
    ...(isOwn && isSandbox && { faults: serverFaults(`${url}/sandbox/faults`), picture: async (provider, address) => (modes[provider] === "sandbox" ? address.replace(/^https:\/(?=\/)/, "/images") : address) }),
  });
}

/** Tells one account from another, and nobody what its keys are: FNV-1a, 32 bits of what has more than a hundred. */
function markOf(text: string): string {
  let mark = 0x811c9dc5;
  for (const sign of text) mark = Math.imul(mark ^ sign.charCodeAt(0), 0x01000193);
  return (mark >>> 0).toString(36);
}

/** Clients that hold keys, in the memory of this page and nowhere else. */
export const withKeys = (keys: Partial<Record<ProviderName, string>>): Connection =>
  open({
    kind: "direct",
    to: "the providers, with keys in this page",
    account: `keys ${markOf(JSON.stringify(keys))}`,
    modes: perProvider((provider) => (keys[provider] ? "live" : "off")),
    access: (provider) => (keys[provider] ? { apiKey: keys[provider] } : undefined),
  });

/** Both APIs inside of this page. Loaded only if somebody wants it. */
export async function withSandbox(): Promise<Connection> {
  const { createSandbox } = await import("image-sources/sandbox");
  const sandbox = createSandbox();
  let faults: SandboxFaults = {};
  return open({
    kind: "sandbox",
    to: "a sandbox inside of this page",
    modes: perProvider(() => "sandbox"),
    access: () => ({ apiKey: "sandbox" }),
    send: withProgress(sandbox.fetch),
    picture: (_, address, signal) => drawn(sandbox, address, signal),
    faults: {
      get: async () => faults,
      set: async (wanted) => {
        sandbox.faults(wanted);
        faults = wanted;
      },
    },
  });
}

async function drawn(sandbox: Sandbox, address: string, signal?: AbortSignal): Promise<string> {
  const answer = await sandbox.fetch(address.replace(/^https:\/(?=\/)/, "https://sandbox.invalid/images"), { signal });
  if (!answer.ok) throw new Error(`no picture: ${answer.status}`);
  return URL.createObjectURL(await answer.blob());
}

/** The switches of the sandbox behind the server of this page. */
const serverFaults = (url: string): FaultSwitch => ({
  get: async () => (await asked(url)).json() as Promise<SandboxFaults>,
  set: async (faults) => void (await asked(url, { method: "PUT", headers: { "content-type": "application/json" }, body: JSON.stringify(faults) })),
});

async function asked(url: string, init?: RequestInit): Promise<Response> {
  const answer = await fetch(url, init);
  if (answer.ok) return answer;
  const { error } = (await answer.json().catch(() => ({}))) as { error?: string };
  throw new Error(error ?? `the server answered ${answer.status}`);
}
