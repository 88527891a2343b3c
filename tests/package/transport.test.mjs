// What goes out, and what a `fetch` may do: throw, give nothing, give junk, give answers of another realm.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { describe, test } from "node:test";
import vm from "node:vm";
import * as undici from "undici";
import { BOSS_SOURCE, CALLS, IMGIX_SOURCE, ImageBoss, Imgix, bossWith, everyCall, expectError, failure, imgixWith, json, library, thrown, turn } from "./support.mjs";

describe("requests", () => {
  for (const [provider, operation, call, clientWith] of everyCall()) {
    test(`${provider} ${operation}: method, address, headers and nothing else`, async () => {
      const { client, seen } = clientWith(json(call.good));
      await call.run(client);
      const row = library.operations().find((row) => row.provider === provider && row.name === operation);
      const [{ url, method, headers, body, redirect, given, init }] = seen;
      const base = provider === "imgix" ? "https://api.imgix.com/api/v1/" : "https://api.imageboss.me/v1/";
      assert.equal(url, base + row.path.replace("{id}", "s1"));
      assert.equal(typeof url, "string");
      assert.equal(method, row.method);
      assert.equal(redirect, "manual");
      assert.equal(given.length, 2);
      assert.equal(Object.getPrototypeOf(init), Object.prototype);
      const type = provider === "imgix" ? "application/vnd.api+json" : "application/json";
      const key = provider === "imgix" ? { authorization: "Bearer ak_test" } : { "imageboss-api-key": "ak_test" };
      assert.deepEqual(headers, { accept: type, ...(body !== undefined && { "content-type": type }), ...key });
      assert.equal(body !== undefined, ["POST", "PATCH"].includes(method));
      if (body !== undefined) assert.doesNotThrow(() => JSON.parse(body));
      assert.deepEqual(Object.keys(init).sort(), ["headers", "method", "redirect", "signal", ...(body === undefined ? [] : ["body"])].sort());
    });

    test(`${provider} ${operation}: the key is in its header and nowhere else`, async () => {
      const apiKey = "ak-CANARY/+=x";
      const { client, seen } = clientWith(json(call.good), { apiKey });
      await call.run(client);
      const [{ url, headers, body, method }] = seen;
      const name = provider === "imgix" ? "authorization" : "imageboss-api-key";
      assert.ok(headers[name].endsWith(apiKey));
      const rest = JSON.stringify([url, method, body, { ...headers, [name]: undefined }]);
      for (const form of [apiKey, encodeURIComponent(apiKey), btoa(apiKey)]) assert.ok(!rest.includes(form));
    });

    test(`${provider} ${operation}: with a gateway no key is sent`, async () => {
      for (const [gateway, credentials, authorization] of [
        [{ url: "/api/there" }], [{ url: "https://gateway.example/x/", credentials: "include", token: "t0" }, "include", "Bearer t0"], [{ url: "/api", token: () => "t1" }, undefined, "Bearer t1"],
        [{ url: "/api", token: async () => "t2" }, undefined, "Bearer t2"], [{ url: "/api", token: () => undefined }], [{ url: "/api", token: "" }],
      ]) {
        const { client, seen } = clientWith(json(call.good), { apiKey: undefined, gateway });
        await call.run(client);
        const { url, headers, init } = seen[0];
        assert.ok(url.startsWith(`${gateway.url.replace(/\/$/, "")}/sources`), url);
        assert.equal(headers.authorization, authorization);
        assert.equal(headers["imageboss-api-key"], undefined);
        assert.equal(init.credentials, credentials);
        assert.equal(init.redirect, "manual");
      }
    });
  }

  test("the address of a base has its slash once", async () => {
    for (const baseUrl of ["http://127.0.0.1:1/x", "http://127.0.0.1:1/x/", "http://127.0.0.1:1/x//"]) {
      const { client, seen } = imgixWith(json(IMGIX_SOURCE), { baseUrl });
      await client.sources.get("s");
      assert.equal(seen[0].url, "http://127.0.0.1:1/x/sources/s");
    }
  });

  test("headers of the caller are sent, and cannot replace ours, however they are spelled", async () => {
    const { client, seen } = imgixWith(json(IMGIX_SOURCE), { headers: { "X-Own": " v ", "user-agent": "mine" } });
    await client.sources.get("s");
    assert.equal(seen[0].headers["x-own"], "v");
    assert.equal(seen[0].headers["user-agent"], "mine");
    for (const Client of [Imgix, ImageBoss]) {
      for (const name of ["authorization", "Authorization", "AUTHORIZATION", "imageboss-api-key", "ImageBoss-API-Key", "accept", "Accept", "content-type", "Content-Type", "host", "content-length"]) {
        const error = thrown(() => new Client({ apiKey: "k", headers: { [name]: "x" } }));
        expectError(error, "InvalidInputError");
        assert.equal(error.problems[0].field.toLowerCase(), `headers.${name.toLowerCase()}`);
      }
      for (const [name, value] of [["", "x"], ["a b", "x"], ["a\n", "x"], ["a:", "x"], ["é", "x"], ["authorization ", "x"], ["a", "x\r\ny: z"], ["a", "\0"], ["a", "😀"]]) {
        expectError(thrown(() => new Client({ apiKey: "k", headers: { [name]: value } })), "InvalidInputError");
      }
    }
  });

  test("a stored fetch is called as a bare function", async () => {
    let self = "not called";
    const { client } = imgixWith(null, {
      fetch: function () {
        "use strict";
        self = this;
        return json(IMGIX_SOURCE);
      },
    });
    await client.sources.get("s");
    assert.equal(self, undefined);
  });

  test("without an own fetch the global one of the moment is used", async () => {
    const original = globalThis.fetch;
    try {
      const client = new Imgix({ apiKey: "k" });
      globalThis.fetch = async () => json(IMGIX_SOURCE);
      assert.equal((await client.sources.get("s")).id, IMGIX_SOURCE.data.id);
    } finally {
      globalThis.fetch = original;
    }
  });

  test("methods can be taken off their client", async () => {
    const { sources } = imgixWith(json(IMGIX_SOURCE)).client;
    const { get } = sources;
    assert.ok(await get("s"));
  });

  test("several clients and calls at once do not mix", async () => {
    const slow = (_, init) => new Promise((resolve) => setTimeout(resolve, Math.random() * 3)).then(() => json({ id: JSON.parse(init.body).source.source }));
    const { client } = bossWith(slow);
    const names = Array.from({ length: 50 }, (_, index) => `name${index}`);
    const made = await Promise.all(names.map((source) => client.sources.update("x", { source })));
    assert.deepEqual(made.map(({ id }) => id), names);
  });

  test("calls from within callbacks of a call work", async () => {
    const inner = bossWith(json(BOSS_SOURCE)).client;
    const before = [];
    const { client } = imgixWith(
      async () => {
        before.push(await inner.sources.get("in fetch"));
        return json(IMGIX_SOURCE);
      },
      { onEvent: () => before.push(inner.sources.get("in a listener"), inner.dryRun.sources.get("x"), library.checkSource("imgix", {})) },
    );
    await client.sources.get("s", { get retries() { before.push(inner.sources.get("in a getter")); return 0; } });
    await Promise.all(before.flat());
  });
});

