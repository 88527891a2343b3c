// Uploads: bytes arrive unchanged and never through wasm, in one request or by a session.
import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { describe, test } from "node:test";
import { Readable } from "node:stream";
import { inspect } from "node:util";
import { IMGIX_SOURCE, expectError, failure, fixture, fixtureText, imgixWith, json, library, memory, turn, virtually } from "./support.mjs";

const ASSET = fixtureText("imgix/asset-upload.200.json");
const BYTES = Uint8Array.from({ length: 1_000 }, (_, index) => index * 7);
const never = () => new Promise(() => {});
const bytesOf = async (body) => new Uint8Array(await new Response(body).arrayBuffer());
const streamOf = (...chunks) => new ReadableStream({ pull: (controller) => (chunks.length ? controller.enqueue(chunks.shift()) : controller.close()) });
async function* pieces() {
  for (let at = 0; at < BYTES.length; at += 300) yield BYTES.subarray(at, at + 300);
}
const aligned = BYTES.slice().buffer;

/** Everything that can be uploaded, with the bytes that must arrive. */
const BODIES = {
  "a Blob": () => [new Blob([BYTES]), BYTES],
  "a File": () => [new File([BYTES], "x.jpg"), BYTES],
  "an ArrayBuffer": () => [aligned, BYTES],
  "a DataView on a part": () => [new DataView(aligned, 8, 16), BYTES.subarray(8, 24)],
  "a Buffer on a part": () => [Buffer.from(aligned, 3, 10), BYTES.subarray(3, 13)],
  "a part of an array": () => [BYTES.subarray(5, 25), BYTES.subarray(5, 25)],
  "a string": () => ["é€😀\ud800", new TextEncoder().encode("é€😀\ud800")],
  "an empty string": () => ["", new Uint8Array()],
  "an empty Blob": () => [new Blob([]), new Uint8Array()],
  "a ReadableStream": () => [streamOf(BYTES.subarray(0, 10), BYTES.subarray(10)), BYTES],
  "the body of an answer": () => [new Response(BYTES).body, BYTES],
  "an async iterable": () => [pieces(), BYTES],
  "a stream of Node": () => [Readable.from([Buffer.from(BYTES)]), BYTES],
};
for (const Type of [Uint8Array, Int8Array, Uint8ClampedArray, Uint16Array, Int16Array, Uint32Array, Int32Array, Float32Array, Float64Array, BigInt64Array, BigUint64Array]) {
  BODIES[`${Type.name}`] = () => [new Type(aligned, 8, 4), BYTES.subarray(8, 8 + 4 * Type.BYTES_PER_ELEMENT)];
}

