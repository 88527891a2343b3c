// Twelve tasks of a working day, done with a keyboard alone, on a wide and on a narrow screen.
import assert from "node:assert/strict";
import { test } from "node:test";

import { HOME } from "./assets-support.mjs";
import { byPalette, holding, press, tabTo } from "./keys.mjs";
import { focused, lastBody, text, until, waitForCount, withConsole, writes } from "./support.mjs";

const toast = (page, words) => until(page, (words) => document.querySelector(".toasts").innerText.includes(words), words);
const there = (page, selector) => until(page, (selector) => document.querySelector(selector) !== null, selector);
const gone = (page, selector) => until(page, (selector) => document.querySelector(selector) === null, selector);
const heading = (page, words) => until(page, (words) => document.querySelector("#details-heading")?.textContent === words && document.activeElement.id === "details-heading", words);

/** Searches, and opens what is found. */
async function find(page, words, name) {
  await press(page, "/");
  await until(page, () => document.activeElement.id === "search");
  await holding(page, "Control", "a");
  await page.keyboard.type(words);
  await waitForCount(page, 1);
  await press(page, "ArrowDown");
  await until(page, () => document.activeElement.className === "row-link");
  await press(page, "Enter");
  await heading(page, name);
}

async function review(page) {
  await press(page, "Enter");
  await until(page, () => document.activeElement?.id === "review-heading");
  await tabTo(page, "[data-step=save]");
  await press(page, "Enter");
  await gone(page, "dialog");
}

