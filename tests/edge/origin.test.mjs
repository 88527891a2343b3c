import assert from "node:assert/strict";
import { generateKeyPairSync, sign } from "node:crypto";
import { after, before, describe, test } from "node:test";

import { JSON_API, optionsFor, reply, SECRET, start, upstream } from "./support.mjs";

const LISTED = "https://admin.example.com";
const AUDIENCE = "4714c1358e65fe4b408ad6d432a5f878f08194bdb4752441fd56faefa9b2b6f2";

const key = () => generateKeyPairSync("rsa", { modulusLength: 2048 });
const own = key();
const stranger = key();
const encode = (value) => Buffer.from(typeof value == "string" ? value : JSON.stringify(value)).toString("base64url");

/** A token as Cloudflare Access makes it; `change` makes it wrong. */
function tokenOf(team, { head = {}, claims = {}, by = own.privateKey, cut } = {}) {
  const now = Math.floor(Date.now() / 1000);
  const told = { iss: team, aud: [AUDIENCE], sub: "u1", email: "jane@example.com", iat: now, nbf: now, exp: now + 300, type: "app", ...claims };
  const signed = `${encode({ alg: "RS256", kid: "k1", typ: "JWT", ...head })}.${encode(Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined)))}`;
  const signature = by ? sign("sha256", Buffer.from(signed), by).toString("base64url") : "";
  return cut ? cut(`${signed}.${signature}`) : `${signed}.${signature}`;
}

let up;
let team;
let gate;
let keysAsked = 0;
before(async () => {
  const jwk = { ...own.publicKey.export({ format: "jwk" }), kid: "k1", alg: "RS256", use: "sig" };
  team = await upstream((_, response) => {
    keysAsked++;
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ keys: [jwk], public_cert: {}, public_certs: [] }));
  });
  up = await upstream();
  gate = await start(
    {
      people: optionsFor(up.origin, { write: true, origins: [LISTED], access: { team: team.origin, audience: AUDIENCE }, tokens: [{ name: "tests", secret: SECRET }] }),
      away: optionsFor(up.origin, { access: { team: "http://127.0.0.1:9", audience: AUDIENCE }, tokens: [] }),
    },
    { file: "options.worker.mjs" },
  );
});
after(async () => {
  await gate?.close();
  await up?.close();
  await team?.close();
});
const as = (token, headers = {}, { method = "GET", path = "/api/imgix/sources", body, which = "people" } = {}) =>
  gate.ask(method, path, { token: "", headers: { "x-case": which, ...(token && { "cf-access-jwt-assertion": token }), ...headers }, body });

