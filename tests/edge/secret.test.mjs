// A bearer secret is compared so that time tells nothing of it. Shown by what is compared and how, and not by a clock.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";

import { optionsFor, SECRET, start } from "./support.mjs";

const OTHER = `${SECRET}-other`;
const digest = (text) => createHash("sha256").update(text).digest("hex");

let gate;
before(async () => {
  gate = await start(optionsFor("http://127.0.0.1:9", { tokens: [{ name: "one", secret: SECRET }, { name: "two", secret: OTHER }] }), { file: "secret.worker.mjs" });
});
after(() => gate?.close());

const ask = async (given) => (await gate.ask("GET", "/api/status", { token: "", headers: { authorization: `Bearer ${given}` } })).json;

test("what is compared are digests, with all secrets there are, whichever fits", async () => {
  const wrong = ["x", SECRET.slice(0, -1), `X${SECRET.slice(1)}`, `${SECRET}x`, "a".repeat(4_000)];
  for (const [given, status] of [[SECRET, 200], [OTHER, 200], ...wrong.map((one) => [one, 401])]) {
    const told = await ask(given);

    assert.equal(told.status, status, given);
    assert.deepEqual(told.compared, [SECRET, OTHER].map((secret) => ({ lengths: [32, 32], same: secret === given, hex: [digest(given), digest(secret)] })));
  }
});

test("what cannot be a secret is compared with nothing", async () => {
  for (const given of ["", "a b", "a".repeat(5_000)]) assert.deepEqual(await ask(given), { status: 401, compared: [] });
});
