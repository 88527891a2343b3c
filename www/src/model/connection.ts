// How the page is connected to the providers, and the clients that come of it.
import { type Clients, classes, perProvider } from "../package.js";
import type { Modes } from "../types.js";
import { withProgress } from "./progress.js";

export interface Connection {
  readonly kind: "gateway" | "direct" | "sandbox";
  readonly modes: Modes;
  readonly clients: Clients;
}

/** Clients that hold no key: the gateway does. */
export function throughGateway(url: string, modes: Modes): Connection {
  const clients = perProvider((provider) => new classes[provider]({ gateway: { url: `${url}/${provider}` }, fetch: withProgress(fetch) })) as unknown as Clients;
  return { kind: "gateway", modes, clients };
}
