// Ten thousand sources: what is drawn stays little, and is found by whoever asks for it.
import assert from "node:assert/strict";
import { test } from "node:test";

import { many } from "./many.mjs";
import { focused, names, text, until, waitForCount, withConsole } from "./support.mjs";

const MANY = { sandboxFetch: many({ imageboss: 10_000 }), path: "?api=imageboss" };
const MOST_ROWS = 150;

const drawn = (page) => page.$$eval("[data-key]", (rows) => ({ count: rows.length, indices: rows.map((row) => Number(row.ariaRowIndex)), names: rows.map((row) => row.querySelector(".row-link").textContent) }));

test("of ten thousand sources some dozens are drawn, with their true places in the table", async () => {
  await withConsole(MANY, async ({ page }) => {
    await waitForCount(page, 10_000);
    const { count, indices, names } = await drawn(page);

    assert.equal(await text(page, ".shown"), "10,000 of 10,034 sources");
    assert.ok(count >= 30 && count <= MOST_ROWS, `${count} rows`);
    assert.deepEqual(indices.slice(0, 3), [2, 3, 4]);
    assert.deepEqual(names.slice(0, 2), ["many-0", "many-1"]);
    assert.ok((await page.$$eval("*", ({ length }) => length)) < 5000, "elements");
  });
});

test("wherever one scrolls to, the rows are there, and those far away are not", async () => {
  await withConsole(MANY, async ({ page }) => {
    await waitForCount(page, 10_000);
    for (const part of [0.5, 1, 0.25, 0]) {
      await page.evaluate((part) => scrollTo(0, part * document.documentElement.scrollHeight), part);
      await until(page, () => {
        const hit = document.elementFromPoint(innerWidth / 2, innerHeight / 2);
        return hit?.closest("[data-key]") != null;
      });
      const { count, indices } = await drawn(page);
      assert.ok(count <= MOST_ROWS, `${count} rows at ${part}`);
      const seen = await page.evaluate(() => Number(document.elementFromPoint(innerWidth / 2, innerHeight / 2).closest("[data-key]").ariaRowIndex));
      assert.ok(Math.abs(seen - part * 10_000) < 60, `row ${seen} at ${part}`);
      assert.ok(indices.includes(seen));
    }
  });
});

test("the head of the table stays in sight", async () => {
  await withConsole(MANY, async ({ page }) => {
    await waitForCount(page, 10_000);
    await page.evaluate(() => scrollTo(0, 100_000));
    await until(page, () => scrollY > 90_000);

    assert.ok(await page.$eval("th.col-name", (head) => head.getBoundingClientRect().top === 0));
  });
});

test("end goes to the last of ten thousand, home to the first, pages in between, and the focus is never lost", async () => {
  await withConsole(MANY, async ({ page }) => {
    await waitForCount(page, 10_000);
    await page.keyboard.press("/");
    await page.keyboard.press("ArrowDown");
    const at = (name) => until(page, (name) => document.activeElement.textContent === name, name);
    await at("many-0");
    await page.keyboard.press("End");
    await at("many-9999");
    await page.keyboard.press("PageUp");
    await at("many-9984");
    await page.keyboard.press("Home");
    await at("many-0");
    for (let count = 0; count < 70; count += 1) await page.keyboard.press("ArrowDown");
    await at("many-70");

    const isSeen = await page.evaluate(() => {
      const { top, bottom } = document.activeElement.getBoundingClientRect();
      return top > 0 && bottom < innerHeight;
    });
    assert.ok(isSeen);
    await page.evaluate(() => scrollTo(0, 0));
    await until(page, () => scrollY === 0);
    assert.equal(await focused(page), "many-70", "scrolling away takes no focus");
  });
});

test("searching looks through all of them, and asks the browser for no measure", async () => {
  await withConsole(MANY, async ({ page }) => {
    await waitForCount(page, 10_000);
    await page.evaluate(() => {
      globalThis.reads = 0;
      const count = (prototype, name) => {
        const { get, value, ...rest } = Object.getOwnPropertyDescriptor(prototype, name);
        const wrap = (run) => function (...given) {
          globalThis.reads += 1;
          return run.apply(this, given);
        };
        Object.defineProperty(prototype, name, get ? { ...rest, get: wrap(get) } : { ...rest, value: wrap(value) });
      };
      for (const name of ["offsetHeight", "offsetWidth", "offsetTop"]) count(HTMLElement.prototype, name);
      for (const name of ["clientHeight", "clientWidth", "scrollHeight", "scrollTop", "getBoundingClientRect", "getClientRects"]) count(Element.prototype, name);
      count(globalThis, "getComputedStyle");
    });
    await page.focus("#search");
    await page.evaluate(() => (globalThis.reads = 0));
    await page.keyboard.type("many-999");
    await waitForCount(page, 11);

    assert.deepEqual((await names(page)).slice(0, 3), ["many-999", "many-9990", "many-9991"]);
    assert.equal(await page.evaluate(() => globalThis.reads), 0);
  });
});

test("cards on a narrow screen are as few, and in place", async () => {
  await withConsole({ ...MANY, width: 320, height: 640 }, async ({ page }) => {
    await waitForCount(page, 10_000);
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight / 2));
    await until(page, () => document.elementFromPoint(innerWidth / 2, innerHeight / 2)?.closest("[data-key]") != null);

    assert.ok((await drawn(page)).count <= MOST_ROWS);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  });
});

test("pages of imgix come in one after the other, and the list is there from the first one", async () => {
  await withConsole({ sandboxFetch: many({ imgix: 450 }), path: "?api=imgix" }, async ({ page }) => {
    await until(page, () => document.querySelector(".row-link"));
    await waitForCount(page, 450);

    assert.deepEqual((await names(page)).slice(0, 3), ["Many 0", "Many 1", "Many 2"]);
  });
});

test("opening and closing leaves neither listeners nor nodes behind", async () => {
  await withConsole({}, async ({ page }) => {
    await waitForCount(page, 61);
    const session = await page.createCDPSession();
    // Nothing here may hold an element from outside of the page.
    const there = (selector) => until(page, (selector) => document.querySelector(selector) !== null, selector);
    const gone = (selector) => until(page, (selector) => document.querySelector(selector) === null, selector);
    const press = (selector) => page.evaluate((selector) => document.querySelector(selector).click(), selector);
    const cycle = async () => {
      for (let count = 0; count < 10; count += 1) {
        await press("[data-action=new]");
        await there("input[name=provider]");
        await press("input[name=provider][value=imageboss]");
        await there("input[name=type][value=url]");
        await press("input[name=type][value=url]");
        await there("form-field input");
        // A type is chosen, so the first one warns.
        for (const key of ["Escape", "Escape"]) await page.keyboard.press(key);
        await gone("dialog");
        await press(".row-link");
        await there("source-details dl");
        await page.keyboard.press("Escape");
        await gone("source-details");
      }
      await session.send("HeapProfiler.collectGarbage");
      const { metrics } = await session.send("Performance.getMetrics");
      return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
    };
    await session.send("Performance.enable");
    await cycle();
    const before = await cycle();
    const after = await cycle();

    assert.ok(after.JSEventListeners <= before.JSEventListeners, `${before.JSEventListeners} listeners, then ${after.JSEventListeners}`);
    assert.ok(after.Nodes <= before.Nodes + 20, `${before.Nodes} nodes, then ${after.Nodes}`);
  });
});
