import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";

import { deploy } from "./deployed.mjs";
import { dist, KEYS, reply, sandboxed, SECRET, start, upstream, optionsFor, JSON_API } from "./support.mjs";

const { Imgix, ImageBoss } = await import(pathToFileURL(`${dist}index.js`).href);
const NO_LIMITS = Object.fromEntries(["default", "sources.create", "sources.update", "imageboss", "imageboss.purge", "purge"].map((name) => [name, null]));

let up;
let here;
let imgix;
let boss;
before(async () => {
  up = await sandboxed();
  here = await deploy(up.origin, { limits: NO_LIMITS });
  const access = (provider) => ({ gateway: { url: `${here.url}/api/${provider}`, token: SECRET }, limits: Object.fromEntries(Object.entries(NO_LIMITS).filter(([name]) => name.startsWith("imageboss") == (provider == "imageboss"))) });
  imgix = new Imgix(access("imgix"));
  boss = new ImageBoss(access("imageboss"));
});
after(async () => {
  await here?.close();
  await up?.close();
});
const audit = async (query = "") => (await here.asked("GET", `/audit${query}`)).json.entries;
const latest = async (query) => (await audit(query))[0];

describe("the audit", () => {
  test("says who wrote what, to what, and what came of it, with secrets masked", async () => {
    const [{ id }] = (await boss.sources.list()).items;
    await boss.sources.update(id, { credential_attributes: { secret_access_key: "CANARY-new-secret-access-key", bucket: "another-bucket" } });

    const entry = await latest();
    const { at, ended, seq, requestId, before, after, ...rest } = (await here.asked("GET", `/audit/${entry.seq}`)).json;
    assert.deepEqual(rest, {
      who: "tests", kind: "token", provider: "imageboss", operation: "sources.update", target: id, outcome: "ok", status: 200,
      fields: [{ path: "credential_attributes.secret_access_key", value: "****" }, { path: "credential_attributes.bucket", value: "another-bucket" }],
    });
    assert.ok(ended >= at && at > 1e12);
    assert.equal(before.credentials.bucket, "moss-and-marble");
    assert.equal(after.credentials.bucket, "another-bucket");
    assert.deepEqual([before.credentials.secret_token, after.credentials.secret_access_key], ["****", "****"]);
    assert.doesNotMatch(JSON.stringify(await audit()), /CANARY/);
  });

  test("knows what was made by its new id, and what was declined", async () => {
    const made = await boss.sources.create({ source: "newsource", source_type: "url", credential_attributes: { url: "https://user:CANARY-password@example.com/" } });
    const entry = await latest();
    assert.deepEqual([entry.operation, entry.target, entry.outcome], ["sources.create", made.id, "ok"]);
    assert.doesNotMatch(JSON.stringify((await here.asked("GET", `/audit/${entry.seq}`)).json), /CANARY/);

    await assert.rejects(boss.sources.create({ source: "newsource", source_type: "url", credential_attributes: { url: "https://example.com/" } }));
    const declined = await latest();
    assert.deepEqual([declined.target, declined.outcome, declined.status >= 400 && declined.status < 500], ["newsource", "declined", true]);
  });

  test("tells everything that a body holds, and what cannot be told is not done", async () => {
    const attributes = Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`junk${at}`, at]));
    const ask = (provider, body) => here.ask("PATCH", `/api/${provider}/sources/65b7704ee553fe668319d940`, { headers: JSON_API, body: JSON.stringify(body) });
    const paths = async () => (await latest()).fields.map(({ path }) => path);
    await ask("imgix", { data: { type: "sources", id: "65b7704ee553fe668319d940", attributes: { ...attributes, name: "behind the junk" } } });
    assert.deepEqual((await paths()).slice(-2), ["junk299", "name"]);
    // Whatever the provider reads: both envelopes, and what lies beside them.
    await ask("imageboss", { data: { attributes: { a: 1 }, relationships: { account: { id: 1 } } }, source: { source: "hidden" }, other: {} });
    assert.deepEqual(await paths(), ["a", "other", "source.source", "data.relationships"]);
    await ask("imageboss", { source: { b: 1 }, data: [1], c: { d: 1, e: 2 } });
    assert.deepEqual(await paths(), ["b", "c.d", "c.e", "data"]);

    const { seq } = await latest();
    const before = up.seen.length;
    for (const wrong of [Object.fromEntries(Array.from({ length: 1_001 }, (_, at) => [`f${at}`, 1])), { ["n".repeat(201)]: 1 }, { a: { ["n".repeat(201)]: 1 } }]) {
      const { status, json: told } = await ask("imgix", { data: { attributes: wrong } });
      assert.deepEqual([status, told.code], [400, "bad-request"]);
    }
    assert.deepEqual([(await latest()).seq, up.seen.length], [seq, before]);
  });

  test("reads leave no trace, and neither does what was refused", async () => {
    const { seq } = await latest();
    await imgix.sources.list();
    await here.ask("PATCH", "/api/imgix/sources/1", { token: `${SECRET}-reader`, headers: JSON_API, body: "{}" });
    await here.ask("POST", "/api/imgix/sources", { headers: JSON_API, body: "{" });

    assert.equal((await latest()).seq, seq);
  });

  test("is filtered, paged and exported", async () => {
    const url = "https://nordlicht.imgix.net/a.jpg";
    for (let at = 0; at < 5; at++) await imgix.purge(`${url}?${at}`);
    const purges = await audit("?operation=purge");
    assert.deepEqual(purges.map(({ target }) => target), [4, 3, 2, 1, 0].map((at) => `${url}?${at}`));
    assert.deepEqual((await audit(`?target=${encodeURIComponent(`${url}?3`)}`)).length, 1);
    assert.equal((await audit("?who=nobody")).length, 0);
    assert.ok((await audit("?provider=imageboss")).every(({ provider }) => provider == "imageboss"));
    assert.ok((await audit("?outcome=declined")).length >= 1);
    assert.equal((await audit(`?since=${purges[1].at}&operation=purge&until=${purges[1].at}`)).some(({ seq }) => seq == purges[1].seq), true);
    assert.equal((await audit("?since=2999-01-01")).length, 0);

    const page = (await here.asked("GET", "/audit?limit=2")).json;
    assert.equal(page.entries.length, 2);
    const next = (await here.asked("GET", `/audit?limit=2&before=${page.before}`)).json;
    assert.equal(next.entries[0].seq, page.entries[1].seq - 1);
    const exported = await here.asked("GET", "/audit/export?operation=purge");
    assert.match(exported.headers["content-type"], /x-ndjson/);
    assert.deepEqual(exported.text.trim().split("\n").map((line) => JSON.parse(line).seq), purges.map(({ seq }) => seq));
    for (const query of ["?nothing=1", "?since=yesterday", "?limit=x", "?limit=0", "?limit=-1", "?limit=2026-01-01", "?limit=1.5", "?before=2026-01-01", "?before=0", "?limit=5&limit=9", "?who=a&who=b"]) assert.equal((await here.asked("GET", `/audit${query}`)).status, 400, query);
    for (const path of ["/audit/0", "/audit/999999", "/audit/x", "/audit/1/x", "/audit/export/x"]) assert.equal((await here.asked("GET", path)).status, 404, path);
    assert.equal((await here.asked("DELETE", "/audit/1")).status, 404);
    assert.equal((await here.asked("GET", "/audit", undefined, { token: `${SECRET}-reader` })).json.code, "role-missing");
  });

  test("a write whose end nobody heard of may have happened", async () => {
    const provider = await upstream((asked, response) => response.destroy());
    const there = await deploy(provider.origin, { limits: NO_LIMITS });
    try {
      await there.ask("POST", "/api/imgix/purge", { headers: JSON_API, body: '{"data":{"attributes":{"url":"https://a.imgix.net/1.jpg"}}}' });
      const { entries } = (await there.asked("GET", "/audit")).json;
      assert.deepEqual([entries[0].outcome, entries[0].target], ["unknown", "https://a.imgix.net/1.jpg"]);
    } finally {
      await there.close();
      await provider.close();
    }
  });

  for (const className of ["Failing", "Hanging"])
    test(`what cannot be noted is not done: ${className}`, async () => {
      const provider = await upstream(reply(200, {}));
      const gate = await start(optionsFor(provider.origin, { write: true, limits: NO_LIMITS }), { file: "audit.worker.mjs", worker: { durableObjects: { AUDIT: { className, useSQLite: true } } } });
      try {
        const { status, json } = await gate.ask("POST", "/api/imgix/purge", { headers: JSON_API, body: '{"data":{"attributes":{"url":"https://a.imgix.net/1.jpg"}}}' });
        assert.deepEqual([status, json.code, provider.seen.length], [429, "audit-unreachable", 0]);
      } finally {
        await gate.close();
        await provider.close();
      }
    });

  test("an end that cannot be noted holds up no answer", async () => {
    const provider = await upstream(reply(200, { data: { type: "purges", id: "1" } }));
    const gate = await start(optionsFor(provider.origin, { write: true, limits: NO_LIMITS }), { file: "audit.worker.mjs", worker: { durableObjects: { AUDIT: { className: "NeverEnding", useSQLite: true } } } });
    try {
      assert.equal((await gate.ask("POST", "/api/imgix/purge", { headers: JSON_API, body: '{"data":{"attributes":{"url":"https://a.imgix.net/1.jpg"}}}' })).status, 200);
      assert.deepEqual((await gate.ask("GET", "/api/audit")).json.entries.map(({ outcome }) => outcome), ["begun"]);
    } finally {
      await gate.close();
      await provider.close();
    }
  });

  test("who has jobs done stands in it as well", async () => {
    const { id } = (await here.job.create({ provider: "imgix", operation: "purge", items: ["https://nordlicht.imgix.net/job.jpg"] })).json;
    await here.job.do(id, "start");
    await here.job.until(id, ({ state }) => state == "done");
    const entry = await latest("?operation=jobs.start");

    assert.deepEqual([entry.target, entry.who, entry.outcome, entry.fields], [id, "tests", "ok", [{ path: "operation", value: "purge" }, { path: "total", value: 1 }]]);
  });
});

