// Lists: lazy, awaited for a page, iterated for everything; one request per page.
import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { describe, test } from "node:test";
import { bossWith, expectError, failure, fixture, fixtureText, imgixWith, json, library, turn } from "./support.mjs";

const resource = (id) => ({ id: String(id), type: "sources", attributes: { name: `n${id}` } });

/** imgix with so many pages of so many items. */
function pages(count, size = 2, change = (page) => page) {
  return imgixWith((url) => {
    const number = Number(new URL(url).searchParams.get("page[number]") ?? 0);
    const data = Array.from({ length: size }, (_, index) => resource(number * size + index));
    const last = number + 1 >= count;
    const pagination = { currentPage: number, hasNextPage: !last, hasPreviousPage: number > 0, nextPage: last ? null : number + 1, pageSize: size, totalPages: count, totalRecords: count * size };
    return json(change({ data, meta: { pagination } }, number));
  });
}

const all = async (listing) => {
  const items = [];
  for await (const item of listing) items.push(item.id);
  return items;
};

describe("a list", () => {
  test("sends nothing until it is awaited or iterated", async () => {
    const { client, seen } = pages(1);
    const listing = client.sources.list();
    listing.pages;
    listing.pages();
    listing[Symbol.asyncIterator]();
    String(listing);
    for (let round = 0; round < 3; round++) await turn();
    assert.equal(seen.length, 0);
    await listing;
    assert.equal(seen.length, 1);
  });

  test("refuses wrong queries when it is awaited, not before", async () => {
    const { client, seen } = pages(1);
    const listing = client.sources.list({ page: { size: 0 }, nonsense: 1 });
    const error = await failure(listing);
    expectError(error, "InvalidInputError");
    assert.deepEqual(error.problems.map(({ field }) => field).sort(), ["nonsense", "page.size"]);
    expectError(await failure(all(client.sources.list({ sort: "name" }))), "InvalidInputError");
    expectError(await failure(client.sources.list({ prefetch: 1 })), "InvalidInputError");
    assert.equal(seen.length, 0);
  });

  test("awaited twice, and by `then`, `catch` and `finally`, is one request", async () => {
    const { client, seen } = pages(1);
    const listing = client.sources.list();
    const first = await listing;
    assert.equal(await listing, first);
    let ran = 0;
    assert.equal(await listing.then((page) => page), first);
    assert.equal(await listing.catch(() => assert.fail()), first);
    assert.equal(await listing.finally(() => void ran++), first);
    assert.deepEqual(await Promise.all([listing, listing]), [first, first]);
    assert.equal(await Promise.resolve(listing), first);
    assert.deepEqual([seen.length, ran], [1, 1]);
    assert.equal(Object.prototype.toString.call(listing), "[object Listing]");
  });

  test("`then` and `catch` hand on failures like those of a promise", async () => {
    const { client, seen } = imgixWith(json("{}", 500));
    const listing = client.sources.list();
    assert.equal(await listing.then(null, () => "caught"), "caught");
    assert.equal(await listing.catch(() => "caught"), "caught");
    expectError(await failure(listing.finally(() => {})), "ServerError");
    expectError(await failure(listing), "ServerError");
    assert.equal(seen.length, 1);
  });

  test("gives the items, the total, and how it goes on", async () => {
    const { client } = pages(3);
    const page = await client.sources.list();
    assert.deepEqual(page.items, [{ name: "n0", id: "0", type: "sources" }, { name: "n1", id: "1", type: "sources" }]);
    assert.deepEqual([page.total, page.hasMore, typeof page.next], [6, true, "function"]);
    const fixed = fixture("imgix/sources-list.200.page0.json");
    const given = await imgixWith(json(fixed)).client.sources.list();
    assert.deepEqual([given.total, given.hasMore], [fixed.meta.pagination.totalRecords, true]);
    const boss = await bossWith(json([{ id: "1" }])).client.sources.list();
    assert.deepEqual([boss.items, boss.hasMore, await boss.next()], [[{ id: "1" }], false, null]);
    assert.ok(!("total" in boss) || boss.total === undefined);
  });

  test("`next` gives the next page, and null after the last", async () => {
    const { client, seen } = pages(3);
    const ids = [];
    for (let page = await client.sources.list(); page; page = await page.next()) ids.push(...page.items.map(({ id }) => id));
    assert.deepEqual(ids, ["0", "1", "2", "3", "4", "5"]);
    assert.equal(seen.length, 3);
    const last = await (await (await client.sources.list()).next()).next();
    assert.deepEqual([last.hasMore, await last.next(), await last.next()], [false, null, null]);
  });

  test("the query stays the same over all pages", async () => {
    const { client, seen } = pages(2);
    await all(client.sources.list({ filter: { name: "x" }, sort: ["-name"], fields: ["name"], page: { size: 2 } }));
    const queries = seen.map(({ url }) => Object.fromEntries(new URL(url).searchParams));
    const same = { "filter[name]": "x", sort: "-name", "fields[sources]": "name", "page[size]": "2" };
    assert.deepEqual(queries, [same, { ...same, "page[number]": "1" }]);
  });

  test("goes on with what an answer gives for the next page, whichever way the operation's pages are declared", async () => {
    const walk = async (list, meta, options) => {
      const { client, seen } = imgixWith((url, init, count) => json({ data: [resource(count)], meta: meta(count - 1, count < 3) }));
      const page = await list(client, options);
      assert.deepEqual([page.hasMore, (await page.next()).items.map(({ id }) => id)], [true, ["2"]]);
      seen.length = 0;
      assert.equal((await all(list(client, options))).length, 3);
      return seen.map(({ url }) => decodeURIComponent(new URL(url).search));
    };
    const assets = (client, options) => client.assets.list("s1", options);
    const sources = (client, options) => client.sources.list(options);
    const numbers = (pageSize) => (number, hasNextPage) => ({ pagination: { currentPage: number, hasNextPage, nextPage: number + 1, pageSize } });
    const cursors = (number, hasMore) => ({ cursor: { current: String(number), next: String(number + 1), hasMore } });
    assert.deepEqual(await walk(sources, numbers(1)), ["", "?page[number]=1&page[size]=1", "?page[number]=2&page[size]=1"]);
    for (const list of [assets, sources]) {
      assert.deepEqual(await walk(list, numbers(200_000)), ["", "?page[number]=1", "?page[number]=2"]);
      assert.deepEqual(await walk(list, cursors), ["", "?page[cursor]=1", "?page[cursor]=2"]);
    }
    assert.deepEqual(await walk(assets, numbers(1), { page: { limit: 1 } }), ["?page[limit]=1", "?page[limit]=1&page[number]=1", "?page[limit]=1&page[number]=2"]);
    assert.deepEqual(await walk(sources, cursors, { page: { size: 1 } }), ["?page[size]=1", "?page[size]=1&page[cursor]=1", "?page[size]=1&page[cursor]=2"]);
  });

  test("begins at the page that is asked for, and asks for no page otherwise", async () => {
    const { client, seen } = pages(4);
    assert.deepEqual(await all(client.sources.list({ page: { number: 2, size: 2 } })), ["4", "5", "6", "7"]);
    await client.sources.list();
    assert.equal(new URL(seen.at(-1).url).search, "");
  });

  test("`for await` gives every item, and leaving early asks for nothing more", async () => {
    const { client, seen } = pages(5);
    assert.equal((await all(client.sources.list())).length, 10);
    seen.length = 0;
    for await (const { id } of client.sources.list()) if (id === "1") break;
    assert.equal(seen.length, 1);
    seen.length = 0;
    for await (const { id } of client.sources.list()) if (id === "2") break;
    await turn();
    assert.equal(seen.length, 2);
  });

  test("`pages()` gives the pages", async () => {
    const { client, seen } = pages(3);
    const sizes = [];
    for await (const { items } of client.sources.list().pages()) sizes.push(items.length);
    assert.deepEqual(sizes, [2, 2, 2]);
    assert.equal(seen.length, 3);
  });

  test("is one first request whether awaited, iterated or both", async () => {
    const { client, seen } = pages(2);
    const listing = client.sources.list();
    await listing;
    assert.equal((await all(listing)).length, 4);
    assert.equal(seen.length, 2);
  });

  test("iterated twice walks twice, and does not take the second walk for a repeated page", async () => {
    const { client } = pages(3);
    const listing = client.sources.list();
    assert.equal((await all(listing)).length, 6);
    assert.equal((await all(listing)).length, 6);
    const first = await listing;
    assert.equal((await first.next()).items[0].id, "2");
    assert.equal((await first.next()).items[0].id, "2");
    const both = await Promise.all([all(client.sources.list()), all(client.sources.list())]);
    assert.deepEqual(both.map((items) => items.length), [6, 6]);
  });

  test("without prefetch the next page is fetched when it is needed, with it one page early", async () => {
    for (const prefetch of [false, true]) {
      const { client, seen } = pages(3);
      const counts = [];
      for await (const page of client.sources.list({ prefetch }).pages()) {
        await turn();
        counts.push(seen.length);
        assert.ok(page.items);
      }
      assert.deepEqual(counts, prefetch ? [2, 3, 3] : [1, 2, 3]);
      assert.ok(seen.every(({ url }) => !url.includes("prefetch")));
    }
  });

  test("a page fetched early is given up when the loop is left, and nothing is left behind", async () => {
    let stopped;
    const { client } = imgixWith((url, init, count) =>
      count === 1 ? json(fixtureText("imgix/sources-list.200.page0.json")) : new Promise((_, reject) => init.signal.addEventListener("abort", () => reject((stopped = init.signal.reason)))),
    );
    const controller = new AbortController();
    for await (const _ of client.sources.list({ prefetch: true, signal: controller.signal })) {
      for (let round = 0; round < 5; round++) await turn();
      break;
    }
    assert.ok(stopped);
    assert.equal(getEventListeners(controller.signal, "abort").length, 0);
  });

  test("a page fetched early ends with the caller's signal, for its reason", async () => {
    const { client } = imgixWith((url, init, count) => (count === 1 ? json(fixtureText("imgix/sources-list.200.page0.json")) : new Promise(() => {})));
    const controller = new AbortController();
    const walk = client.sources.list({ prefetch: true, signal: controller.signal }).pages();
    await walk.next();
    const second = failure(walk.next());
    for (let round = 0; round < 5; round++) await turn();
    controller.abort("reason");
    assert.equal(await second, "reason");
    assert.equal(getEventListeners(controller.signal, "abort").length, 0);
  });

  test("a page fetched early that fails is told in its turn, and not at all if nobody asks", async () => {
    const unhandled = [];
    const note = (reason) => unhandled.push(reason);
    process.on("unhandledRejection", note);
    const failing = () => imgixWith((url, init, count) => (count === 1 ? json({ data: [resource(1)], meta: { pagination: { currentPage: 0, hasNextPage: true, nextPage: 1 } } }) : json("{}", 500)));
    const { client } = failing();
    const seen = [];
    const error = await failure((async () => {
      for await (const { id } of client.sources.list({ prefetch: true })) seen.push(id), await turn();
    })());
    expectError(error, "ServerError");
    assert.deepEqual(seen, ["1"]);
    for await (const { id } of failing().client.sources.list({ prefetch: true })) {
      await turn();
      if (id) break;
    }
    for (let round = 0; round < 3; round++) await turn();
    process.off("unhandledRejection", note);
    assert.deepEqual(unhandled, []);
  });

  test("empty pages and missing pagination end nothing too early or too late", async () => {
    const empty = pages(3, 2, (page, number) => (number === 1 ? { ...page, data: [] } : page));
    assert.deepEqual(await all(empty.client.sources.list()), ["0", "1", "4", "5"]);
    for (const meta of [undefined, null, {}, { pagination: null }, { pagination: {} }, { pagination: { hasNextPage: false, nextPage: 7 } }, { pagination: { hasNextPage: null } }, { pagination: "x" }]) {
      const page = await imgixWith(json({ data: [resource(1)], meta })).client.sources.list();
      assert.deepEqual([page.hasMore, await page.next()], [false, null], JSON.stringify(meta));
    }
    const strings = await imgixWith(json({ data: [], meta: { pagination: { currentPage: "0", hasNextPage: true, nextPage: "1", totalRecords: "12" } } })).client.sources.list();
    assert.deepEqual([strings.total, strings.hasMore], [12, true]);
    const fixed = await imgixWith(json(fixture("imgix/sources-list.200.empty.json"))).client.sources.list();
    assert.deepEqual([fixed.items, fixed.hasMore], [[], false]);
  });

  test("a page that comes again ends the walk with `repeated-cursor`", async () => {
    const repeats = { "itself for ever": () => 1, "back and forth": (number) => (number === 1 ? 2 : 1), "back to the start": (number) => (number === 2 ? 0 : number + 1) };
    for (const [what, next] of Object.entries(repeats)) {
      const { client, seen } = imgixWith((url) => {
        const number = Number(new URL(url).searchParams.get("page[number]") ?? 0);
        return json({ data: [resource(number)], meta: { pagination: { currentPage: number, hasNextPage: true, nextPage: next(number), pageSize: 1 } } });
      });
      for (const options of [{}, { prefetch: true }, { page: { number: 0, size: 1 } }]) {
        seen.length = 0;
        const error = await failure(all(client.sources.list(options)));
        expectError(error, "UnreadableResponseError", { code: "repeated-cursor", provider: "imgix", operation: "sources.list", outcome: "none", sent: true });
        assert.ok(seen.length <= 5, `${what}: ${seen.length} requests`);
      }
    }
  });

  test("a first page that names itself as the next one is given once", async () => {
    const lists = {
      cursor: [(client) => client.assets.list("s"), { cursor: { current: "7", next: "7", hasMore: true, totalRecords: "9" } }, '{"cursor":"7"}'],
      number: [(client) => client.sources.list(), { pagination: { currentPage: 3, nextPage: 3, hasNextPage: true, pageSize: 1 } }, '{"number":3,"size":1}'],
    };
    for (const [what, [list, meta, named]] of Object.entries(lists)) {
      const { client, seen } = imgixWith(() => json({ data: [resource(1)], meta }));
      const given = [];
      const walk = async () => {
        for await (const item of list(client)) given.push(item);
      };
      const error = await failure(walk());
      expectError(error, "UnreadableResponseError", { code: "repeated-cursor" });
      assert.deepEqual([given.length, seen.length], [1, 1], what);
      assert.ok(error.message.endsWith(named), error.message);
      const page = await list(client);
      assert.ok(page.hasMore && page.items.length === 1);
    }
  });

  test("a provider that gives nothing for ever, each time with another mark, is asked some hundred times", async () => {
    const { client, seen } = imgixWith((url, init, count) => json({ data: [], meta: { cursor: { current: `${count - 1}`, next: `${count}`, hasMore: true } } }));
    const error = await failure(all(client.assets.list("s")));

    expectError(error, "UnreadableResponseError", { code: "repeated-cursor", operation: "assets.list" });
    assert.match(error.message, /\{"cursor":"\d+"\}/);
    assert.ok(seen.length > 100 && seen.length < 1000, `${seen.length} requests`);
  });

  test("the signal holds for every item of a page, and for the end of the last one", async () => {
    for (const stopAt of [1, 3]) {
      const controller = new AbortController();
      const given = [];
      const walk = async () => {
        for await (const { id } of pages(1, 3).client.sources.list({ signal: controller.signal })) if (given.push(id) === stopAt) controller.abort(new Error("enough"));
      };
      assert.equal((await failure(walk())).message, "enough");
      assert.equal(given.length, stopAt);
    }
  });

  test("`next` takes options of its own, such as a deadline", async () => {
    const { client, seen } = imgixWith((url, init, count) => (count === 1 ? json({ data: [resource(1)], meta: { pagination: { currentPage: 0, hasNextPage: true, nextPage: 1 } } }) : new Promise(() => {})));
    const page = await client.sources.list();
    expectError(await failure(page.next({ timeoutMs: 2 })), "TimeoutError");
    expectError(await failure(page.next({ nonsense: 2 })), "InvalidInputError");
    const controller = new AbortController();
    const promise = failure(page.next({ signal: controller.signal }));
    controller.abort("reason");
    assert.equal(await promise, "reason");
    assert.ok(seen.every(({ url }, index) => index === 0 || url.includes("page[number]=1")));
  });

  test("the deadline is per page", async () => {
    const { client } = pages(4, 1);
    const walk = [];
    for await (const { id } of client.sources.list({ deadlineMs: 60 })) {
      walk.push(id);
      await new Promise((done) => setTimeout(done, 25));
    }
    assert.equal(walk.length, 4);
  });

  test("changing the options object afterwards changes nothing", async () => {
    const { client, seen } = pages(2);
    const options = { filter: { name: "x" }, page: { size: 2 } };
    const listing = client.sources.list(options);
    await listing;
    options.filter.name = "y";
    options.page.size = 9;
    options.sort = ["name"];
    await (await listing).next();
    assert.ok(seen.every(({ url }) => url.includes("filter[name]=x") && !url.includes("sort")), seen.map(({ url }) => url).join());
  });

  test("its dry run gives the first page's request", async () => {
    const { client, seen } = pages(2);
    assert.deepEqual(await client.dryRun.sources.list({ page: { number: 1 } }), {
      operation: "sources.list", method: "GET", url: "https://api.imgix.com/api/v1/sources?page[number]=1",
      headers: { accept: "application/vnd.api+json", authorization: "Bearer ****" },
    });
    assert.equal(seen.length, 0);
  });

  test("holds one page: memory of the wasm does not grow with the walk", async () => {
    const { memory } = await import("./support.mjs");
    const { client } = pages(300, 100);
    let count = 0;
    let before;
    for await (const { id } of client.sources.list()) {
      assert.ok(id);
      if (++count === 1_000) before = memory();
    }
    assert.equal(count, 30_000);
    assert.equal(memory(), before);
  });
});

