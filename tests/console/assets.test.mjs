import assert from "node:assert/strict";
import { test } from "node:test";

import { Imgix } from "../../target/npm/package/dist/index.js";
import { asked, HOME, openAsset, paths, SOURCES, tile, withAssets } from "./assets-support.mjs";
import { button, dialogGone, focused, lastBody, submit, text, until, withConsole, writes } from "./support.mjs";

test("a source is chosen, stands in the address, and its assets are there with pictures", async () => {
  await withConsole({ path: "?view=assets", waitFor: `#asset-source option[value="${SOURCES.main}"]` }, async ({ page }) => {
    assert.match(await text(page, "main"), /Choose a source/);
    await page.select("#asset-source", SOURCES.main);
    await page.waitForSelector(".asset-link");
    await until(page, () => [...document.querySelectorAll(".thumb img")].filter(({ complete, naturalWidth }) => complete && naturalWidth > 0).length > 5);

    assert.equal(new URL(page.url()).search, `?view=assets&source=${SOURCES.main}`);
    assert.equal(await text(page, ".shown"), "100 of 1,153 assets loaded");
    assert.match(await page.title(), /Nordlicht Outdoor/);
    assert.deepEqual(await page.$$eval(".thumb img", (all) => [...new Set(all.map(({ loading, alt }) => `${loading} ${alt}`))]), ["lazy "]);
    await page.goBack();
    await until(page, () => /Choose a source/.test(document.querySelector("main").innerText));
  });
});

test("what the API can be asked is asked, and stands in the address", async () => {
  await withAssets({}, async ({ page, sandbox }) => {
    await page.keyboard.press("/");
    assert.equal(await focused(page), "search");
    await page.keyboard.type("copper-pan");
    await until(page, () => new URLSearchParams(location.search).get("q") === "copper-pan" && [...document.querySelectorAll(".asset-link")].every(({ title }) => /copper-pan/.test(title)));
    await page.click(".asset-filters summary");
    await page.select("#filter-kind", "IMAGE");
    await page.select("#asset-sort", "-file_size");
    await page.type("#filter-tags", "Tableware\n");
    await until(page, () => /tags=Tableware/.test(location.search) && document.querySelector(".asset-link"));
    const { path } = asked(sandbox, "assets.list").at(-1);

    assert.match(decodeURIComponent(path), /filter\[keyword\]=copper-pan&filter\[media_kind\]=IMAGE&filter\[tags\]=Tableware/);
    assert.match(path, /sort=-file_size/);
    assert.equal(await page.$eval("#search", ({ value }) => value), "copper-pan");
    await page.click("[data-action=clear-filters]");
    await until(page, () => !/tags|kind/.test(location.search));
    assert.equal(await focused(page), "search");
  });
});

test("what is typed while an answer is on its way stays", async () => {
  await withAssets({}, async ({ page, sandbox }) => {
    sandbox.faults({ latencyMs: 300 });
    await page.focus("#search");
    await page.keyboard.type("pan", { delay: 250 });
    await page.keyboard.type(" copper", { delay: 120 });
    await until(page, () => new URLSearchParams(location.search).get("q") === "pan copper");

    assert.equal(await page.$eval("#search", ({ value }) => value), "pan copper");
  });
});

test("what is half written in a filter stays when an answer comes", async () => {
  await withAssets({}, async ({ page, sandbox }) => {
    await page.click(".asset-filters summary");
    sandbox.faults({ latencyMs: 600 });
    await page.select("#asset-sort", "-file_size");
    await page.type("#filter-tags", "Table");
    assert.notEqual(await page.$(".turning"), null, "the answer comes while the name stands half written");
    await until(page, () => !document.querySelector(".turning"));

    assert.equal(await page.$eval("#filter-tags", ({ value }) => value), "Table");
    await page.keyboard.type("ware\n");
    await until(page, () => new URLSearchParams(location.search).get("tags") === "Tableware");
  });
});

test("a refused filter says so and what is right afterwards works", async () => {
  await withAssets({ path: `${HOME}&faces=many`, waitFor: ".notice, .empty, .asset-link" }, async ({ page }) => {
    await page.evaluate(() => document.querySelector("#filter-faces").select());
    await page.type("#filter-faces", "1:\n");
    await page.waitForSelector(".asset-link");
  });
});

