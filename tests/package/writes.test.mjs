// What is written: the bodies, `extra`, what is refused with a hint, and the merge of imgix deployments.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { BOSS_SOURCE, IMGIX_INPUT, IMGIX_SOURCE, bossWith, expectError, failure, fixture, fixtureNames, imgixWith, json, library } from "./support.mjs";

const AZURE = {
  name: "Example Azure",
  deployment: { type: "azure", imgix_subdomains: ["example-azure"], azure_account: "exampleaccount", azure_sas_string: "sv=2024-01-01&ss=b&srt=co&sp=rl&se=2099-01-01T00:00:00Z&sig=EXAMPLE%3D", azure_bucket: "example-container" },
};
/** One create input of each type that imgix knows. */
const IMGIX_INPUTS = [...fixtureNames("imgix", /^source-create\.request/).map((name) => fixture(`imgix/${name}`).data.attributes), AZURE];
const sent = (seen) => JSON.parse(seen.at(-1).body);
const attributes = (seen) => sent(seen).data.attributes;

describe("bodies", () => {
  test("imgix: every fixture of a create, and every type there is", async () => {
    assert.deepEqual(IMGIX_INPUTS.map(({ deployment }) => deployment.type).sort(), ["azure", "gcs", "s3", "s3_compatible", "webfolder", "webproxy"]);
    for (const input of IMGIX_INPUTS) {
      const { client, seen } = imgixWith(json(IMGIX_SOURCE));
      await client.sources.create(input);
      assert.deepEqual(sent(seen), { data: { attributes: input, type: "sources" }, jsonapi: { version: "1.0" } });
    }
  });

  test("ImageBoss: every fixture of a create and an update", async () => {
    for (const name of fixtureNames("imageboss", /^request-(create|update).*(?<!NEGATIVE)\.json$/)) {
      const body = fixture(`imageboss/${name}`);
      const { client, seen } = bossWith(json(BOSS_SOURCE));
      await (name.includes("create") ? client.sources.create(body.source) : client.sources.update("s", body.source));
      assert.deepEqual(sent(seen), body, name);
    }
  });

  test("ImageBoss: what the fixtures call negative is refused", async () => {
    for (const name of fixtureNames("imageboss", /^request-(create|update).*NEGATIVE\.json$/)) {
      const { source } = fixture(`imageboss/${name}`);
      const { client, seen } = bossWith(json(BOSS_SOURCE));
      expectError(await failure(name.includes("create") ? client.sources.create(source) : client.sources.update("s", source)), "InvalidInputError");
      assert.equal(seen.length, 0, name);
    }
  });

  test("imgix: updates carry the id, enable and disable are fixed", async () => {
    const { client, seen } = imgixWith(json(IMGIX_SOURCE));
    const document = (attributes) => ({ data: { attributes, id: "a/b", type: "sources" }, jsonapi: { version: "1.0" } });
    await client.sources.update("a/b", { name: "n", enabled: false });
    assert.deepEqual(sent(seen), document({ name: "n", enabled: false }));
    await client.sources.enable("a/b");
    assert.deepEqual([seen.at(-1).method, sent(seen)], ["PATCH", document({ enabled: true })]);
    await client.sources.disable("a/b");
    assert.deepEqual([seen.at(-1).method, sent(seen)], ["PATCH", document({ enabled: false })]);
    assert.ok(seen.every(({ url }) => url.endsWith("/sources/a%2Fb")));
  });

  test("ImageBoss: a delete has no body, a flag is written as the provider writes it", async () => {
    const { client, seen } = bossWith(json(BOSS_SOURCE));
    await client.sources.delete("s");
    assert.deepEqual([seen[0].method, seen[0].body, seen[0].headers["content-type"]], ["DELETE", undefined, undefined]);
    for (const [given, written] of [[true, "true"], [false, "false"], ["true", "true"], ["false", "false"]]) {
      await client.sources.update("s", { credential_attributes: { require_token: given } });
      assert.deepEqual(sent(seen), { source: { credential_attributes: { require_token: written } } });
    }
  });

  test("the bytes of the caller's values arrive as `JSON.stringify` writes them", async () => {
    const { client, seen } = imgixWith(json(IMGIX_SOURCE));
    for (const name of ["é", "😀", '"quoted\\"', "\u2028\u2029", "a\tb\nc", "\u007f", "x".repeat(1 << 20), "</script>", "\u0000"]) {
      await client.sources.update("s", { name });
      assert.equal(seen.at(-1).body, `{"data":{"attributes":{"name":${JSON.stringify(name)}},"id":"s","type":"sources"},"jsonapi":{"version":"1.0"}}`);
    }
  });

  test("half a surrogate pair is refused: no server could read it", async () => {
    const error = await failure(imgixWith(json(IMGIX_SOURCE)).client.sources.update("s", { name: "\ud800 alone" }));
    expectError(error, "InvalidInputError");
    assert.equal(error.problems[0].field, "name");
  });

  test("undefined members are members not given", async () => {
    const { client, seen } = imgixWith(json(IMGIX_SOURCE));
    await client.sources.update("s", { name: "n", enabled: undefined, deployment: undefined });
    assert.deepEqual(attributes(seen), { name: "n" });
  });

  test("the caller's objects are left as they are, and frozen ones are welcome", async () => {
    const freeze = (value) => (typeof value == "object" && value ? (Object.values(value).forEach(freeze), Object.freeze(value)) : value);
    const input = freeze(structuredClone(IMGIX_INPUT));
    const copy = structuredClone(input);
    await imgixWith(json(IMGIX_SOURCE)).client.sources.create(input, freeze({ extra: { "deployment.x": 1 } }));
    assert.deepEqual(input, copy);
  });
});