test("entries that are long come in pages that can be held, and none is left out", async () => {
  const other = await upstream(reply(200, "{}"));
  const long = await deploy(other.origin, { limits: NO_LIMITS });
  try {
    const body = JSON.stringify({ data: { attributes: Object.fromEntries(Array.from({ length: 65 }, (_, at) => [`name${at}`, "x".repeat(950)])) } });
    for (let at = 0; at < 650; at += 10) await Promise.all(Array.from({ length: 10 }, () => long.ask("POST", "/api/imgix/sources", { headers: JSON_API, body })));
    const found = [];
    for (let before = ""; ; ) {
      const { status, json } = await long.asked("GET", `/audit?limit=1000${before}`);
      assert.equal(status, 200);
      found.push(...json.entries.map(({ seq }) => seq));
      if (json.before === undefined) break;
      before = `&before=${json.before}`;
    }
    assert.deepEqual(found, Array.from({ length: 650 }, (_, at) => 650 - at));
    assert.equal((await long.asked("GET", "/audit/export")).text.split("\n").length, 651);
  } finally {
    await long.close();
    await other.close();
  }
});

test("a provider that repeats the key in what it gives back brings it into no journal, no audit and no answer", async () => {
  const key = KEYS.imgix;
  const id = "65b7704ee553fe668319d940";
  let name = `now ${key}`;
  const other = await upstream((_, response) => reply(200, { data: { type: "sources", id: `${id}-${btoa(key)}-${key}`, attributes: { name, secure_url_token: `t-${key}`, deployment: { type: "webfolder", webfolder_prefix: key } } } }, { "x-request-id": `r-${key}` })(_, response));
  const gate = await deploy(other.origin, { limits: NO_LIMITS });
  const none = (answer) => {
    assert.ok(answer.status < 300, answer.text);
    for (const form of [key, btoa(key)]) assert.ok(!answer.text.includes(form), answer.text);
  };
  try {
    await gate.ask("PATCH", `/api/imgix/sources/${id}`, { headers: JSON_API, body: '{"data":{"attributes":{"name":"new"}}}' });
    const { id: job } = (await gate.job.create({ provider: "imgix", operation: "sources.update", items: [[id, { name: "new" }]] })).json;
    await gate.job.do(job, "start");
    await gate.job.until(job, ({ state }) => state == "done");
    name = "another";
    for (const path of [`/jobs/${job}/export`, "/audit", "/audit/export", "/audit/1"]) none(await gate.asked("GET", path));
    const entries = (await gate.asked("GET", "/audit")).json.entries.filter(({ operation }) => operation == "sources.update");
    assert.equal(entries.length, 2);
    for (const { seq } of entries) {
      none(await gate.asked("GET", `/audit/${seq}`));
      const plan = await gate.asked("GET", `/audit/${seq}/restore`);
      none(plan);
      assert.equal(plan.json.operation, "sources.update");
    }
    const { version } = (await gate.asked("GET", "/audit/1/restore")).json;
    none(await gate.asked("POST", "/audit/1/restore", { version }));
    none(await gate.asked("GET", "/audit/export"));
  } finally {
    await gate.close();
    await other.close();
  }
});

