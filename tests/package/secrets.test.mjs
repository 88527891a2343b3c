// Secrets: whatever is printed, in whatever form, holds none.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { execFileSync } from "node:child_process";
import { inspect } from "node:util";
import { BOSS_INPUT, IMGIX_SOURCE, ImageBoss, Imgix, bossWith, failure, imgixWith, json, library, thrown } from "./support.mjs";

const base64 = (before, secret, after) => Buffer.from(`${before}${secret}${after}`).toString("base64");
const urlSafe = (text) => text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

/** The forms in which a provider may say a secret back, as they stand in other text. */
function echoed(secret) {
  const percent = encodeURIComponent(secret);
  const coded = ["", "u", "u:"].flatMap((before) => ["", "\n", "xy"].map((after) => base64(before, secret, after)));
  return [secret, JSON.stringify(secret).slice(1, -1), percent, percent.replace(/%../g, (code) => code.toLowerCase()), ...coded, ...coded.map(urlSafe)];
}

/** What must not be found. Base64 is looked for without its ends, which mix with what stands around. */
function forms(secret) {
  const percent = encodeURIComponent(secret);
  const coded = ["", "u", "u:"].map((before, lead) => base64(before, secret, "").replaceAll("=", "").slice([0, 2, 3][lead], -2));
  return [secret, JSON.stringify(secret).slice(1, -1), secret.replaceAll("/", "."), percent, percent.toLowerCase(), ...coded, ...coded.map(urlSafe)];
}

/** Everything that printing a value can show. */
function printed(value) {
  const shown = [inspect(value, { depth: 20, showHidden: true, getters: true, maxStringLength: null, maxArrayLength: null }), String(value?.stack ?? "")];
  for (const way of [() => JSON.stringify(value), () => JSON.stringify(value, Object.getOwnPropertyNames(value ?? {})), () => inspect(structuredClone(value), { depth: 20 }), () => String(value), () => `${Object.entries(value)}`]) {
    try {
      shown.push(way());
    } catch (error) {
      shown.push(inspect(error));
    }
  }
  return shown.join("\n");
}

function clean(value, secrets, where) {
  const text = printed(value);
  for (const [name, secret] of Object.entries(secrets)) {
    for (const form of forms(secret)) {
      const at = text.indexOf(form);
      assert.equal(at, -1, `${where} shows ${name}: ${text.slice(Math.max(0, at - 60), at + form.length + 20)}`);
    }
  }
}

const KEY = "ak-CANARY0/key+of=mine";
const SAS = "sv=2024-01-01&ss=b&srt=co&sp=rl&se=2099-01-01T00:00:00Z&sig=CANARY1sas%2Fsig%2Bx%3D";
const S3 = "CANARY2/s3+secretKEYofFORTYcharacters0000";
const SECRET40 = "CANARY3/wJalrXUtn+FEMIK7MDENGbPxRfiCY000";

