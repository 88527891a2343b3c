// imgix's own client, which nobody here wrote, works against the sandbox: lists, creates and updates sources.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { packageUrl } from "./support.mjs";

const require = createRequire(import.meta.url);
const ImgixAPI = require("imgix-management-js");
const wrapper = require("imgix-management-js/src/fetch-wrapper.js");
const { createSandbox } = await import(new URL("dist/sandbox.js", packageUrl));

const sandbox = createSandbox();
const original = wrapper.fetch;
before(() => {
  wrapper.fetch = sandbox.fetch;
});
after(() => {
  wrapper.fetch = original;
});
const api = new ImgixAPI({ apiKey: "sandbox" });

test("lists sources with a query, page by page", async () => {
  const first = await api.request("sources?page[number]=0&page[size]=10&sort=name");
  assert.equal(first.data.length, 10);
  assert.ok(first.data.every(({ id, type, attributes }) => id && type === "sources" && attributes.name));
  assert.ok(first.meta.pagination.hasNextPage);
  const second = await api.request(`sources?page[number]=${first.meta.pagination.nextPage}&page[size]=10&sort=name`);
  assert.equal(new Set([...first.data, ...second.data].map(({ id }) => id)).size, 20);
});

test("creates a source as its README does, reads it, changes it, disables it", async () => {
  const body = {
    data: { attributes: { name: "Made by the peer", deployment: { type: "webfolder", webfolder_base_url: "https://example.com/images/", imgix_subdomains: ["made-by-the-peer"] } }, type: "sources" },
    jsonapi: { version: "1.0" },
  };
  const { data } = await api.request("sources", { method: "POST", body });
  assert.equal(data.attributes.name, "Made by the peer");
  const change = (attributes) => api.request(`sources/${data.id}`, { method: "PATCH", body: { data: { id: data.id, type: "sources", attributes }, jsonapi: { version: "1.0" } } });
  assert.equal((await change({ name: "Renamed" })).data.attributes.name, "Renamed");
  assert.equal((await api.request(`sources/${data.id}`)).data.attributes.name, "Renamed");
  assert.equal((await change({ enabled: false })).data.attributes.enabled, false);
});

test("its errors are those of the API", async () => {
  const error = await api.request("sources/60b1c2d3e4f5061728394aff").catch((error) => error);
  assert.ok(error instanceof ImgixAPI.APIError);
  assert.equal(error.status, 404);
  assert.ok(error.response.errors.length > 0);
  const refused = await new ImgixAPI({ apiKey: "wrong" }).request("sources").catch((error) => error);
  assert.equal(refused.status, 401);
});
