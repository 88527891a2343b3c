// Everything without a mouse: nothing here clicks, and nothing sets the focus but keys.
import assert from "node:assert/strict";
import { test } from "node:test";

import { press, tabTo } from "./keys.mjs";
import { lastBody, text, until, waitForCount, withConsole } from "./support.mjs";

for (const [width, height] of [[1280, 800], [320, 640], [320, 256]])
  test(`create, edit and delete with keys only, at ${width} by ${height}`, async () => {
    await withConsole({ width, height }, async ({ page, sandbox }) => {
      await waitForCount(page, 61);

      await press(page, "n");
      await page.waitForSelector("dialog[open]");
      await tabTo(page, "input[name=provider]");
      await press(page, "ArrowDown");
      await until(page, () => document.querySelector("input[value=imageboss][name=provider]").checked);
      await tabTo(page, "input[name=type]");
      await press(page, "ArrowUp");
      await page.waitForSelector("#field-source");
      await tabTo(page, "#field-source");
      await page.keyboard.type("by-keys");
      await press(page, "Enter");
      await until(page, () => document.activeElement.className === "summary");
      await tabTo(page, ".summary a");
      await press(page, "Enter");
      await until(page, () => document.activeElement.id === "field-credential_attributes-url");
      await page.keyboard.type("https://origin.example");
      await tabTo(page, "details.more summary");
      await press(page, "Enter");
      await tabTo(page, "input[type=checkbox]");
      await press(page, "Space");
      await tabTo(page, "dialog button[type=submit]");
      await press(page, "Enter");
      await until(page, () => document.activeElement.id === "review-heading");
      await tabTo(page, "[data-step=save]");
      await press(page, "Enter");
      await until(page, () => !document.querySelector("dialog") && document.querySelector("#details-heading")?.textContent === "by-keys");
      assert.deepEqual(lastBody(sandbox).source, { source: "by-keys", source_type: "url", credential_attributes: { url: "https://origin.example", require_token: "true" } });

      await press(page, "e");
      await page.waitForSelector("#field-source");
      await tabTo(page, "#field-source");
      await press(page, "End");
      await page.keyboard.type("-too");
      await press(page, "Enter");
      await until(page, () => document.activeElement.id === "review-heading");
      await tabTo(page, "[data-step=save]");
      await press(page, "Enter");
      await until(page, () => !document.querySelector("dialog") && document.querySelector("#details-heading")?.textContent === "by-keys-too");

      await press(page, "Escape");
      await until(page, () => !document.querySelector("source-details"));
      await press(page, "/");
      await page.keyboard.type("by-keys");
      await waitForCount(page, 1);
      await press(page, "ArrowDown", "Enter");
      await until(page, () => document.activeElement.id === "details-heading");
      await tabTo(page, "[data-action=delete]");
      await press(page, "Enter");
      await page.waitForSelector("#typed-name");
      await tabTo(page, "#typed-name");
      await page.keyboard.type("by-keys-too");
      await press(page, "Enter");
      await until(page, () => !document.querySelector("dialog"));
      await waitForCount(page, 0);

      assert.equal(await text(page, ".shown"), "0 of 61 sources");
      await until(page, () => !document.querySelector(".job") && document.activeElement.id === "search");
    });
  });

test("the focus stays in an open dialog and wraps around to where it began", async () => {
  await withConsole({}, async ({ page }) => {
    await waitForCount(page, 61);
    await press(page, "n");
    await page.waitForSelector("dialog[open]");
    for (let count = 0; count < 30; count += 1) {
      await press(page, "Tab");
      assert.ok(await page.evaluate(() => document.activeElement === document.body || document.querySelector("dialog").contains(document.activeElement)));
    }
  });
});
