// The log of requests: what it notes of real clients, and that nothing secret is in it.
import assert from "node:assert/strict";
import { test } from "node:test";

import { ImageBoss, Imgix } from "../../target/npm/package/dist/index.js";
import { createSandbox } from "../../target/npm/package/dist/sandbox.js";
import { load } from "./bundled.mjs";

const { RequestLog, noteCalls, isFailed, waitedMs, curlOf, fetchOf, harOf, maskedBody } = await load("model/log.ts", "model/calls.ts", "model/masking.ts", "shell/inspector/copies.ts");

const SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const NEW = { name: "New", deployment: { type: "s3", imgix_subdomains: ["newone"], s3_bucket: "bucket", s3_access_key: "AKIAIOSFODNN7EXAMPLE", s3_secret_key: SECRET } };

function logged(options = {}, faults) {
  const sandbox = createSandbox({ faults });
  const log = new RequestLog();
  const client = (Class, provider, apiKey, options = {}) => {
    const made = new Class({ apiKey, fetch: log.watching(sandbox.fetch), onEvent: log.note, ...options });
    noteCalls(provider, made, log);
    return made;
  };
  return { log, sandbox, imgix: client(Imgix, "imgix", "ak_sandbox", options), boss: client(ImageBoss, "imageboss", "sandbox") };
}

test("a call is one entry with its attempts, waits and outcome", async () => {
  const { log, imgix } = logged({ limits: { default: { requests: 1, perMs: 300 } } }, { rules: [{ kind: "503", times: 1, retryAfter: 0 }] });
  const stop = new AbortController();
  await imgix.reports.list().catch(() => undefined);
  const waiting = imgix.sources.list({ signal: stop.signal });
  const waits = waiting.then(() => assert.fail("it waits"), () => undefined);
  stop.abort();
  await waits;
  const [entry, stopped] = log.entries;

  assert.deepEqual([entry.provider, entry.operation, entry.outcome, isFailed(entry)], ["imgix", "reports.list", "ok", false]);
  assert.deepEqual(entry.attempts.map(({ method, status }) => [method, status]), [["GET", 503], ["GET", 200]]);
  assert.match(entry.attempts[1].url, /^https:\/\/api\.imgix\.com\/api\/v1\/reports/);
  assert.equal(entry.retries.length, 1);
  assert.ok(entry.ms >= 0);
  assert.deepEqual([stopped.outcome, stopped.attempts.length, stopped.waits.length], ["aborted", 0, 1]);
  assert.ok(waitedMs(stopped) > 0);
});

test("what failed, what is suspicious and what drifted is noted", async () => {
  const { log, imgix, boss, sandbox } = logged();
  await imgix.sources.get("nowhere").catch(() => undefined);
  sandbox.faults({ rules: [{ kind: "drift" }] });
  await boss.sources.list();
  const [missing, drifted] = log.entries;

  assert.deepEqual([missing.outcome, isFailed(missing), missing.attempts[0].status], ["failed", true, 404]);
  assert.ok(drifted.drifts > 0);
  assert.ok(drifted.drift.length <= 30);
  assert.ok(drifted.drift[0].path && drifted.drift[0].expected && drifted.drift[0].found);
});

test("no key and no secret of a body is kept, whatever it is copied as", async () => {
  const { log, imgix, boss } = logged();
  await imgix.sources.create(NEW);
  await boss.sources.create({ source: "newone", source_type: "s3", credential_attributes: { access_key_id: "AKIAIOSFODNN7EXAMPLE", secret_access_key: SECRET, bucket: "bucket", region: "eu-central-1" } });
  const copies = log.entries.flatMap((entry) => [curlOf(entry, entry.attempts[0]), fetchOf(entry.attempts[0]), entry.code]);
  const all = [JSON.stringify(log.entries), harOf(log.entries), ...copies].join("\n");

  assert.ok(!all.includes(SECRET) && !all.includes(JSON.stringify(SECRET).slice(1, -1)));
  assert.ok(!/ak_sandbox|imageboss-api-key: sandbox|Bearer sandbox/.test(all));
  assert.equal(log.entries.length, 2);
  assert.match(all, /\$IMGIX_API_KEY/);
  assert.match(all, /\$IMAGEBOSS_API_KEY/);
});

test("a request is copied as a command, as fetch and as a call of the package", async () => {
  const { log, imgix } = logged();
  await imgix.sources.create(NEW);
  const [entry] = log.entries;
  const [attempt] = entry.attempts;

  assert.match(curlOf(entry, attempt), /^curl -g -X 'POST' 'https:\/\/api\.imgix\.com\/api\/v1\/sources'.*\$S3_SECRET_KEY/);
  const code = fetchOf(attempt);
  assert.match(code, /"authorization": `Bearer \$\{process\.env\.IMGIX_API_KEY\}`/);
  assert.match(code, /s3_secret_key: process\.env\.S3_SECRET_KEY/);
  assert.equal(
    entry.code,
    `import { Imgix } from "image-sources";

const imgix = new Imgix({ apiKey: process.env.IMGIX_API_KEY });
await imgix.sources.create({
  name: "New",
  deployment: {
    type: "s3",
    imgix_subdomains: [
      "newone",
    ],
    s3_bucket: "bucket",
    s3_access_key: process.env.S3_ACCESS_KEY,
    s3_secret_key: process.env.S3_SECRET_KEY,
  },
});
`,
  );
});