/** Inputs with a secret in each place where one can be. */
const WRITES = {
  imgix: {
    s3_secret_key: [{ name: "n", deployment: { type: "s3", imgix_subdomains: ["x"], s3_access_key: "AKIAIOSFODNN7EXAMPLE", s3_secret_key: S3.slice(0, 40), s3_bucket: "bucket" } }, S3.slice(0, 40)],
    secret_key: [{ name: "n", deployment: { type: "s3_compatible", imgix_subdomains: ["x"], storage_provider: "Wasabi", access_key_id: "AKIAIOSFODNN7EXAMPLE", secret_key: SECRET40, bucket_name: "bucket", endpoint_url: "https://s3.wasabisys.com", region: "us-east-1" } }, SECRET40],
    gcs_secret_key: [{ name: "n", deployment: { type: "gcs", imgix_subdomains: ["x"], gcs_access_key: "GOOG1EXAMPLEEXAMPLEEXAMPLEEXAMPLEEXAMPLEEXAMPLEEXAMPLEEXAMPLEX", gcs_secret_key: SECRET40, gcs_bucket: "bucket" } }, SECRET40],
    azure_sas_string: [{ name: "n", deployment: { type: "azure", imgix_subdomains: ["x"], azure_account: "account", azure_sas_string: SAS, azure_bucket: "container" } }, SAS],
    password: [{ name: "n", deployment: { type: "webfolder", imgix_subdomains: ["x"], webfolder_base_url: "https://example.com/", username: "u", password: "CANARY4 pass/wörd+" } }, "CANARY4 pass/wörd+"],
    "a new secret in extra": [{ name: "n", deployment: { type: "webfolder", imgix_subdomains: ["x"], webfolder_base_url: "https://example.com/" } }, "CANARY5/extra+", { extra: { "deployment.brand_new_secret": "CANARY5/extra+" } }],
    "a deep secret in extra": [{ name: "n", deployment: { type: "webfolder", imgix_subdomains: ["x"], webfolder_base_url: "https://example.com/" } }, "CANARY6/deep+", { extra: { x: [{ api_key: "CANARY6/deep+" }] } }],
  },
  imageboss: {
    secret_access_key: [{ source: "n", source_type: "s3", credential_attributes: { access_key_id: "AKIAIOSFODNN7EXAMPLE", secret_access_key: S3.slice(0, 40), region: "us-east-1", bucket: "bucket" } }, S3.slice(0, 40)],
    secret: [{ source: "n", source_type: "gcs", credential_attributes: { access_key: "GOOG1EXAMPLEEXAMPLEEXAMPLEEXAMPLEEXAMPLEEXAMPLEEXAMPLEEXAMPLEX", secret: SECRET40, bucket: "bucket" } }, SECRET40],
    sas_token: [{ source: "n", source_type: "azure", credential_attributes: { account_name: "account", service_type: "blob", container_name: "container", sas_token: SAS } }, SAS],
  },
};

/** Answers that say everything back that they were told. */
function echoes(secret, key) {
  const said = echoed(secret).concat(echoed(key)).join(" | ");
  const json_ = (body, status, headers) => () => json(JSON.stringify(body), status, headers);
  return {
    "errors of JSON:API": json_({ errors: [{ title: said, detail: `user:${secret}`, id: said, source: { pointer: `/data/attributes/${secret}` } }] }, 422),
    "sentences": json_({ errors: [said, `Credential ${secret} is required for s3 sources`] }, 422),
    "fields": json_({ errors: { [said]: [said] } }, 422),
    "a message": json_({ message: said, error: said }, 400),
    "text": () => json(said, 500),
    "broken JSON": () => json(`{"x":"${secret}","secret_key":"${secret}`, 200),
    "another document": json_([{ echo: said, nested: { secret } }], 200),
    "a redirect": () => json(said, 302, { location: `https://e.example/?k=${encodeURIComponent(key)}` }),
    "headers": () => json("{}", 500, { "x-request-id": encodeURIComponent(secret) }),
    "base64 of a header": () => json(Buffer.from(`x:${key}`).toString("base64"), 401),
    "an exception": () => Promise.reject(new TypeError(`failed with ${said}`)),
    "an exception with a cause": () => Promise.reject(new TypeError("failed", { cause: new Error(said) })),
    "an exception with members": () => Promise.reject(Object.assign(new Error("failed"), { config: { headers: { authorization: `Bearer ${key}` } }, body: said })),
    "a deep cause": () => Promise.reject(new Error("a", { cause: new Error("b", { cause: new Error("c", { cause: new Error(said) }) }) })),
    "an aggregate": () => Promise.reject(new AggregateError([new Error(said)], "failed")),
    "hidden members": () => Promise.reject(Object.defineProperty(new Error("failed"), "request", { value: { headers: { authorization: `Bearer ${key}` } }, enumerable: false })),
    "a body that breaks off": () => json(new ReadableStream({ start: (controller) => controller.error(new Error(said)) }), 200),
    "what is thrown as text": () => Promise.reject(said),
  };
}

