import assert from "node:assert/strict";
import { test } from "node:test";

import { serve } from "../../www/server.mjs";
import { OPERATIONS, askRaw, recorder, sameOrigin, withServer } from "./support.mjs";

const LIVE = { imgix: { key: "ak_CANARY" }, imageboss: { key: "boss_CANARY" } };

test("the gateway adds the sandbox's key and drops what the browser should not send on", async () => {
  const sandbox = recorder();
  await withServer({ sandboxFetch: sandbox.fetch }, async ({ ask, port }) => {
    const headers = { accept: "a/b", "content-type": "c/d", cookie: "x=1", authorization: "Bearer mine", "imageboss-api-key": "mine", "x-forwarded-for": "1.2.3.4" };

    const answer = await ask("GET", "/api/imgix/sources/abc?fields%5Bsources%5D=name", { headers });
    await ask("GET", "/api/imageboss/sources", { headers });

    assert.equal(answer.status, 200);
    assert.deepEqual(sandbox.seen, [
      {
        url: `http://127.0.0.1:${port}/imgix/api/v1/sources/abc?fields%5Bsources%5D=name`, method: "GET", redirect: "manual", body: "",
        headers: { accept: "a/b", "content-type": "c/d", authorization: "Bearer sandbox" },
      },
      {
        url: `http://127.0.0.1:${port}/imageboss/v1/sources`, method: "GET", redirect: "manual", body: "",
        headers: { accept: "a/b", "content-type": "c/d", "imageboss-api-key": "sandbox" },
      },
    ]);
  });
});

test("with a real key the gateway asks the real host and follows no redirect", async () => {
  const real = recorder(() => new Response("[]", { headers: { "content-type": "application/json", "set-cookie": "a=b", server: "x", "retry-after": "7" } }));
  await withServer({ upstreams: LIVE, fetch: real.fetch }, async ({ ask, port }) => {
    const answer = await ask("PATCH", "/api/imgix/sources/abc", { headers: sameOrigin(port), body: '{"data":1}' });
    await ask("DELETE", "/api/imageboss/sources/abc", { headers: sameOrigin(port) });

    assert.equal(answer.status, 200);
    assert.deepEqual(real.seen.map(({ url, method, headers, body, redirect }) => ({ url, method, headers, body, redirect })), [
      { url: "https://api.imgix.com/api/v1/sources/abc", method: "PATCH", headers: { "content-type": "application/json", authorization: "Bearer ak_CANARY" }, body: '{"data":1}', redirect: "manual" },
      { url: "https://api.imageboss.me/v1/sources/abc", method: "DELETE", headers: { "content-type": "application/json", "imageboss-api-key": "boss_CANARY" }, body: "", redirect: "manual" },
    ]);
    assert.equal(answer.headers["retry-after"], "7");
    assert.equal(answer.headers["cache-control"], "no-store");
    assert.equal(answer.headers["set-cookie"], undefined);
    assert.equal(answer.headers.server, undefined);
  });
});

test("a redirect becomes 502, in both modes", async () => {
  for (const status of [300, 301, 302, 304, 307, 308]) {
    const moved = recorder(() => new Response(null, { status, headers: { location: "https://evil.example/" } }));
    await withServer({ upstreams: { imgix: LIVE.imgix }, fetch: moved.fetch, sandboxFetch: moved.fetch }, async ({ ask }) => {
      for (const path of ["/api/imgix/sources", "/api/imageboss/sources"]) {
        const answer = await ask("GET", path);

        assert.equal(answer.status, 502, `${status} ${path}`);
        assert.equal(answer.headers.location, undefined);
      }
    });
  }
});

test("a key never comes back, whatever the provider repeats or however it fails", async () => {
  const answers = [
    () => new Response("you sent Bearer ak_CANARY", { status: 400, headers: { "x-request-id": "ak_CANARY" } }),
    () => Promise.reject(new Error("ak_CANARY")),
    () => new Response(new ReadableStream({ pull: (controller) => controller.error(new Error("ak_CANARY")) })),
  ];
  for (const [index, answer] of answers.entries()) {
    await withServer({ upstreams: LIVE, fetch: recorder(answer).fetch }, async ({ ask }) => {
      const got = await ask("GET", "/api/imgix/sources");

      assert.equal(got.status, index === 0 ? 400 : 502);
      assert.ok(!JSON.stringify(got).includes("CANARY"));
      assert.equal(index === 0 ? got.text : "you sent Bearer ****", "you sent Bearer ****");
    });
  }
});

