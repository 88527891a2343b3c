// What the client makes of answers: every fixture, and everything that can be wrong with an answer.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  BOSS_SOURCE, IMGIX_INPUT, IMGIX_SOURCE, bossWith, everyCall, expectError, failure, fixture, fixtureNames, fixtureText, imgixWith, json, memory,
} from "./support.mjs";

const CLASSES = { 401: "AuthenticationError", 403: "PermissionError", 404: "NotFoundError", 409: "ConflictError", 429: "RateLimitError" };
const classOf = (status) => CLASSES[status] ?? (status >= 500 ? "ServerError" : "DeclinedError");
const codeOf = (status) => (status === 429 ? "rate-limited" : status >= 500 ? "server" : undefined);
const outcomeOf = (call, status) => (!call.writes ? "none" : status >= 500 || status === 408 ? "unknown" : "declined");

describe("errors of the provider", () => {
  const exchanges = (provider) =>
    fixtureNames(provider, /^(error|http)\b.*\.json$/).map((name) => {
      const body = fixture(`${provider}/${name}`);
      const http = body.http ?? (body.body_text === undefined ? undefined : { ...body, body: body.body_text });
      return http
        ? { name, status: http.status, headers: http.headers, text: http.body }
        : { name, status: Number(name.match(/\d{3}/)[0]), text: fixtureText(`${provider}/${name}`), body };
    });

  for (const [provider, operation, call, clientWith] of everyCall()) {
    for (const { name, status, headers, text, body } of exchanges(provider)) {
      if (status < 300) continue;
      test(`${provider} ${operation}: ${name}`, async () => {
        const { client, seen, events } = clientWith(json(text, status, headers));
        const error = await failure(call.run(client));

        expectError(error, classOf(status), {
          provider, operation, status, attempts: 1, sent: true, outcome: outcomeOf(call, status), bodyText: text, ...(codeOf(status) && { code: codeOf(status) }),
        });
        // A creation at ImageBoss of which nobody knows whether it happened is looked for once.
        const looked = provider === "imageboss" && operation === "sources.create" && error.outcome === "unknown";
        assert.deepEqual(seen.map(({ method }) => method).slice(1), looked ? ["GET"] : []);
        assert.ok(error.message.includes(String(status)));
        // Every word the provider said is there.
        const said = (Array.isArray(body?.errors) ? body.errors : [body?.error ?? body?.message]).filter(Boolean);
        if (said.length) assert.equal(error.problems.length, said.length);
        for (const [index, one] of said.entries()) {
          for (const words of typeof one == "string" ? [one] : [one.title, one.detail]) assert.ok(error.problems[index].message.includes(words));
        }
        if (body?.errors?.[0]?.id) assert.equal(error.requestId, body.errors[0].id);
        const end = events.at(-1);
        assert.deepEqual([end.type, end.outcome, end.mayHaveHappened], ["end", "failed", error.outcome === "unknown"]);
      });
    }
  }

  test("the sentences of ImageBoss are mapped to fields where that is certain", async () => {
    const fields = async (name) => (await failure(bossWith(json(fixtureText(`imageboss/${name}`), 422)).client.sources.create({
      source: "x", source_type: "url", credential_attributes: { url: "https://example.com" },
    }))).problems.map(({ field, code, message }) => [field, code, message]);

    assert.deepEqual(await fields("error-422-documented.json"), [
      ["credential_attributes.access_key_id", "required", "Credential access_key_id is required for s3 sources"],
      ["source", "taken", "Source has already been taken"],
    ]);
    assert.deepEqual((await fields("error-422-azure-missing.json")).map(([field]) => field), [
      "credential_attributes.account_name", "credential_attributes.sas_token", "credential_attributes.container_name",
    ]);
    assert.deepEqual(await fields("error-422-unknown-message.json"), [
      ["", "declined", "Source type is not included in the list"],
      ["", "declined", "Source is invalid"],
    ]);
  });

  test("pointers of JSON:API are mapped to the caller's own fields", async () => {
    const errors = [
      { title: "Bad", detail: "no such bucket", source: { pointer: "/data/attributes/deployment/s3_bucket" } },
      { detail: "is bad", source: { pointer: "/data/attributes/name" } },
      { title: "else", source: { pointer: "/jsonapi" } },
      { source: null, title: "odd", detail: 7 },
    ];
    const error = await failure(imgixWith(json({ errors }, 422)).client.sources.create(IMGIX_INPUT));

    expectError(error, "DeclinedError", { status: 422, outcome: "declined" });
    assert.deepEqual(error.problems.map(({ field, message }) => [field, message]), [
      ["deployment.s3_bucket", "Bad: no such bucket"], ["name", "is bad"], ["", "else"], ["", "odd"],
    ]);
  });

  test("errors of every odd shape still give the right class and a problem", async () => {
    const shapes = [
      "", " ", "null", "[]", "{}", "7", '"no"', "nonsense", '{"errors":null}', '{"errors":[]}', '{"errors":[null,7,{}]}', '{"errors":{"a":["b"],"c":"d"}}',
      '{"errors":"text"}', '{"errors":[{"title":""}]}', '{"error":{"message":"deep"}}', '{"message":""}', "\ufeff{}", "<html>", "[".repeat(500),
      '{"errors":[{"detail":"\\ud800"}]}', `{"errors":[{"detail":"${"x".repeat(100_000)}"}]}`, '{"errors":[{"detail":"line\\nbreak."}]}',
    ];
    for (const text of shapes) {
      for (const [status, name] of [[401, "AuthenticationError"], [418, "DeclinedError"], [500, "ServerError"], [599, "ServerError"]]) {
        expectError(await failure(imgixWith(json(text, status)).client.sources.get("s")), name, { status });
        expectError(await failure(bossWith(json(text, status)).client.sources.get("s")), name, { status });
      }
    }
  });

  test("every status has its class", async () => {
    for (let status = 400; status < 600; status++) {
      const error = await failure(imgixWith(json("{}", status)).client.sources.create(IMGIX_INPUT));
      expectError(error, classOf(status), { status, outcome: outcomeOf({ writes: true }, status) });
    }
  });

  test("the body that is kept is cut to 8 KiB without cutting a character", async () => {
    const error = await failure(imgixWith(json("é€😀".repeat(5_000), 500)).client.sources.get("s"));

    expectError(error, "ServerError");
    assert.ok(Buffer.byteLength(error.bodyText) > 8_180);
    assert.doesNotMatch(error.bodyText, /\ufffd/);
  });

  test("the request id is taken from the headers if the body has none", async () => {
    for (const name of ["x-request-id", "x-cloud-trace-context", "cf-ray"]) {
      const error = await failure(bossWith(json("{}", 500, { [name]: "id-1" })).client.sources.get("s"));
      assert.equal(error.requestId, "id-1");
    }
  });

  test("`Retry-After` is told in milliseconds, and nonsense in it is not", async () => {
    const told = async (value, status = 429) => (await failure(imgixWith(json("{}", status, { "retry-after": value })).client.sources.get("s"))).retryAfterMs;

    assert.equal(await told("7"), 7_000);
    assert.equal(await told("2", 503), 2_000);
    for (const nonsense of ["", "soon", "-5", "1e9", "NaN", "5 seconds", "Infinity"]) {
      const ms = await told(nonsense);
      assert.ok(ms === undefined || (Number.isFinite(ms) && ms >= 0), `${nonsense}: ${ms}`);
    }
  });
});