describe("in one request", () => {
  for (const [what, make] of Object.entries(BODIES)) {
    for (const methodName of ["auto", "simple"]) {
      test(`${what}, ${methodName}: the bytes arrive unchanged`, async () => {
        const [body, expected] = make();
        let arrived;
        const { client, seen } = imgixWith(async (url, init) => {
          arrived = await bytesOf(init.body);
          return json(ASSET);
        });
        const progress = [];
        const asset = await client.assets.upload("s1", "/a/b c.jpg", body, { method: methodName, onProgress: (event) => progress.push(event) });
        assert.deepEqual(Buffer.from(arrived), Buffer.from(expected.buffer, expected.byteOffset, expected.byteLength));
        assert.equal(asset.origin_path, "/uploads/pie.jpg");
        assert.equal(seen.length, 1);
        assert.deepEqual([seen[0].method, seen[0].url], ["POST", "https://api.imgix.com/api/v1/sources/s1/upload/a/b%20c.jpg"]);
        assert.equal(seen[0].headers["content-type"], "application/octet-stream");
        if (progress.length) assert.equal(progress.at(-1).sent, expected.byteLength);
        assert.deepEqual(progress.map(({ sent }) => sent), progress.map(({ sent }) => sent).toSorted((a, b) => a - b));
      });
    }
  }

  test("the type is the caller's, else the Blob's, else octet-stream", async () => {
    for (const [body, contentType, expected] of [
      [new Blob(["x"], { type: "image/png" }), undefined, "image/png"], [new Blob(["x"], { type: "image/png" }), "image/webp", "image/webp"],
      [new File(["x"], "a.gif", { type: "image/gif" }), undefined, "image/gif"], ["x", undefined, "application/octet-stream"], [BYTES, "image/jpeg", "image/jpeg"],
    ]) {
      const { client, seen } = imgixWith(json(ASSET));
      await client.assets.upload("s1", "a", body, { contentType });
      assert.equal(seen[0].headers["content-type"], expected);
    }
    for (const contentType of ["a\nb", "", "é/x", 7]) expectError(await failure(imgixWith(json(ASSET)).client.assets.upload("s1", "a", "x", { contentType })), "InvalidInputError");
  });

  test("`overwrite` is asked for only if it is", async () => {
    for (const [overwrite, query] of [[true, "?overwrite=true"], [false, ""], [undefined, ""]]) {
      const { client, seen } = imgixWith(json(ASSET));
      await client.assets.upload("s1", "a", "x", { overwrite });
      assert.equal(new URL(seen[0].url).search, query);
    }
  });

  test("an empty answer is null", async () => {
    assert.equal(await imgixWith(json("")).client.assets.upload("s1", "a", "x"), null);
  });

  test("what is no body is refused, and nothing is sent", async () => {
    const bad = [undefined, null, 7, 7n, true, {}, [], [1, 2], new FormData(), new URLSearchParams("a=b"), new Date(), new Map(), () => {}, Symbol("s"), new Error("x"), { size: 3, stream: () => {} }, { size: 3, type: "image/png", stream() {}, arrayBuffer() {} }, Promise.resolve("x")];
    for (const body of bad) {
      const { client, seen } = imgixWith(json(ASSET));
      for (const options of [{}, { method: "simple" }, { method: "session" }]) {
        expectError(await failure(client.assets.upload("s1", "a", body, options)), "InvalidInputError", { operation: "assets.upload", sent: false, outcome: "none" });
      }
      expectError(await failure(client.dryRun.assets.upload("s1", "a", body)), "InvalidInputError");
      assert.equal(seen.length, 0);
    }
  });

  test("streams that give no bytes, fail or were read are refused, and nothing is sent", async () => {
    const used = streamOf(BYTES);
    used.getReader();
    for (const make of [() => streamOf(7), () => streamOf({}), () => new ReadableStream({ start: (controller) => controller.error(new Error("no")) }), () => used, async function* () { yield 7; }, async function* () { throw new Error("no"); }, () => ({ [Symbol.asyncIterator]: () => 7 }), () => ({ [Symbol.asyncIterator]() { throw new Error("no"); } })]) {
      const { client, seen } = imgixWith(json(ASSET));
      expectError(await failure(client.assets.upload("s1", "a", make())), "InvalidInputError", { sent: false, operation: "assets.upload" });
      assert.equal(seen.length, 0);
    }
  });

  test("a stream that was read from, cancelled or is used up is refused, whole ones are read", async () => {
    const begun = streamOf(BYTES.subarray(0, 10), BYTES.subarray(10));
    const reader = begun.getReader();
    await reader.read();
    reader.releaseLock();
    const cancelled = streamOf(BYTES);
    await cancelled.cancel();
    const answer = new Response(BYTES);
    await answer.arrayBuffer();
    const failing = new ReadableStream({ start: (controller) => controller.error(new Error("no")) });
    for (const body of [begun, cancelled, answer.body, failing]) {
      for (const options of [{}, { method: "simple" }, { method: "session" }]) {
        const { client, seen } = imgixWith(json(ASSET));
        for (const run of [() => client.assets.upload("s1", "a", body, options), () => client.uploadSessions.put("https://bucket.s3.amazonaws.com/x?s=1", body)]) {
          const error = await failure(run());
          expectError(error, "InvalidInputError", { sent: false, outcome: "none" });
          assert.equal(error.problems[0].field, "body");
        }
        assert.equal(seen.length, 0);
      }
    }
    for (const make of [() => new Blob([BYTES]).stream(), () => new Response(BYTES).body, () => new ReadableStream({ type: "bytes", start: (controller) => (controller.enqueue(BYTES.slice()), controller.close()) }), () => new Blob([BYTES]).stream().pipeThrough(new TransformStream())]) {
      let arrived;
      const { client } = imgixWith(async (url, init) => ((arrived = await bytesOf(init.body)), json(ASSET)));
      await client.assets.upload("s1", "a", make());
      assert.deepEqual(arrived, BYTES);
    }
  });

  test("an abort ends it at once, while the body is read or sent, and ends the stream", async () => {
    let cancelled;
    const stuck = new ReadableStream({ cancel: (reason) => void (cancelled = reason) });
    for (const [body, count] of [[stuck, 0], [BYTES, 1]]) {
      const { client, seen } = imgixWith(never);
      const controller = new AbortController();
      const promise = failure(client.assets.upload("s1", "a", body, { signal: controller.signal }));
      for (let round = 0; round < 5; round++) await turn();
      controller.abort("reason");
      assert.equal(await promise, "reason");
      for (let round = 0; round < 5; round++) await turn();
      assert.equal(seen.length, count);
      assert.equal(getEventListeners(controller.signal, "abort").length, 0);
    }
    assert.equal(cancelled, "reason");
    const controller = new AbortController();
    await imgixWith(json(ASSET)).client.assets.upload("s1", "a", pieces(), { signal: controller.signal });
    assert.equal(getEventListeners(controller.signal, "abort").length, 0);
  });

  test("memory that others may write to is sent as it is now, and what only looks like bytes is read or refused", async () => {
    const shared = new Uint8Array(new SharedArrayBuffer(16)).fill(7);
    const growing = new Uint8Array(new ArrayBuffer(16, { maxByteLength: 32 })).fill(9);
    const lookAlike = { [Symbol.toStringTag]: "Blob", size: 3, type: "image/png", stream: () => streamOf(BYTES) };
    const reader = { getReader: () => streamOf(BYTES).getReader() };
    for (const options of [{}, { method: "simple" }, { method: "session" }]) {
      for (const [body, expected] of [
        [growing, growing], [growing.buffer, growing], [growing.subarray(4, 6), growing.subarray(4, 6)], [shared.buffer, shared],
        [shared, shared], [shared.subarray(3, 5), shared.subarray(3, 5)], [new DataView(shared.buffer, 4, 4), shared.subarray(4, 8)], [streamOf(shared), shared],
        [lookAlike, BYTES], [reader, BYTES], [(async function* () { yield shared; yield "é"; yield BYTES.buffer; })(), [...shared, 0xc3, 0xa9, ...BYTES]],
      ]) {
        let arrived;
        const { client } = imgixWith(async (url, init) => {
          const { buffer = init.body } = init.body ?? {};
          assert.ok(!buffer?.resizable && !(buffer instanceof SharedArrayBuffer), "no platform sends it");
          if (init.body) arrived = await bytesOf(init.body);
          return json(url.includes("create") ? fixture("imgix/upload-session-create.200.json") : url.includes("status") ? fixture("imgix/upload-session-status.200.complete.json") : ASSET);
        });
        await virtually(() => client.assets.upload("s1", "a", body, options));
        assert.deepEqual([...arrived], [...expected]);
      }
    }
    const gone = new Uint8Array(16);
    structuredClone(gone.buffer, { transfer: [gone.buffer] });
    const only = (what, members) => ({ [Symbol.toStringTag]: what, ...members });
    for (const make of [() => gone, () => gone.buffer, () => only("ArrayBuffer"), () => only("ArrayBuffer", { byteLength: 3 }), () => only("Uint8Array", { byteLength: 3, buffer: BYTES.buffer }), () => only("Blob", { size: 3, type: "image/png" })]) {
      const { client, seen } = imgixWith(json(ASSET));
      expectError(await failure(client.assets.upload("s1", "a", make())), "InvalidInputError", { sent: false });
      assert.equal(seen.length, 0);
    }
  });

  const ODD = {
    "gives nothing": () => ({ next: () => undefined }), "gives no promise and no bytes": () => ({ next: () => ({ done: false, value: 7 }) }), "gives objects": () => ({ next: async () => ({ value: {} }) }),
    "throws at once": () => ({ next() { throw new Error("no"); } }), "throws nothing": () => ({ next() { throw undefined; } }), "rejects": () => ({ next: () => Promise.reject(new Error("no")) }),
    "has no next": () => ({}), "is nothing": () => undefined,
  };
  for (const [what, make] of Object.entries(ODD)) {
    test(`an iterator that ${what} is a typed error, and no rubbish is sent`, async () => {
      for (const method of ["auto", "simple", "session"]) {
        const bodies = [];
        const { client } = imgixWith(async (url, init) => {
          bodies.push(await bytesOf(init.body));
          return json(ASSET);
        });
        const error = await failure(client.assets.upload("s1", "a", { [Symbol.asyncIterator]: make }, { method, retries: 0 }));
        assert.ok(library.isImageSourcesError(error), String(error));
        assert.equal(error.operation, "assets.upload");
        if (method !== "simple") expectError(error, "InvalidInputError", { sent: false });
        assert.deepEqual(bodies, []);
      }
    });
  }

  test("an iterable that ignores its end is left alone by an abort and by the deadline", async () => {
    for (const options of [{}, { method: "session" }, { method: "simple" }]) {
      for (const next of [never, async () => ({ value: BYTES })]) {
        let last = 0;
        const body = { [Symbol.asyncIterator]: () => ({ next: () => (last++, next()), return: never }) };
        const controller = new AbortController();
        const { client, seen } = imgixWith((url, init) => new Promise((_, reject) => {
          init.body.pipeTo(new WritableStream()).catch(() => {});
          init.signal.addEventListener("abort", () => reject(init.signal.reason));
        }));
        const promise = failure(client.assets.upload("s1", "a", body, { ...options, signal: controller.signal }));
        setTimeout(() => controller.abort("reason"), 20);
        assert.equal(await promise, "reason");
        assert.equal(getEventListeners(controller.signal, "abort").length, 0);
        if (options.method !== "simple") {
          assert.equal(seen.length, 0);
          await new Promise((done) => setTimeout(done, 120));
          const count = last;
          await new Promise((done) => setTimeout(done, 20));
          assert.equal(last, count, "it is not read any more");
        }
      }
    }
    const endless = { [Symbol.asyncIterator]: () => ({ next: async () => ({ value: BYTES }) }) };
    expectError(await failure(imgixWith(json(ASSET)).client.assets.upload("s1", "a", endless, { deadlineMs: 100 })), "TimeoutError", { sent: false, outcome: "none" });
  });

  test("an abort in the same turn ends it as well", async () => {
    const controller = new AbortController();
    const promise = failure(imgixWith(never).client.assets.upload("s1", "a", new ReadableStream(), { signal: controller.signal }));
    controller.abort("reason");
    assert.equal(await promise, "reason");
  });

  test("a body that never ends is waited for until the deadline, that of the client too", () =>
    virtually(async (time) => {
      for (const [own, options] of [[{}, { deadlineMs: 5_000 }], [{ deadlineMs: 5_000 }, {}]]) {
        const began = time.now();
        const { client, seen } = imgixWith(json(ASSET), own);
        expectError(await failure(client.assets.upload("s1", "a", new ReadableStream(), options)), "TimeoutError", { sent: false, outcome: "none", operation: "assets.upload" });
        assert.deepEqual([time.now() - began, seen.length, time.timers.size], [5_000, 0, 0]);
      }
    }));

  test("a listener of progress that throws changes nothing", async () => {
    assert.ok(await imgixWith(json(ASSET)).client.assets.upload("s1", "a", "x", { onProgress: () => { throw new Error("no"); } }));
  });

  test("20 MB do not go through wasm", async () => {
    const { client } = imgixWith(async (url, init) => (await bytesOf(init.body)).length === 20 << 20 ? json(ASSET) : json("{}", 400));
    await client.assets.upload("s1", "a", "x").catch(() => {});
    const before = memory();
    for (const body of [new Uint8Array(20 << 20), new Blob([new Uint8Array(20 << 20)]), streamOf(new Uint8Array(20 << 20)), "x".repeat(20 << 20)]) assert.ok(await client.assets.upload("s1", "a", body));
    assert.equal(memory(), before);
  });
});