const TASKS = {
  "find out where the pictures of a bucket are served": [{}, async ({ page }) => {
    await find(page, "cinder-fashion", "cinder");
    await tabTo(page, "[aria-label='Copy host img.imageboss.me/cinder']");
    await press(page, "Escape");
    await until(page, () => document.activeElement.textContent === "cinder");
  }],
  "copy the id of a source for a colleague": [{}, async ({ page, url }) => {
    await page.browserContext().overridePermissions(url, ["clipboard-read", "clipboard-write", "clipboard-sanitized-write"]);
    await find(page, "nordlicht", "Nordlicht Outdoor");
    await tabTo(page, "[aria-label='Copy id']");
    await press(page, "Enter");
    await toast(page, "Copied: id");

    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), "65b7704ee553fe668319d940");
  }],
  "create a source and follow its deployment": [{ sandbox: { settleMs: 0, deployMs: 300 } }, async ({ page, sandbox }) => {
    await press(page, "n");
    await there(page, "dialog[open]");
    await tabTo(page, "input[name=provider]");
    await press(page, "Space");
    await there(page, "input[name=type]");
    await tabTo(page, "input[name=type]");
    for (let at = 0; at < 4; at += 1) await press(page, "ArrowDown");
    await there(page, "#field-deployment-webfolder_base_url");
    await tabTo(page, "#field-name");
    await page.keyboard.type("Paper Lantern");
    await tabTo(page, "#field-deployment-imgix_subdomains");
    await page.keyboard.type("paper-lantern");
    await tabTo(page, "#field-deployment-webfolder_base_url");
    await page.keyboard.type("https://origin.example/");
    await review(page);
    await toast(page, "Paper Lantern is deployed");

    assert.deepEqual(lastBody(sandbox).data.attributes, { name: "Paper Lantern", deployment: { type: "webfolder", imgix_subdomains: ["paper-lantern"], webfolder_base_url: "https://origin.example/" } });
  }],
  "replace a secret": [{}, async ({ page, sandbox }) => {
    await find(page, "cinder-fashion", "cinder");
    await press(page, "e");
    await there(page, ".kept-secret");
    await tabTo(page, ".kept-secret .button");
    await press(page, "Enter");
    await until(page, () => document.activeElement.type === "password");
    await page.keyboard.type("a-new-secret-of-the-bucket");
    await review(page);

    assert.deepEqual(lastBody(sandbox), { source: { credential_attributes: { secret: "a-new-secret-of-the-bucket" } } });
  }],
  "see which sources of a provider are disabled, and share that": [{}, async ({ page }) => {
    await tabTo(page, "input[name=api]");
    await press(page, "ArrowRight");
    await waitForCount(page, 34);
    await tabTo(page, "[data-picker=status] select");
    await page.keyboard.type("dis");
    await until(page, () => new URL(location.href).searchParams.get("status") === "disabled");

    assert.ok((await page.$$eval("[data-key]", ({ length }) => length)) > 0);
    assert.equal(new URL(page.url()).searchParams.get("api"), "imgix");
  }],
  "disable three sources at once": [{ path: "?api=imgix&q=a&status=deployed" }, async ({ page, sandbox }) => {
    await until(page, () => document.querySelectorAll("[data-key]").length > 4);
    await press(page, "/", "ArrowDown", "Space");
    await holding(page, "Shift", "ArrowDown", "ArrowDown");
    await until(page, () => document.querySelector(".selection-count").textContent.includes("3 sources selected"));
    await tabTo(page, "[data-bulk=disable]");
    await press(page, "Enter");
    await there(page, "bulk-dialog");
    await tabTo(page, "bulk-dialog [type=submit]");
    await press(page, "Enter");
    await toast(page, "3 of 3 sources are disabled");

    assert.equal(writes(sandbox).length, 3);
  }],
  "delete a source, think again, and delete another": [{}, async ({ page, sandbox }) => {
    const remove = async (name) => {
      await find(page, name, name);
      await tabTo(page, "[data-action=delete]");
      await press(page, "Enter");
      await there(page, "#typed-name");
      await tabTo(page, "#typed-name");
      await page.keyboard.type(name);
      await press(page, "Enter");
      await until(page, () => document.activeElement.matches(".job-undo"));
    };
    await remove("cinder");
    await press(page, "Enter");
    await toast(page, "cinder is kept");
    await gone(page, ".job");
    await remove("alpenblick");
    await holding(page, "Shift", "Tab");
    assert.equal(await focused(page), "Now");
    await press(page, "Enter");
    await toast(page, "alpenblick is deleted");

    assert.equal(writes(sandbox).length, 1);
  }],
  "purge one image of a source": [{}, async ({ page, sandbox }) => {
    await find(page, "nordlicht", "Nordlicht Outdoor");
    await tabTo(page, "[data-action=purge]");
    await press(page, "Enter");
    await until(page, () => document.activeElement.id === "purge-address");
    await press(page, "End");
    await page.keyboard.type("products/1.jpg");
    await press(page, "Enter");
    await toast(page, "Purged: https://nordlicht.imgix.net/products/1.jpg");

    assert.equal(JSON.parse(writes(sandbox).at(-1).body).data.attributes.url, "https://nordlicht.imgix.net/products/1.jpg");
  }],
  "hide a column, and keep the list as a file": [{}, async ({ page }) => {
    await tabTo(page, "[data-menu=columns] summary");
    await press(page, "Enter");
    await there(page, ".check");
    await tabTo(page, ".check input[value=type]");
    await press(page, "Space");
    await gone(page, "th.col-type");
    await press(page, "Escape");
    assert.equal(await focused(page), "Columns");
    await byPalette(page, "Export the sources as CSV");
    await toast(page, "61 sources are in the file");
  }],
  "look at a request and its limits": [{}, async ({ page }) => {
    await press(page, "i");
    await there(page, "inspector-drawer .inspector");
    await until(page, () => /sources\.list/.test(document.querySelector("inspector-drawer").innerText));
    await tabTo(page, "[aria-label='Close requests']");
    await press(page, "Enter");
    await gone(page, "inspector-drawer");
    await press(page, "l");
    await until(page, () => document.querySelector("#rates").matches(":popover-open"));
    await press(page, "Escape");
    await until(page, () => !document.querySelector("#rates").matches(":popover-open"));
  }],
  "find an asset and give it a name": [{ path: HOME, waitFor: ".asset-link" }, async ({ page, sandbox }) => {
    await tabTo(page, ".asset-link");
    await press(page, "ArrowRight", "Enter");
    await until(page, () => document.activeElement.id === "asset-heading");
    await press(page, "e");
    await there(page, "#field-name");
    await tabTo(page, "#field-name");
    await holding(page, "Control", "a");
    await page.keyboard.type("A better name");
    await press(page, "Enter");
    await until(page, () => !document.querySelector("dialog") || document.querySelector("[data-step=save]"));
    if (await page.$("[data-step=save]")) await press(page, "Enter");
    await gone(page, "dialog");

    assert.equal(JSON.parse(writes(sandbox).at(-1).body).data.attributes.name, "A better name");
  }],
  "purge a list of addresses": [{}, async ({ page, sandbox }) => {
    await byPalette(page, "Go to bulk");
    await there(page, "#intake-text");
    await tabTo(page, ".picker.wide select");
    await press(page, "ArrowDown", "ArrowDown");
    await until(page, () => document.querySelector(".picker.wide select").value === "imgix.purge");
    await tabTo(page, "#intake-text");
    await page.keyboard.type("https://nordlicht.imgix.net/products/1.jpg");
    await press(page, "Enter");
    await page.keyboard.type("https://nordlicht.imgix.net/products/2.jpg");
    await tabTo(page, ".intake [type=submit]");
    await press(page, "Enter");
    await there(page, ".plan-table");
    await tabTo(page, ".card-tools .primary");
    await press(page, "Enter");
    await there(page, "run-dialog [type=submit]");
    await tabTo(page, "run-dialog [type=submit]");
    await press(page, "Enter");
    await until(page, () => document.querySelector(".job")?.dataset.state === "over");

    assert.equal(writes(sandbox).filter(({ path }) => path.endsWith("purge")).length, 2);
  }],
};

test("there are twelve tasks", () => assert.equal(Object.keys(TASKS).length, 12));

for (const [width, height] of [[1280, 800], [320, 640]])
  for (const [task, [options, run]] of Object.entries(TASKS))
    test(`${task}, at ${width} by ${height}`, async () => {
      await withConsole({ ...options, width, height }, async (given) => {
        if (!options.path) await waitForCount(given.page, 61);
        await run(given);

        assert.notEqual(await given.page.evaluate(() => document.activeElement?.localName), undefined);
      });
    });