for (const [provider, writes] of Object.entries(WRITES)) {
  const [clientWith, header] = provider === "imgix" ? [imgixWith, "authorization"] : [bossWith, "imageboss-api-key"];
  for (const [name, [input, secret, options]] of Object.entries(writes)) {
    describe(`${provider}: ${name}`, () => {
      const secrets = { key: KEY, [name]: secret };

      test("is sent, and not shown by clients, dry runs and commands", async () => {
        const { client, seen, events } = clientWith(json(provider === "imgix" ? IMGIX_SOURCE : { id: "1" }), { apiKey: KEY });
        await client.sources.create(input, options);
        assert.ok(JSON.stringify(seen[0].headers[header]).includes(KEY));
        assert.ok(seen[0].body.includes(JSON.stringify(secret).slice(1, -1)));
        clean(client, secrets, "the client");
        clean(events, secrets, "an event");
        const prepared = await client.dryRun.sources.create(input, options);
        clean(prepared, secrets, "the dry run");
        assert.match(prepared.body, /\*\*\*\*/);
        clean(library.toCurl(prepared), secrets, "the command");
        const changes = await client.dryRun.sources.update("s", input, options);
        clean(changes, secrets, "the dry run of an update");
      });

      for (const [what, answer] of Object.entries(echoes(secret, KEY))) {
        test(`is not shown by an error after ${what}`, async () => {
          const { client, events } = clientWith(answer, { apiKey: KEY });
          const error = await failure(client.sources.create(input, options));
          clean(error, secrets, "the error");
          clean(error.cause, secrets, "the cause");
          clean(events, secrets, "an event");
        });
      }

      test("is not shown when it is refused", async () => {
        const { client } = clientWith(json("{}"), { apiKey: KEY });
        const wrong = JSON.parse(JSON.stringify(input).replaceAll('"type":"', '"type":"x').replaceAll('"source_type":"', '"source_type":"x'));
        clean(await failure(client.sources.create({ ...wrong, unknown: 1 }, options)), secrets, "the refusal");
        const broken = JSON.parse(JSON.stringify(input).replace(JSON.stringify(secret).slice(1, -1), ` ${JSON.stringify(secret).slice(1, -1)}\\n`));
        await client.sources.create({ ...broken, unknown: 1 }, options).catch((error) => clean(error, secrets, "the refusal of a wrong secret"));
        clean(library.checkSource(provider, { ...broken, unknown: 1 }), secrets, "the problems");
      });
    });
  }
}

describe("secrets that come back", () => {
  const CANARY = "CANARY7/back+again";

  test("an answer's own secrets are not in errors and events", async () => {
    for (const member of ["secure_url_token", "secret_token", "secret_access_key", "secret", "sas_token", "s3_secret_key", "password", "azure_sas_string", "api_key"]) {
      for (const text of [`{"data":{"id":"1","attributes":{"${member}":"${CANARY}"`, `{"x":{"${member}":${JSON.stringify(CANARY)}}}`, `{"${member}" :\n "${CANARY}`, `{"data":[{"${member}":"${CANARY}"}]}`, `{"${member}":["${CANARY}"]}`]) {
        for (const status of [200, 400, 500]) {
          const { client, events } = imgixWith(json(text, status));
          const error = await failure(client.sources.get("s"));
          clean(error, { [member]: CANARY }, `the error after ${text}`);
          clean(events, { [member]: CANARY }, "an event");
        }
      }
    }
  });

  test("a drift event shows no value", async () => {
    const { client, events } = imgixWith(json({ data: { id: "1", attributes: { name: { secure_url_token: CANARY }, secure_url_token: [CANARY], deployment: { password: { x: CANARY }, cache_ttl_value: CANARY } } } }));
    await client.sources.get("s");
    assert.ok(events.some(({ type }) => type === "drift"));
    clean(events, { CANARY }, "an event");
    const strict = imgixWith(json({ data: { id: "1", attributes: { name: { secure_url_token: CANARY } } } }), { responseCheck: "error" });
    clean(await failure(strict.client.sources.get("s")), { CANARY }, "the error");
  });

  test("the stored secrets of a merge are not shown", async () => {
    const deployment = { type: "webfolder", imgix_subdomains: ["x"], webfolder_base_url: "https://example.com", password: CANARY };
    const { client, events } = imgixWith((url, init) => (init.method === "GET" ? json({ data: { id: "1", attributes: { deployment } } }) : json(`no: ${CANARY} ${encodeURIComponent(CANARY)}`, 500)));
    clean(await failure(client.sources.update("s", { deployment: { annotation: "x" } })), { CANARY }, "the error");
    clean(events, { CANARY }, "an event");
  });
});

