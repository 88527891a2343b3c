// How the page begins: something is seen before the script is there, and the script draws before it compiles the module.
import assert from "node:assert/strict";
import { test } from "node:test";

import { text, until, waitForCount, withConsole } from "./support.mjs";

test("the frame and a skeleton are painted before the script is there", async () => {
  await withConsole({}, async ({ page, url }) => {
    await waitForCount(page, 61);
    await page.setRequestInterception(true);
    const held = [];
    page.on("request", (request) => (request.resourceType() === "script" ? held.push(request) : void request.continue()));
    await page.goto(url, { waitUntil: "domcontentloaded", timeout: 1000 }).catch(() => undefined);
    await until(page, () => performance.getEntriesByName("first-contentful-paint").length > 0);

    assert.ok(held.length >= 1, "the script is held");
    assert.match(await text(page, "body"), /Image sources.*Starting/);
    assert.ok(await page.$eval(".skeleton", (one) => one.checkVisibility() && one.getBoundingClientRect().height > 50));
    for (const request of held) void request.continue();
    page.removeAllListeners("request");
    page.on("request", (request) => void request.continue());
    await waitForCount(page, 61);
  });
});

/** Notes what stands in the page whenever a module is compiled. */
function watchModules() {
  globalThis.compiled = [];
  const note = () => globalThis.compiled.push(document.querySelector("app-header .app-header") !== null);
  const { Module, compile, instantiate } = WebAssembly;
  WebAssembly.Module = new Proxy(Module, { construct: (target, given) => (note(), Reflect.construct(target, given)) });
  WebAssembly.compile = (...given) => (note(), compile(...given));
  WebAssembly.instantiate = (...given) => (note(), instantiate(...given));
}

test("the script has drawn the frame before it compiles the module", async () => {
  await withConsole({ before: watchModules }, async ({ page }) => {
    await waitForCount(page, 61);
    const compiled = await page.evaluate(() => globalThis.compiled);

    assert.ok(compiled.length > 0, "nothing was compiled");
    assert.deepEqual(compiled.filter((isDrawn) => !isDrawn), []);
  });
});

test("typing writes the address when it pauses, not at every key, and makes no history", async () => {
  await withConsole({}, async ({ page }) => {
    await waitForCount(page, 61);
    await page.evaluate(() => {
      globalThis.written = [];
      const { replaceState } = history;
      history.replaceState = function (...given) {
        globalThis.written.push(given[2]);
        return replaceState.apply(this, given);
      };
    });
    const before = await page.evaluate(() => history.length);
    await page.focus("#search");
    await page.keyboard.type("nordlicht");
    await waitForCount(page, 1);
    await until(page, () => new URLSearchParams(location.search).get("q") === "nordlicht");

    const written = await page.evaluate(() => globalThis.written);
    assert.ok(written.length < 9, `${written.length} times`);
    assert.equal(await page.evaluate(() => history.length), before);
    // What was typed just now is not lost by what comes next.
    await page.keyboard.type(" o");
    await page.click("input[name=api][value=imgix]");
    await waitForCount(page, 1);
    await page.goBack();
    await until(page, () => document.querySelector("#search").value === "nordlicht o");
  });
});
