// Assets: paths of every kind, the merge of an update, cursors; and the receipts of purges and publications.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { describe, test } from "node:test";
import { IMGIX_SOURCE, expectError, failure, fixture, fixtureText, imgixWith, json } from "./support.mjs";

const ASSET = fixtureText("imgix/asset-get.200.image.json");

/** Strings that break programs, collected by people who test programs. */
const NAUGHTY = createRequire(import.meta.url)("big-list-of-naughty-strings");
const MORE = ["..", ".", "a/../b", "../../sources/s2", "%2e%2e/x", "a//b", "//a", "/", "///", "a/", "/a", "a\\b", "a\\..\\b", "a?b=c", "a#b", "a%2Fb", "a;b", "a b", "\ud800", "a\ud800b", "\0", "é/ü/😀", "x".repeat(5_000), "a/./b", ".../b", "\u2025/x", "．．/x", "a\n/b", " ", "assets", "add/x", "refresh/x"];

describe("paths", () => {
  const CALLS = {
    get: ["assets", (client, path) => client.assets.get("s1", path)],
    update: ["assets", (client, path) => client.assets.update("s1", path, { name: "n" })],
    add: ["assets/add", (client, path) => client.assets.add("s1", path)],
    refresh: ["assets/refresh", (client, path) => client.assets.refresh("s1", path)],
    upload: ["upload", (client, path) => client.assets.upload("s1", path, "x")],
    "upload session": ["upload-sessions/create", (client, path) => client.uploadSessions.create("s1", path)],
  };
  for (const [what, [below, call]] of Object.entries(CALLS)) {
    test(`${what}: every naughty path arrives as it is, or is refused with a reason`, async () => {
      const refused = [];
      assert.ok(NAUGHTY.length > 400);
      for (const path of [...NAUGHTY, ...MORE]) {
        const { client, seen } = imgixWith(json(ASSET));
        let error;
        await call(client, path).catch((thrown) => (error = thrown));
        if (error) {
          expectError(error, "InvalidInputError", { sent: false });
          assert.equal(error.problems[0].field, "path", JSON.stringify(path));
          assert.equal(seen.length, 0);
          refused.push(path);
          continue;
        }
        const prefix = `/api/v1/sources/s1/${below}/`;
        const { pathname, search, hash, origin } = new URL(seen[0].url);
        assert.deepEqual([origin, search, hash], ["https://api.imgix.com", "", ""]);
        assert.ok(pathname.startsWith(prefix), pathname);
        // What an address parser makes of it is what was meant: nothing was taken for a step upwards.
        assert.equal(`https://api.imgix.com${pathname}`, seen[0].url);
        assert.equal(decodeURIComponent(pathname.slice(prefix.length)), path.toWellFormed().replace(/^\//, ""), JSON.stringify(path));
      }
      // Nothing is refused but what could lead elsewhere or names nothing.
      for (const path of refused) assert.ok(path === "" || path.replace(/^\//, "").split("/").some((part) => ["", ".", ".."].includes(part)) || !path.isWellFormed(), JSON.stringify(path));
    });
  }

  test("naughty values of custom fields and names arrive as they are", async () => {
    for (const text of [...NAUGHTY, ...MORE]) {
      const { client, seen } = imgixWith(json(ASSET));
      await client.assets.update("s1", "a", { name: text, custom_fields: { value: text, [text || "empty"]: "key" }, categories: [text] }).catch((error) => {
        expectError(error, "InvalidInputError", { sent: false });
      });
      if (!seen.length) continue;
      const { attributes } = JSON.parse(seen[0].body).data;
      assert.deepEqual([attributes.name, attributes.custom_fields.value, attributes.categories], [text, text, [text]]);
      assert.ok(Object.hasOwn(attributes.custom_fields, text || "empty"));
    }
  });

  test("an id or a path that is no string or names nothing is refused", async () => {
    for (const bad of [undefined, null, 7, "", "/", {}, [], Symbol("s")]) {
      const { client, seen } = imgixWith(json(ASSET));
      expectError(await failure(client.assets.get("s1", bad)), "InvalidInputError", { sent: false });
      expectError(await failure(client.assets.get(bad === "/" ? "" : bad, "a")), "InvalidInputError", { sent: false });
      assert.equal(seen.length, 0);
    }
  });
});

describe("an update", () => {
  const stored = fixture("imgix/asset-get.200.image.json");
  const run = async (changes, options) => {
    const made = imgixWith((url, init) => json(init.method === "GET" ? stored : ASSET));
    await made.client.assets.update("s1", "a/b.jpg", changes, options);
    return { ...made, attributes: JSON.parse(made.seen.at(-1).body).data.attributes };
  };

  test("replaces lists and objects, in one request", async () => {
    const { seen, attributes } = await run({ categories: ["new"], custom_fields: { a: "1" } });
    assert.deepEqual(seen.map(({ method }) => method), ["PATCH"]);
    assert.deepEqual(attributes, { categories: ["new"], custom_fields: { a: "1" } });
    assert.equal(JSON.parse(seen[0].body).data.id, "s1/a/b.jpg");
  });

  test("with `merge` adds to what is stored", async () => {
    const { seen, attributes, events } = await run({ name: "n", categories: ["new", "summer"], custom_fields: { a: "1", sku: "9" } }, { merge: true });
    assert.deepEqual(seen.map(({ method }) => method), ["GET", "PATCH"]);
    assert.deepEqual(attributes.custom_fields, { sku: "9", a: "1" });
    assert.deepEqual(attributes.categories.toSorted(), ["new", "summer"]);
    assert.equal(attributes.name, "n");
    assert.deepEqual(events.filter(({ type }) => type === "request").map(({ operation }) => operation), ["assets.update", "assets.update"]);
  });

  test("with `merge` fails as the update if the asset cannot be read", async () => {
    const { client, seen } = imgixWith(json("{}", 404));
    expectError(await failure(client.assets.update("s1", "a", { categories: ["x"] }, { merge: true })), "NotFoundError", { operation: "assets.update", outcome: "none", attempts: 0 });
    assert.equal(seen.length, 1);
    for (const merge of [1, "true", {}]) expectError(await failure(client.assets.update("s1", "a", { name: "n" }, { merge })), "InvalidInputError");
  });

  test("of a source that is gone or disabled says so", async () => {
    for (const [status, name] of [[410, "DeclinedError"], [409, "ConflictError"]]) {
      expectError(await failure(imgixWith(json({ errors: [{ title: "Gone" }] }, status)).client.sources.update("s1", { name: "n" })), name, { status, outcome: "declined" });
    }
    const disabled = { data: { ...IMGIX_SOURCE.data, attributes: { ...IMGIX_SOURCE.data.attributes, enabled: false } } };
    const { client } = imgixWith((url, init) => (init.method === "GET" ? json(disabled) : json({ errors: [{ title: "Gone" }] }, 410)));
    assert.match((await failure(client.sources.update("s1", { deployment: { cache_ttl_value: 5 } }))).message, /disabled.*enabled/);
  });
});

describe("receipts", () => {
  test("a purge gives its id, and a repeated one says so", async () => {
    const call = (answer) => imgixWith(answer).client.purge("https://example.imgix.net/a.jpg");
    assert.deepEqual(await call(json(fixtureText("imgix/purge.200.json"))), { id: "60b1c2d3e4f50617283a0001", alreadyQueued: false });
    assert.deepEqual(await call(json(fixtureText("imgix/error.409.purge.json"), 409)), { alreadyQueued: true });
    assert.deepEqual(await call(json("", 409)), { alreadyQueued: true });
    for (const body of ["", "nonsense", "{}"]) assert.equal((await call(json(body))).alreadyQueued, false, body);
    expectError(await failure(call(json("{}", 404))), "NotFoundError");
  });

  test("a purge carries what it was given", async () => {
    const { client, seen } = imgixWith(json(fixtureText("imgix/purge.200.json")));
    await client.purge("https://example.imgix.net/a.jpg", { subImage: true, sourceId: "s1" });
    assert.deepEqual(JSON.parse(seen[0].body).data, { attributes: { url: "https://example.imgix.net/a.jpg", sub_image: true, source_id: "s1" }, type: "purges" });
    for (const url of ["", "/a.jpg", "example.imgix.net/a", "ftp://x/y", undefined, 7]) expectError(await failure(client.purge(url)), "InvalidInputError", { sent: false });
    assert.equal(seen.length, 1);
  });

  test("publications give their receipts", async () => {
    for (const name of ["publish", "unpublish"]) {
      const { client, seen } = imgixWith(json(fixtureText(`imgix/${name}.200.json`)));
      assert.equal((await client[name]("https://example.imgix.net/a.jpg", "s1"))[`${name}_id`], "60b1c2d3e4f50617283a0002");
      assert.deepEqual(JSON.parse(seen[0].body).data.attributes, { url: "https://example.imgix.net/a.jpg", source_id: "s1" });
    }
  });
});

describe("a list of assets", () => {
  const item = (id) => ({ id: `s1/${id}`, type: "assets", attributes: {} });
  const walk = async (cursors, options) => {
    const { client, seen, events } = imgixWith((url, init, count) => json({ data: cursors[count - 1]?.empty ? [] : [item(count)], meta: { cursor: cursors[count - 1]?.cursor ?? cursors[count - 1] } }));
    const items = [];
    for await (const { id } of client.assets.list("s1", options)) items.push(id);
    return { items, seen, events, asked: seen.map(({ url }) => Object.fromEntries(new URL(url).searchParams)) };
  };

  test("goes on by the cursor, a string or a number, as it came", async () => {
    const { items, asked } = await walk([{ current: "0", hasMore: true, next: "a/b+c=" }, { current: 1, hasMore: "true", next: 2 }, { hasMore: false, next: null }], { page: { limit: 7 }, sort: ["-date_created"] });
    assert.deepEqual(items, ["s1/1", "s1/2", "s1/3"]);
    const same = { sort: "-date_created", "page[limit]": "7" };
    assert.deepEqual(asked, [same, { ...same, "page[cursor]": "a/b+c=" }, { ...same, "page[cursor]": "2" }]);
  });

  test("ends without a next cursor, with drift where there should be one", async () => {
    for (const [cursor, drift] of [[{ hasMore: true }, 1], [{ hasMore: true, next: null }, 1], [{ hasMore: true, next: "" }, 1], [{ hasMore: false, next: "x" }, 0], [null, 0], [{}, 0], [undefined, 0], [{ next: "1", current: "1" }, 0]]) {
      const { items, events } = await walk([{ cursor }]);
      assert.equal(items.length, 1);
      assert.equal(events.filter(({ type }) => type === "drift").length, drift, JSON.stringify(cursor));
    }
  });

  test("empty pages are walked over", async () => {
    const { items, seen } = await walk([{ empty: true, cursor: { hasMore: true, next: "1" } }, { empty: true, cursor: { hasMore: true, next: "2" } }, { hasMore: false }]);
    assert.deepEqual([items, seen.length], [["s1/3"], 3]);
  });

  test("a cursor that comes again ends it with `repeated-cursor`", async () => {
    for (const next of [() => "1", (count) => (count % 2 ? "1" : "2"), () => 1, (count) => ["a", "b", "c", "a"][count - 1] ?? "b"]) {
      for (const options of [{}, { prefetch: true }, { page: { cursor: "1" } }]) {
        const { client, seen } = imgixWith((url, init, count) => json({ data: [item(count)], meta: { cursor: { hasMore: true, next: next(count) } } }));
        const error = await failure((async () => {
          for await (const { id } of client.assets.list("s1", options)) assert.ok(id);
        })());
        expectError(error, "UnreadableResponseError", { code: "repeated-cursor", operation: "assets.list", provider: "imgix", outcome: "none" });
        assert.ok(seen.length <= 6);
      }
    }
  });

  test("options of `next` that cannot be read are refused", async () => {
    const { client, seen } = imgixWith(json({ data: [item(1)], meta: { cursor: { hasMore: true, next: "1" } } }));
    const page = await client.assets.list("s1");
    expectError(await failure(page.next({ get signal() { throw new Error("no"); } })), "InvalidInputError", { sent: false, operation: "assets.list" });
    expectError(await failure(page.next({ retries: 99 })), "InvalidInputError");
    assert.equal(seen.length, 1);
    assert.equal((await page.next()).items.length, 1);
  });
});