describe("other places of secrets", () => {
  const CANARY = "CANARY8/pa:ss+word";
  const URL_SECRET = "CANARY9pass+word";

  test("user info in addresses", async () => {
    const url = `https://me:${URL_SECRET}@example.com/images/`;
    for (const [client, input] of [
      [imgixWith(json(`no: ${url}`, 500)), { name: "n", deployment: { type: "webfolder", imgix_subdomains: ["x"], webfolder_base_url: url } }],
      [bossWith(json(`no: ${url}`, 500)), { ...BOSS_INPUT, credential_attributes: { url } }],
    ]) {
      clean(await client.client.dryRun.sources.create(input).catch((error) => error), { url: URL_SECRET }, "the dry run");
      clean(await failure(client.client.sources.create(input)), { url: URL_SECRET }, "the error");
      clean(client.events, { url: URL_SECRET }, "an event");
    }
    clean(thrown(() => new Imgix({ apiKey: "k", baseUrl: `https://me:${URL_SECRET}@host` })), { url: URL_SECRET }, "the refusal");
  });

  test("the caller's own headers", async () => {
    const headers = { "x-api-key": CANARY, cookie: `session=${CANARY}`, "proxy-authorization": CANARY, "x-secret": CANARY, "x-auth-token": CANARY };
    const { client, seen } = imgixWith(json(`no ${CANARY}`, 500), { headers });
    const error = await failure(client.sources.get("s"));
    assert.equal(seen[0].headers["x-api-key"], CANARY);
    clean(error, { CANARY }, "the error");
    clean(client, { CANARY }, "the client");
    const prepared = await client.dryRun.sources.get("s");
    clean(prepared, { CANARY }, "the dry run");
    clean(library.toCurl(prepared), { CANARY }, "the command");
  });

  test("as many tokens of a gateway as there are calls", async () => {
    const { client } = imgixWith((url, { headers }) => json(`no ${headers.authorization}`, 400), { apiKey: undefined, gateway: { url: "/api", token: (() => { let count = 0; return async () => `CANARY-${++count}-token`; })() } });
    for (const error of await Promise.all(Array.from({ length: 40 }, (_, index) => failure(client.sources.get(`s${index}`))))) clean(error, { CANARY: "CANARY" }, "the error");
  });

  test("what only looks like a secret is shown in a dry run as it is sent", async () => {
    const { client } = imgixWith(json(IMGIX_SOURCE), { apiKey: "json" });
    for (const url of ["https://x.imgix.net/a.jpg?w=2&sig=2", "https://x.imgix.net/a.jpg?cache-token=1&w=2"]) assert.ok((await client.dryRun.purge(url)).body.includes(url));
    const prepared = await client.dryRun.sources.update("s", { name: "test-sub", deployment: { type: "s3", s3_secret_key: "test", cache_ttl_value: 3600, imgix_subdomains: ["test-sub"] } });
    assert.deepEqual(JSON.parse(prepared.body).data.attributes, { name: "test-sub", deployment: { type: "s3", s3_secret_key: "****", cache_ttl_value: 3600, imgix_subdomains: ["test-sub"] } });
    assert.equal(prepared.headers.accept, "application/vnd.api+json");
    const own = imgixWith(json(IMGIX_SOURCE), { apiKey: "ak_CANARY0key" }).client;
    const command = library.toCurl(await own.dryRun.sources.update("s", { deployment: { imgix_subdomains: ["ak_CANARY0key"] } }, { extra: { odd: ["my ak_CANARY0key"] } }));
    assert.ok(command.includes('$SECRET') && !/CANARY|\*{4}|\$\d/.test(command), command);
  });

  test("the key in a place that is no key's", async () => {
    for (const own of ["ak_CANARY0key", "ak-CANARY/0=+key"]) {
      const { client, events } = imgixWith(() => json(IMGIX_SOURCE), { apiKey: own, headers: { "x-mine": `for ${own}` } });
      const calls = [
        (target) => target.sources.get(own), (target) => target.assets.get("s", own), (target) => target.sources.list({ filter: { name: own } }), (target) => target.purge(`https://a.b/${own}`),
        (target) => target.sources.update("s", { name: own }), (target) => target.sources.update("s", { name: "n" }, { extra: { odd: [own] } }),
      ];
      for (const run of calls) {
        const prepared = await run(client.dryRun);
        clean(prepared, { CANARY: "CANARY" }, "the dry run");
        clean(library.toCurl(prepared), { CANARY: "CANARY" }, "the command");
        await run(client).catch((error) => clean(error, { CANARY: "CANARY" }, "the error"));
      }
      clean(events, { CANARY: "CANARY" }, "an event");
      assert.equal(events.filter(({ type }) => type == "request").length, calls.length);
    }
  });

  test("the gateway's token", async () => {
    for (const token of [CANARY, () => CANARY]) {
      // Whoever answers says it back, also as the id of the request.
      const { client, events } = imgixWith(json(`no ${CANARY} ${btoa(`x${CANARY}`)}`, 500, { "x-request-id": `id-${CANARY}` }), { apiKey: undefined, gateway: { url: "/api", token } });
      clean(await failure(client.sources.get("s")), { CANARY }, "the error");
      clean(client, { CANARY }, "the client");
      clean(await client.dryRun.sources.get("s"), { CANARY }, "the dry run");
      clean(events, { CANARY }, "an event");
      assert.match(events.find(({ type }) => type == "response").requestId, /^id-/);
    }
    const failing = imgixWith(json(IMGIX_SOURCE), { apiKey: undefined, gateway: { url: "/api", token: CANARY } });
    clean(await failure(imgixWith(() => Promise.reject(new Error(`with ${CANARY}`)), { apiKey: undefined, gateway: { url: "/api", token: CANARY } }).client.sources.get("s")), { CANARY }, "the error");
    clean(failing.client, { CANARY }, "the client");
  });

  test("a key that is refused", () => {
    for (const Client of [Imgix, ImageBoss]) {
      for (const options of [{ apiKey: `${CANARY} x` }, { apiKey: CANARY, nonsense: 1 }, { apikey: CANARY }, { apiKey: [CANARY] }, { apiKey: CANARY, baseUrl: "x" }, { key: CANARY, apiKey: CANARY, gateway: { url: "/x" } }]) {
        clean(thrown(() => new Client(options)), { CANARY }, "the refusal");
      }
    }
  });

  test("access key ids are not secret, but masked but for the last four characters", async () => {
    const prepared = await bossWith(json("{}")).client.dryRun.sources.create(WRITES.imageboss.secret_access_key[0]);
    assert.ok(!prepared.body.includes("AKIAIOSFODNN7EXAMPLE"));
    assert.ok(prepared.body.includes("****MPLE"));
  });

  test("clients cannot be cloned into something that holds the key", () => {
    const client = new Imgix({ apiKey: KEY });
    assert.throws(() => structuredClone(client), (error) => !error.message.includes(KEY));
    clean(client, { KEY }, "the client");
    clean(Object.getOwnPropertyDescriptors(client), { KEY }, "its properties");
  });
});

