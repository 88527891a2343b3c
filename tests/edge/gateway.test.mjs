import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { Log, LogLevel } from "miniflare";
import { COMPATIBILITY, JSON_API, KEYS, miniflare, modulesOf, optionsFor, reply, SECRET, start, upstream } from "./support.mjs";

/** It is refused as it should be, in JSON, and tells nothing of what is behind. */
function refused(answer, status, code, what = "") {
  assert.deepEqual([answer.status, answer.json.code], [status, code], `${what} ${answer.text}`);
  assert.match(answer.headers["content-type"], /^application\/json/);
  assert.equal(answer.headers["cache-control"], "no-store");
  assert.doesNotMatch(answer.text, /127\.0\.0\.1|CANARY|imgix\.com|imageboss\.me|stack|Error/);
}

describe("options", () => {
  const cases = {
    "no way to sign in": { tokens: [] },
    "no way to sign in at all": { tokens: null },
    "a token without a secret": { tokens: [{ name: "a" }] },
    "a secret that can be guessed": { tokens: [{ name: "a", secret: "hunter2" }] },
    "a secret with a line break": { tokens: [{ name: "a", secret: "0123456789012345678901234\n" }] },
    "a token without a name": { tokens: [{ secret: SECRET }] },
    "two tokens of one secret": { tokens: [{ name: "a", secret: SECRET }, { name: "b", secret: SECRET }] },
    "a role that is none": { tokens: [{ name: "a", secret: SECRET, roles: ["root"] }] },
    "an access team by http": { access: { team: "http://team.example", audience: "x" } },
    "an access team with a path": { access: { team: "https://team.example/x", audience: "x" } },
    "an access team without audience": { access: { team: "https://team.example" } },
    "no providers": { providers: {} },
    "providers without keys": { providers: { imgix: { apiKey: "" } } },
    "an unknown provider": { providers: { cloudinary: { apiKey: "k" } } },
    "a base address by http": { providers: { imgix: { apiKey: "k", baseUrl: "http://api.example" } } },
    "a base address with a query": { providers: { imgix: { apiKey: "k", baseUrl: "https://api.example/?x=" } } },
    "a base address with a name in it": { providers: { imgix: { apiKey: "k", baseUrl: "https://u@api.example/" } } },
    "a key with a line break": { providers: { imgix: { apiKey: "a\r\nx: y" } } },
    "a switch that is a word": { write: "no" },
    "origins that are none": { origins: ["*"] },
    "an origin with a path": { origins: ["https://a.example/"] },
    "null as origin": { origins: ["null"] },
    "a limit that is none": { limits: { default: { requests: 0, perMs: 1000 } } },
    "a limit of nothing": { limits: { nothing: null } },
    "a size that is none": { jsonBytes: -1 },
    "an unknown option": { readonly: false },
    "a base that leads elsewhere": { base: "/api/.." },
  };
  test("a gateway with wrong options refuses everything and forwards nothing", async () => {
    const up = await upstream();
    const all = Object.fromEntries(Object.entries(cases).map(([what, more]) => [what, optionsFor(up.origin, more)]));
    const gate = await start({ ...all, right: optionsFor(up.origin) }, { file: "options.worker.mjs" });
    try {
      for (const what of [...Object.keys(cases), "nothing at all"])
        for (const path of ["/api/status", "/api/imgix/sources"]) refused(await gate.ask("GET", path, { headers: { "x-case": what } }), 503, "not-configured", what);
      assert.equal(up.seen.length, 0);
      assert.equal((await gate.ask("GET", "/api/imgix/sources", { headers: { "x-case": "right" } })).status, 200);
    } finally {
      await gate.close();
      await up.close();
    }
  });

  test("options that do not come from the environment are refused before anything is served", async () => {
    const contents = `import { gateway } from "image-sources/cloudflare"; export default gateway({ providers: { imgix: { apiKey: "k" } } });`;
    const modules = modulesOf();
    modules[0].contents = contents.replace("image-sources/cloudflare", "./cloudflare.js");
    const flare = miniflare({ compatibilityDate: COMPATIBILITY, modulesRoot: modules[0].path.replace(/own\.js$/, ""), modules, log: new Log(LogLevel.NONE), handleRuntimeStdio: (out, err) => (out.resume(), err.resume()) });

    await assert.rejects(flare.ready);
    await flare.dispose().catch(() => {});
  });
});