describe("answers that cannot be read", () => {
  const unreadable = async (call, clientWith, answer, code = "unreadable", status = 200) => {
    const { client } = clientWith(answer);
    const error = await failure(call.run(client));
    expectError(error, "UnreadableResponseError", { code, sent: true, attempts: 1, outcome: call.writes ? "unknown" : "none", ...(status && { status }) });
    return error;
  };

  for (const [provider, operation, call, clientWith] of everyCall()) {
    if (call.nothing) continue;
    test(`${provider} ${operation}: empty, HTML, another kind of JSON`, async () => {
      for (const text of ["", " \n", "\ufeff", "<!doctype html><title>sign in</title>", "null", "true", "7", '"text"', "nonsense", "{", '{"a":1}}']) {
        await unreadable(call, clientWith, json(text));
        await unreadable(call, clientWith, json(text, 201), "unreadable", 201);
      }
      await unreadable(call, clientWith, new Response(null, { status: 204 }), "unreadable", 204);
      await unreadable(call, clientWith, new Response(null, { status: 205 }), "unreadable", 205);
      await unreadable(call, clientWith, json(fixture("imgix/http.200-empty.json").body_text));
    });

    test(`${provider} ${operation}: cut off at twenty places, with the end of the body there`, async () => {
      const bytes = Buffer.from(call.good.trimEnd());
      for (let part = 0; part < 20; part++) await unreadable(call, clientWith, json(bytes.subarray(0, Math.floor((bytes.length * part) / 20))));
      await unreadable(call, clientWith, json(bytes.subarray(0, -1)));
    });

    test(`${provider} ${operation}: cut off at twenty places by the connection`, async () => {
      const bytes = Buffer.from(call.good.trimEnd());
      for (let part = 0; part < 20; part++) {
        const cause = new TypeError("terminated");
        const pieces = [bytes.subarray(0, Math.floor((bytes.length * part) / 20))];
        const stream = new ReadableStream({
          pull: (controller) => (pieces[0]?.length ? controller.enqueue(pieces.shift()) : controller.error(cause)),
        });
        const { client } = clientWith(new Response(stream, { status: 200, headers: { "x-request-id": "r1" } }));
        const error = await failure(call.run(client));
        expectError(error, "NetworkError", { code: "network", status: 200, requestId: "r1", sent: true, outcome: call.writes ? "unknown" : "none" });
        assert.equal(error.cause, cause);
      }
    });

    test(`${provider} ${operation}: invalid UTF-8`, async () => {
      const at = call.good.indexOf('"', 40) + 1;
      const bytes = Buffer.from(call.good);
      for (const bad of [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xe2, 0x82], [0xf4, 0x90, 0x80, 0x80], [0x80]]) {
        await unreadable(call, clientWith, json(Buffer.concat([bytes.subarray(0, at), Buffer.from(bad), bytes.subarray(at)])));
      }
    });
  }

  test("imgix: data of the wrong shape", async () => {
    const wrong = ["{}", '{"data":null}', '{"data":7}', '{"data":"x"}', '{"errors":[]}', '{"meta":{}}'];
    for (const [provider, operation, call, clientWith] of everyCall()) {
      if (provider !== "imgix") continue;
      for (const text of [...wrong, operation === "sources.list" ? '{"data":{"id":"1"}}' : '{"data":[{"id":"1"}]}']) {
        await unreadable(call, clientWith, json(text));
      }
    }
    for (const items of ["[null]", "[7]", "[[]]", '[{"id":"1"},"x"]']) {
      await unreadable({ run: (client) => client.sources.list() }, imgixWith, json(`{"data":${items}}`));
      await unreadable({ run: (client) => client.sources.list() }, bossWith, json(items));
    }
  });

  test("imgix: an answer without data is null where nothing may be answered", async () => {
    const calls = {
      add: (client) => client.assets.add("s1", "a"),
      refresh: (client) => client.assets.refresh("s1", "a"),
      upload: (client) => client.assets.upload("s1", "a", "bytes", { method: "simple" }),
      cancel: (client) => client.uploadSessions.cancel("s1", "u1"),
    };
    for (const run of Object.values(calls)) {
      for (const text of ['{"data":null}', "{}", '{"meta":{},"jsonapi":{"version":"1.0"}}', '{"data": null ,"meta":{}}']) {
        assert.equal(await run(imgixWith(json(text, 202), { responseCheck: "error" }).client), null);
      }
      for (const text of ["null", "[]", '{"data":[]}', '{"data":""}', '{"data":null', '{"data":nul}', '{"errors":[]}']) {
        await unreadable({ run, writes: true }, imgixWith, json(text));
      }
    }
    for (const text of ['{"data":null}', "{}"]) await unreadable({ run: (client) => client.uploadSessions.close("s1", "u1"), writes: true }, imgixWith, json(text));
  });

  test("redirects are never followed", async () => {
    for (const [provider, operation, call, clientWith] of everyCall()) {
      for (const status of [300, 301, 302, 303, 304, 307, 308]) {
        const { client, seen } = clientWith(new Response(status === 304 ? null : "moved", { status, headers: { location: "https://elsewhere.example/" } }));
        const error = await failure(call.run(client));
        expectError(error, "UnreadableResponseError", { code: "redirect", status, sent: true, provider, operation, outcome: call.writes ? "declined" : "none" });
        assert.equal(seen.length, 1);
        assert.equal(seen[0].redirect, "manual");
        assert.match(error.message, /\(30\d\) is a redirection, and none is followed$/);
      }
      // What a browser gives.
      const opaque = { type: "opaqueredirect", status: 0, ok: false, headers: new Headers(), body: null, arrayBuffer: async () => new ArrayBuffer(0) };
      const error = await failure(call.run(clientWith(() => opaque).client));
      expectError(error, "UnreadableResponseError", { code: "redirect", sent: true, outcome: call.writes ? "declined" : "none" });
    }
  });

  describe("bodies over the cap of 32 MiB", () => {
    const endless = (status, headers) => {
      const piece = new Uint8Array(1 << 20).fill(0x20);
      const state = { pulled: 0, cancelled: false };
      const stream = new ReadableStream({
        pull: (controller) => {
          if (++state.pulled > 64) controller.close();
          else controller.enqueue(piece);
        },
        cancel: () => {
          state.cancelled = true;
        },
      });
      return { state, response: new Response(stream, { status, headers }) };
    };

    test("without an announced length, reading stops at the cap", async () => {
      const { state, response } = endless(200);
      const error = await unreadable({ run: (client) => client.sources.get("s") }, imgixWith, () => response, "too-large");

      assert.match(error.message, /32 MiB/);
      assert.ok(state.pulled <= 40, `${state.pulled} MiB were read`);
      assert.ok(state.cancelled);
    });

    test("with an announced length, nothing is read, and the rest is not left to flow", async () => {
      const { state, response } = endless(200, { "content-length": String(33 << 20) });
      let aborted;
      await unreadable({ run: (client) => client.sources.create(IMGIX_INPUT), writes: true }, imgixWith, (_, init) => {
        aborted = init.signal;
        return response;
      }, "too-large");

      assert.ok(state.pulled <= 2);
      assert.ok(state.cancelled || aborted.aborted);
    });

    test("a lie about the length does not help", async () => {
      const { response } = endless(200, { "content-length": "7" });
      await unreadable({ run: (client) => client.sources.get("s") }, bossWith, () => response, "too-large");
    });

    test("the status of an error tells more than the size of its body", async () => {
      for (const [status, name] of [[404, "NotFoundError"], [500, "ServerError"], [429, "RateLimitError"]]) {
        for (const headers of [{}, { "content-length": String(33 << 20) }]) {
          const error = await failure(imgixWith(() => endless(status, headers).response).client.sources.get("s"));
          expectError(error, name, { status });
        }
      }
    });

    test("a body just under the cap is read, and its memory is used again", async () => {
      const body = Buffer.alloc((32 << 20) - 16, 0x20);
      body.write('{"id":"1"}', 0);
      const { client } = bossWith(() => new Response(body));
      assert.deepEqual(await client.sources.get("s"), { id: "1" });
      const before = memory();
      for (let round = 0; round < 5; round++) await client.sources.get("s");
      assert.equal(memory(), before);
    });
  });
});