describe("extra", () => {
  test("dotted paths, new objects on the way, the top level; it wins over input", async () => {
    const { client, seen } = imgixWith(json(IMGIX_SOURCE));
    const extra = { "deployment.new_one": [1, { a: null }], "deployment.deep.er": true, top: "x", name: 7, "a.b.c": 1, "deployment.robots.txt": "allow-all" };
    await client.sources.create(IMGIX_INPUT, { extra });
    assert.deepEqual(attributes(seen), {
      ...IMGIX_INPUT, name: 7, top: "x", a: { b: { c: 1 } },
      deployment: { ...IMGIX_INPUT.deployment, new_one: [1, { a: null }], deep: { er: true }, "robots.txt": "allow-all" },
    });
  });

  test("an unknown type of deployment is refused in the input, and sent through `extra`", async () => {
    const { client, seen } = imgixWith(json(IMGIX_SOURCE));
    const input = { name: "n", deployment: { imgix_subdomains: ["x"] } };
    expectError(await failure(client.sources.create({ ...input, deployment: { ...input.deployment, type: "ftp" } })), "InvalidInputError");
    await client.sources.create(input, { extra: { "deployment.type": "ftp", "deployment.ftp_host": "h" } });
    assert.deepEqual(attributes(seen).deployment, { imgix_subdomains: ["x"], type: "ftp", ftp_host: "h" });
  });

  test("what `extra` gives is not missing", async () => {
    const { client, seen } = bossWith(json(BOSS_SOURCE));
    await client.sources.create({ source: "n", source_type: "r2" }, { extra: { "credential_attributes.account_id": "a", "credential_attributes.access_key": "k", "credential_attributes.secret": "s", "credential_attributes.bucket": "b" } });
    assert.deepEqual(sent(seen).source.credential_attributes, { account_id: "a", access_key: "k", secret: "s", bucket: "b" });
  });

  test("an update of nothing but `extra`", async () => {
    const { client, seen } = bossWith(json(BOSS_SOURCE));
    await client.sources.update("s", {}, { extra: { x: 1 } });
    assert.deepEqual(sent(seen), { source: { x: 1 } });
  });

  test("it is refused where nothing is written, and if it is no object or has empty steps", async () => {
    const { client } = imgixWith(json(IMGIX_SOURCE));
    for (const extra of [7, "x", [1], { "": 1 }, { "a..b": 1 }, { ".a": 1 }, { "a.": 1 }]) {
      const error = await failure(client.sources.create(IMGIX_INPUT, { extra }));
      expectError(error, "InvalidInputError");
      assert.ok(error.problems.every(({ field }) => field.startsWith("extra")), JSON.stringify(error.problems));
    }
    for (const call of [client.sources.get("s", { extra: {} }), client.sources.list({ extra: {} }), client.sources.enable("s", { extra: {} })]) {
      expectError(await failure(call), "InvalidInputError");
    }
    await client.sources.create(IMGIX_INPUT, { extra: {} });
    await client.sources.create(IMGIX_INPUT, { extra: undefined });
  });

  test("names of the prototype are paths like others", async () => {
    const { client, seen } = imgixWith(json(IMGIX_SOURCE));
    await client.sources.create(IMGIX_INPUT, { extra: JSON.parse('{"__proto__.polluted":1,"constructor":2}') });
    assert.ok(seen.at(-1).body.includes('"__proto__":{"polluted":1}'));
    assert.equal({}.polluted, undefined);
  });

  test("a function, a symbol or a bigint in `extra` is refused, not sent as something else", async () => {
    const { client, seen } = imgixWith(json(IMGIX_SOURCE));
    for (const value of [() => {}, Symbol("s"), 7n, NaN, Infinity, new Map(), new Date(NaN), { deep: [() => {}] }]) {
      expectError(await failure(client.sources.create(IMGIX_INPUT, { extra: { "deployment.x": value } })), "InvalidInputError");
    }
    assert.equal(seen.length, 0);
  });
});