/** A source of very many assets, without asking a sandbox to make them. */
const many = (count) => (sandbox) => async (url, init) => {
  const { pathname, searchParams } = new URL(url);
  if (!pathname.endsWith(`${SOURCES.main}/assets`)) return sandbox.fetch(url, init);
  const [from, limit] = [Number(searchParams.get("page[cursor]") ?? 0), Number(searchParams.get("page[limit]"))];
  const data = Array.from({ length: Math.min(limit, count - from) }, (_, at) => ({ id: `${SOURCES.main}/p/${from + at}.jpg`, type: "assets", attributes: { origin_path: `/p/${from + at}.jpg`, media_kind: "IMAGE", file_size: 1 } }));
  const next = from + limit < count ? String(from + limit) : null;
  const body = { data, included: [], jsonapi: { version: "1.0" }, meta: { cursor: { current: String(from), next, hasMore: next !== null, totalRecords: String(count) } } };
  return new Response(JSON.stringify(body), { headers: { "content-type": "application/vnd.api+json" } });
};

test("of 10,000 assets only those in sight are drawn, pages come as they are scrolled to, and keys reach the end", async () => {
  await withAssets({ path: `${HOME}&per=1000`, sandboxFetch: many(10_000) }, async ({ page }) => {
    assert.equal(await text(page, ".shown"), "1,000 of 10,000 assets loaded");
    for (let loaded = 1000; loaded < 10_000; loaded += 1000) {
      await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
      await until(page, (loaded) => Number(document.querySelector(".shown").innerText.replace(/,/g, "").match(/^\d+/)[0]) > loaded, loaded);
      assert.ok((await page.$$(".asset-tile")).length < 150, "tiles drawn");
    }
    assert.equal(await text(page, ".shown"), "10,000 assets");
    await page.evaluate(() => scrollTo(0, 0));
    await until(page, () => document.querySelector('[data-at="0"]'));
    await page.focus(`${tile(1)} .asset-link`);
    await page.keyboard.press("End");
    await until(page, () => document.activeElement.title === "p/9999.jpg");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Home");
    await until(page, () => document.activeElement.title === "p/0.jpg");

    assert.ok((await page.$$(".asset-tile")).length < 150);
    assert.equal(await page.$eval('[data-at="0"]', (tile) => `${tile.getAttribute("aria-posinset")} of ${tile.getAttribute("aria-setsize")}`), "1 of 10000");
  });
});

test("scrolling the focus out of sight does not lose it: keys go on from there", async () => {
  await withAssets({ path: `${HOME}&per=1000`, sandboxFetch: many(1000) }, async ({ page }) => {
    await page.focus(`${tile(3)} .asset-link`);
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
    await until(page, () => document.activeElement.matches(".asset-tiles"));
    await page.keyboard.press("ArrowRight");
    await until(page, () => document.activeElement.title === "p/3.jpg");
  });
});

test("a page that cannot be loaded keeps what is there, and a retry goes on", async () => {
  await withAssets({}, async ({ page, sandbox }) => {
    sandbox.faults({ rules: [{ kind: "status", status: 500, operation: "assets.list" }] });
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
    await page.waitForSelector(".notice[role=alert]");
    assert.match(await text(page, ".notice"), /imgix failed.*loaded before is shown below/);
    sandbox.faults();
    await page.click("[data-action=retry]");
    await until(page, () => /^200 of/.test(document.querySelector(".shown").innerText));

    assert.equal(await page.$(".notice"), null);
  });
});