describe("what jobs do to sources", () => {
  const job = async (body) => {
    const { id } = (await here.job.create(body)).json;
    await here.job.do(id, "start");
    return here.job.until(id, ({ state }) => state == "done");
  };

  test("stands in the audit call by call, as it was and as it is, and can be put back", async () => {
    const [one, other] = (await imgix.sources.list()).items;
    const done = await job({ provider: "imgix", operation: "sources.update", items: [[one.id, { name: "by a job" }], [other.id, { name: "by a job", deployment: { annotation: "too" } }]] });
    assert.equal(done.ok, 2);
    const entries = (await audit("?operation=sources.update")).filter(({ kind }) => kind == "job");
    assert.deepEqual(entries.map(({ who, outcome, target }) => [who, outcome, target]).sort(), [one, other].map(({ id }) => ["tests", "ok", id]).sort());
    const { seq } = entries.find(({ target }) => target == one.id);
    const { before, after, fields } = (await here.asked("GET", `/audit/${seq}`)).json;
    assert.deepEqual([before.name, after.name, fields], [one.name, "by a job", [{ path: "name", value: "by a job" }]]);

    const { version, changes } = (await here.asked("GET", `/audit/${seq}/restore`)).json;
    assert.deepEqual(changes, { name: one.name });
    assert.equal((await here.asked("POST", `/audit/${seq}/restore`, { version })).status, 200);
    assert.equal((await imgix.sources.get(one.id)).name, one.name);
  });

  test("is told with secrets masked, and with what was declined", async () => {
    const source = (await boss.sources.list()).items.find(({ source_type }) => source_type == "s3");
    const done = await job({ provider: "imageboss", operation: "sources.update", items: [[source.id, { credential_attributes: { secret_access_key: "CANARY-of-a-job-secret-access-key-0123456" } }], ["000000000000000000000000", { credential_attributes: { bucket: "x-y-z" } }]] });
    assert.deepEqual([done.ok, done.failed], [1, 1]);
    const entries = (await audit("?provider=imageboss&operation=sources.update")).filter(({ kind }) => kind == "job");
    assert.deepEqual(entries.map(({ outcome, status }) => [outcome, status]).sort(), [["declined", 404], ["ok", undefined]]);
    for (const { seq } of entries) assert.doesNotMatch((await here.asked("GET", `/audit/${seq}`)).text, /CANARY/);
  });

  test("does not fill it with calls that change no source, which stand in the journal of their job", async () => {
    const { seq } = await latest();
    await job({ provider: "imgix", operation: "purge", items: Array.from({ length: 5 }, (_, at) => `https://nordlicht.imgix.net/quiet-${at}.jpg`) });

    assert.deepEqual((await audit()).filter((entry) => entry.seq > seq).map(({ operation }) => operation), ["jobs.start"]);
  });
});

