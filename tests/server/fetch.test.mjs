// The sandbox as a `fetch`: what travels with a request, and how answers fail to come.
import assert from "node:assert/strict";
import { test } from "node:test";

import { createSandbox } from "../../target/npm/package/dist/sandbox.js";

const API = "https://api.imgix.com/api/v1/";
const headers = { authorization: "Bearer sandbox" };

/** A sandbox and the id of a source that takes uploads. */
async function withSource(options) {
  const sandbox = createSandbox({ assets: 100, ...options });
  const { data } = await (await sandbox.fetch(`${API}sources?filter[name]=Nordlicht+Outdoor`, { headers })).json();
  return { sandbox, source: data[0].id };
}

test("bodies of every kind are read to their end", async () => {
  const bytes = new TextEncoder().encode("a picture");
  const pieces = [bytes.subarray(0, 4), bytes.subarray(4)];
  const bodies = {
    text: "a picture",
    bytes,
    buffer: bytes.buffer,
    view: new DataView(bytes.buffer),
    blob: new Blob(pieces, { type: "image/jpeg" }),
    stream: new Blob(pieces).stream(),
    iterable: (async function* () {
      yield* pieces;
    })(),
  };
  const { sandbox, source } = await withSource();
  for (const [name, body] of Object.entries(bodies)) {
    const answer = await sandbox.fetch(`${API}sources/${source}/upload/${name}.jpg`, { method: "POST", headers, body });

    assert.equal(answer.status, 200, name);
    assert.equal(sandbox.stored("imgix", `${source}/${name}.jpg`).crc32, sandbox.stored("imgix", `${source}/text.jpg`).crc32, name);
  }
  assert.equal(sandbox.log.at(-1).body, "a picture");
});

test("a request that is there already is answered too", async () => {
  const { sandbox, source } = await withSource();
  const request = new Request(`${API}sources/${source}/upload/a.jpg`, { method: "POST", headers, body: new Blob(["x"]).stream(), duplex: "half" });

  assert.equal((await sandbox.handle(request)).status, 200);
});

test("the pre-signed address is answered by the same fetch", async () => {
  const { sandbox, source } = await withSource({ completeMs: 0 });
  const ask = async (method, path) => (await sandbox.fetch(API + path, { method, headers })).json();
  const { data } = await ask("POST", `sources/${source}/upload-sessions/create/a.jpg`);

  assert.equal((await sandbox.fetch(data.attributes.url, { method: "PUT", body: "x" })).status, 200);
  await ask("POST", `sources/${source}/upload-sessions/close/${data.id}`);
  assert.equal((await ask("GET", `sources/${source}/upload-sessions/status/${data.id}`)).data.attributes.status, "COMPLETE");
});

test("an answer that never comes can be given up", async () => {
  const { sandbox } = await withSource({ faults: { rules: [{ kind: "hang", path: "page" }] } });
  const reason = new Error("enough");
  const aborter = new AbortController();
  setTimeout(() => aborter.abort(reason), 20);

  await assert.rejects(sandbox.fetch(`${API}sources?page[size]=1`, { headers, signal: aborter.signal }), reason);
  await assert.rejects(sandbox.fetch(`${API}sources?page[size]=1`, { headers, signal: AbortSignal.timeout(20) }), { name: "TimeoutError" });
});

test("text that is no UTF-8 arrives as it is", async () => {
  const { sandbox } = await withSource();
  sandbox.faults({ rules: [{ kind: "invalid-utf8" }] });

  const bytes = await (await sandbox.fetch(`${API}sources`, { headers })).arrayBuffer();

  assert.throws(() => new TextDecoder("utf-8", { fatal: true }).decode(bytes));
});

test("everything that is wrong in options and faults is told at once", () => {
  assert.throws(() => createSandbox({ rateLimits: "strict", asets: 5 }), /rateLimits must be .*; asets is unknown/);
  assert.throws(() => createSandbox({ random: Number.MAX_SAFE_INTEGER, settleMs: 1.5 }), /^Error: settleMs must be a whole number/);
  assert.throws(() => createSandbox().faults({ rules: [{ kind: "hang", operation: "assets.burn" }] }), /operation `assets.burn` is unknown/);
  assert.throws(() => createSandbox({ keys: () => [] }), /not plain data/);
  createSandbox({ random: undefined, faults: undefined });
});

test("the log and what is kept are plain values", async () => {
  const { sandbox, source } = await withSource();

  assert.deepEqual(Object.keys(sandbox.log[0]).sort(), ["at", "body", "bodyLength", "headers", "method", "operation", "path", "provider", "status"]);
  assert.deepEqual(sandbox.log[0].headers, { authorization: "" });
  assert.equal(JSON.parse(JSON.stringify(sandbox.stored("imgix", source))).deployment.type, "s3");
  assert.deepEqual([sandbox.stored("imgix", "nope"), sandbox.stored("nobody", "x")], [undefined, undefined]);
});
