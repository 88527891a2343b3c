import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { serve } from "../../www/server.mjs";

const { createSandbox } = await import("../../target/npm/package/dist/sandbox.js");
const TOOL = fileURLToPath(new URL("../../pkg-template/tools/verify-live.mjs", import.meta.url));
const KEYS = { IMGIX_API_KEY: "ak_CANARY0imgix0key", IMAGEBOSS_API_KEY: "CANARY-boss-key" };

/** Runs the tool to its end. */
function verify(args, env = {}) {
  const clean = { ...process.env, IMGIX_API_KEY: "", IMAGEBOSS_API_KEY: "", NODE_TEST_CONTEXT: undefined, ...env };
  return new Promise((resolve) => {
    execFile(process.execPath, [TOOL, "--pause-ms", "0", ...args], { env: clean }, (failure, stdout, stderr) => {
      resolve({ code: failure ? failure.code : 0, stdout, stderr });
    });
  });
}

/** A sandbox behind a server, and what was asked of it. */
async function withSandbox(run, change = (answer) => answer) {
  const keys = Object.values(KEYS).map((key) => ({ key }));
  const sandbox = createSandbox({ keys, faults: { rules: [{ kind: "drift" }] } });
  const seen = [];
  const sandboxFetch = async (url, init) => {
    seen.push(init.method);
    return change(await sandbox.fetch(url, init), url);
  };
  const server = await serve({ sandboxFetch });
  const bases = ["--imgix-base", `${server.url}imgix/api/v1`, "--imageboss-base", `${server.url}imageboss/v1`];
  try {
    await run({ bases, seen, sandbox, port: server.port });
  } finally {
    await server.close();
  }
}

/** What of the account must not be in a report: every string that only it has. */
async function secretsOf(sandbox) {
  const ask = async (url, headers) => (await sandbox.fetch(url, { headers })).json();
  const imgix = await ask("https://api.imgix.com/api/v1/sources?page[size]=1000", { authorization: `Bearer ${KEYS.IMGIX_API_KEY}` });
  const boss = await ask("https://api.imageboss.me/v1/sources", { "imageboss-api-key": KEYS.IMAGEBOSS_API_KEY });
  const all = [...imgix.data, ...boss].flatMap(({ id, attributes, ...own }) => {
    const { name, deployment = {}, secure_url_token } = attributes ?? {};
    const { source, credentials = {} } = own;
    const secret = [credentials.secret_token, credentials.access_key_id, credentials.access_key, deployment.s3_access_key];
    const places = [deployment.webfolder_base_url, ...(deployment.imgix_subdomains ?? []), ...(deployment.custom_domains ?? [])];
    return [id, name, source, secure_url_token, ...secret, ...places];
  });
  return all.filter((text) => typeof text === "string" && text.length > 5);
}

test("the report has findings, no secret, and comes of reading alone", async () => {
  await withSandbox(async ({ bases, seen, sandbox, port }) => {
    const { code, stdout, stderr } = await verify(bases, KEYS);

    assert.equal(stderr, "");
    assert.equal(code, 0, stdout);
    for (const finding of [
      "drift: `date_deployed` is declared as integer and comes as string",
      "drift: `created_at` is declared as string and comes as number",
      "unknown attribute of sources: `storage_tier` (object)",
      "values of `deployment.type`: `imgix_storage`",
      "values of `source_type`: `backblaze`",
      "`/v1/sources`: 200, application/json",
      "an id that is not there: 404",
      "without a key: 401",
      "with a wrong key: 401",
      "OPTIONS for PATCH:",
      "`page[size]=100`: 200",
      "shape of `meta`: {authentication: {",
    ])
      assert.ok(stdout.includes(finding), `${finding} is not in:\n${stdout}`);
    const secrets = await secretsOf(sandbox);
    assert.ok(secrets.length > 100);
    for (const text of [...secrets, ...Object.values(KEYS), "CANARY", `:${port}`]) assert.ok(!stdout.includes(text), `${text} is in:\n${stdout}`);
    assert.doesNotMatch(stdout, /[\w.+-]+@[\w-]+\.\w/);
    assert.ok(seen.length > 30);
    assert.deepEqual([...new Set(seen)].sort(), ["GET", "OPTIONS"]);
    assert.ok(sandbox.log.every(({ method, body }) => ["GET", "OPTIONS"].includes(method) && body === ""));
  });
});

test("what a refusal repeats of the account does not come through", async () => {
  const repeat = (answer) => {
    if (answer.status < 400) return answer;
    const detail = `no access for jane.doe@corp.example with ${KEYS.IMGIX_API_KEY}${KEYS.IMAGEBOSS_API_KEY} at https://internal.corp.example/a?b=c`;
    return Response.json({ errors: [{ title: "No", detail }] }, { status: answer.status });
  };
  await withSandbox(async ({ bases }) => {
    const { stdout } = await verify(bases, KEYS);

    assert.match(stdout, /no access for <email-1> with <imgix-key-1><imageboss-key-1> at <url-\d+>/);
    assert.doesNotMatch(stdout, /CANARY|corp\.example/);
  }, repeat);
});

test("a person is told what is missing", async () => {
  const none = await verify([]);
  assert.deepEqual([none.code, none.stdout], [1, ""]);
  assert.match(none.stderr, /^no key is given: set IMGIX_API_KEY or IMAGEBOSS_API_KEY, or both/);

  const unknown = await verify(["--base", "x"], KEYS);
  assert.match(unknown.stderr, /--base/);

  const away = await verify(["--imgix-base", "http://127.0.0.1:9/api/v1"], { IMGIX_API_KEY: KEYS.IMGIX_API_KEY });
  assert.equal(away.code, 1);
  assert.match(away.stdout, /imgix cannot be reached \(\w+\)/);
  assert.match(away.stdout, /not asked: IMAGEBOSS_API_KEY is not set/);
  assert.doesNotMatch(away.stdout + away.stderr, /CANARY/);

  await withSandbox(async ({ bases }) => {
    const wrong = await verify(bases, { IMGIX_API_KEY: "ak_CANARY_wrong" });

    assert.equal(wrong.code, 1);
    assert.match(wrong.stdout, /imgix answers 401: the key in IMGIX_API_KEY is not valid there/);
    assert.doesNotMatch(wrong.stdout, /CANARY/);
  });
});