describe("what a fetch may do", () => {
  const REASONS = {
    "an error": new TypeError("fetch failed"),
    "an error with a cause": new TypeError("fetch failed", { cause: new Error("read ECONNRESET") }),
    "a DOMException": new DOMException("no", "NotSupportedError"),
    "a string": "no", "undefined": undefined, "null": null, "a number": 7, "a symbol": Symbol("s"), "a bigint": 7n, "a frozen object": Object.freeze({}),
    "no prototype": Object.create(null),
    "getters that throw": Object.defineProperties({}, { message: { get() { throw new Error("no"); } }, cause: { get() { throw new Error("no"); } }, stack: { get() { throw new Error("no"); } }, code: { get() { throw new Error("no"); } } }),
    "an angry proxy": new Proxy({}, { get() { throw new Error("no"); }, has() { throw new Error("no"); }, getPrototypeOf() { throw new Error("no"); } }),
    "a circle": (() => { const error = new Error("round"); error.cause = error; return error; })(),
    "toJSON that throws": Object.assign(new Error("x"), { toJSON() { throw new Error("no"); } }),
    "of another realm": vm.runInNewContext("new Error('there')"),
  };

  for (const [what, reason] of Object.entries(REASONS)) {
    test(`throw or reject with ${what}`, async () => {
      for (const answer of [() => Promise.reject(reason), undefined]) {
        const sync = { fetch: () => { throw reason; } };
        for (const [provider, operation, call, clientWith] of everyCall()) {
          const error = await failure(call.run(clientWith(answer, answer ? {} : sync).client));
          expectError(error, "NetworkError", { provider, operation, sent: true, attempts: 1, outcome: call.writes ? "unknown" : "none", code: "network" });
          assert.ok("cause" in error);
          // What cannot be looked into is not shown.
          if (what === "an angry proxy") assert.match(error.cause.message, /^unknown failure$/);
          else assert.equal(error.cause, reason);
        }
      }
    });
  }

  test("a refused connection proves that nothing was sent", async () => {
    for (const code of ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "UND_ERR_CONNECT_TIMEOUT"]) {
      const cause = new TypeError("fetch failed", { cause: Object.assign(new Error(`connect ${code}`), { code }) });
      expectError(await failure(CALLS.imgix["sources.create"].run(imgixWith(() => Promise.reject(cause)).client)), "NetworkError", { sent: false, outcome: "none" });
    }
    const server = createServer();
    await new Promise((done) => server.listen(0, "127.0.0.1", done));
    const { port } = server.address();
    await new Promise((done) => server.close(done));
    const real = new ImageBoss({ apiKey: "k", baseUrl: `http://127.0.0.1:${port}`, retries: 0 });
    expectError(await failure(real.sources.delete("s")), "NetworkError", { sent: false, outcome: "none" });
  });

  test("a certificate that is not believed proves that nothing was sent", async () => {
    for (const code of ["DEPTH_ZERO_SELF_SIGNED_CERT", "SELF_SIGNED_CERT_IN_CHAIN", "CERT_HAS_EXPIRED", "ERR_TLS_CERT_ALTNAME_INVALID", "UNABLE_TO_VERIFY_LEAF_SIGNATURE"]) {
      const cause = new TypeError("fetch failed", { cause: Object.assign(new Error("certificate"), { code }) });
      expectError(await failure(CALLS.imgix["sources.create"].run(imgixWith(() => Promise.reject(cause)).client)), "NetworkError", { sent: false, outcome: "none" });
    }
  });

  test("whatever an answer breaks off with, it was an answer: a create is not sent again", async () => {
    const fails = () => ({ status: 201, body: { getReader: () => ({ read: () => Promise.reject(Object.assign(new Error("off"), { code: "ECONNREFUSED" })) }) } });
    const { client, seen } = imgixWith(fails, { retries: 2 });
    expectError(await failure(CALLS.imgix["sources.create"].run(client)), "NetworkError", { sent: true, outcome: "unknown" });
    assert.equal(seen.length, 1);
  });

  test("an answer that always has one more byte takes the time of nobody else, and is cancelled", async () => {
    for (const stop of ["time", "abort"]) {
      let cancelled = 0;
      const endless = () => ({ status: 200, body: { getReader: () => ({ read: () => Promise.resolve({ done: false, value: new Uint8Array(1) }), cancel: () => cancelled++ }) } });
      const { client } = bossWith(endless);
      let turns = 0;
      const others = setInterval(() => turns++);
      try {
        const controller = new AbortController();
        if (stop === "abort") setTimeout(() => controller.abort(new Error("enough")), 20);
        const error = await failure(client.sources.get("s", stop === "time" ? { timeoutMs: 20 } : { signal: controller.signal }));

        if (stop === "time") expectError(error, "TimeoutError", { sent: true });
        else assert.equal(error.message, "enough");
        assert.ok(turns > 0, "no other timer had its turn");
        assert.ok(cancelled > 0, "the rest is not cancelled");
      } finally {
        clearInterval(others);
      }
    }
  });

  test("a connection that is reset may have been used", async () => {
    const server = createServer((request) => request.socket.destroy());
    await new Promise((done) => server.listen(0, "127.0.0.1", done));
    try {
      const client = new ImageBoss({ apiKey: "k", baseUrl: `http://127.0.0.1:${server.address().port}`, retries: 0 });
      expectError(await failure(client.sources.delete("s")), "NetworkError", { sent: true, outcome: "unknown" });
    } finally {
      server.close();
    }
  });

  const value = { id: "1", source: "é😀" };
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  const stream = (...chunks) => ({ getReader: () => ({ read: () => Promise.resolve(chunks.length ? { done: false, value: chunks.shift() } : { done: true }) }) });
  const foreign = vm.runInNewContext("({ bytes: (list) => new Uint8Array(list), buffer: (list) => new Uint8Array(list).buffer, resolve: (value) => Promise.resolve(value) })");

  const READABLE = {
    "a response, without a promise": () => json(value),
    "a thenable": () => ({ then: (done) => done(json(value)) }),
    "a promise of another realm": () => foreign.resolve(json(value)),
    "a look-alike with text": () => ({ status: 200, text: async () => JSON.stringify(value) }),
    "a look-alike with text, without a promise": () => ({ status: 200, text: () => JSON.stringify(value) }),
    "a look-alike with arrayBuffer": () => ({ status: 200, headers: { get: () => null }, arrayBuffer: async () => bytes.buffer }),
    "a look-alike with an arrayBuffer of another realm": () => ({ status: 200, arrayBuffer: async () => foreign.buffer([...bytes]) }),
    "a look-alike with a stream": () => ({ status: 200, headers: new Map(), body: stream(bytes.subarray(0, 7), bytes.subarray(7)) }),
    "a stream of chunks of another realm": () => ({ status: 200, body: stream(foreign.bytes([...bytes].slice(0, 5)), foreign.bytes([...bytes].slice(5))) }),
    "a stream with reads that are no promises": () => ({ status: 200, body: { getReader: () => { let done = true; return { read: () => ({ done: (done = !done), value: bytes }) }; } } }),
    "a stream byte by byte": () => new Response(new ReadableStream({ start(controller) { for (const byte of bytes) controller.enqueue(new Uint8Array([byte])); controller.close(); } })),
    "a stream with empty chunks": () => new Response(new ReadableStream({ start(controller) { controller.enqueue(new Uint8Array()); controller.enqueue(bytes); controller.enqueue(new Uint8Array()); controller.close(); } })),
    "chunks that are buffers": () => ({ status: 200, body: stream(Buffer.from(bytes)) }),
    "chunks that are views": () => ({ status: 200, body: stream(new DataView(bytes.buffer)) }),
    "headers without get": () => ({ status: 200, headers: {}, text: async () => JSON.stringify(value) }),
    "headers that throw": () => ({ status: 200, headers: { get() { throw new Error("no"); } }, text: async () => JSON.stringify(value) }),
    "headers that give junk": () => ({ status: 200, headers: { get: () => Symbol("x") }, text: async () => JSON.stringify(value) }),
    "a content-length that is junk": () => json(value, 200, { "content-length": "x" }),
    "a response of undici": () => new undici.Response(JSON.stringify(value)),
    "a subclass of Response": () => new (class extends Response {})(JSON.stringify(value)),
  };
  for (const [what, make] of Object.entries(READABLE)) {
    test(`give ${what}: it is read`, async () => {
      assert.deepEqual(await bossWith(make).client.sources.get("s"), value);
      const bare = new ImageBoss({ apiKey: "k", fetch: make, retries: 0 });
      assert.deepEqual(await bare.sources.get("s"), value);
    });
  }

  const angry = { get() { throw new Error("no"); } };
  const SENSELESS = {
    undefined: () => undefined, null: () => null, "a string": () => "text", "a number": () => 200, "an object": () => ({}), "a function": () => () => {}, "a symbol": () => Symbol("s"), "an error": () => new Error("x"),
    "a status that is no number": () => ({ status: "200", text: async () => "{}" }), "a status out of range": () => ({ status: 7e9 }), "a negative status": () => ({ status: -1 }), "NaN": () => ({ status: NaN }),
    "a status that throws": () => ({ get status() { throw new Error("no"); } }),
    "an angry proxy": () => new Proxy({}, angry),
    "a revoked proxy": () => { const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return proxy; },
    "a thenable that throws": () => ({ then() { throw new Error("no"); } }),
    "a thenable that rejects": () => ({ then: (_, failed) => failed(new Error("no")) }),
    "a body that throws": () => ({ status: 200, get body() { throw new Error("no"); } }),
    "a body without a reader": () => ({ status: 200, body: {} }),
    "a reader that throws": () => ({ status: 200, body: { getReader() { throw new Error("no"); } } }),
    "a reader that is junk": () => ({ status: 200, body: { getReader: () => 7 } }),
    "a locked response": () => { const response = json(value); response.body.getReader(); return response; },
    "a used response": async () => { const response = json(value); await response.text(); return response; },
    "reads that throw": () => ({ status: 200, body: { getReader: () => ({ read() { throw new Error("no"); } }) } }),
    "reads that reject": () => ({ status: 200, body: { getReader: () => ({ read: () => Promise.reject(undefined) }) } }),
    "chunks that are junk": () => ({ status: 200, body: stream("text", 7, null, {}, Symbol("s")) }),
    "chunks that lie about their length": () => ({ status: 200, body: stream({ byteLength: 3, length: 1e15 }) }),
    "chunks that shrink": () => ({ status: 200, body: stream({ byteLength: 1e6, length: 3 }) }),
    "chunks with a negative length": () => ({ status: 200, body: stream({ byteLength: -1, length: -1 }) }),
    "chunks that throw": () => ({ status: 200, body: stream({ byteLength: 3, get length() { throw new Error("no"); } }) }),
    "an arrayBuffer that throws": () => ({ status: 200, arrayBuffer() { throw new Error("no"); } }),
    "an arrayBuffer that is a number": () => ({ status: 200, arrayBuffer: () => 1e15 }),
    "an arrayBuffer that is a symbol": () => ({ status: 200, arrayBuffer: () => Symbol("s") }),
    "an arrayBuffer that is a bigint": () => ({ status: 200, arrayBuffer: () => 7n }),
    "an arrayBuffer that was transferred": () => ({ status: 200, arrayBuffer() { const buffer = new ArrayBuffer(8); structuredClone(buffer, { transfer: [buffer] }); return buffer; } }),
    "a text that is junk": () => ({ status: 200, text: () => 7 }),
    "a text that throws": () => ({ status: 200, text() { throw new Error("no"); } }),
  };
  for (const [what, make] of Object.entries(SENSELESS)) {
    test(`give ${what}: a typed error, and the next call works`, async () => {
      let broken = true;
      const { client } = bossWith(() => (broken ? make() : json(value)));
      const error = await failure(client.sources.get("s", { timeoutMs: 200 }));
      assert.ok(["NetworkError", "UnreadableResponseError"].includes(error?.name), `${error?.name}: ${error?.message}`);
      expectError(error, error.name, { sent: true, operation: "sources.get" });
      broken = false;
      assert.deepEqual(await client.sources.get("s"), value);
    });
  }

  test("a reader that gives junk is not asked for ever: nothing else could run meanwhile", async () => {
    for (const junk of [7, "x", true, null, {}]) {
      let reads = 0;
      const read = () => (++reads > 50 ? { done: true } : junk);
      const error = await failure(bossWith(() => ({ status: 200, body: { getReader: () => ({ read }) } })).client.sources.get("s"));
      assert.ok(library.isImageSourcesError(error));
      assert.ok(reads < 50, `${String(junk)} was read ${reads} times`);
    }
  });

  test("answers of undici's own fetch are read, and of a real server", async () => {
    const server = createServer((request, response) => response.end(JSON.stringify(value)));
    await new Promise((done) => server.listen(0, "127.0.0.1", done));
    try {
      const baseUrl = `http://127.0.0.1:${server.address().port}`;
      for (const fetch of [undici.fetch, globalThis.fetch, undefined]) {
        assert.deepEqual(await new ImageBoss({ apiKey: "k", baseUrl, fetch }).sources.get("s"), value);
      }
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  test("a redirect of a real server is not followed, and the key does not travel", async () => {
    const asked = [];
    const server = createServer((request, response) => {
      asked.push(request.url);
      response.writeHead(Number(request.url.slice(-3)), { location: "/elsewhere" }).end();
    });
    await new Promise((done) => server.listen(0, "127.0.0.1", done));
    try {
      const client = new ImageBoss({ apiKey: "k", baseUrl: `http://127.0.0.1:${server.address().port}`, retries: 0, limits: { imageboss: null } });
      for (const status of ["301", "302", "303", "307", "308"]) {
        expectError(await failure(client.sources.get(status)), "UnreadableResponseError", { code: "redirect", status: Number(status) });
        expectError(await failure(client.sources.update(status, { source: "x" })), "UnreadableResponseError", { code: "redirect" });
      }
      assert.equal(asked.includes("/elsewhere"), false);
      assert.equal(asked.length, 10);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  test("a failing token of the gateway is told as such, and nothing is sent", async () => {
    for (const token of [() => { throw new Error("no token"); }, () => Promise.reject(new Error("no token")), () => Promise.reject(undefined)]) {
      const { client, seen } = imgixWith(json(IMGIX_SOURCE), { apiKey: undefined, gateway: { url: "/api", token } });
      const error = await failure(client.sources.update("s", { name: "n" }));
      expectError(error, "NetworkError", { sent: false, outcome: "none" });
      assert.match(error.message, /token/);
      assert.equal(seen.length, 0);
    }
  });

  test("nothing of all this is an unhandled rejection", async () => {
    const unhandled = [];
    const note = (reason) => unhandled.push(reason);
    process.on("unhandledRejection", note);
    const { client } = bossWith(() => Promise.reject(new Error("x")));
    await failure(client.sources.get("s"));
    const listing = client.sources.list();
    await failure(listing);
    await failure(listing.catch((error) => Promise.reject(error)));
    for (let round = 0; round < 3; round++) await turn();
    process.off("unhandledRejection", note);
    assert.deepEqual(unhandled, []);
  });
});
