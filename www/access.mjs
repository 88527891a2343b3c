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

/** What the sandbox has beside the APIs, and the APIs themselves for clients that bring a key. */
const SANDBOX = /^\/(images|storage|reports|imgix\/api\/v1|imageboss\/v1)\/|^\/api\/sandbox\/faults$/;

/** On to the sandbox and back. What it hands out must lead back here. */
async function sandbox(request, base) {
  const { origin, pathname, search } = new URL(request.url);
  const from = request.headers.get("origin");
  const site = request.headers.get("sec-fetch-site");
  if ((from !== null && from !== origin) || (site !== null && site !== "same-origin" && site !== "none")) return new Response("only pages of this server may ask", { status: 403 });
  const headers = new Headers(request.headers);
  if (from !== null) headers.set("origin", base);
  const answer = await fetch(base + pathname + search, { method: request.method, headers, body: request.body, redirect: "manual" });
  if (!/json/.test(answer.headers.get("content-type") ?? "")) return answer;
  return new Response((await answer.text()).replaceAll(base, origin), { status: answer.status, headers: answer.headers });
}

export default {
  async fetch(request, env) {
    const { hostname, pathname } = new URL(request.url);
    // Another name for this address would mean that a page of some other site has been pointed here (DNS rebinding).
    if (!LOOPBACK.test(hostname)) return new Response("this host is not served here", { status: 421 });
    if (pathname === "/cdn-cgi/access/certs") return Response.json({ keys: [env.PUBLIC_KEY] });
    if (env.SANDBOX && SANDBOX.test(pathname)) return sandbox(request, env.SANDBOX);
    const headers = new Headers(request.headers);
    headers.delete("authorization");
    headers.set("cf-access-jwt-assertion", await token(env));
    return env.WORKER.fetch(new Request(request, { headers, redirect: "manual" }));
  },
};