describe("sign-in by Cloudflare Access", () => {
  test("whoever the team knows is let in, by name", async () => {
    const { json } = await as(tokenOf(team.origin), {}, { path: "/api/status" });
    assert.deepEqual(json.gateway.who, { kind: "access", name: "jane@example.com" });

    const service = await as(tokenOf(team.origin, { claims: { email: undefined, sub: "", common_name: "ci.access" } }), {}, { path: "/api/status" });
    assert.deepEqual(service.json.gateway.who, { kind: "access", name: "ci.access" });
  });

  test("tokens that are not right are refused, and nothing is forwarded", async () => {
    const now = Math.floor(Date.now() / 1000);
    const secret = own.publicKey.export({ type: "spki", format: "pem" });
    const { createHmac } = await import("node:crypto");
    const hmac = () => {
      const signed = `${encode({ alg: "HS256", kid: "k1" })}.${encode({ iss: team.origin, aud: [AUDIENCE], sub: "u1", exp: now + 300 })}`;
      return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
    };
    const wrong = {
      expired: tokenOf(team.origin, { claims: { exp: now - 10 } }),
      "not valid yet": tokenOf(team.origin, { claims: { nbf: now + 3_000 } }),
      "without an end": tokenOf(team.origin, { claims: { exp: undefined } }),
      "for another application": tokenOf(team.origin, { claims: { aud: ["other"] } }),
      "for no application": tokenOf(team.origin, { claims: { aud: undefined } }),
      "of another team": tokenOf("https://other.cloudflareaccess.com"),
      "signed by a stranger": tokenOf(team.origin, { by: stranger.privateKey }),
      "signed by an unknown key": tokenOf(team.origin, { head: { kid: "k2" } }),
      "not signed": tokenOf(team.origin, { head: { alg: "none" }, by: undefined }),
      "signed with the public key as a secret": hmac(),
      "of nobody": tokenOf(team.origin, { claims: { sub: undefined, email: undefined } }),
      "with claims changed": tokenOf(team.origin, { cut: (token) => token.split(".").map((part, at) => (at == 1 ? encode({ ...JSON.parse(Buffer.from(part, "base64url")), email: "root@example.com" }) : part)).join(".") }),
      "cut off": tokenOf(team.origin, { cut: (token) => token.slice(0, -20) }),
      "no token": "nonsense",
      "empty parts": "..",
    };
    const before = up.seen.length;
    for (const [what, token] of Object.entries(wrong)) {
      const { status, json } = await as(token);
      assert.deepEqual([status, json.code], [401, "unauthenticated"], what);
    }
    assert.equal((await as("", { cookie: `CF_Authorization=${tokenOf(team.origin)}` })).status, 401);
    assert.equal((await as(tokenOf(team.origin), { authorization: "Bearer wrong" })).status, 401);
    assert.equal(up.seen.length, before);
  });

  test("what a token says of its own key and of how to read it is not believed", async () => {
    const now = Math.floor(Date.now() / 1000);
    const jwk = { ...stranger.publicKey.export({ format: "jwk" }), kid: "k1", alg: "RS256", use: "sig" };
    const elsewhere = await upstream(reply(200, { keys: [jwk] }));
    const by = stranger.privateKey;
    const wrong = {
      "the key itself": { head: { jwk }, by },
      "another place for keys": { head: { jku: `${elsewhere.origin}/keys`, x5u: `${elsewhere.origin}/cert` }, by },
      "a chain of certificates": { head: { x5c: [Buffer.from("x").toString("base64")] }, by },
      "a path as the key's name": { head: { kid: "../../k1" }, by },
      "a question to a database as the key's name": { head: { kid: "k1' OR '1'='1" }, by },
      "a name that is no text": { head: { kid: ["k1"] } },
      "no name, by a stranger": { head: { kid: undefined }, by },
      "something that must be understood": { head: { crit: ["x"], x: 1 } },
      "that its claims are not encoded": { head: { b64: false, crit: ["b64"] } },
      "another algorithm of the family": { head: { alg: "RS512" } },
      "a kind of padding": { head: { alg: "PS256" } },
      "a curve": { head: { alg: "ES256" } },
      "none, in capitals": { head: { alg: "NONE" }, by: undefined },
      "no algorithm": { head: { alg: undefined } },
      "an end that is text": { claims: { exp: String(now + 300) } },
      "an end that is endless": { claims: { exp: 1e400 } },
      "a beginning that is text": { claims: { nbf: "now" } },
      "the team with a slash": { claims: { iss: `${team.origin}/` } },
      "several teams": { claims: { iss: [team.origin] } },
      "part of the application's name": { claims: { aud: AUDIENCE.slice(0, -1) } },
      "the application's name in another": { claims: { aud: `${AUDIENCE},other` } },
      "an application that is none": { claims: { aud: { 0: AUDIENCE, length: 1 } } },
      "nobody by any name": { claims: { email: { a: 1 }, sub: ["u1"], common_name: 5 } },
    };
    const before = up.seen.length;
    try {
      for (const [what, change] of Object.entries(wrong)) {
        const { status, json, text } = await as(tokenOf(team.origin, { by: own.privateKey, ...change }));
        assert.deepEqual([status, json.code], [401, "unauthenticated"], what);
        assert.doesNotMatch(text, /jose|kid|alg|signature/i, what);
      }
      for (const odd of [`${tokenOf(team.origin)}.a.b`, `${tokenOf(team.origin)}=`, `${tokenOf(team.origin)}, ${tokenOf(team.origin)}`, tokenOf(team.origin).replace(".", ".."), "a".repeat(12_000), `eyJhbGciOiJkaXIifQ.${"a".repeat(10)}.b.c.d`]) assert.equal((await as(odd)).status, 401, odd.slice(0, 40));
      assert.deepEqual([up.seen.length, elsewhere.seen.length], [before, 0]);
    } finally {
      await elsewhere.close();
    }
  });

  test("tokens of many unknown keys do not make the gateway ask for keys again and again", async () => {
    const once = await start(optionsFor(up.origin, { access: { team: team.origin, audience: AUDIENCE }, tokens: [] }));
    try {
      const ask = (token) => once.ask("GET", "/api/status", { token: "", headers: { "cf-access-jwt-assertion": token } });
      await ask(tokenOf(team.origin));
      const before = keysAsked;
      for (let at = 0; at < 30; at++) assert.equal((await ask(tokenOf(team.origin, { head: { kid: `k${at + 2}` }, by: stranger.privateKey }))).status, 401);

      assert.ok(keysAsked - before <= 1, String(keysAsked - before));
      assert.equal((await ask(tokenOf(team.origin))).status, 200);
    } finally {
      await once.close();
    }
  });

  test("keys that lead elsewhere, hang, break off or are none let nobody in", async () => {
    const other = await upstream(reply(200, { keys: [own.publicKey.export({ format: "jwk" })] }));
    const odd = await upstream();
    const away = await start({ odd: optionsFor(up.origin, { timeoutMs: 700, access: { team: odd.origin, audience: AUDIENCE }, tokens: [] }) }, { file: "options.worker.mjs" });
    const answers = {
      "a redirect": (_, response) => response.writeHead(302, { location: `${other.origin}/cdn-cgi/access/certs` }).end(),
      "nothing, for long": () => {},
      "half of it": (_, response) => response.writeHead(200, { "content-type": "application/json", "content-length": "100" }).write("{", () => response.destroy()),
      "a page": (_, response) => response.writeHead(200, { "content-type": "text/html" }).end("<h1>CANARY</h1>"),
      "an error": reply(500, { keys: [] }),
      "something else": reply(200, { keys: "CANARY" }),
    };
    const before = up.seen.length;
    try {
      for (const [what, answer] of Object.entries(answers)) {
        odd.set(answer);
        const { status, json, text } = await away.ask("GET", "/api/imgix/sources", { token: "", headers: { "x-case": "odd", "cf-access-jwt-assertion": tokenOf(odd.origin) } });
        assert.deepEqual([status, json.code], [503, "keys-unreachable"], what);
        assert.doesNotMatch(text, /CANARY|127\.0\.0\.1/);
      }
      odd.set(reply(200, { keys: [] }));
      assert.equal((await away.ask("GET", "/api/imgix/sources", { token: "", headers: { "x-case": "odd", "cf-access-jwt-assertion": tokenOf(odd.origin) } })).status, 401);
      assert.deepEqual([up.seen.length, other.seen.length], [before, 0]);
    } finally {
      await away.close();
      await odd.close();
      await other.close();
    }
  });

  test("keys that cannot be read let nobody in, and it is said that it is not the token", async () => {
    const { status, json, headers } = await as(tokenOf("http://127.0.0.1:9"), {}, { which: "away" });

    assert.deepEqual([status, json.code, headers["retry-after"]], [503, "keys-unreachable", "5"]);
  });
});

