// Plans of whole set-ups, as the package gives them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { createSandbox } from "../../target/npm/package/dist/sandbox.js";
import { ImageBoss, Imgix, library, thrown } from "./support.mjs";

const { exportSetup, plan } = library;

const SOURCE = { id: "s1", type: "sources", name: "Shop", enabled: true, deployment: { type: "webfolder", webfolder_base_url: "https://shop.example", imgix_subdomains: ["shop"] } };
const CANARY = "CANARY+secretsecretsecretsecretsecretsec";

/** Both accounts of a sandbox. */
const connected = (options) => {
  const { fetch } = createSandbox(options);
  const boss = new ImageBoss({ apiKey: "ak_sandbox", fetch, limits: { imageboss: null } });
  const imgix = new Imgix({ apiKey: "ak_sandbox", fetch, limits: { default: null, "sources.update": null, "sources.create": null } });
  const all = async (listing) => {
    const found = [];
    for await (const source of listing) found.push(source);
    return found;
  };
  const live = async () => ({ imgix: await all(imgix.sources.list({ page: { size: 100 } })), imageboss: await all(boss.sources.list()) });
  return { clients: { imgix, imageboss: boss }, live };
};

/** Does all steps of a plan, each kind of operation as one bulk run. */
async function apply(clients, planned) {
  const sources = [...planned.create, ...planned.change, ...planned.delete];
  const outcomes = [];
  for (let at = 0; sources.some(({ steps }) => steps[at]); at++) {
    const groups = new Map();
    for (const source of sources.filter(({ steps }) => steps[at])) {
      const name = `${source.provider} ${source.steps[at].operation}`;
      groups.set(name, [...(groups.get(name) ?? []), source]);
    }
    for (const [name, group] of groups) {
      const [provider, operation] = name.split(" ");
      for await (const { outcome } of clients[provider].bulk(operation, group.map(({ steps }) => steps[at].arguments))) outcomes.push(outcome);
    }
  }
  return outcomes;
}

test("the plan of what is exported is empty", async () => {
  const { live } = connected();
  const current = await live();

  const planned = plan(exportSetup(current), current);

  const { version, unchanged, ...rest } = planned;
  assert.equal(version, 1);
  assert.equal(unchanged.length, current.imgix.length + current.imageboss.length);
  assert.deepEqual(rest, { create: [], change: [], delete: [], unmanaged: [], impossible: [] });
});

test("what is planned runs through bulk calls, and then nothing is left to do", async () => {
  const { clients, live } = connected();
  const before = await live();
  const document = exportSetup(before);
  for (const entry of document.imgix) if (entry.enabled) entry.deployment.cache_ttl_error = 99;
  document.imageboss[3].delete = true;
  document.imageboss.push({ source: "fresh", source_type: "url", credential_attributes: { url: "https://fresh.example" } });

  const outcomes = await apply(clients, plan(document, before));
  const after = plan(document, await live());

  assert.ok(outcomes.length > 25);
  assert.ok(outcomes.every((outcome) => outcome === "ok"));
  assert.deepEqual([after.create, after.change, after.delete, after.impossible, after.unmanaged], [[], [], [], [], []]);
});

test("a change has its fields, its step, and the id that is meant", () => {
  const { change } = plan({ version: 1, imgix: [{ name: "Shop", deployment: { cache_ttl_value: 60 } }] }, { imgix: [SOURCE] });

  assert.deepEqual(change, [
    { provider: "imgix", index: 0, id: "s1", name: "Shop", changes: [{ path: "deployment.cache_ttl_value", to: 60 }], steps: [{ operation: "sources.update" }], problems: [] },
  ]);
  assert.deepEqual(change[0].steps[0].arguments, ["s1", { deployment: { cache_ttl_value: 60 } }]);
});

test("a secret of the document is sent and printed nowhere", () => {
  const document = { version: 1, imgix: [{ name: "New", deployment: { type: "s3", s3_bucket: "photos", s3_access_key: "AKIAIOSFODNN7EXAMPLE", s3_secret_key: CANARY, imgix_subdomains: ["new-one"] } }] };

  const planned = plan(document, { imgix: [] });

  assert.equal(planned.create[0].steps[0].arguments[0].deployment.s3_secret_key, CANARY);
  for (const printed of [JSON.stringify(planned), inspect(planned, { depth: 9 }), JSON.stringify(structuredClone(planned))]) assert.ok(!printed.includes("CANARY"));
  assert.deepEqual(planned.create[0].changes.find(({ path }) => path === "deployment.s3_secret_key"), { path: "deployment.s3_secret_key", secret: true });
});

test("a document that cannot be understood is refused with all that is wrong with it", () => {
  for (const [document, current, field, code] of [
    [undefined, {}, "", "type"],
    [null, {}, "", "type"],
    ["{}", {}, "", "type"],
    [[], {}, "", "type"],
    [new Map(), {}, "", "type"],
    [() => 1, {}, "", "type"],
    [{}, {}, "version", "required"],
    [{ version: 2 }, {}, "version", "value"],
    [{ version: 1, imgx: [] }, {}, "imgx", "unknown"],
    [{ version: 1, imgix: {} }, {}, "imgix", "type"],
    [{ version: 1 }, undefined, "current", "type"],
    [{ version: 1 }, { imgix: [null] }, "current.imgix.0", "type"],
    [{ version: 1, imgix: [{ name: "x".repeat(10 << 20) }] }, {}, "", "too-large"],
  ]) {
    const error = thrown(() => plan(document, current));
    assert.equal(error.name, "InvalidInputError");
    assert.deepEqual([error.problems[0].field, error.problems[0].code], [field, code]);
  }
  assert.match(thrown(() => plan({ version: 1, imgx: [] }, {})).message, /did you mean `imgix`/);
});

test("what cannot be looked at is refused, however deep it is and whatever it throws", () => {
  const deep = JSON.parse("[".repeat(4000) + "]".repeat(4000));
  const cyclic = { version: 1, imgix: [] };
  cyclic.imgix.push(cyclic);
  const throwing = { get version() { throw new Error("no"); } };
  for (const document of [{ version: 1, imgix: deep }, cyclic, throwing, { version: 1n }]) assert.equal(thrown(() => plan(document, {})).name, "InvalidInputError");
});

test("an entry with a mistake is impossible, and the others are planned all the same", () => {
  const { impossible, unchanged } = plan({ version: 1, imgix: [{ name: "Shop", deploymnt: {} }, { name: "Shop" }, 7, { id: "s1", delete: true }] }, { imgix: [SOURCE] });
  assert.equal(unchanged.length, 0);
  assert.equal(impossible.length, 4);

  const planned = plan({ version: 1, imgix: [{ name: "Other", deploymnt: {} }, { name: "Shop" }] }, { imgix: [SOURCE] });
  assert.deepEqual([planned.impossible.length, planned.unchanged.length], [1, 1]);
  assert.match(planned.impossible[0].problems.find(({ field }) => field === "imgix.0.deploymnt").message, /`deployment`/);
});

test("an export names ids unless it should not, and refuses other options", () => {
  assert.deepEqual(exportSetup({ imgix: [SOURCE] }), { version: 1, imgix: [{ id: "s1", name: "Shop", enabled: true, deployment: SOURCE.deployment }] });
  assert.deepEqual(exportSetup({ imgix: [SOURCE] }, { ids: false }).imgix[0].id, undefined);
  assert.equal(thrown(() => exportSetup({}, { idz: true })).problems[0].field, "idz");
  assert.equal(thrown(() => exportSetup(null)).problems[0].field, "current");
});