describe("refusals that help", () => {
  const problemsOf = async (promise) => (await failure(promise)).problems;

  test("an unknown key is told with the nearest name and the way around", async () => {
    const { client } = imgixWith(json(IMGIX_SOURCE));
    const [nested, top] = await problemsOf(client.sources.create({ nam: "x", name: "n", deployment: { ...IMGIX_INPUT.deployment, webfolder_base_ur: "https://x" } })).then((all) => all.sort((a, b) => a.field.localeCompare(b.field)));
    assert.deepEqual([nested.field, nested.code], ["deployment.webfolder_base_ur", "unknown"]);
    assert.match(nested.message, /`webfolder_base_url`.*`extra`/);
    assert.deepEqual([top.field, top.code], ["nam", "unknown"]);
    assert.match(top.message, /`name`.*`extra`/);

    const [secret] = await problemsOf(bossWith(json(BOSS_SOURCE)).client.sources.update("s", { credential_attributes: { secret_acess_key: "x" } }));
    assert.match(secret.message, /`secret_access_key`/);
  });

  test("read-side names are refused on the write side", async () => {
    const [problem] = await problemsOf(bossWith(json(BOSS_SOURCE)).client.sources.update("s", { credentials: { bucket: "b" } }));
    assert.equal(problem.field, "credentials");
    const source = fixture("imgix/source-get.200.webfolder.json").data;
    const problems = await problemsOf(imgixWith(json(IMGIX_SOURCE)).client.sources.create({ ...source.attributes, id: source.id, type: source.type }));
    assert.ok(problems.some(({ field, code }) => field === "date_deployed" && code === "read-only"));
    assert.ok(problems.some(({ field }) => field === "id"));
  });

  test('"****" is refused in secrets only', async () => {
    const boss = bossWith(json(BOSS_SOURCE));
    for (const mask of ["****", "********", "***"]) {
      const problems = await boss.client.sources.update("s", { credential_attributes: { secret_access_key: mask } }).then(() => [], ({ problems }) => problems);
      if (mask === "****") assert.deepEqual(problems.map(({ field, code }) => [field, code]), [["credential_attributes.secret_access_key", "masked"]]);
    }
    for (const name of ["secret", "sas_token"]) {
      assert.equal((await problemsOf(boss.client.sources.update("s", { credential_attributes: { [name]: "****" } })))[0].code, "masked");
    }
    const imgix = imgixWith(json(IMGIX_SOURCE));
    for (const name of ["s3_secret_key", "secret_key", "gcs_secret_key", "azure_sas_string", "password"]) {
      assert.equal((await problemsOf(imgix.client.sources.update("s", { deployment: { [name]: "****" } })))[0].code, "masked");
    }
    await imgix.client.sources.update("s", { name: "****" });
    assert.deepEqual(attributes(imgix.seen), { name: "****" });
  });

  test("fields of another type are refused by name", async () => {
    const [problem] = await problemsOf(imgixWith(json(IMGIX_SOURCE)).client.sources.create({ name: "n", deployment: { ...IMGIX_INPUT.deployment, s3_bucket: "b" } }));
    assert.deepEqual([problem.field, problem.code], ["deployment.s3_bucket", "mismatch"]);
  });

  test("an update of nothing is refused", async () => {
    for (const call of [imgixWith(json(IMGIX_SOURCE)).client.sources.update("s", {}), bossWith(json(BOSS_SOURCE)).client.sources.update("s", {})]) {
      assert.equal((await problemsOf(call))[0].code, "empty");
    }
  });

  test("`checkSource` says what a call would say", async () => {
    for (const input of [{}, { nam: 1 }, { name: 7, deployment: { type: "s3" } }, IMGIX_INPUT]) {
      const said = library.checkSource("imgix", input).filter(({ level }) => level === "error");
      const call = await imgixWith(json(IMGIX_SOURCE)).client.sources.create(input).then(() => [], ({ problems }) => problems);
      assert.deepEqual(said.map(({ field, code }) => [field, code]), call.map(({ field, code }) => [field, code]));
    }
    assert.deepEqual(library.checkSource("imgix", { name: "n" }, { updating: true }), []);
  });
});