describe("answers that are odd but can be read", () => {
  const get = async (attributes, options, rest = "") => {
    const { client, events } = imgixWith(json(`{"data":{"id":"s1","type":"sources","attributes":${attributes}${rest}}}`), options);
    return { value: await client.sources.get("s1"), drift: events.filter(({ type }) => type === "drift") };
  };

  test("a resource is flattened, and nothing the provider sent is lost", async () => {
    const { value, drift } = await get('{"name":"n","new_one":{"a":[1,null,{"b":"é"}]},"deployment":{"type":"brand_new","x":1}}', {}, ',"relationships":{"r":1}');

    assert.deepEqual(value, {
      name: "n", new_one: { a: [1, null, { b: "é" }] }, deployment: { type: "brand_new", x: 1 }, id: "s1", type: "sources", relationships: { r: 1 },
    });
    assert.deepEqual(drift, []);
  });

  test("every fixture of a source is given as it is, flattened", async () => {
    for (const name of fixtureNames("imgix", /^source-(get|create|update)\.\d{3}.*\.json$/)) {
      const { data } = fixture(`imgix/${name}`);
      const { client, events } = imgixWith(json(fixtureText(`imgix/${name}`)), { responseCheck: "error" });
      const value = await client.sources.get("s1");
      assert.deepEqual(value, { ...data.attributes, id: data.id, type: data.type, ...(data.relationships && { relationships: data.relationships }) }, name);
      assert.deepEqual(events.filter(({ type }) => type === "drift"), []);
    }
    for (const name of fixtureNames("imageboss", /^(create-success|get-200|update-200|tolerance).*\.json$/)) {
      const { client, events } = bossWith(json(fixtureText(`imageboss/${name}`)), { responseCheck: "error" });
      assert.deepEqual(await client.sources.get("s1"), fixture(`imageboss/${name}`), name);
      assert.deepEqual(events.filter(({ type }) => type === "drift"), []);
    }
    for (const name of fixtureNames("imageboss", /^list-200.*\.json$/)) {
      const { items, hasMore } = await bossWith(json(fixtureText(`imageboss/${name}`)), { responseCheck: "error" }).client.sources.list();
      assert.deepEqual(items, fixture(`imageboss/${name}`), name);
      assert.equal(hasMore, false);
    }
    for (const name of fixtureNames("imgix", /^sources-list\.200.*\.json$/)) {
      const { data, meta } = fixture(`imgix/${name}`);
      const { items, total, hasMore } = await imgixWith(json(fixtureText(`imgix/${name}`)), { responseCheck: "error" }).client.sources.list();
      assert.deepEqual(items, data.map(({ attributes, id, type, relationships }) => ({ ...attributes, id, type, ...(relationships && { relationships }) })), name);
      assert.equal(total, meta.pagination.totalRecords);
      assert.equal(hasMore, meta.pagination.hasNextPage);
    }
  });

  test("a byte order mark, duplicate keys, lone surrogates and huge numbers are read as `JSON.parse` reads them", async () => {
    const odd = '{"name":"first","name":"last","lone":"\\ud800","pair":"\\ud83d\\ude00","huge":1e400,"small":-1e400,"zero":-0,"big":12345678901234567890,"tiny":5e-324}';
    const { value } = await get(odd);
    const parsed = JSON.parse(odd);
    assert.deepEqual(value, { ...parsed, id: "s1", type: "sources" });
    assert.equal(value.huge, Infinity);
    assert.ok(Object.is(value.zero, -0));

    const marked = await bossWith(json(Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(JSON.stringify(BOSS_SOURCE))]))).client.sources.get("s");
    assert.deepEqual(marked, BOSS_SOURCE);
  });

  test("duplicate members of the envelope: the last one wins", async () => {
    const { client } = imgixWith(json('{"data":{"id":"a","type":"sources","attributes":{"name":"1"}},"data":{"id":"x","id":"b","attributes":{"name":"2"},"attributes":{"name":"3"}}}'));
    const value = await client.sources.get("s");
    assert.deepEqual([value.id, value.name], ["b", "3"]);
  });

  test("`data` beside `errors` is given, with drift", async () => {
    const { client, events } = imgixWith(json({ ...IMGIX_SOURCE, errors: [{ title: "half" }] }));
    assert.equal((await client.sources.get("s")).id, IMGIX_SOURCE.data.id);
    assert.deepEqual(events.filter(({ type }) => type === "drift").map(({ path }) => path), ["errors"]);
  });

  test("a resource without an id is given, with drift", async () => {
    const { client, events } = imgixWith(json('{"data":{"attributes":{"name":"n"}}}'));
    assert.deepEqual(await client.sources.get("s"), { name: "n" });
    assert.deepEqual(events.filter(({ type }) => type === "drift").map(({ path }) => path), ["id"]);

    const boss = bossWith(json('[{"source":"n"},{"id":7}]'));
    assert.deepEqual((await boss.client.sources.list()).items, [{ source: "n" }, { id: 7 }]);
    assert.equal(boss.events.filter(({ type }) => type === "drift").length, 1);
  });

  test("an attribute called id, type or relationships is kept under `attributes`", async () => {
    const { value } = await get('{"id":"inner","type":"t","relationships":[],"name":"n"}', {}, ',"relationships":{}');
    assert.deepEqual(value, { id: "s1", type: "sources", relationships: {}, name: "n", attributes: { id: "inner", type: "t", relationships: [] } });
    const escaped = await get('{"\\u0069d":"inner"}');
    assert.deepEqual(escaped.value, { id: "s1", type: "sources", attributes: { id: "inner" } });
  });

  test("members with names of the prototype are members like others", async () => {
    const text = '{"id":"1","__proto__":{"polluted":true},"constructor":1,"toString":2,"hasOwnProperty":3}';
    const value = await bossWith(json(text)).client.sources.get("s");
    assert.deepEqual(Object.keys(value), Object.keys(JSON.parse(text)));
    assert.equal({}.polluted, undefined);
    const { value: flat } = await get('{"__proto__":{"polluted":true}}');
    assert.ok(Object.hasOwn(flat, "__proto__"));
    assert.equal(flat.polluted, undefined);
  });

  test("the content type of an answer is not checked", async () => {
    for (const type of ["text/html", "application/json", "application/vnd.api+json", "nonsense", ""]) {
      const { client } = imgixWith(json(IMGIX_SOURCE, 200, { "content-type": type }));
      assert.equal((await client.sources.get("s")).id, IMGIX_SOURCE.data.id);
    }
  });

  test("any 2xx is success, and deletion takes any body", async () => {
    for (const status of [200, 201, 202, 203, 206, 299]) {
      assert.equal((await imgixWith(json(IMGIX_SOURCE, status)).client.sources.create(IMGIX_INPUT)).id, IMGIX_SOURCE.data.id);
    }
    for (const body of ["", "nonsense", "<html>", fixtureText("imageboss/delete-200.json"), "{", Buffer.from([0xff])]) {
      assert.equal(await bossWith(json(body)).client.sources.delete("s"), undefined);
    }
    assert.equal(await bossWith(new Response(null, { status: 204 })).client.sources.delete("s"), undefined);
  });

  test("what the provider nests up to 128 deep is read, deeper is not", async () => {
    const nested = (depth) => `{"id":"1","x":${"[".repeat(depth - 1)}${"]".repeat(depth - 1)}}`;
    assert.ok(await bossWith(json(nested(128))).client.sources.get("s"));
    expectError(await failure(bossWith(json(nested(129))).client.sources.get("s")), "UnreadableResponseError");
    expectError(await failure(bossWith(json(nested(100_000))).client.sources.get("s")), "UnreadableResponseError");
  });
});