describe("a gateway that reads", () => {
  let up;
  let gate;
  before(async () => {
    up = await upstream();
    // Limits are tested elsewhere: here a refusal must not hold up what is asked next.
    gate = await start(optionsFor(up.origin, { bodyMs: 400, timeoutMs: 1_000, limits: { default: null, "assets.get": null, imageboss: null } }));
  });
  after(async () => {
    await gate?.close();
    await up?.close();
  });
  const count = () => up.seen.length;

  test("nobody is let in without the secret, and nothing is forwarded", async () => {
    const before = count();
    const wrong = ["", "x", SECRET.slice(0, -1), `${SECRET}x`, SECRET.toUpperCase(), `${SECRET},${SECRET}`, "x".repeat(5000), "ÿÿÿÿ"];
    for (const given of wrong) refused(await gate.ask("GET", "/api/imgix/sources", { token: "", headers: { authorization: `Bearer ${given}` } }), 401, "unauthenticated", given);
    for (const headers of [{}, { authorization: SECRET }, { authorization: `Basic ${btoa(`a:${SECRET}`)}` }, { "x-api-key": SECRET }, { cookie: `authorization=${SECRET}` }, { "cf-access-jwt-assertion": SECRET }])
      refused(await gate.ask("GET", "/api/imgix/sources", { token: "", headers }), 401, "unauthenticated");
    // Not even whether there is something.
    for (const path of ["/", "/api", "/api/nothing", "/api/imgix/sources/../x"]) refused(await gate.ask("GET", path, { token: "" }), 401, "unauthenticated");
    assert.equal(count(), before);
  });

  test("writes are refused, whoever asks", async () => {
    const before = count();
    for (const [method, path] of [["POST", "/api/imgix/sources"], ["PATCH", "/api/imgix/sources/1"], ["POST", "/api/imgix/purge"], ["DELETE", "/api/imageboss/sources/1"], ["DELETE", "/api/imageboss/images/a/b.jpg"]])
      refused(await gate.ask(method, path, { headers: JSON_API, body: "{}" }), 403, "writing-not-allowed");
    assert.equal(count(), before);
  });

  test("the status tells what is there and what may be done", async () => {
    const { json, status } = await gate.ask("GET", "/api/status");

    assert.equal(status, 200);
    assert.deepEqual(json, {
      imgix: { mode: "sandbox" },
      imageboss: { mode: "sandbox" },
      gateway: { who: { kind: "token", name: "tests" }, may: { write: false, delete: false, reveal: false, audit: true } },
    });
  });

  test("few headers go on, and the key is the gateway's", async () => {
    const smuggled = {
      cookie: "session=1", "x-forwarded-for": "1.2.3.4", "x-forwarded-host": "evil.example", forwarded: "host=evil.example", "x-real-ip": "1.2.3.4", "cf-connecting-ip": "1.2.3.4", "x-original-url": "/purge",
      "x-rewrite-url": "/purge", "x-http-method-override": "DELETE", "x-method-override": "DELETE", "imageboss-api-key": "other", "proxy-authorization": "x", "x-api-key": "x", via: "x", "user-agent": "CANARY agent",
      referer: "https://a.example", range: "bytes=0-1", "if-none-match": "x", "accept-language": "de", traceparent: "00-1-1-01", "x-host": "evil.example", "content-location": "/x",
    };
    await gate.ask("GET", "/api/imgix/sources", { headers: { ...smuggled, accept: "application/vnd.api+json" } });
    const { headers, url } = up.seen.at(-1);

    assert.equal(url, "/imgix/api/v1/sources");
    for (const name of Object.keys(smuggled)) assert.equal(headers[name], undefined, name);
    assert.equal(headers.authorization, `Bearer ${KEYS.imgix}`);
    assert.equal(headers.accept, "application/vnd.api+json");
    assert.ok(up.origin.endsWith(headers.host));

    await gate.ask("GET", "/api/imageboss/sources", { headers: smuggled });
    assert.deepEqual([up.seen.at(-1).headers["imageboss-api-key"], up.seen.at(-1).headers.authorization], [KEYS.imageboss, undefined]);
  });

  test("few headers come back", async () => {
    up.set(reply(200, "{}", { "set-cookie": "a=b", server: "nginx", via: "1.1 x", "x-powered-by": "Rails", "cache-control": "public, max-age=999", etag: "x", location: "/x", "x-request-id": "r1", "x-cloud-trace-context": "t1", "access-control-allow-origin": "*", "x-debug": KEYS.imgix, "strict-transport-security": "max-age=1" }));
    const { headers } = await gate.ask("GET", "/api/imgix/sources");

    for (const name of ["set-cookie", "server", "via", "x-powered-by", "etag", "location", "access-control-allow-origin", "x-debug", "strict-transport-security"]) assert.equal(headers[name], undefined, name);
    assert.deepEqual([headers["cache-control"], headers["x-request-id"], headers["x-cloud-trace-context"], headers["x-content-type-options"]], ["no-store", "r1", "t1", "nosniff"]);
  });

  test("a redirect is not followed", async () => {
    for (const status of [300, 301, 302, 303, 304, 307, 308]) {
      const before = count();
      up.set((_, response) => response.writeHead(status, { location: `${up.origin}/imgix/api/v1/purge` }).end());

      refused(await gate.ask("GET", "/api/imgix/sources"), 502, "provider-redirect", String(status));
      assert.equal(count(), before + 1);
    }
  });

  test("a provider that hangs, breaks off or is not there is told apart, and no more", async () => {
    up.set(() => {});
    refused(await gate.ask("GET", "/api/imgix/sources"), 504, "provider-too-slow");
    up.set((_, response) => response.writeHead(200, { "content-type": "application/json", "content-length": "1000" }).write('{"data":'));
    refused(await gate.ask("GET", "/api/imgix/sources"), 504, "provider-too-slow");
    up.set((_, response) => response.destroy());
    refused(await gate.ask("GET", "/api/imgix/sources"), 502, "provider-unreachable");
    up.set((_, response) => {
      response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
      response.write('{"data":', () => response.destroy());
    });
    refused(await gate.ask("GET", "/api/imgix/sources"), 502, "provider-unreachable");
  });

  test("an answer that repeats the key does not, in whatever form", async () => {
    const key = KEYS.imgix;
    const forms = [key, btoa(key), btoa(`x${key}`), btoa(`xy${key}yz`), encodeURIComponent(key), [...key].map((letter) => `%${letter.charCodeAt(0).toString(16)}`).join(""), [...key].reverse().join("")];
    for (const status of [200, 400, 403, 422, 500]) {
      up.set(reply(status, { errors: forms.map((form) => ({ detail: `no: ${form}!` })) }, { "x-request-id": key }));
      const { text, headers } = await gate.ask("GET", "/api/imgix/sources");

      for (const form of forms) assert.ok(!text.includes(form.slice(2, -4)) || form === "", `${status} ${form}: ${text}`);
      assert.equal(headers["x-request-id"], undefined);
    }
  });

  test("a key that the provider refuses is the gateway's trouble, and its words stay behind", async () => {
    up.set(reply(401, { errors: [{ detail: `bad key ${KEYS.imgix}` }] }));

    refused(await gate.ask("GET", "/api/imgix/sources"), 502, "key-refused");
  });

  test("pages of proxies on the way are replaced, their status is kept", async () => {
    for (const status of [403, 404, 500, 502, 503]) {
      up.set((_, response) => response.writeHead(status, { "content-type": "text/html" }).end(`<h1>nginx at 10.1.2.3</h1><script>alert(1)</script>`));
      const answer = await gate.ask("GET", "/api/imgix/sources");

      assert.deepEqual([answer.status, answer.json.code], [status, "provider-said"]);
      assert.match(answer.headers["content-type"], /^application\/json/);
      assert.doesNotMatch(answer.text, /nginx|script/);
    }
  });

  test("secrets are masked, and everything else stays as the provider wrote it", async () => {
    const body = `{"data":[{"id":"1","attributes":{"name":"a \\"secret_token\\": x","secure_url_token":"CANARY1","n":12345678901234567890,"z":1.0,"e":1e400,
      "deployment":{"s3_access_key":"AKIA1","s3_secret_key":"CANARY2","azure_sas_string":"CANARY3","webfolder_base_url":"https://user:CANARY4@host/x","gcs_secret_key":null,"unknown_token":"CANARY5","my_password":{"a":"CANARY6"},"x_key":["CANARY7"],"pin_key":1234567}}}],"secret":"CANARY8","secure_url_token" : "CANARY9\\"\\\\","secure_url_token":""}`;
    up.set((_, response) => response.writeHead(200, { "content-type": "application/vnd.api+json" }).end(body));
    const { text, json, headers } = await gate.ask("GET", "/api/imgix/sources");

    assert.doesNotMatch(text, /CANARY|1234567\b/);
    assert.equal(headers["content-type"], "application/vnd.api+json");
    assert.ok(text.includes('"n":12345678901234567890,"z":1.0,"e":1e400,\n') && text.includes('"name":"a \\"secret_token\\": x"'), text);
    const { deployment } = json.data[0].attributes;
    assert.deepEqual(deployment, { s3_access_key: "AKIA1", s3_secret_key: "****", azure_sas_string: "****", webfolder_base_url: "https://****@host/x", gcs_secret_key: null, unknown_token: "****", my_password: "****", x_key: "****", pin_key: "****" });
  });

  test("secrets are shown to nobody who has not the role", async () => {
    const before = count();
    refused(await gate.ask("GET", "/api/imgix/sources", { headers: { "x-reveal-secrets": "1" } }), 403, "role-missing");
    assert.equal(count(), before);
  });

  test("when to try again is told in seconds by the provider's own clock", async () => {
    up.set(reply(429, {}, { "retry-after": "Thu, 26 Nov 2026 10:00:30 GMT", date: "Thu, 26 Nov 2026 10:00:00 GMT" }));
    assert.equal((await gate.ask("GET", "/api/imgix/sources")).headers["retry-after"], "30");
    for (const odd of ["-5", "soon", "1e999", "99999999999999"]) {
      up.set(reply(503, {}, { "retry-after": odd }));
      assert.equal((await gate.ask("GET", "/api/imgix/sources")).headers["retry-after"], undefined, odd);
    }
  });

  test("a read has no body, and what is announced too large is not waited for", async () => {
    const before = count();
    refused(await gate.ask("GET", "/api/imgix/sources", { headers: { "content-type": "application/json", "content-length": "2" }, body: "{}" }), 400, "bad-request");
    assert.equal(count(), before);
  });

  test("queries go through as they are meant, and no others", async () => {
    up.set(reply(200, "{}"));
    await gate.ask("GET", "/api/imgix/sources?page[size]=20&sort=-name&filter%5Bname%5D=a%26b%20%2B&fields[sources]=name");
    assert.equal(decodeURIComponent(up.seen.at(-1).url), "/imgix/api/v1/sources?page[size]=20&sort=-name&filter[name]=a&b +&fields[sources]=name");
    assert.ok(up.seen.at(-1).url.includes("=a%26b%20%2B&"));
    const before = count();
    for (const query of ["a%00=1", "x=%0d%0aHost:%20evil", "a/b=1", "<script>=1", `${"a".repeat(70)}=1`, `a=${"b".repeat(5000)}`, Array.from({ length: 65 }, (_, at) => `a${at}=1`).join("&")])
      assert.ok([400, 404].includes((await gate.ask("GET", `/api/imgix/sources?${query}`)).status), query);
    assert.equal(count(), before);
  });
});