describe("the merge of a deployment", () => {
  const stored = (deployment, more = {}) => json({ data: { id: "s1", type: "sources", attributes: { name: "old", enabled: true, ...more, deployment } } });
  const merging = (deployment, more) => {
    const patched = json(IMGIX_SOURCE);
    return imgixWith((url, init) => (init.method === "GET" ? stored(deployment, more) : patched.clone()));
  };
  const S3 = {
    type: "s3", imgix_subdomains: ["one"], s3_access_key: "AKIAIOSFODNN7EXAMPLE", s3_bucket: "bucket", s3_prefix: null, cache_ttl_value: 100,
    default_params: { auto: "format", q: "50" }, annotation: "by hand", allows_upload: true, brand_new: { kept: [1, 2] }, image_error: null,
  };
  const writable = ({ allows_upload: _, ...rest }) => rest;

  test("two at once lose nothing, and a dry run shows what `extra` adds", async () => {
    const kept = { type: "webfolder", webfolder_base_url: "https://a.example/", imgix_subdomains: ["x"] };
    const { client } = imgixWith((url, { method, body }) => {
      if (method === "PATCH") Object.assign(kept, JSON.parse(body).data.attributes.deployment);
      return stored({ ...kept });
    });
    await Promise.all([client.sources.update("s1", { deployment: { cache_ttl_error: 60 } }), client.sources.update("s1", { deployment: { cache_ttl_value: 86400 } })]);
    assert.deepEqual([kept.cache_ttl_error, kept.cache_ttl_value], [60, 86400]);

    const shown = await client.dryRun.sources.update("s1", { deployment: { cache_ttl_error: 5 } }, { extra: { "deployment.foo": 1 } });
    assert.deepEqual(JSON.parse(shown.body).data.attributes.deployment, { cache_ttl_error: 5, foo: 1 });
  });

  test("reads, merges one level, sends the whole", async () => {
    const { client, seen, events } = merging(S3);
    await client.sources.update("s1", { name: "new", deployment: { cache_ttl_value: 200, default_params: { q: "80" }, custom_domains: ["img.example.com"] } });

    assert.deepEqual(seen.map(({ method, url }) => [method, url]), [["GET", "https://api.imgix.com/api/v1/sources/s1"], ["PATCH", "https://api.imgix.com/api/v1/sources/s1"]]);
    assert.equal(seen[0].body, undefined);
    assert.deepEqual(sent(seen), {
      data: { attributes: { name: "new", deployment: { ...writable(S3), cache_ttl_value: 200, default_params: { q: "80" }, custom_domains: ["img.example.com"] } }, id: "s1", type: "sources" },
      jsonapi: { version: "1.0" },
    });
    const warnings = events.filter(({ type }) => type === "warning");
    assert.equal(warnings.length, 1);
    assert.deepEqual(warnings[0].problems.map(({ field, code, level }) => [field, code, level]), [["deployment.s3_secret_key", "write-only", "warning"]]);
    assert.deepEqual(events.filter(({ type }) => type === "request").map(({ method, operation }) => [method, operation]), [["GET", "sources.update"], ["PATCH", "sources.update"]]);
  });

  test("of a secret that is only said to be stored there is a warning, unless it is given or said not to be there", async () => {
    const WEB = { type: "webfolder", webfolder_base_url: "https://a.example/", imgix_subdomains: ["x"], username: "u" };
    const warned = async (stored, changes) => {
      const { client, events } = merging({ ...WEB, ...stored });
      await client.sources.update("s1", { deployment: changes });
      return events.filter(({ type }) => type === "warning").flatMap(({ problems }) => problems.map(({ field, code }) => `${field} ${code}`));
    };
    const change = { cache_ttl_error: 60 };
    assert.deepEqual(await warned({ password_set: true }, change), ["deployment.password write-only"]);
    assert.deepEqual(await warned({ password_set: true, request_handshake_set: true, request_signing_key_set: false }, change), ["deployment.password write-only", "deployment.request_handshake write-only"]);
    assert.deepEqual(await warned({ password_set: true }, { ...change, password: "CANARY-p4ss" }), []);
    assert.deepEqual(await warned({ password_set: false, request_handshake_set: null, odd_set: "true" }, change), []);
    assert.deepEqual(await warned({ password_set: true, username: undefined }, { type: "s3", s3_bucket: "bucket", s3_access_key: "AKIAIOSFODNN7EXAMPLE", s3_secret_key: "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY00" }), []);
  });

  test("with the secret given there is no warning", async () => {
    const { client, seen, events } = merging(S3);
    await client.sources.update("s1", { deployment: { s3_secret_key: "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY00" } });
    assert.deepEqual(attributes(seen).deployment, { ...writable(S3), s3_secret_key: "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY00" });
    assert.deepEqual(events.filter(({ type }) => type === "warning"), []);
  });

  test("what is not known stays byte for byte", async () => {
    const raw = '{"type":"webfolder","imgix_subdomains":["x"],"webfolder_base_url":"https://e.com/","n1":1.0,"n2":1e2,"big":12345678901234567890,"esc":"\\u00e9\\ud83d","__proto__":{"a":1},"cache_ttl_value":100}';
    const { client, seen } = imgixWith((url, init) => (init.method === "GET" ? json(`{"data":{"id":"s1","attributes":{"deployment":${raw}}}}`) : json(IMGIX_SOURCE)));
    await client.sources.update("s1", { deployment: { cache_ttl_value: 7 } });
    assert.ok(seen[1].body.includes(raw.replace(":100}", ":7}")), seen[1].body);
  });

  test("every stored fixture comes back whole but for what only imgix sets", async () => {
    const readOnly = ["allows_upload", "password_set", "request_handshake_set", "request_signing_key_set"];
    for (const name of fixtureNames("imgix", /^source-get\.200\..*\.json$/)) {
      const { deployment } = fixture(`imgix/${name}`).data.attributes;
      const { client, seen } = imgixWith((url, init) => json(init.method === "GET" ? fixture(`imgix/${name}`) : IMGIX_SOURCE));
      await client.sources.update("s1", { deployment: { annotation: "new" } });
      const expected = Object.fromEntries(Object.entries({ ...deployment, annotation: "new" }).filter(([key]) => !readOnly.includes(key)));
      assert.deepEqual(attributes(seen).deployment, expected, name);
    }
  });

  test("with another type, what belonged to the old one is left out", async () => {
    const { client, seen } = merging(S3);
    await client.sources.update("s1", { deployment: { type: "webfolder", webfolder_base_url: "https://example.com/" } });
    const { deployment } = attributes(seen);
    assert.equal(deployment.type, "webfolder");
    assert.deepEqual(Object.keys(deployment).filter((name) => name.startsWith("s3_")), []);
    assert.deepEqual(deployment.brand_new, S3.brand_new);
    assert.deepEqual(deployment.imgix_subdomains, ["one"]);
  });

  test("a field that does not go with the stored type is refused before the PATCH", async () => {
    const { client, seen } = merging(S3);
    const error = await failure(client.sources.update("s1", { deployment: { webfolder_base_url: "https://example.com/" } }));
    expectError(error, "InvalidInputError", { operation: "sources.update" });
    assert.equal(error.problems[0].field, "deployment.webfolder_base_url");
    assert.deepEqual(seen.map(({ method }) => method), ["GET"]);
  });

  test("`extra` goes into the merged whole", async () => {
    const { client, seen } = merging(S3);
    await client.sources.update("s1", {}, { extra: { "deployment.new_two": 2, name: "n" } });
    assert.deepEqual(attributes(seen), { deployment: { ...writable(S3), new_two: 2 }, name: "n" });
  });

  test("a stored type that is not known is kept, with everything in it", async () => {
    const { client, seen } = merging({ type: "ftp", imgix_subdomains: ["x"], host: "h" });
    await client.sources.update("s1", { deployment: { cache_ttl_value: 5 } });
    assert.deepEqual(attributes(seen).deployment, { type: "ftp", imgix_subdomains: ["x"], host: "h", cache_ttl_value: 5 });
  });

  test("an asset's stored list or object of another type is not replaced by the changes alone", async () => {
    const merge = async (stored) => {
      const made = imgixWith(json({ data: { id: "s1/a", type: "assets", attributes: stored } }));
      const changes = made.client.assets.update("s1", "a", { name: "n", categories: ["z"], custom_fields: { c: "3" } }, { merge: true });
      return { ...made, error: await changes.then(() => undefined, (error) => error) };
    };
    for (const [field, value] of [["custom_fields", [{ name: "a" }]], ["custom_fields", "a"], ["categories", "q,r"], ["categories", { q: 1 }], ["categories", 0]]) {
      const { seen, error } = await merge({ [field]: value });
      expectError(error, "UnreadableResponseError", { operation: "assets.update", outcome: "none", sent: true, attempts: 0 });
      assert.equal(error.problems[0].field, field);
      assert.match(error.message, /give all of it, without `merge`$/);
      assert.deepEqual(seen.map(({ method }) => method), ["GET"]);
    }
    for (const stored of [{}, { categories: null, custom_fields: null, name: ["x"] }]) {
      const { seen, error } = await merge(stored);
      assert.equal(error, undefined);
      assert.deepEqual(attributes(seen), { name: "n", categories: ["z"], custom_fields: { c: "3" } });
    }
  });

  test("a source without a stored deployment is not replaced by a part of one", async () => {
    for (const deployment of [undefined, null]) {
      const { client, seen } = merging(deployment);
      expectError(await failure(client.sources.update("s1", { deployment: { cache_ttl_value: 5 } })), "UnreadableResponseError");
      assert.deepEqual(seen.map(({ method }) => method), ["GET"]);
    }
  });

  test("`replaceDeployment` sends it as it is, in one request, with the warning", async () => {
    const { client, seen, events } = merging(S3);
    const deployment = { type: "s3", imgix_subdomains: ["one"], s3_access_key: "AKIAIOSFODNN7EXAMPLE", s3_bucket: "bucket" };
    await client.sources.update("s1", { deployment }, { replaceDeployment: true });
    assert.deepEqual(seen.map(({ method }) => method), ["PATCH"]);
    assert.deepEqual(attributes(seen), { deployment });
    assert.deepEqual(events.filter(({ type }) => type === "warning").flatMap(({ problems }) => problems.map(({ field }) => field)), ["deployment.s3_secret_key"]);
  });

  test("an update without a deployment reads nothing", async () => {
    const { client, seen } = merging(S3);
    await client.sources.update("s1", { name: "n" });
    assert.deepEqual(seen.map(({ method }) => method), ["PATCH"]);
  });

  test("the read is part of the update: its failure is the update's, and nothing was changed", async () => {
    for (const [status, name] of [[404, "NotFoundError"], [401, "AuthenticationError"], [500, "ServerError"], [200, "UnreadableResponseError"]]) {
      const { client, seen, events } = imgixWith(json("{}", status));
      const error = await failure(client.sources.update("s1", { deployment: { cache_ttl_value: 5 } }));
      expectError(error, name, { operation: "sources.update", outcome: "none", sent: true, attempts: 0 });
      assert.equal(seen.length, 1);
      assert.equal(events.at(-1).mayHaveHappened, false);
    }
  });

  test("a refused change of a disabled source says that it must be enabled", async () => {
    const { client } = imgixWith((url, init) => (init.method === "GET" ? stored(S3, { enabled: false }) : json({ errors: [{ title: "no" }] }, 400)));
    const error = await failure(client.sources.update("s1", { deployment: { cache_ttl_value: 5 } }));
    expectError(error, "DeclinedError", { operation: "sources.update", outcome: "declined", attempts: 1 });
    assert.match(error.message, /disabled/);
    assert.match(error.message, /enable/);
  });

  test("a dry run shows the PATCH without the merge, and sends nothing", async () => {
    const { client, seen } = merging(S3);
    const { method, body } = await client.dryRun.sources.update("s1", { deployment: { cache_ttl_value: 5 } });
    assert.equal(method, "PATCH");
    assert.deepEqual(JSON.parse(body).data.attributes, { deployment: { cache_ttl_value: 5 } });
    assert.equal(seen.length, 0);
  });
});