describe("origins", () => {
  const same = () => `http://127.0.0.1:${gate.port}`;
  const write = (headers, more = {}) => as(tokenOf(team.origin), { ...JSON_API, ...headers }, { method: "POST", body: "{}", ...more });

  test("pages of other origins may not even read", async () => {
    const before = up.seen.length;
    const origins = [
      "null", "https://evil.example", "http://admin.example.com", "https://admin.example.com.evil.example", "https://evil-admin.example.com", "https://admin.example.com:8443", "https://admin.example.com.", "https://admin.example.com/", "https://sub.admin.example.com",
      "https://example.com", "https://Admin.Example.com", "HTTPS://admin.example.com", "https://admin.example.com@evil.example", "https://admin.example.com%2eevil.example", "https://admin.example.com ", "https://аdmin.example.com", `https://127.0.0.1:${gate.port}`, "http://127.0.0.1",
      `http://127.0.0.1:${gate.port + 1}`, `http://localhost:${gate.port}`, `http://127.0.0.1.evil.example:${gate.port}`, "file://", "chrome-extension://abc", "data:", "about:blank", "blob:https://admin.example.com", "*", "https://admin.example.com, https://evil.example",
      `http://127.0.0.1:${gate.port}.evil.example`, `http://[::1]:${gate.port}`, `http://2130706433:${gate.port}`, `http://0:${gate.port}`, `http://user@127.0.0.1:${gate.port}`, "https://admin%2eexample.com", "https://xn--admin-example.com", "undefined", "ftp://admin.example.com", "https:admin.example.com", "//admin.example.com", "admin.example.com",
    ].filter((origin) => /^[\t -~]*$/.test(origin));
    assert.ok(origins.length > 35);
    for (const origin of origins) {
      // What surrounds a header's value is no part of it.
      if (origin.trim() !== origin) continue;
      for (const answer of [await as(tokenOf(team.origin), { origin }), await write({ origin }), await gate.ask("GET", "/api/imgix/sources", { headers: { "x-case": "people", origin } })]) {
        assert.deepEqual([answer.status, answer.json.code], [403, "origin-refused"], JSON.stringify(origin));
        assert.equal(answer.headers["access-control-allow-origin"], undefined);
      }
    }
    for (const site of ["cross-site", "same-site", "x"]) assert.equal((await as(tokenOf(team.origin), { "sec-fetch-site": site })).status, 403, site);
    assert.equal((await write({ origin: same(), "sec-fetch-site": "none" })).status, 403);
    assert.equal(up.seen.length, before);
  });

  test("the gateway's own pages may, and so may programs", async () => {
    up.set(reply(200, "{}"));
    for (const headers of [{ origin: same(), "sec-fetch-site": "same-origin" }, { origin: same() }, { "sec-fetch-site": "same-origin" }, { "sec-fetch-site": "none" }, {}]) assert.equal((await as(tokenOf(team.origin), headers)).status, 200);
    assert.equal((await write({ origin: same(), "sec-fetch-site": "same-origin" })).status, 200);
    const program = await gate.ask("POST", "/api/imgix/sources", { headers: { ...JSON_API, "x-case": "people" }, body: "{}" });
    assert.deepEqual([program.status, program.headers.vary, program.headers["access-control-allow-origin"]], [200, "Origin", undefined]);
  });

  test("a write that a form of any page could send is refused", async () => {
    const before = up.seen.length;
    // No origin: no browser that anybody should use sends this, and no program signs in by a cookie.
    assert.equal((await write({})).json.code, "origin-refused");
    const bare = { "content-type": "", accept: "" };
    const empty = { body: undefined, path: "/api/imgix/sources/1/assets/add/a.jpg" };
    assert.equal((await write({ origin: same(), ...bare }, empty)).json.code, "header-required");
    assert.equal((await write({ origin: same(), "content-type": "text/plain" }, empty)).json.code, "header-required");
    assert.equal((await write({ origin: LISTED, "sec-fetch-site": "cross-site", ...bare }, empty)).json.code, "header-required");
    assert.equal(up.seen.length, before);
    for (const proof of [{ "x-image-sources": "1" }, { "sec-fetch-site": "same-origin" }, { "content-type": "application/json" }]) assert.equal((await write({ origin: same(), ...bare, ...proof }, empty)).status, 200, JSON.stringify(proof));
  });

  test("a program that signs in to Access writes with the header that no page of another origin can send", async () => {
    up.set(reply(200, "{}"));
    const program = { email: undefined, sub: "", common_name: "ci.access" };
    const asProgram = (headers) => as(tokenOf(team.origin, { claims: program }), { ...JSON_API, ...headers }, { method: "POST", body: "{}" });
    assert.equal((await asProgram({})).json.code, "origin-refused");
    assert.equal((await asProgram({ "x-image-sources": "ci" })).status, 200);
    for (const headers of [{ "sec-fetch-site": "cross-site" }, { "sec-fetch-site": "none" }, { origin: "null" }, { origin: "https://evil.example" }]) assert.equal((await asProgram({ "x-image-sources": "ci", ...headers })).json.code, "origin-refused", JSON.stringify(headers));
  });

  test("pages of listed origins may ask, and are told so exactly", async () => {
    up.set(reply(200, "{}"));
    const answer = await as(tokenOf(team.origin), { origin: LISTED, "sec-fetch-site": "cross-site" });
    assert.deepEqual([answer.status, answer.headers["access-control-allow-origin"], answer.headers["access-control-allow-credentials"], answer.headers.vary, answer.headers["cross-origin-resource-policy"]], [200, LISTED, "true", "Origin", "cross-origin"]);
    assert.equal(answer.headers["access-control-expose-headers"], "date, retry-after, x-request-id");
    const refused = await as(tokenOf(team.origin), { origin: LISTED }, { path: "/api/nothing" });
    assert.deepEqual([refused.status, refused.headers["access-control-allow-origin"]], [404, LISTED]);

    const asked = { "x-case": "people", "access-control-request-method": "PATCH", "access-control-request-headers": "content-type" };
    const preflight = await gate.ask("OPTIONS", "/api/imgix/sources", { token: "", headers: { ...asked, origin: LISTED } });
    assert.deepEqual([preflight.status, preflight.headers["access-control-allow-origin"], preflight.headers["access-control-allow-methods"]], [204, LISTED, "GET, POST, PATCH, DELETE"]);
    for (const origin of ["https://evil.example", "null", undefined]) {
      const refused = await gate.ask("OPTIONS", "/api/imgix/sources", { token: "", headers: { ...asked, ...(origin && { origin }) } });
      assert.deepEqual([refused.status, refused.headers["access-control-allow-origin"], refused.headers["access-control-allow-methods"]], [403, undefined, undefined]);
    }
  });

  test("the team's keys are read once for many", async () => {
    const once = await start(optionsFor(up.origin, { access: { team: team.origin, audience: AUDIENCE }, tokens: [] }));
    try {
      const ask = () => once.ask("GET", "/api/status", { token: "", headers: { "cf-access-jwt-assertion": tokenOf(team.origin) } });
      await ask();
      const before = keysAsked;
      for (const { status } of await Promise.all(Array.from({ length: 20 }, ask))) assert.equal(status, 200);

      assert.equal(keysAsked, before);
    } finally {
      await once.close();
    }
  });
});
