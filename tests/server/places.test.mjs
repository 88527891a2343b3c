// The whole sandbox over HTTP: assets, uploads of both kinds, purges on the image host, pictures, files of reports.
import assert from "node:assert/strict";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";

import { createSandbox } from "../../target/npm/package/dist/sandbox.js";
import { withServer } from "./support.mjs";

const KEY = { authorization: "Bearer sandbox" };

/** Runs with a server of a real sandbox. `api` asks imgix, and `source` is the id of a source that takes uploads. */
async function withSandbox(run) {
  const sandbox = createSandbox({ completeMs: 0 });
  await withServer({ sandboxFetch: sandbox.fetch }, async ({ url }) => {
    const api = async (method, path, { headers = {}, body } = {}) => {
      const answer = await fetch(`${url}imgix/api/v1/${path}`, { method, headers: { ...KEY, ...headers }, body });
      return { status: answer.status, ...(await answer.json()) };
    };
    const { data } = await api("GET", "sources?filter[name]=Nordlicht+Outdoor");
    await run({ sandbox, url, api, source: data[0].id });
  });
}

test("paths of many segments arrive as they are", async () => {
  await withSandbox(async ({ api, source }) => {
    const asset = await api("GET", `sources/${source}/assets/odd/50%25%20off%20%231%3F.jpg`);

    assert.equal(asset.data.attributes.origin_path, "/odd/50% off #1?.jpg");
  });
});

test("an upload of several megabytes becomes an asset, byte for byte", async () => {
  await withSandbox(async ({ sandbox, api, source, url }) => {
    const body = new Uint8Array(5_000_000).map((_, index) => index % 251);
    const small = body.slice(0, 100_000);

    const large = await api("POST", `sources/${source}/upload/new/large.jpg`, { headers: { "content-type": "image/jpeg" }, body });
    await api("POST", `sources/${source}/upload/new/small.jpg`, { headers: { "content-type": "image/jpeg" }, body: small });

    assert.equal(large.status, 200);
    assert.equal(sandbox.stored("imgix", `${source}/new/large.jpg`).attributes.file_size, 5_000_000);
    const served = await fetch(`${url}images/nordlicht.imgix.net/new/small.jpg?w=100`);
    assert.equal(served.headers.get("content-type"), "image/jpeg");
    assert.deepEqual(new Uint8Array(await served.arrayBuffer()), small);
  });
});

test("a file over the limit of imgix gets the sandbox's own 413", async () => {
  await withSandbox(async ({ url, source }) => {
    const body = new Uint8Array(30 * 1024 * 1024 + 1);

    const answer = await fetch(`${url}imgix/api/v1/sources/${source}/upload/a.jpg`, { method: "POST", headers: KEY, body });

    assert.deepEqual([answer.status, await answer.text()], [413, "Request Entity Too Large"]);
  });
});

test("a pre-signed address leads to this server and takes the file without a key", async () => {
  await withSandbox(async ({ api, source, url }) => {
    const headers = { "content-type": "video/mp4" };
    const { data: session } = await api("POST", `sources/${source}/upload-sessions/create/videos/clip%20one.mp4`, { headers });
    assert.ok(session.attributes.url.startsWith(`${url}storage/`), session.attributes.url);

    const put = (more) => fetch(session.attributes.url, { method: "PUT", headers: { ...headers, ...more }, body: "film" });
    assert.equal((await put(KEY)).status, 400);
    assert.equal((await put({ "content-type": "image/png" })).status, 400);
    assert.equal((await put({})).status, 200);
    assert.equal((await api("POST", `sources/${source}/upload-sessions/close/${session.id}`)).data.attributes.status, "CLOSED");
    assert.equal((await api("GET", `sources/${source}/upload-sessions/status/${session.id}`)).data.attributes.status, "COMPLETE");
    assert.equal((await api("GET", `sources/${source}/assets/videos/clip%20one.mp4`)).data.attributes.file_size, 4);
  });
});

test("ImageBoss purges where it serves images", async () => {
  await withSandbox(async ({ sandbox, url }) => {
    const purge = (path, headers) => fetch(`${url}images/img.imageboss.me/${path}`, { method: "DELETE", headers });

    assert.equal((await purge("mossandmarble/a/b%20c.jpg", { "imageboss-api-key": "sandbox" })).status, 202);
    assert.equal((await purge("mossandmarble/a.jpg", {})).status, 401);
    assert.deepEqual(sandbox.log.map(({ provider, operation }) => `${provider} ${operation}`).slice(-2), ["imageboss purge", "imageboss purge"]);
  });
});

test("pictures and files of reports are served", async () => {
  await withSandbox(async ({ api, url }) => {
    const picture = await fetch(`${url}images/nordlicht.imgix.net/odd/a%2Bb%3Dc%26d.png`);
    assert.equal(picture.headers.get("content-type"), "image/png");
    assert.deepEqual([...new Uint8Array(await picture.arrayBuffer()).slice(1, 4)], [...Buffer.from("PNG")]);

    const { data } = await api("GET", "reports?filter[completed]=true&page[size]=1");
    const [address] = data[0].attributes.files;
    assert.ok(address.startsWith(`${url}reports/`), address);
    const table = gunzipSync(Buffer.from(await (await fetch(address)).arrayBuffer())).toString();
    assert.match(table, /^report,path,requests,bytes,misses\ncdn_logs_/);
  });
});

test("pages of the console may have the names of these places", async () => {
  await withServer({}, async ({ ask }) => {
    for (const path of ["/images/x", "/storage/x", "/reports/x"]) assert.equal((await ask("GET", path)).status, 404);
  });
});