describe("a gateway that writes", () => {
  const roles = [
    { name: "all", secret: SECRET, roles: ["write", "delete", "reveal", "audit"] },
    { name: "reader", secret: `${SECRET}-reader`, roles: [] },
    { name: "writer", secret: `${SECRET}-writer`, roles: ["write"] },
  ];
  let up;
  let gate;
  before(async () => {
    up = await upstream();
    gate = await start(optionsFor(up.origin, { write: true, delete: true, tokens: roles, bodyMs: 400, jsonBytes: 65_536, uploadBytes: 300_000, limits: Object.fromEntries(["default", "sources.create", "sources.update", "assets.upload", "imageboss", "imageboss.purge", "purge"].map((name) => [name, null])) }));
  });
  after(async () => {
    await gate?.close();
    await up?.close();
  });
  const count = () => up.seen.length;

  test("a body goes on as it is", async () => {
    const body = '{"data": {"type":"sources","attributes":{"name":"x é","n":12345678901234567890}}}';
    const answer = await gate.ask("POST", "/api/imgix/sources", { headers: JSON_API, body });
    const asked = up.seen.at(-1);

    assert.equal(answer.status, 200);
    assert.deepEqual([asked.method, asked.url, asked.body, asked.headers["content-type"], asked.headers["content-length"]], ["POST", "/imgix/api/v1/sources", body, "application/vnd.api+json", String(Buffer.byteLength(body))]);
  });

  test("a deletion has no body", async () => {
    const before = count();
    for (const path of ["/api/imageboss/sources/1", "/api/imageboss/images/a/b/c.jpg"])
      refused(await gate.ask("DELETE", path, { headers: { "content-type": "application/json", "content-length": "2" }, body: "{}" }), 400, "bad-request");
    assert.equal(count(), before);
  });

  test("roles say who may write, delete and see secrets", async () => {
    const before = count();
    const as = (name, method, path, headers = {}) => gate.ask(method, path, { token: `${SECRET}-${name}`, headers: { ...JSON_API, ...headers } });
    refused(await as("reader", "POST", "/api/imgix/sources"), 403, "role-missing");
    refused(await as("writer", "DELETE", "/api/imageboss/sources/1"), 403, "role-missing");
    refused(await as("writer", "GET", "/api/imageboss/sources", { "x-reveal-secrets": "1" }), 403, "role-missing");
    assert.equal(count(), before);

    up.set(reply(200, { secret_token: "CANARY" }));
    assert.equal((await as("writer", "DELETE", "/api/imageboss/images/a/b/c.jpg")).status, 200);
    assert.equal(up.seen.at(-1).url, "/images/a/b/c.jpg");
    assert.equal((await gate.ask("DELETE", "/api/imageboss/sources/1")).status, 200);
    assert.equal((await gate.ask("GET", "/api/imageboss/sources/1")).json.secret_token, "****");
    assert.equal((await gate.ask("GET", "/api/imageboss/sources/1", { headers: { "x-reveal-secrets": "1" } })).json.secret_token, "CANARY");
  });

  test("a body of up to 64 kB is taken, and not one byte more, whether it is announced or not", async () => {
    const sized = (length) => `{"a":"${"x".repeat(length - 8)}"}`;
    for (const length of [65_535, 65_536]) assert.equal((await gate.ask("POST", "/api/imgix/sources", { headers: JSON_API, body: sized(length) })).status, 200, String(length));
    const before = count();
    refused(await gate.ask("POST", "/api/imgix/sources", { headers: JSON_API, body: sized(65_537) }), 413, "too-large");
    const chunked = (sent) => {
      sent.write(sized(65_537).slice(0, 40_000));
      sent.end(sized(65_537).slice(40_000));
    };
    refused(await gate.ask("POST", "/api/imgix/sources", { headers: JSON_API, body: chunked }), 413, "too-large");
    assert.equal(count(), before);
  });

  test("a body that does not come is not waited for", async () => {
    const before = count();
    const slow = (sent) => sent.write('{"a":');
    refused(await gate.ask("POST", "/api/imgix/sources", { headers: { ...JSON_API, "content-length": "50" }, body: slow }), 408, "too-slow");
    assert.equal(count(), before);
  });

  test("what is no JSON object is refused", async () => {
    const before = count();
    for (const [body, headers, status, code] of [
      ["{", JSON_API, 400, "bad-request"], ["[]", JSON_API, 400, "bad-request"], ['"x"', JSON_API, 400, "bad-request"], ["null", JSON_API, 400, "bad-request"], ["{}}", JSON_API, 400, "bad-request"],
      [Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), JSON_API, 400, "bad-request"], ["a=b", { "content-type": "application/x-www-form-urlencoded" }, 415, "media-type"], ["{}", {}, 415, "media-type"],
      ["{}", { "content-type": "text/plain" }, 415, "media-type"], ["{}", { "content-type": "application/jsonx" }, 415, "media-type"],
    ])
      refused(await gate.ask("POST", "/api/imgix/sources", { headers, body }), status, code, String(body));
    assert.equal(count(), before);
  });

  test("a mask is never written over a secret", async () => {
    const before = count();
    for (const value of [
      { data: { attributes: { secure_url_token: "****" } } }, { source: { credential_attributes: { secret_access_key: "****abcd" } } }, { source: { credential_attributes: { url: "https://****@host/" } } }, { data: { attributes: { deployment: { list: [{ s3_secret_key: "****" }] } } } },
    ])
      refused(await gate.ask("PATCH", "/api/imgix/sources/1", { headers: JSON_API, body: JSON.stringify(value) }), 422, "masked-value");
    assert.equal(count(), before);
    assert.equal((await gate.ask("PATCH", "/api/imgix/sources/1", { headers: JSON_API, body: '{"data":{"attributes":{"name":"5 **** hotel"}}}' })).status, 200);
  });

  test("a file goes through as it comes, and is never held", async () => {
    const piece = Buffer.alloc(50_000, "x");
    let arrived;
    const first = new Promise((resolve) => (arrived = resolve));
    up.stream(async (asked, response, one) => {
      for await (const part of asked) {
        one.bytes += part.length;
        arrived();
      }
      response.writeHead(200, { "content-type": "application/json" }).end('{"data":{}}');
    });
    const body = async (sent) => {
      sent.write(piece);
      // The rest is not sent before the first piece has arrived: who held the file would wait for ever.
      await first;
      for (let count = 0; count < 4; count++) sent.write(piece);
      sent.end();
    };
    const answer = await gate.ask("POST", "/api/imgix/sources/1/upload/a/b.png", { headers: { "content-type": "image/png" }, body });
    up.stream(undefined);

    assert.equal(answer.status, 200);
    assert.deepEqual([up.seen.at(-1).bytes, up.seen.at(-1).headers["content-type"], up.seen.at(-1).url], [250_000, "image/png", "/imgix/api/v1/sources/1/upload/a/b.png"]);
  });

  test("the provider is told how long a file is, where that is known", async () => {
    await gate.ask("POST", "/api/imgix/sources/1/upload/a.png", { headers: { "content-type": "image/png", "content-length": "5" }, body: "12345" });

    assert.deepEqual([up.seen.at(-1).headers["content-length"], up.seen.at(-1).body], ["5", "12345"]);
  });

  test("a file that is too large is refused, whether it is announced or not", async () => {
    const before = count();
    refused(await gate.ask("POST", "/api/imgix/sources/1/upload/a.png", { headers: { "content-type": "image/png" , "content-length": "300001" }, body: Buffer.alloc(300_001) }), 413, "too-large");
    assert.equal(count(), before);
    const chunked = (sent) => {
      for (let at = 0; at < 7; at++) sent.write(Buffer.alloc(50_000));
      sent.end();
    };
    refused(await gate.ask("POST", "/api/imgix/sources/1/upload/a.png", { headers: { "content-type": "image/png" }, body: chunked }), 413, "too-large");
    for (const type of ["multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "nonsense"])
      refused(await gate.ask("POST", "/api/imgix/sources/1/upload/a.png", { headers: { "content-type": type }, body: "x" }), 415, "media-type", type);
  });

  test("a file that breaks off on its way, or grows too large, never looks whole to the provider", async () => {
    const tooLarge = (sent) => {
      for (let at = 0; at < 7; at++) sent.write(Buffer.alloc(50_000));
      sent.end();
    };
    const brokenOff = (arrived) => async (sent) => {
      sent.write(Buffer.alloc(50_000));
      await arrived;
      sent.destroy();
    };
    for (const make of [() => tooLarge, brokenOff]) {
      let [ended, arrived] = [];
      const end = new Promise((resolve) => (ended = resolve));
      const first = new Promise((resolve) => (arrived = resolve));
      up.stream((asked) => new Promise(() => asked.on("data", arrived).on("end", () => ended("whole")).on("aborted", () => ended("broken")).on("error", () => {})));
      const sending = gate.ask("POST", "/api/imgix/sources/1/upload/a.png", { headers: { "content-type": "image/png" }, body: make(first) }).catch(() => {});

      assert.equal(await end, "broken");
      await sending;
    }
    up.stream(undefined);
  });

  test("five hundred at once are all answered, each with its own", async () => {
    up.set((asked, response) => response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ id: asked.url.split("/").at(-1) })));
    const answers = await Promise.all(Array.from({ length: 500 }, (_, at) => gate.ask("GET", `/api/imgix/sources/id-${at}`)));

    answers.forEach(({ status, json }, at) => assert.deepEqual([status, json.id], [200, `id-${at}`]));
  });
});
