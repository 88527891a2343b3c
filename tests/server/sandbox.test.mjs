import assert from "node:assert/strict";
import { test } from "node:test";

import { recorder, withServer } from "./support.mjs";

test("the raw sandbox gets the request as it came, key and all", async () => {
  const sandbox = recorder(() => new Response("nope", { status: 401, headers: { "x-anything": "1" } }));
  await withServer({ sandboxFetch: sandbox.fetch }, async ({ ask, port }) => {
    const answer = await ask("PATCH", "/imgix/api/v1/sources/a?x=%5B", { headers: { authorization: "Bearer k", origin: "https://elsewhere.example" }, body: "{}" });
    await ask("DELETE", "/imageboss/v1/sources/a%2Fb");

    assert.deepEqual([answer.status, answer.text, answer.headers["x-anything"]], [401, "nope", "1"]);
    assert.deepEqual(sandbox.seen.map(({ method, url, body }) => [method, url, body]), [
      ["PATCH", `http://127.0.0.1:${port}/imgix/api/v1/sources/a?x=%5B`, "{}"],
      ["DELETE", `http://127.0.0.1:${port}/imageboss/v1/sources/a%2Fb`, ""],
    ]);
    assert.equal(sandbox.seen[0].headers.authorization, "Bearer k");
    assert.ok(!Object.keys(answer.headers).some((name) => name.startsWith("access-control-")));
  });
});

test("a preflight gets no permission", async () => {
  await withServer({ sandboxFetch: recorder().fetch }, async ({ ask }) => {
    for (const path of ["/imgix/api/v1/sources", "/api/imgix/sources", "/"]) {
      const answer = await ask("OPTIONS", path, { headers: { origin: "https://evil.example", "access-control-request-method": "PATCH" } });

      assert.ok(!Object.keys(answer.headers).some((name) => name.startsWith("access-control-")), path);
    }
  });
});

test("a redirect of the raw sandbox is passed on for the client to judge", async () => {
  const moved = recorder(() => new Response(null, { status: 302, headers: { location: "https://elsewhere.example/" } }));
  await withServer({ sandboxFetch: moved.fetch }, async ({ ask }) => {
    const answer = await ask("GET", "/imgix/api/v1/sources");

    assert.deepEqual([answer.status, answer.headers.location], [302, "https://elsewhere.example/"]);
  });
});

test("no answer of the sandbox is a broken connection", async () => {
  const broken = recorder(() => Promise.reject(new TypeError("fetch failed")));
  await withServer({ sandboxFetch: broken.fetch }, async ({ ask }) => {
    for (const path of ["/imgix/api/v1/sources", "/api/imgix/sources"]) {
      await assert.rejects(ask("GET", path), (error) => error.code === "ECONNRESET");
    }
  });
});

test("a cut answer announces the whole and breaks after what came through", async () => {
  const cut = (bytes) => () => {
    let sent = bytes === 0;
    const body = new ReadableStream({
      pull(controller) {
        if (sent) return controller.error(new TypeError("terminated"));
        sent = true;
        return controller.enqueue(new TextEncoder().encode("x".repeat(bytes)));
      },
    });
    return new Response(body, { headers: { "content-length": "1000" } });
  };
  for (const bytes of [0, 1, 400]) {
    await withServer({ sandboxFetch: recorder(cut(bytes)).fetch }, async ({ ask }) => {
      for (const path of ["/imageboss/v1/sources", "/api/imageboss/sources"]) {
        await assert.rejects(ask("GET", path), (error) => {
          assert.equal(error.response.statusCode, 200);
          assert.equal(error.response.headers["content-length"], "1000");
          return error.received.length === bytes;
        });
      }
    });
  }
});

test("whoever goes away aborts what was asked", async () => {
  let aborted;
  const gone = new Promise((resolve) => (aborted = resolve));
  const never = async (_, { signal }) => new Promise((_, reject) => signal.addEventListener("abort", () => (aborted(), reject(signal.reason))));
  await withServer({ sandboxFetch: never }, async ({ port }) => {
    await assert.rejects(fetch(`http://127.0.0.1:${port}/imgix/api/v1/sources`, { signal: AbortSignal.timeout(50) }));

    await gone;
  });
});