test("code that was copied runs, and sends the same", async () => {
  const { log, imgix, sandbox } = logged();
  await imgix.sources.create(NEW);
  const [entry] = log.entries;
  const seen = [];
  const fetch = async (url, init) => seen.push({ url, ...init });
  const process = { env: { IMGIX_API_KEY: "ak_sandbox", S3_SECRET_KEY: SECRET, S3_ACCESS_KEY: NEW.deployment.s3_access_key } };
  await new Function("fetch", "process", `return (async () => { ${fetchOf(entry.attempts[0])} })()`)(fetch, process);

  const [sent] = sandbox.log;
  assert.deepEqual(JSON.parse(seen[0].body), JSON.parse(sent.body));
  assert.equal(seen[0].headers.authorization, "Bearer ak_sandbox");
  const calls = [];
  class Recorder {
    sources = { create: async (...given) => calls.push(given) };
  }
  const body = entry.code.replace(/^import.*\n/, "");
  await new Function("Imgix", "process", `return (async () => { ${body} })()`)(Recorder, process);
  assert.deepEqual(calls, [[NEW]]);
});

test("lists and calls without input have code too, with their options and without signals", async () => {
  const { log, imgix, boss } = logged();
  const signal = AbortSignal.timeout(60_000);
  await imgix.sources.list({ page: { size: 5 }, signal });
  await imgix.sources.get("65b7704ee553fe668319d940", { signal });
  await boss.purge("cinder", "a b/c.jpg");
  const codes = log.entries.map(({ code }) => code.split("\n").slice(3).join("\n"));

  assert.deepEqual(codes, ["await imgix.sources.list({\n  page: {\n    size: 5,\n  },\n});\n", 'await imgix.sources.get("65b7704ee553fe668319d940");\n', 'await imageboss.purge("cinder", "a b/c.jpg");\n']);
});

test("calls at the same time do not get each other's headers, bodies and code", async () => {
  const { log, imgix, boss } = logged();
  const ids = ["65b7704ee553fe668319d940", "67da64fdebef5dcc80d01444"];
  await Promise.all([...ids.map((id, at) => imgix.sources.update(id, { name: `Name ${at}` })), boss.sources.list(), imgix.reports.list()]);

  for (const entry of log.entries) {
    const [attempt] = entry.attempts;
    assert.equal(Object.hasOwn(attempt.headers, "imageboss-api-key"), entry.provider === "imageboss");
    assert.equal(attempt.body !== undefined, attempt.method === "PATCH");
    if (entry.operation === "sources.update") {
      const at = ids.findIndex((id) => attempt.url.endsWith(id));
      assert.ok(entry.code.includes(`"${ids[at]}"`) && entry.code.includes(`Name ${at}`) && attempt.body.includes(`Name ${at}`));
    } else assert.ok(entry.code.includes(entry.operation));
  }
});

test("an HTTP archive holds every attempt, with times and without answers", async () => {
  const { log, imgix } = logged({}, { rules: [{ kind: "503", times: 1, retryAfter: 0 }] });
  await imgix.sources.list({ page: { size: 5 } });
  const har = JSON.parse(harOf(log.entries));

  assert.equal(har.log.version, "1.2");
  assert.deepEqual(har.log.entries.map(({ response }) => response.status), [503, 200]);
  assert.ok(har.log.entries.every(({ startedDateTime, time, request }) => Date.parse(startedDateTime) > 0 && time >= 0 && request.method === "GET"));
  assert.deepEqual(har.log.entries[0].request.queryString, [{ name: "page[size]", value: "5" }]);
  assert.deepEqual(har.log.entries[0].request.headers.find(({ name }) => name === "authorization"), { name: "authorization", value: "****" });
});

test("the log does not grow without end", () => {
  const log = new RequestLog();
  for (let call = 1; call <= 1200; call += 1) {
    const common = { call, provider: "imgix", operation: "purge", at: call };
    for (let attempt = 1; attempt <= 40; attempt += 1) log.note({ ...common, type: "request", attempt, method: "POST", url: "https://x.example/" });
    for (let at = 0; at < 100; at += 1) log.note({ ...common, type: "drift", path: `a.${at}`, expected: "string", found: "number" });
    log.note({ ...common, type: "end", outcome: "ok", mayHaveHappened: true, attempts: 1, ms: 1 });
  }

  assert.equal(log.entries.length, 500);
  assert.equal(log.dropped, 700);
  assert.equal(log.entries.at(-1).id, 1200);
  assert.ok(log.entries.every(({ attempts, drift, drifts }) => attempts.length === 30 && drift.length === 30 && drifts === 100));
  log.clear();
  assert.deepEqual([log.entries.length, log.dropped], [0, 0]);
});

test("what is no JSON, and what is very long, is not kept as a body", () => {
  assert.equal(maskedBody("not { json"), "[10 characters]");
  assert.match(maskedBody(JSON.stringify("x".repeat(100_000))), /^\[100002 characters of JSON\]$/);
  assert.equal(maskedBody('{"a":{"secret":"s","list":[{"sas_token":"t","url":"https://u:p@x.example/"}]}}'), '{"a":{"secret":"****","list":[{"sas_token":"****","url":"https://••••@x.example/"}]}}');
});