test("`instanceof` and names: a listing is no promise, but as good as one", () => {
  const listing = pages(1).client.sources.list();
  assert.ok(!(listing instanceof Promise));
  for (const name of ["then", "catch", "finally"]) assert.equal(typeof listing[name], "function");
  assert.equal(library.isImageSourcesError(listing), false);
});

describe("a list whose pages say little", () => {
  const numbers = (seen) => seen.map(({ url }) => Object.fromEntries(new URL(url).searchParams));

  test("goes on with the size that was asked for", async () => {
    const { client, seen } = pages(3, 2, ({ data, meta: { pagination } }) => ({ data, meta: { pagination: { hasNextPage: pagination.hasNextPage, nextPage: pagination.nextPage } } }));
    assert.equal((await all(client.sources.list({ page: { size: 2 } }))).length, 6);
    assert.deepEqual(numbers(seen).slice(1), [{ "page[number]": "1", "page[size]": "2" }, { "page[number]": "2", "page[size]": "2" }]);
  });

  test("goes on with the next number if only that there is more is said", async () => {
    const { client, seen } = pages(3, 2, ({ data, meta: { pagination } }) => ({ data, meta: { pagination: { hasNextPage: pagination.hasNextPage } } }));
    assert.equal((await all(client.sources.list({ page: { number: 0, size: 2 } }))).length, 6);
    assert.deepEqual(numbers(seen).map((page) => page["page[number]"]), ["0", "1", "2"]);
  });

  test("an aborted signal wins over options that cannot be read", async () => {
    const { client, seen } = pages(1);
    const options = { get filter() { throw new Error("no"); }, signal: AbortSignal.abort("stopped") };
    assert.equal(await client.sources.list(options).then(() => "no", (reason) => reason), "stopped");
    assert.equal(seen.length, 0);
  });
});