test("only operations of the list get through, whatever the method", async () => {
  const sandbox = recorder();
  await withServer({ sandboxFetch: sandbox.fetch }, async ({ ask, port }) => {
    const passed = [];
    for (const method of ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"]) {
      for (const path of ["imgix/sources", "imgix/sources/a", "imgix/sources/a/assets", "imgix/purge", "imgix", "imageboss/sources", "imageboss/sources/a", "status/x", "other/sources"]) {
        const answer = await ask(method, `/api/${path}`, { headers: sameOrigin(port) });
        if (answer.status === 200) passed.push(`${method} ${path}`);
        else assert.equal(answer.status, 404, `${method} ${path}`);
      }
    }
    assert.deepEqual(passed, ["GET imgix/sources", "GET imgix/sources/a", "GET imageboss/sources", "POST imgix/sources", "PATCH imgix/sources/a", "DELETE imageboss/sources/a"]);
    assert.equal(sandbox.seen.length, passed.length);
  });
});

test("no trick with the path reaches the provider", async () => {
  const sandbox = recorder();
  await withServer({ sandboxFetch: sandbox.fetch }, async ({ ask, port }) => {
    const tricks = [
      "sources/", "sources//", "/sources", "sources/..", "sources/.", "sources/../purge", "sources/%2e%2e", "sources/%2E%2e/purge", "sources/.%2e",
      "sources/%2e", "sources/..%2fpurge", "sources/a%2fb", "sources/a%5Cb", "sources/a\\b", "sources/..\\..\\x", "sources/a;b", "sources/..;/x", "sources/%00",
      "sources/a%0d%0ab", "sources/%252e%252e", "sources/a%25", "sources/%", "sources/%zz", "sources/%c0%ae%c0%ae", "sources/%ff", "sources#x", "../imageboss/sources/a", "%2e%2e/imageboss/sources/a", "sources/a/", "%73ources/../x",
    ];
    for (const trick of tricks) {
      for (const provider of ["imgix", "imageboss"]) {
        const answer = await ask("DELETE", `/api/${provider}/${trick}`, { headers: sameOrigin(port) });
        assert.equal(answer.status, 404, trick);
      }
    }
    const absolute = await askRaw(port, `GET http://evil.example/api/imgix/sources HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nconnection: close\r\n\r\n`);
    assert.match(absolute, /^HTTP\/1.1 404 /);
    assert.deepEqual(sandbox.seen, []);
  });
});

test("random paths never leave the prefix", async () => {
  const sandbox = recorder();
  await withServer({ sandboxFetch: sandbox.fetch }, async ({ ask }) => {
    const parts = ["..", ".", "/", "%2e", "%2f", "%5c", "\\", ";", "a", "sources", "%25", "?", "%00", "//", "@", ":", "é"];
    let seed = 7;
    const next = (bound) => (seed = (seed * 1103515245 + 12345) % 2147483648) % bound;
    for (let round = 0; round < 400; round += 1) {
      const path = Array.from({ length: 1 + next(6) }, () => parts[next(parts.length)]).join("");
      await ask("GET", encodeURI(`/api/imgix/${path}`).replaceAll("%25", "%"));
    }
    for (const { url } of sandbox.seen) {
      const { pathname } = new URL(url);
      assert.match(pathname, /^\/imgix\/api\/v1\/sources(\/[^/]+)?$/);
    }
    assert.ok(sandbox.seen.length > 0);
  });
});