describe("commands", () => {
  /** The arguments that a shell hands to curl. */
  function shell(command, variables = {}) {
    const script = `curl() { for part; do printf '%s\\0' "$part"; done; }\n${command}`;
    return execFileSync("/bin/sh", ["-c", script], { env: { PATH: process.env.PATH, ...variables } }).toString().split("\0").slice(0, -1);
  }

  test("a shell puts the request together again, with variables in place of secrets", async () => {
    const [input, secret] = WRITES.imgix.s3_secret_key;
    const prepared = await imgixWith(json("{}")).client.dryRun.sources.create({ ...input, name: "it's \"a\" $(touch /tmp/x) `b` \\ é\n;" });
    const command = library.toCurl(prepared);
    assert.match(command, /\$IMGIX_API_KEY/);
    const [globs, method, verb, url, ...rest] = shell(command, { IMGIX_API_KEY: "k1", S3_SECRET_KEY: secret, S3_ACCESS_KEY: "AKIAIOSFODNN7EXAMPLE" });
    assert.deepEqual([globs, method, verb, url], ["-g", "-X", "POST", "https://api.imgix.com/api/v1/sources"]);
    assert.ok(rest.includes("authorization: Bearer k1"));
    const body = JSON.parse(rest.at(-1));
    assert.equal(body.data.attributes.name, "it's \"a\" $(touch /tmp/x) `b` \\ é\n;");
    assert.equal(body.data.attributes.deployment.s3_secret_key, secret);
  });

  test("nothing that was given becomes a variable of the shell", async () => {
    const note = "\u0001$HOME\u0002 $HOME";
    const prepared = await imgixWith(json("{}")).client.dryRun.assets.update("s", "p", { custom_fields: { note } });
    const sent = JSON.parse(shell(library.toCurl(prepared), { HOME: "/home/somebody" }).at(-1));
    assert.equal(sent.data.attributes.custom_fields.note, note);
  });

  test("brackets of a query are not taken for a pattern, and credentials in an address are a variable", async () => {
    const list = await imgixWith(json("{}")).client.dryRun.sources.list({ filter: { name: "a" } });
    assert.deepEqual(shell(library.toCurl(list)).slice(0, 2), ["-g", "https://api.imgix.com/api/v1/sources?filter[name]=a"]);

    const prepared = { method: "PATCH", url: "https://x/", headers: {}, body: JSON.stringify({ source: { url: "https://****@h/" } }) };
    assert.equal(shell(library.toCurl(prepared), { URL: "U" }).at(-1), '{"source":{"url":"U"}}');
  });

  test("an inventory shows no password of an address", () => {
    const [row] = library.inventory([], [{ id: "1", source: "a", source_type: "url", credentials: { url: "https://me:CANARY@h/x@y" } }]);
    assert.equal(row.location, "https://****@h/x@y");
  });

  test("nothing in a prepared request is run by a shell", () => {
    const evil = ["'; touch /tmp/owned; '", "$(touch /tmp/owned)", "`touch /tmp/owned`", "\"; touch /tmp/owned; \"", "\n touch /tmp/owned\n", "\\", "'", "\u0001$PATH\u0002", "****", "$HOME"];
    for (const text of evil) {
      const prepared = { method: text, url: `https://x/${text}`, headers: { [text]: text, authorization: text, "imageboss-api-key": text, "x-secret": text, [`secret ${text}`]: "****" }, body: JSON.stringify({ a: text, password: text, [text]: "****" }) };
      const parts = shell(library.toCurl(prepared), { HOME: "CANARY-HOME" });
      assert.ok(!parts.slice(0, 4).join().includes("CANARY-HOME"));
      assert.equal(parts[3].includes("https://x/"), true);
    }
    assert.throws(() => execFileSync("ls", ["/tmp/owned"], { stdio: "ignore" }), "something was run");
  });
});

test("a cause that holds what cannot be looked into shows nothing of it", async () => {
  const apiKey = "ak_canary-7f3a9c21";
  const holders = {
    "a request": (url, { method, headers }) => ({ request: new Request(url, { method, headers }) }),
    headers: (_, { headers }) => ({ headers: new Headers(headers) }),
    "a map": (_, { headers }) => ({ headers: new Map(Object.entries(headers)) }),
    "a set in a list": (_, { headers }) => ({ config: [new Set([headers.authorization])] }),
    "an address": () => ({ url: new URL(`https://h.example/?k=${apiKey}`) }),
    "a string object": (_, { headers }) => ({ value: new String(headers.authorization) }),
    "a name": (_, { headers }) => ({ config: { [headers.authorization]: 1 } }),
    "plain headers": (_, { headers }) => ({ config: { headers } }),
  };
  for (const [what, holder] of Object.entries(holders)) {
    const fetch = async (url, init) => {
      throw Object.assign(new Error("request failed"), holder(url, init));
    };
    const error = await failure(new Imgix({ apiKey, fetch, retries: 0 }).sources.get("x"));

    assert.equal(error.cause.message, "request failed", what);
    clean(error, { apiKey }, what);
  }
});