test("a body that always has something to give leaves time to an abort and to the deadline", async () => {
  let given = 0;
  const busy = async function* () {
    while (given < 30_000_000) {
      given++;
      yield "x";
    }
  };
  const { client, seen } = imgixWith(json(ASSET));
  const controller = new AbortController();
  setTimeout(() => controller.abort("enough"));
  assert.equal(await failure(client.assets.upload("s1", "a", busy(), { signal: controller.signal })), "enough");
  expectError(await failure(client.assets.upload("s1", "a", busy(), { deadlineMs: 1 })), "TimeoutError", { sent: false });
  assert.ok(given < 30_000_000);
  assert.equal(seen.length, 0);
});

describe("by a session", () => {
  const CANARY = "CANARY0signature+of/it";
  const URL_OF = (host) => `https://${host}/images/clip.mp4?X-Amz-Expires=1&X-Amz-Signature=${encodeURIComponent(CANARY)}`;
  const session = fixture("imgix/upload-session-create.200.json");
  /** A server for sessions; `change` may answer a step in another way. */
  const server = (change = {}, host = "bucket.s3.amazonaws.com", options) => {
    const puts = [];
    const made = imgixWith(async (url, init, count) => {
      const step = init.method === "PUT" ? "put" : init.method === "DELETE" ? "cancel" : /upload-sessions\/(\w+)/.exec(url)?.[1] ?? (url.includes("/upload/") ? "simple" : "get");
      if (change[step]) return change[step](url, init, count);
      if (step === "put") puts.push(init.body);
      const { data } = session;
      return step === "create" ? json({ data: { ...data, attributes: { ...data.attributes, url: URL_OF(host) } } })
        : step === "status" ? json(fixture("imgix/upload-session-status.200.complete.json"))
        : step === "close" ? json(fixtureText("imgix/upload-session-close.200.json"))
        : step === "cancel" ? json(fixtureText("imgix/upload-session-cancel.200.json"))
        : step === "put" ? new Response("", { status: 200 }) : json(fixtureText("imgix/asset-get.200.image.json"));
    }, { headers: { "x-mine": "v" }, apiKey: "ak-CANARY1-key", ...options });
    const steps = () => made.seen.map(({ method, url }) => `${method} ${/upload-sessions\/(\w+)/.exec(url)?.[1] ?? new URL(url).host}`);
    return { ...made, puts, steps };
  };
  const clean = (...values) => {
    for (const value of values) {
      const text = inspect(value, { depth: null, showHidden: true, maxStringLength: null }) + JSON.stringify(value);
      for (const form of [CANARY, encodeURIComponent(CANARY), "CANARY1", "CANARY0"]) assert.ok(!text.includes(form), text.slice(Math.max(0, text.indexOf(form) - 100), text.indexOf(form) + 50));
    }
  };

  test("opens, puts without key and headers of the caller's, closes, waits, and gives the asset", () =>
    virtually(async () => {
      const { client, seen, events, puts, steps } = server();
      const blob = new Blob([BYTES], { type: "video/mp4" });
      const asset = await client.assets.upload("s1", "clip.mp4", blob, { method: "session" });
      assert.ok(asset.origin_path);
      assert.deepEqual(steps(), ["POST create", "PUT bucket.s3.amazonaws.com", "POST close", "GET status", "GET api.imgix.com"]);
      const put = seen[1];
      assert.equal(put.url, URL_OF("bucket.s3.amazonaws.com"));
      assert.deepEqual(put.headers, { "content-type": "video/mp4" });
      assert.deepEqual([put.init.credentials, put.init.redirect], [undefined, "manual"]);
      assert.equal(seen[0].headers["content-type"], "video/mp4");
      assert.equal(puts[0], blob);
      clean(events);
      assert.ok(events.some(({ url }) => url?.endsWith("?****")));
    }));

  test("Azure is told what kind of blob it is", () =>
    virtually(async () => {
      for (const host of ["account.blob.core.windows.net", "account.blob.core.chinacloudapi.cn"]) {
        const { client, seen } = server({}, host);
        await client.assets.upload("s1", "a", "x", { method: "session" });
        assert.deepEqual(seen[1].headers, { "x-ms-blob-type": "BlockBlob", "content-type": "application/octet-stream" });
      }
    }));

  test("`auto` takes one request up to 30 MB, and a session above", () =>
    virtually(async () => {
      for (const [size, first] of [[30 << 20, "POST api.imgix.com"], [(30 << 20) + 1, "POST create"], [31 << 20, "POST create"]]) {
        const { client, steps } = server({ simple: () => json(ASSET) });
        await client.assets.upload("s1", "a", new Blob([new Uint8Array(size)]));
        assert.equal(steps()[0], first);
      }
    }));

  test("every kind of body arrives", () =>
    virtually(async () => {
      for (const make of Object.values(BODIES)) {
        const [body, expected] = make();
        const { client, puts } = server();
        await client.assets.upload("s1", "a", body, { method: "session" });
        assert.deepEqual(Buffer.from(await bytesOf(puts[0])), Buffer.from(expected.buffer, expected.byteOffset, expected.byteLength));
      }
    }));

  test("a failure of any step cancels it, is the upload's, and shows no signature", () =>
    virtually(async () => {
      const url = URL_OF("h");
      // The storage says the address and the signature back.
      const failsAt = (said) => [() => json(said, 403), () => json(said, 500), () => Promise.reject(new TypeError(`failed for ${said}`)), () => json(said, 302, { location: url }), () => json(new ReadableStream({ start: (controller) => controller.error(new Error(said)) }), 200)];
      for (const step of ["create", "put", "close", "status"]) {
        const said = step === "put" ? `no: ${url} <SignatureProvided>${CANARY}</SignatureProvided> ${Buffer.from(CANARY).toString("base64")}` : "no";
        for (const [index, fail] of failsAt(said).entries()) {
          if (step === "put" && index === 4) continue;
          // A close that may have worked is none of them.
          if (step === "close" && ![0, 3].includes(index)) continue;
          const { client, events, steps } = server({ [step]: fail });
          const error = await failure(client.assets.upload("s1", "a", "x", { method: "session", retries: 0 }));
          expectError(error, error.name, { operation: "assets.upload", sent: true });
          // What is closed is imgix's, and never cancelled.
          assert.equal(steps().at(-1) === "DELETE cancel", step === "put" || step === "close", steps().join());
          if (step === "close" || step === "status") assert.ok(error.outcome === "unknown" || error.outcome === "declined");
          if (step !== "create") clean(error, error.cause, events);
        }
      }
      const { client } = server({ status: () => json(fixtureText("imgix/upload-session-status.200.pending.json").replaceAll("PENDING", "FAILED")) });
      expectError(await failure(client.assets.upload("s1", "a", "x", { method: "session" })), "ConflictError", { operation: "assets.upload" });
    }));

  test("what has been closed, or may have been, is never cancelled: its status tells", () =>
    virtually(async () => {
      const closes = {
        "204": () => new Response(null, { status: 204 }), "an empty answer": () => json(""), "no data": () => json({}), "meta alone": () => json({ meta: {} }), "no JSON": () => json("closed"),
        "500": () => json("", 500), "a lost connection": () => Promise.reject(new TypeError("reset")), "silence": never, "an answer that breaks off": () => json(new ReadableStream({ start: (controller) => controller.error(new Error("cut")) })),
      };
      for (const [what, close] of Object.entries(closes)) {
        for (const [status, options, failed] of [[undefined, {}], [() => json("", 500), {}, "ServerError"], [() => json("", 403), {}, "PermissionError"], [() => json(fixtureText("imgix/upload-session-status.200.pending.json")), { deadlineMs: 9_000 }, "TimeoutError"]]) {
          const { client, steps, events } = server({ close, ...(status && { status }) });
          const upload = client.assets.upload("s1", "a", "x", { method: "session", retries: 0, timeoutMs: 2_000, ...options });
          if (failed) expectError(await failure(upload), failed, { operation: "assets.upload", sent: true });
          else assert.ok((await upload).origin_path, what);
          assert.ok(steps().includes("GET status") && !steps().includes("DELETE cancel"), `${what}: ${steps()}`);
          clean(events);
        }
      }
      // When no time is left, that is all.
      const { client, steps } = server({ close: never });
      expectError(await failure(client.assets.upload("s1", "a", "x", { method: "session", retries: 0, deadlineMs: 2_000 })), "TimeoutError", { outcome: "unknown", sent: true, operation: "assets.upload" });
      assert.ok(!steps().includes("DELETE cancel"), steps().join());
    }));

  test("a session whose close has certainly not worked is cancelled", () =>
    virtually(async () => {
      const refused = Object.assign(new TypeError("fetch failed"), { cause: Object.assign(new Error("refused"), { code: "ECONNREFUSED" }) });
      for (const close of [() => json("", 403), () => json("", 409), () => json("", 429), () => json("", 302, { location: "https://h.example/" }), () => Promise.reject(refused)]) {
        const { client, steps } = server({ close });
        const error = await failure(client.assets.upload("s1", "a", "x", { method: "session", retries: 0 }));
        expectError(error, error.name, { operation: "assets.upload", sent: true });
        assert.deepEqual(steps(), ["POST create", "PUT bucket.s3.amazonaws.com", "POST close", "DELETE cancel"]);
      }
    }));

  test("what is uploaded but cannot be shown is null", () =>
    virtually(async () => {
      for (const get of [() => json("{}", 404), () => json("{}", 403), () => json("{}", 500), () => Promise.reject(new Error("x"))]) {
        assert.equal(await server({ get }).client.assets.upload("s1", "a", "x", { method: "session", retries: 0 }), null);
      }
    }));

  test("an abort at any step ends it at once, and cancels the session behind it unless it may be closed", async () => {
    for (const step of ["create", "put", "close", "status"]) {
      const { client, steps, events } = server({ [step]: never });
      const controller = new AbortController();
      const promise = failure(client.assets.upload("s1", "a", "x", { method: "session", signal: controller.signal }));
      for (let round = 0; round < 12; round++) await turn();
      controller.abort("reason");
      assert.equal(await promise, "reason");
      for (let round = 0; round < 8; round++) await turn();
      // What may be closed is left to imgix.
      assert.equal(steps().includes("DELETE cancel"), step === "put", steps().join());
      assert.equal(getEventListeners(controller.signal, "abort").length, 0);
      clean(events);
    }
  });

  test("an abort while the session is cancelled behind a failure ends it at once", async () => {
    const { client, steps } = server({ put: () => json("no", 403), cancel: never });
    const controller = new AbortController();
    let ended;
    const promise = failure(client.assets.upload("s1", "a", "x", { method: "session", signal: controller.signal })).then((error) => (ended = error));
    for (let round = 0; round < 12; round++) await turn();
    assert.deepEqual([steps().at(-1), ended], ["DELETE cancel", undefined]);
    controller.abort("reason");
    await turn();
    assert.equal(ended, "reason");
    assert.equal(getEventListeners(controller.signal, "abort").length, 0);
    await promise;
  });

  test("options that cannot be read are refused, whenever they fail", async () => {
    const hostile = (name, from) => {
      let count = 0;
      return Object.defineProperty({ method: "session" }, name, {
        enumerable: true,
        get: () => {
          if (++count >= from) throw new Error("no");
        },
      });
    };
    for (const name of ["signal", "contentType", "overwrite", "onProgress", "deadlineMs"])
      for (const from of [1, 2, 3, 4])
        for (const upload of ["upload", "dryRun"]) {
          const { client } = server();
          const run = () => (upload == "dryRun" ? client.dryRun : client).assets.upload("s1", "a", "x", hostile(name, from));
          // Who fails only later may never be asked again.
          const error = await run().then(() => undefined, (error) => error);
          if (from < 2 || error) expectError(error, "InvalidInputError", { operation: "assets.upload", sent: false });
        }
    const odd = { addEventListener() {}, get aborted() { throw new Error("no"); } };
    for (const run of [() => server().client.assets.upload("s1", "a", "x", { signal: odd }), () => server().client.sources.get("s1", { signal: odd })])
      expectError(await failure(run()), "InvalidInputError", { sent: false });
  });

  test("a session without an address or an id is an answer that cannot be read; it is cancelled if it can be", () =>
    virtually(async () => {
      const { id, attributes } = session.data;
      for (const [data, cancelled] of [
        [{ id, type: "upload-sessions", attributes: { ...attributes, url: undefined } }, true],
        [{ id, type: "upload-sessions", attributes: { ...attributes, url: 7 } }, true],
        [{ id, type: "upload-sessions", attributes: { ...attributes, url: "not an address" } }, true],
        [{ id, type: "upload-sessions", attributes: { ...attributes, url: "ftp://h.example/x" } }, true],
        [{ type: "upload-sessions", attributes: { ...attributes, id: undefined } }, false],
        [{ id: "", type: "upload-sessions", attributes }, false],
        [{ type: "upload-sessions", attributes: {} }, false],
      ]) {
        const { client, steps } = server({ create: () => json({ data }) });
        const error = await failure(client.assets.upload("s1", "a", "x", { method: "session" }));
        expectError(error, "UnreadableResponseError", { operation: "assets.upload", sent: true, outcome: "unknown", provider: "imgix", code: "unreadable" });
        assert.deepEqual(steps(), cancelled ? ["POST create", "DELETE cancel"] : ["POST create"]);
        clean(error);
      }
    }));

  test("`overwrite` is refused, as no session knows it", async () => {
    for (const [body, options] of [["x", { method: "session" }], [streamOf(BYTES), { method: "session" }], [new Blob([new Uint8Array((30 << 20) + 1)]), {}]]) {
      const { client, seen } = server();
      for (const run of [client.dryRun.assets.upload, client.assets.upload]) {
        const error = await failure(run("s1", "a", body, { ...options, overwrite: true }));
        expectError(error, "InvalidInputError", { operation: "assets.upload", code: "mismatch", sent: false, outcome: "none" });
        assert.equal(error.problems[0].field, "overwrite");
      }
      assert.equal(seen.length, 0);
    }
    const { client, seen } = imgixWith(json(ASSET));
    await client.assets.upload("s1", "a", new Blob([new Uint8Array((30 << 20) + 1)]), { method: "simple", overwrite: true });
    assert.ok(seen[0].url.endsWith("?overwrite=true"));
  });

  test("a dry run shows the session that would be opened", async () => {
    const { client } = server();
    for (const [body, options, type] of [
      ["x", { method: "session" }, "application/octet-stream"], [new Blob(["x"], { type: "video/mp4" }), { method: "session", retries: 1 }, "video/mp4"],
      [new Uint8Array((30 << 20) + 1), undefined, "application/octet-stream"], [streamOf(BYTES), { method: "session", contentType: "a/b" }, "a/b"],
    ]) {
      const shown = await client.dryRun.assets.upload("s1", "a/b.mp4", body, options);
      assert.deepEqual([shown.operation, shown.method, shown.url], ["uploadSessions.create", "POST", "https://api.imgix.com/api/v1/sources/s1/upload-sessions/create/a/b.mp4"]);
      assert.equal(shown.headers["content-type"], type);
    }
    for (const [body, options] of [["x"], ["x", { method: "auto" }], [new Uint8Array((30 << 20) + 1), { method: "simple" }], [new Uint8Array(30 << 20)]]) {
      assert.equal((await client.dryRun.assets.upload("s1", "a", body, options)).operation, "assets.upload");
    }
  });

  describe("bytes that are sent into one that is open", () => {
    const ADDRESS = URL_OF("bucket.s3.amazonaws.com");

    test("every kind of body arrives, of whatever size, with its type and without key and headers of the caller's", async () => {
      const large = new Blob([new Uint8Array((30 << 20) + 1)], { type: "video/mp4" });
      for (const [make, type, options] of [...Object.values(BODIES).map((make) => [make, "image/avif", { contentType: "image/avif" }]), [() => [large, undefined], "video/mp4", undefined], [() => [BYTES, BYTES], "application/octet-stream", { retries: 0 }]]) {
        const [body, expected] = make();
        const { client, seen, puts, events } = server();
        assert.equal(await client.uploadSessions.put(ADDRESS, body, options), undefined);
        assert.deepEqual([seen.length, seen[0].method, seen[0].url, seen[0].headers, seen[0].init.credentials, seen[0].init.redirect], [1, "PUT", ADDRESS, { "content-type": type }, undefined, "manual"]);
        if (expected) assert.deepEqual(Buffer.from(await bytesOf(puts[0])), Buffer.from(expected.buffer, expected.byteOffset, expected.byteLength));
        else assert.equal(puts[0], large);
        clean(events);
      }
      const { client, seen } = server();
      await client.uploadSessions.put(URL_OF("account.blob.core.windows.net"), "x");
      assert.equal(seen[0].headers["x-ms-blob-type"], "BlockBlob");
    });

    test("a failure is its own, cancels nothing and shows no signature", () =>
      virtually(async () => {
        const said = `no: ${ADDRESS} ${CANARY}`;
        for (const [put, name, outcome] of [[() => json(said, 403), "DeclinedError", "declined"], [() => json(said, 401), "DeclinedError", "declined"], [() => json(said, 503), "ServerError", "unknown"], [() => Promise.reject(new TypeError(said)), "NetworkError", "unknown"], [() => json("", 302, { location: ADDRESS }), "UnreadableResponseError", "declined"]]) {
          const { client, steps, events } = server({ put });
          const error = await failure(client.uploadSessions.put(ADDRESS, "x", { retries: 0 }));
          expectError(error, name, { operation: "uploadSessions.put", sent: true, outcome });
          if (error.status === 403) assert.equal(error.message, "the storage answered 403 to uploadSessions.put: the address is not accepted; it may have expired");
          assert.deepEqual(steps(), ["PUT bucket.s3.amazonaws.com"]);
          clean(error, error.cause, events);
        }
        let count = 0;
        const { client, steps } = server({ put: () => (++count < 3 ? json("", 503) : new Response("")) });
        await client.uploadSessions.put(ADDRESS, streamOf(BYTES), { retries: 2 });
        assert.equal(steps().length, 3, "what may pass is sent again, a stream too");
      }));

    test("what is no body, no address or no option is refused, and nothing is sent", async () => {
      for (const [url, body, options, field] of [[ADDRESS, undefined, undefined, "body"], [ADDRESS, { size: 1 }, undefined, "body"], ["ftp://h/x", "x", undefined, "url"], ["", "x", undefined, "url"], [undefined, "x", undefined, "url"], [ADDRESS, "x", { overwrite: true }, "overwrite"], [ADDRESS, "x", { method: "session" }, "method"], [ADDRESS, streamOf(7), undefined, "body"]]) {
        const { client, seen, events } = server();
        const error = await failure(client.uploadSessions.put(url, body, options));
        expectError(error, "InvalidInputError", { operation: "uploadSessions.put", sent: false, outcome: "none" });
        assert.ok(field === "body" || error.problems.some((problem) => problem.field === field), JSON.stringify(error.problems));
        assert.equal(seen.length, 0);
        clean(error, events);
      }
    });

    test("an abort ends it at once; a dry run shows it with its query masked; no table lists it", async () => {
      const { client, steps } = server({ put: never });
      const controller = new AbortController();
      const promise = failure(client.uploadSessions.put(ADDRESS, "x", { signal: controller.signal }));
      for (let round = 0; round < 5; round++) await turn();
      controller.abort("reason");
      assert.equal(await promise, "reason");
      assert.deepEqual(steps(), ["PUT bucket.s3.amazonaws.com"]);
      const shown = await client.dryRun.uploadSessions.put(ADDRESS, new Blob([new Uint8Array((30 << 20) + 1)], { type: "a/b" }));
      assert.deepEqual([shown.operation, shown.method, shown.url, shown.headers["content-type"]], ["uploadSessions.put", "PUT", "https://bucket.s3.amazonaws.com/images/clip.mp4?****", "a/b"]);
      clean(shown);
      // Gateways let through what `operations()` lists: an address of any host must not be among it.
      assert.deepEqual(library.operations().filter(({ name, host }) => name === "uploadSessions.put" || !["api", "images"].includes(host)), []);
    });
  });

  test("one deadline for all steps", () =>
    virtually(async (time) => {
      for (const [own, options] of [[{}, { deadlineMs: 9_000 }], [{ deadlineMs: 9_000 }, {}]]) {
        const began = time.now();
        const { client } = server({ status: () => json(fixtureText("imgix/upload-session-status.200.pending.json")) }, "h.example", own);
        expectError(await failure(client.assets.upload("s1", "a", "x", { method: "session", ...options })), "TimeoutError", { outcome: "unknown", sent: true, operation: "assets.upload" });
        assert.ok(time.now() - began >= 8_000 && time.now() - began <= 9_500, `${time.now() - began}`);
      }
    }));
});

