// Plays the part of Cloudflare Access on this machine: whoever can reach this address is the person who started it, and is
// let in by a token that the Worker checks like any other.
const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])$/;
const MINUTES = 5;

const encode = (bytes) => btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
const part = (value) => encode(new TextEncoder().encode(JSON.stringify(value)));

async function token({ PRIVATE_KEY, TEAM, AUDIENCE, NAME }) {
  const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("jwk", PRIVATE_KEY, algorithm, false, ["sign"]);
  const now = Math.floor(Date.now() / 1000);
  const signed = `${part({ alg: "RS256", kid: "local", typ: "JWT" })}.${part({ iss: TEAM, aud: [AUDIENCE], sub: NAME, email: NAME, iat: now, exp: now + 60 * MINUTES })}`;
  return `${signed}.${encode(new Uint8Array(await crypto.subtle.sign(algorithm, key, new TextEncoder().encode(signed))))}`;
}

const FAULTS = "/api/sandbox/faults";

/** On to the sandbox, which knows where its pages are. */
async function sandbox(request, { SANDBOX, OWN }) {
  const { pathname, search } = new URL(request.url);
  const from = request.headers.get("origin");
  const site = request.headers.get("sec-fetch-site");
  if ((from !== null && from !== OWN) || (site !== null && site !== "same-origin" && site !== "none")) return new Response("only pages of this server may ask", { status: 403 });
  const headers = new Headers(request.headers);
  if (from !== null) headers.set("origin", SANDBOX);
  try {
    return await fetch(SANDBOX + pathname + search, { method: request.method, headers, body: request.body, redirect: "manual" });
  } catch {
    // A connection that breaks is one of the sandbox's faults; a Worker cannot break its own.
    return new Response("the sandbox broke the connection", { status: 502 });
  }
}

export default {
  async fetch(request, env) {
    const { origin, hostname, pathname, search } = new URL(request.url);
    // Another name for this address would mean that a page of some other site has been pointed here (DNS rebinding). Miniflare takes
    // the address from a header that any page may set, so the host that the browser asked is looked at as well.
    if (!LOOPBACK.test(hostname) || `http://${request.headers.get("host")}` !== origin) return new Response("this host is not served here", { status: 421 });
    // One origin for all: what the sandbox hands out leads to it.
    if (origin !== env.OWN) return Response.redirect(env.OWN + pathname + search, 307);
    if (pathname === "/cdn-cgi/access/certs") return Response.json({ keys: [env.PUBLIC_KEY] });
    // What the sandbox has beside the APIs, and the APIs themselves for clients that bring a key.
    if (pathname === FAULTS || env.SANDBOX_PLACES.some((place) => pathname.startsWith(place))) return sandbox(request, env);
    const headers = new Headers(request.headers);
    headers.delete("authorization");
    headers.set("cf-access-jwt-assertion", await token(env));
    return env.WORKER.fetch(new Request(request, { headers, redirect: "manual" }));
  },
};