describe("a source", () => {
  const put = (seq, body) => here.asked("POST", `/audit/${seq}/restore`, body);
  const plan = async (seq) => (await here.asked("GET", `/audit/${seq}/restore`)).json;

  test("of imgix is put back to how it was", async () => {
    const { items } = await imgix.sources.list();
    const [source] = items;
    const { deployment } = source;
    await imgix.sources.update(source.id, { name: "changed", deployment: { cache_ttl_error: 77, annotation: "changed" } });
    const { seq } = await latest();
    const told = await plan(seq);

    assert.deepEqual([told.operation, told.id, told.cannot], ["sources.update", source.id, []]);
    assert.deepEqual(told.changes, { name: source.name, deployment: { cache_ttl_error: deployment.cache_ttl_error, annotation: deployment.annotation } });
    const done = await put(seq, { version: told.version });
    assert.equal(done.status, 200, done.text);
    const now = await imgix.sources.get(source.id);
    assert.deepEqual([now.name, now.deployment.cache_ttl_error, now.deployment.annotation, now.deployment.s3_bucket], [source.name, deployment.cache_ttl_error, deployment.annotation, deployment.s3_bucket]);
    // The audit says so, and that it was a putting back.
    assert.deepEqual([(await latest()).restores, (await latest()).outcome], [seq, "ok"]);
    assert.deepEqual([(await plan(seq)).operation, (await put(seq, { version: (await plan(seq)).version })).json.code], ["none", "conflict"]);
  });

  test("of ImageBoss is put back as well, and what is a secret is said to stay", async () => {
    const [, source] = (await boss.sources.list()).items;
    await boss.sources.update(source.id, { credential_attributes: { region: "us-west-2", require_token: false, secret_access_key: "another-secret-access-key" } });
    const { seq } = await latest();
    const told = await plan(seq);

    assert.deepEqual(told.changes, { credential_attributes: { region: "us-east-1", require_token: "true" } });
    assert.deepEqual(told.cannot, [{ field: "credential_attributes.secret_access_key", because: "is a secret, which is recorded nowhere: it stays as it is" }]);
    assert.equal((await put(seq, { version: told.version })).status, 200);
    const now = await boss.sources.get(source.id);
    assert.deepEqual([now.credentials.region, now.credentials.require_token, now.credentials.bucket], ["us-east-1", "true", source.credentials.bucket]);
  });

  test("that was deleted is made anew, once its secrets are given", async () => {
    const source = (await boss.sources.list()).items.find(({ source_type }) => source_type == "s3");
    await boss.sources.delete(source.id);
    const { seq } = await latest();
    const told = await plan(seq);

    assert.equal(told.operation, "sources.create");
    assert.deepEqual(told.cannot.filter(({ required }) => required), [{ field: "credential_attributes.secret_access_key", because: "is a secret, which is recorded nowhere: give it anew", required: true }]);
    const secrets = { "credential_attributes.secret_access_key": "abcdefghijabcdefghijabcdefghijabcdefghij" };
    for (const wrong of [[1], "x", null, undefined, {}, { "credential_attributes.secret_access_key": "****" }, { ...secrets, source: "other" }, { "__proto__.x": "y", ...secrets }])
      assert.deepEqual([(await put(seq, { version: told.version, secrets: wrong })).json.code === "bad-request" || (await put(seq, { version: told.version, secrets: wrong })).json.code === "masked-value", true], [true, true], JSON.stringify(wrong));
    const done = await put(seq, { version: told.version, secrets });
    assert.equal(done.status, 200, done.text);
    assert.doesNotMatch(done.text, /abcdefghij/);
    const made = (await boss.sources.list()).items.find(({ source: name }) => name === source.source);
    assert.deepEqual([made.credentials.bucket, made.credentials.region], [source.credentials.bucket, source.credentials.region]);
  });

  test("is put back only as the plan said, and only by those who may", async () => {
    const { id } = (await imgix.sources.list()).items[1];
    await imgix.sources.update(id, { name: "first" });
    const { seq } = await latest();
    const old = await plan(seq);
    await imgix.sources.update(id, { name: "meanwhile" });

    for (const body of [{ version: old.version }, {}, undefined, { version: 5 }]) assert.equal((await put(seq, body)).json.code, "conflict", JSON.stringify(body));
    for (const secrets of [[1], [], "x", 5, null]) assert.equal((await put(seq, { version: (await plan(seq)).version, secrets })).json.code, "bad-request", JSON.stringify(secrets));
    assert.equal((await imgix.sources.get(id)).name, "meanwhile");
    const asReader = await here.asked("POST", `/audit/${seq}/restore`, { version: (await plan(seq)).version }, { token: `${SECRET}-reader` });
    assert.equal(asReader.json.code, "role-missing");
    const purge = await latest("?operation=purge");
    assert.equal((await here.asked("GET", `/audit/${purge.seq}/restore`)).json.code, "conflict");
  });
});
