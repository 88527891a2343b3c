// Secrets of every kind in every place of every operation, and every kind of failure: nothing that can be printed shows one.
import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { bossWith, everyOperation, failure, fixture, fixtureNames, freshKey, imgixWith, json, library, method, virtually } from "./support.mjs";

/** Each holds what some encoding changes: a slash, a plus, quotes, umlauts. */
const SECRETS = {
  key: "ak-CANARYa0/+x=1", header: "CANARYb1/header+value", echoed: 'CANARYc2/"quoted"+\\é', member: "CANARYd3+stored/token", signature: "CANARYe4/put+signature=",
};

/** What must be found nowhere. Base64 is looked for without its ends, which mix with what stands around. */
const FORMS = Object.entries(SECRETS).flatMap(([name, secret]) => {
  const percent = encodeURIComponent(secret);
  const coded = ["", "u", "u:"].map((before, lead) => Buffer.from(before + secret).toString("base64").replaceAll("=", "").slice([0, 2, 3][lead], -2));
  const hex = Buffer.from(secret).toString("hex");
  const forms = [secret, JSON.stringify(secret).slice(1, -1), percent, percent.toLowerCase(), ...coded, ...coded.map((form) => form.replaceAll("+", "-").replaceAll("/", "_"))];
  // Printing a string escapes its backslashes once more.
  return [...forms, hex, hex.toUpperCase()].flatMap((form) => [[name, form], [name, form.replaceAll("\\", "\\\\")]]);
});

function clean(what, value) {
  const shown = [inspect(value, { depth: null, showHidden: true, maxStringLength: null, maxArrayLength: null }), String(value?.stack ?? value)];
  for (const way of [() => JSON.stringify(value), () => JSON.stringify(value, Object.getOwnPropertyNames(Object(value))), () => inspect(structuredClone(value), { depth: null, showHidden: true })]) {
    try {
      shown.push(way());
    } catch (error) {
      shown.push(inspect(error));
    }
  }
  const text = shown.join("\n");
  for (const [name, form] of FORMS) {
    const at = text.indexOf(form);
    assert.equal(at, -1, `${what} shows ${name}: ${text.slice(Math.max(0, at - 80), at + form.length + 20)}`);
  }
}

const { key, header, echoed, member, signature } = SECRETS;
const said = [key, header].flatMap((secret) => [secret, encodeURIComponent(secret), Buffer.from(secret).toString("base64"), Buffer.from(`u:${secret}`).toString("base64"), JSON.stringify(secret)]).join(" | ");
const members = { secure_url_token: member, secret_token: member, secret_access_key: member, s3_secret_key: member, password: member, azure_sas_string: member, api_key: member };

/** Every kind of failure, by the class it must give. */
const FAILURES = {
  AuthenticationError: () => json({ errors: [{ title: said, detail: said, id: said, meta: members }] }, 401),
  PermissionError: () => json(said, 403),
  NotFoundError: () => json({ message: said, ...members }, 404),
  ConflictError: () => json({ errors: [said] }, 409),
  DeclinedError: () => json({ errors: [said, { title: said, source: { pointer: `/data/attributes/${key}` } }] }, 422, { "x-request-id": encodeURIComponent(key) }),
  RateLimitError: () => json(said, 429, { "retry-after": "0" }),
  ServerError: () => json(`<html>${said}</html>`, 502),
  UnreadableResponseError: () => json(said, 302, { location: `https://e.example/?k=${encodeURIComponent(key)}` }),
  "UnreadableResponseError of a body": () => json(`{"data":{"id":${JSON.stringify(said)},"attributes":${JSON.stringify(members).slice(0, -1)}`, 200),
  NetworkError: () => Promise.reject(Object.assign(new TypeError(said, { cause: new Error(said) }), { request: { headers: { authorization: `Bearer ${key}`, "x-api-key": header } } })),
  "NetworkError of a body": () => json(new ReadableStream({ start: (controller) => controller.error(new Error(said)) }), 200),
  TimeoutError: () => new Promise(() => {}),
};

const ACCESS = { apiKey: key, headers: { "x-api-key": header }, timeoutMs: 100, deadlineMs: 60_000 };

test("what looks for secrets finds them", () => {
  // Every other one is what printing makes of the one before.
  for (const [, form] of FORMS.filter((_, index) => index % 2 === 0)) {
    for (const value of [form, { deep: [[[[form]]]] }, new Error("x", { cause: { form } }), Object.defineProperty({}, "hidden", { value: form })]) assert.throws(() => clean("it", value), undefined, form);
  }
});

