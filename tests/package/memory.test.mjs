// What nobody ends: clients that are made and thrown away, and those that are refused. In a file of its own, because memory that
// earlier tests have used would hide what is lost here.
import assert from "node:assert/strict";
import { test } from "node:test";
import { BOSS_SOURCE, IMGIX_SOURCE, ImageBoss, Imgix, failure, imgixWith, instances, json, library, memory } from "./support.mjs";

const KINDS = {
  "refused constructors": () => new Imgix({ apiKey: "" }),
  "constructors with a wrong address": () => new ImageBoss({ apiKey: "k", baseUrl: "x" }),
  "clients": () => new Imgix({ apiKey: "k" }),
  "clients of many accounts": (round) => new Imgix({ apiKey: `k${round}` }),
  "checks of what is wrong": () => library.checkSource("imgix", { x: 1 }),
  "checks of what is right": () => library.checkSource("imageboss", { source: "a", source_type: "url", credential_attributes: { url: "https://a.example" } }),
  "inventories": () => library.inventory([IMGIX_SOURCE], [BOSS_SOURCE]),
};
const rounds = (count, run) => {
  for (let round = 0; round < count; round++) {
    try {
      run(round);
    } catch (error) {
      assert.equal(error.name, "InvalidInputError");
    }
  }
};

test("20,000 of each, without a pause in which anything could be collected, leave nothing behind", () => {
  for (const run of Object.values(KINDS)) rounds(400, run);
  const before = memory();
  for (const [what, run] of Object.entries(KINDS)) {
    rounds(20_000, run);
    assert.equal(memory() - before, 0, what);
  }
  assert.equal(new Set(instances.map(({ exports }) => exports.memory)).size <= 3, true);
});

test("a client that was forgotten because of many others works on, and so do its calls", async () => {
  let answer;
  const slow = imgixWith(() => new Promise((done) => (answer = done)));
  const { client, seen } = imgixWith(json(IMGIX_SOURCE));
  const running = slow.client.sources.get("a");
  await client.sources.get("a");
  for (let round = 0; round < 5; round++) {
    rounds(1_000, KINDS.clients);
    assert.equal((await client.sources.get("a")).id, IMGIX_SOURCE.data.id);
    assert.equal((await client.dryRun.sources.get("a")).operation, "sources.get");
  }
  assert.equal(seen.length, 6);
  answer(json(IMGIX_SOURCE));
  assert.equal((await running).id, IMGIX_SOURCE.data.id);
});

test("what a forgotten client keeps secret stays so", async () => {
  const token = "CANARY-token-of-a-gateway";
  const { client, events } = imgixWith((url, init, count) => json(count > 1 ? `no ${token}` : IMGIX_SOURCE, count > 1 ? 500 : 200), { apiKey: undefined, gateway: { url: "/api", token: () => token } });
  await client.sources.get("a");
  rounds(1_000, KINDS.clients);
  const error = await failure(client.sources.get("a"));
  assert.ok(!JSON.stringify([error, error.message, error.bodyText, events]).includes("CANARY"), error.bodyText);
});
