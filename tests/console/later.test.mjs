// What is loaded when it is wanted: screens, dialogs and panels. Until then the page works without them; if they do not come, it says so.
import assert from "node:assert/strict";
import { test } from "node:test";

import { instead } from "./gateway.mjs";
import { button, text, until, waitForCount, withConsole } from "./support.mjs";

/** The page with its own sandbox, from a server of files in which some are missing until `found` is called. */
async function withMissing(pattern, run) {
  let isAway = true;
  const isMissing = (name) => isAway && pattern.test(name);
  await withConsole({ isStatic: true, isMissing, waitFor: "connect-page h1" }, async ({ page }) => {
    await page.click("input[name=way][value=sandbox]");
    await page.click(button("Open the sandbox"));
    await waitForCount(page, 61);
    await run({ page, found: () => (isAway = false) });
  });
}

const goTo = (page, title) => page.evaluate((title) => [...document.querySelectorAll(".places a")].find((link) => link.textContent.trim() === title).click(), title);

test("every screen comes when it is gone to, and is known to the palette", async () => {
  await withConsole({}, async ({ page }) => {
    await waitForCount(page, 61);
    for (const title of await page.$$eval(".places a", (links) => links.map((link) => link.textContent.trim()))) {
      await goTo(page, title);
      await until(page, (title) => document.querySelector("main h1")?.textContent.includes(title) && !/Loading …/.test(document.querySelector("main").innerText) && document.title.includes(title), title);
      assert.equal(await page.$eval(".places [aria-current=page]", (link) => link.textContent.trim()), title);
    }
  });
});

test("a screen that is in the address is shown at once", async () => {
  await withConsole({ path: "?view=bulk", waitFor: "main h1" }, async ({ page }) => {
    await until(page, () => document.title.includes("Bulk") && document.querySelector("main h1")?.textContent === "Bulk" && !/Loading …/.test(document.querySelector("main").innerText));
  });
});

test("a screen that cannot be loaded says so, the others work, and it can be tried again", async () => {
  await withMissing(/^screen-/, async ({ page, found }) => {
    await goTo(page, "Bulk");
    await page.waitForSelector("main .notice[role=alert]");
    assert.match(await text(page, "main"), /Bulk This part of the page could not be loaded/);
    await goTo(page, "Sources");
    await waitForCount(page, 61);
    await goTo(page, "Bulk");
    found();
    await page.click(button("Try again"));
    await until(page, () => document.querySelector("main h1")?.textContent === "Bulk" && !document.querySelector("main .notice[role=alert]"));
  });
});

test("a dialog that cannot be loaded says so, and keeps nothing from working", async () => {
  await withMissing(/^dialogs-/, async ({ page, found }) => {
    await page.click("[data-action=new]");
    await until(page, () => /could not be loaded/.test(document.querySelector(".toasts").innerText));
    assert.equal(await page.$("dialog"), null);
    await page.keyboard.press("/");
    assert.equal(await page.evaluate(() => document.activeElement.id), "search");
    found();
    await page.click("[data-action=new]");
    await page.waitForSelector("source-form dialog[open]");
  });
});

test("limits that cannot be shown say so, and come when they are opened again", async () => {
  // An account that is live and never answers: nothing is loaded meanwhile.
  const live = { body: { imgix: { mode: "live" }, imageboss: { mode: "live" } } };
  await withConsole({ waitFor: ".meter-button", before: [instead, { "GET /api/status": live, "GET /api/imgix/sources": { isNever: true } }] }, async ({ page }) => {
    await page.setOfflineMode(true);
    await page.click(".meter-button");
    await until(page, () => /could not be loaded/.test(document.querySelector(".toasts").innerText));
    assert.match(await page.$eval("rate-table", (one) => getComputedStyle(one, "::before").content), /Loading/);
    await page.keyboard.press("Escape");
    await page.setOfflineMode(false);
    await page.click(".meter-button");
    await page.waitForSelector(".rates tbody tr");
    assert.equal(await page.$eval("rate-table", (one) => getComputedStyle(one, "::before").content), "none");
  });
});

test("a dialog that is asked for twice before it is there opens once", async () => {
  await withConsole({}, async ({ page }) => {
    await waitForCount(page, 61);
    await page.evaluate(() => {
      const add = document.querySelector("[data-action=new]");
      add.click();
      add.click();
    });
    await page.waitForSelector("source-form dialog[open]");
    await page.evaluate(() => new Promise((done) => setTimeout(done, 200)));

    assert.equal(await page.$$eval("dialog", ({ length }) => length), 1);
  });
});