test("another name for this address is refused (DNS rebinding)", async () => {
  const sandbox = recorder();
  await withServer({ sandboxFetch: sandbox.fetch }, async ({ ask, port }) => {
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `LOCALHOST:${port}`, `[::1]:${port}`]) {
      assert.equal((await ask("GET", "/api/imgix/sources", { headers: { host } })).status, 200, host);
    }
    const bad = ["evil.example", `evil.example:${port}`, "127.0.0.1", `127.0.0.1:${port + 1}`, `localhost.evil.example:${port}`, `localhost.:${port}`, `127.0.0.1:${port}@evil.example`, `127.0.0.2:${port}`];
    for (const host of bad) {
      for (const path of ["/", "/api/status", "/api/imgix/sources", "/imgix/api/v1/sources"]) {
        assert.equal((await ask("GET", path, { headers: { host } })).status, 421, `${host} ${path}`);
      }
    }
    const twice = await askRaw(port, `GET /api/imgix/sources HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nhost: evil.example\r\nconnection: close\r\n\r\n`);
    assert.match(twice, /^HTTP\/1.1 4/);
    const empty = await askRaw(port, "GET /api/imgix/sources HTTP/1.1\r\nhost:\r\nconnection: close\r\n\r\n");
    assert.match(empty, /^HTTP\/1.1 4/);
    const none = await askRaw(port, "GET /api/imgix/sources HTTP/1.0\r\n\r\n");
    assert.match(none, /^HTTP\/1.1 4/);
    assert.equal(sandbox.seen.length, 4);
  });
});

test("a write comes from a page of this server, or not at all", async () => {
  const sandbox = recorder();
  await withServer({ sandboxFetch: sandbox.fetch }, async ({ ask, port }) => {
    const own = `http://127.0.0.1:${port}`;
    const post = async (headers) => (await ask("POST", "/api/imgix/sources", { headers, body: "{}" })).status;
    assert.equal(await post({ origin: own }), 200);
    assert.equal(await post({ origin: own, "sec-fetch-site": "same-origin" }), 200);
    for (const origin of [undefined, "null", "https://evil.example", `https://127.0.0.1:${port}`, `http://127.0.0.1:${port}.evil.example`, `http://127.0.0.1`, `http://127.0.0.1:${port + 1}`, `http://localhost:${port}`, `${own}/`, `${own}, ${own}`, ""]) {
      assert.equal(await post(origin === undefined ? {} : { origin }), 403, origin);
    }
    for (const site of ["cross-site", "same-site", "none", "SAME-ORIGIN", ""]) {
      assert.equal(await post({ origin: own, "sec-fetch-site": site }), 403, site);
    }
    assert.equal(sandbox.seen.length, 2);
  });
});

test("a read may come without an origin but not from another one", async () => {
  await withServer({ sandboxFetch: recorder().fetch }, async ({ ask, port }) => {
    const get = async (headers) => (await ask("GET", "/api/imgix/sources", { headers })).status;
    assert.equal(await get({}), 200);
    assert.equal(await get({ "sec-fetch-site": "none" }), 200);
    assert.equal(await get({ origin: `http://127.0.0.1:${port}` }), 200);
    assert.equal(await get({ origin: "https://evil.example" }), 403);
    assert.equal(await get({ "sec-fetch-site": "cross-site" }), 403);
  });
});

test("a body of 1 MiB passes and one byte more does not, announced or not", async () => {
  const sandbox = recorder();
  await withServer({ sandboxFetch: sandbox.fetch }, async ({ ask, port }) => {
    const post = (length, more) => ask("POST", "/api/imgix/sources", { headers: sameOrigin(port, more), body: "x".repeat(length) });
    assert.equal((await post(1_048_576)).status, 200);
    assert.equal(sandbox.seen[0].body.length, 1_048_576);
    assert.equal((await post(1_048_577)).status, 413);
    assert.equal((await post(1_048_577, { "transfer-encoding": "chunked" })).status, 413);
    assert.equal((await ask("POST", "/imgix/api/v1/sources", { body: "x".repeat(1_048_577) })).status, 413);
    assert.equal(sandbox.seen.length, 1);
  });
});

test("the status tells how each provider is reached and no key", async () => {
  const get = async (options) => {
    let answer;
    await withServer(options, async ({ ask }) => (answer = await ask("GET", "/api/status")));
    assert.ok(!answer.text.includes("CANARY"));
    return JSON.parse(answer.text);
  };
  const modes = (imgix, imageboss) => ({ imgix: { mode: imgix }, imageboss: { mode: imageboss } });
  assert.deepEqual(await get({}), modes("off", "off"));
  assert.deepEqual(await get({ sandboxFetch: recorder().fetch }), modes("sandbox", "sandbox"));
  assert.deepEqual(await get({ sandboxFetch: recorder().fetch, upstreams: { imgix: LIVE.imgix } }), modes("live", "sandbox"));
  assert.deepEqual(await get({ upstreams: { imgix: { key: "" }, imageboss: LIVE.imageboss } }), modes("off", "live"));
});