test("details show the picture, colours, tags and every attribute, and lead to what is alike", async () => {
  await withAssets({}, async ({ page, sandbox }) => {
    await openAsset(page, 5);
    await page.waitForSelector(".swatches");
    const [path] = (await paths(page)).slice(4);
    const shown = await text(page, "asset-details");
    for (const [name, value] of Object.entries(sandbox.stored("imgix", `${SOURCES.main}/${path}`).attributes ?? {}).filter(([name]) => !["published", "crc32"].includes(name))) assert.ok(shown.includes(name), `${name} ${value}`);
    assert.match(shown, /vibrant #[\da-f]{6}/);
    assert.ok(shown.includes("https://nordlicht.imgix.net/"));
    assert.match(shown, /At most ten can be refreshed in a minute/);
    assert.equal(await focused(page), "asset-heading");
    const color = await page.$eval(".swatches code", (code) => code.textContent.slice(1));
    assert.equal(await page.$eval(".swatch rect", (rect) => getComputedStyle(rect).fill.replace(/\D+/g, " ").trim()), color.match(/../g).map((part) => parseInt(part, 16)).join(" "));
    await page.click(".swatches .link-button");
    await until(page, (color) => location.search.includes(`color=${color}`) && document.querySelector(".asset-link"), color);
  });
});

test("an address brings back the source, the question and the open asset", async () => {
  await withAssets({ path: `${HOME}&q=logos&asset=${encodeURIComponent("odd/50% off #1?.jpg")}` }, async ({ page }) => {
    await page.waitForSelector("asset-details .facts");

    assert.match(await text(page, "asset-details"), /50% off #1\?\.jpg/);
    assert.match(await text(page, "asset-details"), /https:\/\/nordlicht\.imgix\.net\/odd\/50%25%20off%20%231%3F\.jpg/);
    assert.equal(await page.$eval("#search", ({ value }) => value), "logos");
  });
});

test("an asset that is not there says so", async () => {
  await withAssets({ path: `${HOME}&asset=nowhere.jpg`, waitFor: "asset-details" }, async ({ page }) => {
    await until(page, () => /no asset of this path/.test(document.querySelector("asset-details").innerText));
  });
});

test("no picture is asked for where addresses must be signed, and the reason is said", async () => {
  await withAssets({ path: `?view=assets&source=${SOURCES.signed}` }, async ({ page, sandbox }) => {
    await openAsset(page, 1);

    assert.match(await text(page, ".asset-large"), /must be signed/);
    assert.equal(await page.$("img"), null);
    assert.deepEqual(asked(sandbox, "images.get"), []);
  });
});

test("a broken picture becomes a drawing, and is not asked for again", async () => {
  await withAssets({ sandbox: { faults: { rules: [{ kind: "status", status: 404, operation: "images.get" }] } } }, async ({ page, sandbox }) => {
    await until(page, () => document.querySelectorAll(".thumb").length > 10 && !document.querySelector(".thumb img"));
    const before = asked(sandbox, "images.get").length;
    await page.evaluate(() => scrollTo(0, 300));
    await page.evaluate(() => scrollTo(0, 0));
    await until(page, () => scrollY === 0);

    assert.match(await text(page, `${tile(1)} .thumb`), /could not be loaded/);
    const again = asked(sandbox, "images.get").map(({ path }) => path);
    assert.ok(before > 0 && new Set(again).size === again.length);
  });
});

test("an edit is compared, shown as a request, and only then sent: what is changed and nothing else", async () => {
  await withAssets({}, async ({ page, sandbox }) => {
    await openAsset(page, 5);
    await page.keyboard.press("e");
    await page.waitForSelector("#field-name");
    assert.equal(await page.$eval("dialog button[type=submit]", (save) => save.ariaDisabled), "true");
    await page.type("#field-name", "Night & day");
    await page.type("#field-categories", "summer\nsale");
    await page.$eval("dialog details.more", (details) => details.setAttribute("open", ""));
    await until(page, () => document.querySelector(".preview pre")?.innerText.includes("sale"));
    assert.match(await text(page, ".asset-diff"), /Name.*Night & day.*Categories.*summer.*sale/);
    assert.match(await text(page, ".preview pre"), /PATCH .*"name": "Night & day"/);
    assert.deepEqual(writes(sandbox), []);
    await submit(page);
    await dialogGone(page);

    assert.deepEqual(lastBody(sandbox).data.attributes, { name: "Night & day", categories: ["summer", "sale"] });
    assert.equal(await text(page, "#asset-heading"), "Night & day");
    assert.match(await text(page, `${tile(5)} .asset-name`), /Night & day/);
    assert.equal(await focused(page), "asset-heading");
  });
});

test("what was written of an asset is not lost by one touch of escape, nor with the page", async () => {
  await withAssets({}, async ({ page }) => {
    await openAsset(page, 5);
    await page.click("[data-action=edit-asset]");
    await page.waitForSelector("#field-name");
    const keepsPage = () => page.evaluate(() => !dispatchEvent(new Event("beforeunload", { cancelable: true })));
    assert.equal(await keepsPage(), false);
    await page.type("#field-name", "Almost");
    assert.equal(await keepsPage(), true);
    await page.keyboard.press("Escape");
    await until(page, () => /not saved/.test(document.querySelector(".foot-note").textContent));
    assert.equal(await page.$eval("#field-name", ({ value }) => value), "Almost");
    await page.click(button("Discard"));
    await until(page, () => !document.querySelector("dialog"));

    assert.equal(await keepsPage(), false);
  });
});

test("what becomes of an edit that was closed while it was sent is told, and shown", async () => {
  await withAssets({}, async ({ page, sandbox }) => {
    const edit = async (name) => {
      await page.click("[data-action=edit-asset]");
      await page.waitForSelector("#field-name");
      await page.type("#field-name", name);
      await submit(page);
      await page.click("dialog [aria-label=Close]");
      await page.click("dialog [aria-label=Close]").catch(() => undefined);
      await dialogGone(page);
    };
    await openAsset(page, 5);
    sandbox.faults({ latencyMs: 700, rules: [{ kind: "status", status: 403, operation: "assets.update" }] });
    await edit("Never");
    await until(page, () => /imgix forbids this to the key: .*403/.test(document.querySelector(".toasts").innerText));
    sandbox.faults({ latencyMs: 700 });
    await edit("Told");
    await until(page, () => /is changed/.test(document.querySelector(".toasts").innerText));

    await until(page, () => document.querySelector("#asset-heading").innerText.includes("Told"));
  });
});

test("merging adds to what somebody else has stored meanwhile", async () => {
  await withAssets({}, async ({ page, sandbox }) => {
    await openAsset(page, 5);
    const path = (await paths(page))[4];
    await page.click("[data-action=edit-asset]");
    await page.waitForSelector("#field-categories");
    const headers = { authorization: "Bearer sandbox", "content-type": "application/vnd.api+json" };
    const id = `${SOURCES.main}/${path}`;
    const body = JSON.stringify({ data: { id, type: "assets", attributes: { categories: ["theirs"] } }, jsonapi: { version: "1.0" } });
    const answer = await sandbox.fetch(`https://api.imgix.com/api/v1/sources/${SOURCES.main}/assets/${path.split("/").map(encodeURIComponent).join("/")}`, { method: "PATCH", headers, body });
    assert.equal(answer.status, 200);
    await page.click("input[name=merge][value=merge]");
    await page.type("#field-categories", "ours");
    await submit(page);
    await dialogGone(page);

    assert.deepEqual(lastBody(sandbox).data.attributes.categories, ["theirs", "ours"]);
  });
});

test("a refused edit stays open with what was written, says which permission is missing, and can be repeated", async () => {
  await withAssets({}, async ({ page, sandbox }) => {
    await openAsset(page, 5);
    sandbox.faults({ rules: [{ kind: "status", status: 403, operation: "assets.update" }] });
    await page.click("[data-action=edit-asset]");
    await page.waitForSelector("#field-name");
    await page.type("#field-name", "Kept");
    await submit(page);
    await until(page, () => document.activeElement.className === "summary");
    assert.match(await text(page, ".summary"), /forbids.*Asset Manager Edit.*403/);
    assert.equal(await page.$eval("#field-name", ({ value }) => value), "Kept");
    sandbox.faults();
    await submit(page);
    await dialogGone(page);
    assert.equal(await text(page, "#asset-heading"), "Kept");
  });
});

test("an asset is added by its path, and a path that cannot be is refused before anything is sent", async () => {
  await withAssets({}, async ({ page, sandbox }) => {
    await page.click("[data-action=add]");
    await page.waitForSelector("#add-path");
    for (const [path, words] of [["", /required|missing|empty/], ["a/../b.jpg", /\.\./], ["a//b.jpg", /empty/]]) {
      await page.$eval("#add-path", (input) => input.select());
      await page.keyboard.press("Backspace");
      if (path) await page.type("#add-path", path);
      await submit(page);
      await until(page, () => document.querySelector("#add-problem"));
      assert.match(await text(page, "#add-problem"), words, path);
    }
    assert.deepEqual(writes(sandbox), []);
    await page.$eval("#add-path", (input) => input.select());
    await page.type("#add-path", "/new/a b#1.jpg");
    await submit(page);
    await dialogGone(page);
    await until(page, () => document.activeElement.id === "asset-heading");

    assert.match(writes(sandbox).at(-1).path, /assets\/add\/new\/a%20b%231\.jpg$/);
    assert.equal(await text(page, "#asset-heading"), "a b#1.jpg");
    assert.equal((await paths(page))[0], "new/a b#1.jpg");
  });
});

test("an empty source, a failing one and one without permission have their own words", async () => {
  await withConsole({ path: `?view=assets&source=${SOURCES.empty}`, waitFor: ".empty-title" }, async ({ page }) => {
    await until(page, () => /no assets in this source/.test(document.querySelector(".empty-title").innerText));
  });
  await withConsole({ path: HOME, sandbox: { faults: { rules: [{ kind: "status", status: 403, operation: "assets.list" }] } }, waitFor: ".notice" }, async ({ page, sandbox }) => {
    assert.match(await text(page, ".notice"), /forbids.*Asset Manager Browse/);
    sandbox.faults();
    await page.click(button("Retry"));
    await page.waitForSelector(".asset-link");
  });
  await withConsole({ path: "?view=assets", sandbox: { faults: { rules: [{ kind: "500-html", provider: "imgix" }] } }, waitFor: ".notice" }, async ({ page }) => {
    assert.match(await text(page, ".notice"), /imgix failed.*Without its sources/);
  });
});

test("while the provider asks to wait, the list says so and goes on by itself", async () => {
  const rules = [{ kind: "429", operation: "assets.list", times: 1, retryAfter: 3 }];
  await withConsole({ path: HOME, sandbox: { faults: { rules } }, waitFor: ".asset-bones" }, async ({ page }) => {
    await until(page, () => /imgix asks to wait: goes on by itself in \d s/.test(document.querySelector("main").innerText));
    await page.waitForSelector(".asset-link");
  });
});

test("a newer question ends the older, and leaving the screen ends them all", async () => {
  await withAssets({}, async ({ page, sandbox }) => {
    sandbox.faults({ rules: [{ kind: "slow", delayMs: 60_000, operation: "assets.list" }] });
    const ended = [];
    page.on("requestfailed", (request) => ended.push(request.failure().errorText));
    await page.select("#asset-sort", "file_size");
    await page.waitForSelector(".asset-bones");
    await page.select("#asset-sort", "-file_size");
    while (ended.length < 1) await new Promise((done) => setTimeout(done, 20));
    await page.goBack();
    await page.goBack();
    await page.evaluate(() => [...document.querySelectorAll("nav a, header a")].find(({ innerText }) => /Sources/.test(innerText) && !/Image/.test(innerText)).click());
    while (ended.length < 2) await new Promise((done) => setTimeout(done, 20));

    assert.deepEqual([...new Set(ended)], ["net::ERR_ABORTED"]);
    await page.waitForSelector("source-list");
  });
});

test("pictures that fly past are not asked for; where the scrolling rests they are", async () => {
  await withAssets({}, async ({ page }) => {
    await until(page, () => {
      scrollTo({ top: document.documentElement.scrollHeight, behavior: "instant" });
      return /^1,153 assets/.test(document.querySelector(".shown").innerText);
    });
    await page.evaluate(() => scrollTo({ top: 0, behavior: "instant" }));
    await until(page, () => document.querySelector("[data-at='0']"));
    const asked = new Set();
    page.on("request", (request) => request.url().includes("/images/") && asked.add(new URL(request.url()).pathname));
    const seen = await page.evaluate(async () => {
      const tiles = new Set();
      // As fast on a machine that draws slowly.
      for (let last = performance.now(), now = last; document.documentElement.scrollHeight > scrollY + innerHeight + 1; [last, now] = [now, performance.now()]) {
        scrollBy({ top: Math.max(700, 4 * (now - last)), behavior: "instant" });
        await new Promise(requestAnimationFrame);
        for (const { title } of document.querySelectorAll(".asset-link")) tiles.add(title);
      }
      return tiles.size;
    });
    await until(page, () => [...document.querySelectorAll("asset-thumb")].every((thumb) => thumb.querySelector("img, .none")));
    const drawn = await page.$$eval("asset-thumb", (all) => all.length);

    assert.ok(seen > 300, `only ${seen} tiles flew past`);
    assert.ok(asked.size <= 2 * drawn, `${asked.size} pictures were asked for, of ${seen} tiles, ${drawn} at the end`);
  });
});

test("where the gateway refuses a path by its own rule, it is not said that there is no such asset", async () => {
  await withAssets({ isDeployed: true }, async ({ page, sandbox }) => {
    const direct = new Imgix({ apiKey: "ak_sandbox", fetch: sandbox.fetch });
    await direct.assets.upload(SOURCES.main, "odd/back\\slash.jpg", new Blob(["x"], { type: "image/jpeg" }));
    await page.type("asset-filters input[type=search]", "slash");
    await until(page, () => document.querySelector(".asset-link")?.title.includes("\\"));
    await page.click(".asset-link");
    await page.waitForSelector("asset-details .notice");

    assert.match(await text(page, "asset-details .notice"), /^Not asked for: the gateway does not pass this path .*a backslash/);
    assert.ok(await page.$("asset-details .facts"), "what the list knows stays");
  });
});
