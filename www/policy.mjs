// What the page may do, said once: by a tag in it, for any server of files, and by a header of the local server.
import { PROVIDERS } from "./providers.mjs";

/** Whom the page may ask: its own server, the providers, and gateways on this machine. */
const HOSTS = ["'self'", ...PROVIDERS.flatMap(({ baseUrl, imageBaseUrl }) => [baseUrl, imageBaseUrl].filter(Boolean).map((address) => new URL(address).origin)), "http://localhost:*", "http://127.0.0.1:*"];

/** Pictures may lie anywhere: sources have hosts of their own. */
const PICTURES = ["'self'", "data:", "blob:", "https:"];

const ORIGIN = /^https?:\/\/(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*(:(\d{1,5}|\*))?$/i;

/**
 * The policy for contents.
 *
 * @param {{ connect?: string[] }} [more] Further origins that may be asked: a gateway elsewhere, the store that large files go to.
 */
export function contentPolicy({ connect = [] } = {}) {
  for (const origin of connect) if (!ORIGIN.test(origin)) throw new Error(`\`${origin}\` is no origin; one looks like https://gateway.example`);
  return [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    `img-src ${PICTURES.join(" ")}`,
    `connect-src ${[...HOSTS, ...connect].join(" ")}`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types lit-html",
  ].join("; ");
}

/** Origins from a text in which they are separated by spaces or commas, as in a variable of the environment. */
export const originsOf = (text = "") => text.split(/[\s,]+/).filter(Boolean);