test("a provider that is not set up is told apart from one that fails", async () => {
  await withServer({}, async ({ ask }) => {
    assert.equal((await ask("GET", "/api/imgix/sources")).status, 503);
    assert.equal((await ask("GET", "/api/imgix/nowhere")).status, 404);
    assert.equal((await ask("GET", "/imgix/api/v1/sources")).status, 404);
  });
});

test("a real key is not put on a network", async () => {
  await assert.rejects(serve({ host: "0.0.0.0", upstreams: LIVE, operations: OPERATIONS }), /loopback/);
});

const PATHS = [
  ...OPERATIONS,
  { provider: "imgix", name: "assets.get", method: "GET", path: "sources/{sourceId}/assets/{path+}" },
  { provider: "imageboss", name: "purge", method: "DELETE", path: "{source}/{path+}", host: "images" },
  { provider: "imgix", name: "assets.upload", method: "POST", path: "sources/{sourceId}/upload/{path+}" },
];

test("a path at the end has any number of segments, each encoded anew", async () => {
  const real = recorder();
  await withServer({ operations: PATHS, upstreams: LIVE, fetch: real.fetch }, async ({ ask, port }) => {
    assert.equal((await ask("GET", "/api/imgix/sources/s1/assets/a/50%25%20off%20%231.jpg")).status, 200);
    assert.equal((await ask("GET", "/api/imgix/sources/s1/assets/%252e%252e/b.jpg")).status, 200);
    for (const path of ["sources/s1/assets", "sources/s1/assets/", "sources/s1/assets/a//b", "sources/s1/assets/../x", "sources/s1/assets/%2e%2e/x", "sources/s1/assets/a%2Fb", "sources/s%2F1/assets/a"])
      assert.equal((await ask("GET", `/api/imgix/${path}`)).status, 404, path);
    assert.equal((await ask("POST", "/api/imgix/sources/s1/assets/a", { headers: sameOrigin(port) })).status, 404);

    assert.deepEqual(real.seen.map(({ url }) => url), [
      "https://api.imgix.com/api/v1/sources/s1/assets/a/50%25%20off%20%231.jpg",
      "https://api.imgix.com/api/v1/sources/s1/assets/%252e%252e/b.jpg",
    ]);
  });
});

test("what is asked of the image host goes there, with the key, and nowhere else", async () => {
  const real = recorder();
  const sandbox = recorder();
  const options = { operations: PATHS, upstreams: LIVE, fetch: real.fetch };
  await withServer(options, async ({ ask, port }) => {
    const headers = sameOrigin(port);
    assert.equal((await ask("DELETE", "/api/imageboss/images/shop/a/b%20c.jpg", { headers })).status, 200);
    for (const path of ["images/shop", "images/shop/", "images/shop//a", "images/../sources/a/b", "shop/a.jpg", "sources/a/b"])
      assert.equal((await ask("DELETE", `/api/imageboss/${path}`, { headers })).status, 404, path);
    assert.equal((await ask("DELETE", "/api/imgix/images/shop/a.jpg", { headers })).status, 404);

    assert.deepEqual(real.seen.map(({ url, headers }) => [url, headers["imageboss-api-key"]]), [["https://img.imageboss.me/shop/a/b%20c.jpg", "boss_CANARY"]]);
  });
  await withServer({ operations: PATHS, sandboxFetch: sandbox.fetch }, async ({ ask, port }) => {
    await ask("DELETE", "/api/imageboss/images/shop/a.jpg", { headers: sameOrigin(port) });

    assert.equal(sandbox.seen[0].url, `http://127.0.0.1:${port}/images/img.imageboss.me/shop/a.jpg`);
  });
});

test("a file may be larger than what else is sent", async () => {
  const sandbox = recorder();
  await withServer({ operations: PATHS, sandboxFetch: sandbox.fetch }, async ({ ask, port }) => {
    const body = "x".repeat(3_000_000);
    const headers = sameOrigin(port, { "content-type": "image/jpeg" });

    assert.equal((await ask("POST", "/api/imgix/sources/s1/upload/a/b.jpg?overwrite=true", { headers, body })).status, 200);
    assert.equal(sandbox.seen[0].body.length, 3_000_000);
  });
});
