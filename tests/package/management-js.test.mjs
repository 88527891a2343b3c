// imgix's own client, which nobody here wrote, works against the sandbox over HTTP: sources, assets, an upload, custom
// fields, purges, reports.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { serve } from "../../www/server.mjs";
import { packageUrl } from "./support.mjs";

const require = createRequire(import.meta.url);
const ImgixAPI = require("imgix-management-js");
const wrapper = require("imgix-management-js/src/fetch-wrapper.js");
const { createSandbox } = await import(new URL("dist/sandbox.js", packageUrl));

const sandbox = createSandbox();
const original = wrapper.fetch;
let server;
before(async () => {
  server = await serve({ sandboxFetch: sandbox.fetch });
  // Its address cannot be chosen, so it is changed on the way.
  wrapper.fetch = (url, init) => original(url.replace("https://api.imgix.com/", `${server.url}imgix/`), init);
});
after(async () => {
  wrapper.fetch = original;
  await server.close();
});
const api = new ImgixAPI({ apiKey: "sandbox" });
const write = (path, method, data) => api.request(path, { method, body: { data, jsonapi: { version: "1.0" } } });

/** The id of a source that takes uploads and has many assets. */
const nordlicht = async () => (await api.request("sources?filter[name]=Nordlicht%20Outdoor")).data[0].id;

test("lists sources with a query, page by page", async () => {
  const first = await api.request("sources?page[number]=0&page[size]=10&sort=name");
  assert.equal(first.data.length, 10);
  assert.ok(first.data.every(({ id, type, attributes }) => id && type === "sources" && attributes.name));
  assert.ok(first.meta.pagination.hasNextPage);
  const second = await api.request(`sources?page[number]=${first.meta.pagination.nextPage}&page[size]=10&sort=name`);
  assert.equal(new Set([...first.data, ...second.data].map(({ id }) => id)).size, 20);
});

test("creates a source as its README does, reads it, changes it, disables it", async () => {
  const deployment = { type: "webfolder", webfolder_base_url: "https://example.com/images/", imgix_subdomains: ["made-by-the-peer"] };
  const { data } = await write("sources", "POST", { attributes: { name: "Made by the peer", deployment }, type: "sources" });
  assert.equal(data.attributes.name, "Made by the peer");
  const change = (attributes) => write(`sources/${data.id}`, "PATCH", { id: data.id, type: "sources", attributes });
  assert.equal((await change({ name: "Renamed" })).data.attributes.name, "Renamed");
  assert.equal((await api.request(`sources/${data.id}`)).data.attributes.name, "Renamed");
  assert.equal((await change({ enabled: false })).data.attributes.enabled, false);
});

test("lists assets by cursor, with filters and sparse fields", async () => {
  const source = await nordlicht();
  const seen = new Set();
  for (let cursor = "0"; cursor; ) {
    const page = await api.request(`sources/${source}/assets?filter[or:categories]=summer&filter[or:keywords]=copper&fields[assets]=origin_path,categories&page[cursor]=${cursor}&page[limit]=40`);
    for (const { id, attributes } of page.data) {
      assert.deepEqual(Object.keys(attributes), ["categories", "origin_path"]);
      seen.add(id);
    }
    cursor = page.meta.cursor.hasMore ? page.meta.cursor.next : undefined;
    if (!cursor) assert.equal(seen.size, Number(page.meta.cursor.totalRecords));
  }
  assert.ok(seen.size > 100);
});

test("uploads a buffer, at the documented address and at that of its README, and finds the asset", async () => {
  const source = await nordlicht();
  const png = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");
  for (const [address, path] of [[`sources/${source}/upload/`, "peer/pixel one.png"], [`sources/upload/${source}/`, "peer/pixel-two.png"]]) {
    const { data } = await api.request(address + path.replace(" ", "%20"), { method: "POST", body: png });
    assert.deepEqual([data.type, data.attributes.origin_path], ["assets", `/${path}`]);
    const { data: asset } = await api.request(`sources/${source}/assets/${path.replace(" ", "%20")}`);
    const { file_size, content_type, media_width, media_height } = asset.attributes;
    assert.deepEqual([file_size, content_type, media_width, media_height], [png.length, "image/png", 1, 1]);
  }
  const again = await api.request(`sources/${source}/upload/peer/pixel-two.png`, { method: "POST", body: png }).catch((error) => error);
  assert.equal(again.status, 400);
  const served = await fetch(`${server.url}images/nordlicht.imgix.net/peer/pixel%20one.png`);
  assert.deepEqual(Buffer.from(await served.arrayBuffer()), png);
});

test("updates custom fields, which replaces them all", async () => {
  const source = await nordlicht();
  const id = `${source}/odd/a+b=c&d.png`;
  const update = (place, custom_fields) => write(place, "PATCH", { id, type: "assets", attributes: { custom_fields } });
  await update(`sources/${source}/assets/odd/a%2Bb%3Dc%26d.png`, { sku: "1", shelf: "2" });
  const { data } = await update(`assets/${source}/odd/a+b=c&d.png`, { sku: "3" });
  assert.deepEqual(data.attributes.custom_fields, { sku: "3" });
  const refused = await update(`sources/${source}/assets/odd/a+b=c&d.png`, { sku: 4 }).catch((error) => error);
  assert.deepEqual([refused.status, refused.response.errors[0].detail], [400, "custom_fields must be an object of strings or null."]);
});

test("purges, and learns that the same was purged a moment ago", async () => {
  const purge = (url) => write("purge", "POST", { attributes: { url }, type: "purges" });
  const { data } = await purge("https://nordlicht.imgix.net/peer/pixel.png");
  assert.equal(data.id, data.attributes.purge_id);
  const again = await purge("https://nordlicht.imgix.net/peer/pixel.png?w=100").catch((error) => error);
  assert.equal(again.status, 409);
  const foreign = await purge("https://somebody-else.imgix.net/a.png").catch((error) => error);
  assert.equal(foreign.status, 400);
});

test("reads reports", async () => {
  const { data } = await api.request("reports?filter[report_type]=cdn_logs&sort=-period_end&page[size]=3");
  assert.equal(data.length, 3);
  assert.ok(data.every(({ type, attributes }) => type === "reports" && attributes.report_type === "cdn_logs"));
});

test("its errors are those of the API", async () => {
  const error = await api.request("sources/60b1c2d3e4f5061728394aff").catch((error) => error);
  assert.ok(error instanceof ImgixAPI.APIError);
  assert.equal(error.status, 404);
  assert.ok(error.response.errors.length > 0);
  const refused = await new ImgixAPI({ apiKey: "wrong" }).request("sources").catch((error) => error);
  assert.equal(refused.status, 401);
});
