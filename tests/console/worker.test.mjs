// The console from the Worker that is deployed, as `npm start` runs it, with the sandbox behind it.
import assert from "node:assert/strict";
import { test } from "node:test";

import { button, dialogGone, fill, lastBody, openSource, save, text, until, waitForCount, withConsole, writes } from "./support.mjs";

test("the console reads and writes through the Worker, and reveals what this person may see", async () => {
  await withConsole({ isDeployed: true }, async ({ page, sandbox, url }) => {
    await waitForCount(page, 61);
    await openSource(page, "Kumo Ceramics");
    await page.click(button("Edit"));
    await fill(page, "name", "Kumo Ceramics, renamed");
    await save(page);
    await dialogGone(page);
    await until(page, () => document.querySelector("#details-heading")?.textContent === "Kumo Ceramics, renamed");

    assert.deepEqual([writes(sandbox).length, lastBody(sandbox).data.attributes], [1, { name: "Kumo Ceramics, renamed" }]);
    const { entries } = await (await fetch(`${url}api/audit`)).json();
    assert.deepEqual([entries.length, entries[0].operation, entries[0].who, entries[0].outcome], [1, "sources.update", "you@this-machine", "ok"]);
    await page.keyboard.press("Escape");
    await openSource(page, "Atelier Mirabel");
    await page.click(button("Reveal secure_url_token"));
    await until(page, () => document.querySelector(".secret").innerText === "DTQtf7LxkDogCZT4");
  });
});

test("faults of the sandbox are switched in the page, behind the Worker", async () => {
  await withConsole({ isDeployed: true }, async ({ page }) => {
    await waitForCount(page, 61);
    await page.click(".banner button");
    await page.waitForSelector("#faults input[value=reset]");
    await page.select("#faults .picker:nth-child(2) select", "imgix");
    await page.click("#faults input[value=reset]");
    await until(page, () => /1 fault switched on/.test(document.querySelector(".banner").innerText));
    await page.keyboard.press("Escape");
    await page.click(button("Reload"));
    await page.waitForSelector(".notice");

    assert.match(await text(page, ".notice"), /imgix failed .*Status 502/);
    await page.click(".banner button");
    await page.click(button("Nothing goes wrong"));
    await until(page, () => !/switched on/.test(document.querySelector(".banner").innerText));
    await page.keyboard.press("Escape");
    await page.click(button("Retry imgix"));
    await until(page, () => !document.querySelector(".notice"));
    assert.equal(await text(page, ".title-row .shown"), "61 sources");
  });
});