for (const { row, good, clientWith, run } of everyOperation()) {
  test(`${row.provider} ${row.name}: success, every failure, the dry run and its command`, () =>
    virtually(async () => {
      const fine = clientWith(json(good), ACCESS);
      const value = await run(fine.client);
      assert.ok(JSON.stringify(fine.seen[0].headers).includes(JSON.stringify(key).slice(1, -1)));
      clean("the client", fine.client);
      clean("the answer", value);
      clean("the events", fine.events);
      if (!row.several) {
        const prepared = await method(fine.client.dryRun, row.name) && (await run(fine.client.dryRun));
        clean("the dry run", prepared);
        clean("the command", library.toCurl(prepared));
      }
      for (const [name, answer] of Object.entries(FAILURES)) {
        for (const retries of [0, 1]) {
          const { client, events } = clientWith(answer, { ...ACCESS, retries });
          const error = await run(client).then(() => undefined, (error) => error);
          // A purge that is queued already, and what answers nothing, may succeed here.
          if (error) {
            assert.ok(error instanceof library.ImageSourcesError, String(error));
            if (!(error instanceof library[name.split(" ")[0]])) assert.ok(name.includes("body") || row.answer === "nothing", `${error.name} for ${name}`);
            clean(`the ${name}`, error);
            clean(`the cause of the ${name}`, error.cause);
          } else assert.ok(row.answer === "nothing" || row.answer === "receipt" || name.includes("body"), name);
          clean(`the events of the ${name}`, events);
        }
      }
      const refused = await failure(run(fine.client, { retries: -1, [key]: key, timeoutMs: key }));
      assert.equal(refused.name, "InvalidInputError");
    }));
}

test("what is refused for lack of a slot, and what a trap of the caller's code says", async () => {
  const apiKey = freshKey() + key;
  const { client } = imgixWith(json(fixture("imgix/source-get.200.webfolder.json")), { apiKey, limits: { default: { requests: 1, perMs: 60_000 } } });
  await client.sources.get("s");
  const error = await failure(client.sources.get("s", { deadlineMs: 100 }));
  assert.equal(error.name, "RateLimitError");
  clean("the error", error);
  for (const limiter of [{ reserve: () => { throw new Error(said); } }, { reserve: () => Promise.reject(said) }]) {
    const own = imgixWith(json({}), { ...ACCESS, limits: undefined, limiter });
    const failed = await failure(own.client.sources.get("s"));
    clean("the error of a limiter", failed);
    clean("its cause", failed.cause);
  }
});

test("secrets that are written and said back", async () => {
  const writes = { secret_access_key: echoed, secret: echoed, sas_token: `sig=${echoed}` };
  for (const [name, secret] of Object.entries(writes)) {
    const { client, events, seen } = bossWith(() => json({ errors: [echoed, encodeURIComponent(echoed)], [name]: secret }, 422), { apiKey: key });
    const changes = { credential_attributes: { [name]: secret } };
    const error = await failure(client.sources.update("s", changes));
    clean("the error", error);
    clean("the events", events);
    clean("the dry run", await client.dryRun.sources.update("s", changes).catch((error) => error));
    if (seen.length) assert.ok(seen[0].body.includes(JSON.stringify(echoed).slice(1, -1)));
  }
});

test("the signature of an upload's address", () =>
  virtually(async () => {
    const url = `https://b.s3.amazonaws.com/x?X-Amz-Signature=${encodeURIComponent(signature)}`;
    const created = fixture("imgix/upload-session-create.200.json");
    created.data.attributes.url = url;
    for (const put of [() => json(`${url} ${signature} ${Buffer.from(signature).toString("base64")}`, 403), () => Promise.reject(new Error(url)), () => new Promise(() => {})]) {
      const { client, events } = imgixWith((target, init) => (init.method === "PUT" ? put() : json(created)), { ...ACCESS, retries: 0 });
      const error = await failure(client.assets.upload("s", "x", "bytes", { method: "session" }));
      clean("the error", error);
      clean("its cause", error.cause);
      clean("the events", events);
    }
  }));

test('ImageBoss: of all eight types a source is read, renamed and written, and no "****" is sent', async () => {
  const sources = fixtureNames("imageboss", /^list-200-all-types\.json$/).flatMap((name) => fixture(`imageboss/${name}`));
  assert.deepEqual([...new Set(sources.map(({ source_type }) => source_type))].sort(), ["akamai", "azure", "dos", "gcs", "r2", "s3", "url", "wasabi"]);
  for (const source of sources) {
    const { client, seen } = bossWith(json(source));
    const read = await client.sources.get(source.id);
    await client.sources.update(source.id, { source: "renamed" });
    // Copied as a whole it is refused, whatever it is copied into.
    const { id, created_at, updated_at, credentials, ...rest } = read;
    for (const changes of [read, { ...rest, credentials }, { ...rest, credential_attributes: credentials }]) {
      const before = seen.length;
      const masked = Object.values(credentials).includes("****");
      const error = await client.sources.update(source.id, { ...changes, source: "renamed" }).then(() => undefined, (error) => error);
      if (masked || changes.credentials) assert.equal(error?.name, "InvalidInputError");
      if (error) assert.equal(seen.length, before);
    }
    assert.ok(seen.every(({ body }) => !body?.includes("****")), source.source_type);
    assert.deepEqual(JSON.parse(seen[1].body), { source: { source: "renamed" } });
  }
});
