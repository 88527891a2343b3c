// The requests of imgix-management-js 1.3.1 and ours are equal byte for byte for the same document.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { IMGIX_SOURCE, fixture, fixtureNames, imgixWith, json } from "./support.mjs";

const require = createRequire(import.meta.url);
const ImgixAPI = require("imgix-management-js");
const wrapper = require("imgix-management-js/src/fetch-wrapper.js");

/** What the peer sends. */
async function peer(path, options) {
  const seen = [];
  const original = wrapper.fetch;
  wrapper.fetch = async (url, init) => {
    seen.push({ url, ...init });
    return { status: 200, json: async () => ({}) };
  };
  try {
    await new ImgixAPI({ apiKey: "ak_test" }).request(path, options);
  } finally {
    wrapper.fetch = original;
  }
  return seen[0];
}

/** Ours, without what the merge reads. */
async function ours(run) {
  const { client, seen } = imgixWith((url, init) => json(init.method === "GET" && /sources(\?|$)/.test(url) ? { data: [] } : IMGIX_SOURCE));
  await run(client);
  assert.equal(seen.length, 1);
  return seen[0];
}

function same(one, other) {
  assert.equal(one.url, other.url);
  assert.equal(one.method.toUpperCase(), other.method.toUpperCase());
  assert.equal(one.headers.authorization, other.headers.Authorization);
  if (other.body === undefined) assert.equal(one.body, undefined);
  else {
    assert.equal(one.headers["content-type"], other.headers["Content-Type"]);
    assert.deepEqual(Buffer.from(one.body), Buffer.from(other.body));
  }
}

const AZURE = {
  data: {
    attributes: {
      name: "Example Azure",
      deployment: { type: "azure", imgix_subdomains: ["example-azure"], azure_account: "exampleaccount", azure_sas_string: "sv=2024-01-01&ss=b&srt=co&sp=rl&se=2099-01-01T00:00:00Z&sig=EXAMPLE%3D", azure_bucket: "example-container" },
    },
    type: "sources",
  },
  jsonapi: { version: "1.0" },
};

for (const [name, document] of [...fixtureNames("imgix", /^source-create\.request/).map((name) => [name, fixture(`imgix/${name}`)]), ["azure", AZURE]]) {
  test(`create: ${name}`, async () => {
    same(await ours((client) => client.sources.create(document.data.attributes)), await peer("sources", { method: "POST", body: document }));
  });
}

for (const name of fixtureNames("imgix", /^source-update\.request/)) {
  test(`update: ${name}`, async () => {
    const document = fixture(`imgix/${name}`);
    const { id, attributes } = document.data;
    const sent = await peer(`sources/${id}`, { method: "PATCH", body: document });
    same(await ours((client) => client.sources.update(id, attributes, { replaceDeployment: true })), sent);
    if (name.includes("disable")) same(await ours((client) => client.sources.disable(id)), sent);
  });
}

test("enable", async () => {
  const document = { data: { attributes: { enabled: true }, id: "s1", type: "sources" }, jsonapi: { version: "1.0" } };
  same(await ours((client) => client.sources.enable("s1")), await peer("sources/s1", { method: "PATCH", body: document }));
});

test("get and list", async () => {
  same(await ours((client) => client.sources.get("s1")), await peer("sources/s1"));
  same(await ours((client) => client.sources.list()), await peer("sources"));
});

test("list with a query, as the documentation writes it", async () => {
  const query = { page: { number: 0, size: 2 }, filter: { name: "x", "deployment.type": "s3", enabled: true }, sort: ["-date_deployed", "name"], fields: ["name", "deployment.type"] };
  const path = "sources?filter[name]=x&filter[deployment.type]=s3&filter[enabled]=true&sort=-date_deployed,name&fields[sources]=name,deployment.type&page[number]=0&page[size]=2";
  same(await ours((client) => client.sources.list(query)), await peer(path));
});

test("text beyond ASCII is the same bytes", async () => {
  const attributes = { name: "é😀\u2028\"\\\n\u0001" };
  const document = { data: { attributes, id: "s1", type: "sources" }, jsonapi: { version: "1.0" } };
  same(await ours((client) => client.sources.update("s1", attributes)), await peer("sources/s1", { method: "PATCH", body: document }));
});
