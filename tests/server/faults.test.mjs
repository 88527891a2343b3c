// Switches for what goes wrong in the sandbox: for pages of this server, and only if there is a sandbox.
import assert from "node:assert/strict";
import { test } from "node:test";

import { createSandbox } from "../../target/npm/package/dist/sandbox.js";
import { OPERATIONS, recorder, withServer } from "./support.mjs";

const PATH = "/api/sandbox/faults";
const from = (port) => ({ origin: `http://127.0.0.1:${port}`, host: `127.0.0.1:${port}` });

async function withSandbox(run) {
  const sandbox = createSandbox();
  await withServer({ sandboxFetch: sandbox.fetch, sandboxFaults: sandbox.faults, operations: OPERATIONS }, (server) =>
    run({ ...server, put: (body, headers = from(server.port)) => server.ask("PUT", PATH, { headers, body }) }),
  );
}

test("faults are set, told and taken back", async () => {
  await withSandbox(async ({ ask, put }) => {
    assert.deepEqual(JSON.parse((await ask("GET", PATH)).text), {});
    const faults = { latencyMs: 1, rules: [{ kind: "status", status: 418, provider: "imgix" }] };
    assert.equal((await put(JSON.stringify(faults))).status, 200);

    assert.equal((await ask("GET", "/api/imgix/sources")).status, 418);
    assert.equal((await ask("GET", "/api/imageboss/sources")).status, 200);
    assert.deepEqual(JSON.parse((await ask("GET", PATH)).text), faults);
    assert.equal((await put("{}")).status, 200);
    assert.equal((await ask("GET", "/api/imgix/sources")).status, 200);
  });
});

test("mistakes are refused by name, and change nothing", async () => {
  await withSandbox(async ({ ask, put }) => {
    await put(JSON.stringify({ rules: [{ kind: "status", status: 418 }] }));
    for (const body of ["", "{", "null", "[]", '"x"', '{"rules":[{"kind":"no-such-kind"}]}', '{"latencyMs":"soon"}', '{"rules":7}', '{"unknown":1}']) {
      const { status, text } = await put(body);

      assert.equal(status, 400, body);
      assert.notEqual(JSON.parse(text).error, "", body);
    }
    assert.equal((await ask("GET", "/api/imgix/sources")).status, 418);
  });
});

test("pages of other sites, other methods and large bodies are refused", async () => {
  await withSandbox(async ({ ask, put, port }) => {
    assert.equal((await put("{}", {})).status, 403);
    assert.equal((await put("{}", { origin: "https://evil.example" })).status, 403);
    assert.equal((await put("{}", { ...from(port), "sec-fetch-site": "cross-site" })).status, 403);
    assert.equal((await ask("GET", PATH, { headers: { "sec-fetch-site": "cross-site" } })).status, 403);
    for (const method of ["POST", "DELETE", "PATCH"]) assert.equal((await ask(method, PATH, { headers: from(port) })).status, 405, method);
    assert.equal((await put(" ".repeat(65 * 1024))).status, 413);
    assert.equal((await ask("GET", `${PATH}/more`)).status, 404);
  });
});

test("without a sandbox there is nothing to switch", async () => {
  await withServer({ upstreams: { imgix: { key: "ak_live" } }, fetch: recorder().fetch }, async ({ ask, port }) => {
    assert.equal((await ask("GET", PATH)).status, 404);
    assert.equal((await ask("PUT", PATH, { headers: from(port), body: "{}" })).status, 404);
  });
});