describe("sources that take no uploads", () => {
  const source = (id, deployment) => ({ data: { id, type: "sources", attributes: { name: "n", deployment } } });
  const refused = async (client, seen, id) => {
    const before = seen.length;
    for (const call of [client.assets.upload(id, "a", "x"), client.assets.upload(id, "a", pieces()), client.uploadSessions.create(id, "a"), client.dryRun.assets.upload(id, "a", "x")]) {
      const error = await failure(call);
      expectError(error, "InvalidInputError", { code: "mismatch", sent: false, attempts: 0, outcome: "none", provider: "imgix" });
      assert.equal(error.problems[0].field, "sourceId");
    }
    assert.equal(seen.length, before);
  };

  test("are refused once an answer said so, whichever", async () => {
    for (const deployment of [{ type: "s3", allows_upload: false }, { type: "webfolder" }, { type: "webproxy", allows_upload: true }, { type: "webfolder", allows_upload: null }]) {
      for (const learn of [(client) => client.sources.get("s1"), (client) => client.sources.update("s1", { name: "n" }), (client) => client.sources.list(), (client) => client.sources.enable("s1")]) {
        const { client, seen } = imgixWith((url, init) => json(init.method === "GET" && /sources$/.test(url) ? { data: [source("other", { type: "s3" }).data, source("s1", deployment).data] } : /upload/.test(url) ? ASSET : source("s1", deployment)));
        assert.ok(await client.assets.upload("s1", "a", "x"));
        await learn(client);
        await refused(client, seen, "s1");
        assert.ok(await client.assets.upload("other", "a", "x"));
      }
    }
  });

  test("are taken again once an answer says that they can", async () => {
    let deployment = { type: "webfolder" };
    const { client, seen } = imgixWith((url) => json(/upload/.test(url) ? ASSET : source("s1", deployment)));
    await client.sources.get("s1");
    await refused(client, seen, "s1");
    for (deployment of [undefined, null, {}]) {
      await client.sources.get("s1");
      await refused(client, seen, "s1");
    }
    deployment = { type: "s3" };
    await client.sources.get("s1");
    assert.ok(await client.assets.upload("s1", "a", "x"));
  });

  test("are known to their client only, and what else they are is not judged", async () => {
    const { client } = imgixWith(json(IMGIX_SOURCE));
    await client.sources.get("x");
    assert.ok(await imgixWith(json(ASSET)).client.assets.upload(IMGIX_SOURCE.data.id, "a", "x"));
    for (const odd of [[], 7, "x", { type: 7 }, { type: { toString: 7 } }, { type: {}, allows_upload: "false" }]) {
      const odder = imgixWith((url) => json(/upload/.test(url) ? ASSET : source("s1", odd)));
      await odder.client.sources.get("s1");
      assert.ok(await odder.client.assets.upload("s1", "a", "x"));
    }
  });
});
