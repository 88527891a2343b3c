// Takes pictures of every state into target/screenshots, and those of the README into www.
// node --test tests/console/screenshots.mjs
import assert from "node:assert/strict";
import { mkdirSync, statSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { STATES } from "./states.mjs";
import { openSource, until, waitForCount, withConsole } from "./support.mjs";

const folder = fileURLToPath(new URL("../../target/screenshots/", import.meta.url));
const README_BYTES = 200_000;
mkdirSync(folder, { recursive: true });

const media = (page, theme) => page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: theme }, { name: "prefers-reduced-motion", value: "reduce" }]);

for (const [state, { reach, ...options }] of Object.entries(STATES))
  test(state, async () => {
    await withConsole(options, async ({ page, sandbox }) => {
      await reach(page, sandbox);
      await page.mouse.move(0, 0);
      for (const width of [1280, 320])
        for (const theme of ["light", "dark"]) {
          await page.setViewport({ width, height: 800 });
          await media(page, theme);
          await page.screenshot({ path: `${folder}${state.replaceAll(" ", "-")}-${width}-${theme}.png` });
        }
    });
  });

/** A list with one source open, in light; a grid of pictures, in dark. */
const README = {
  "screenshot.png": [{ theme: "light" }, async (page) => (await waitForCount(page, 61), openSource(page, "Atelier Mirabel"))],
  "screenshot-assets.png": [
    { theme: "dark", path: "?view=assets&source=65b7704ee553fe668319d940", waitFor: ".asset-link" },
    async (page) => {
      await until(page, () => [...document.querySelectorAll("asset-thumb img")].filter(({ complete, naturalWidth }) => complete && naturalWidth > 0).length >= 12);
      await page.$eval(".asset-tile:nth-child(5) .asset-link", (link) => link.click());
      await until(page, () => document.querySelector("asset-details dl") && document.querySelector("asset-details img")?.naturalWidth > 0);
    },
  ],
};

for (const [name, [options, reach]] of Object.entries(README))
  test(`the picture of the README: ${name}`, async () => {
    const path = fileURLToPath(new URL(`../../www/${name}`, import.meta.url));
    await withConsole({ width: 1280, height: 760, ...options }, async ({ page }) => {
      await reach(page);
      await page.mouse.move(0, 0);
      await page.evaluate(() => document.activeElement.blur());
      await until(page, () => !document.querySelector(".toast"));
      await page.screenshot({ path });
    });

    assert.ok(statSync(path).size <= README_BYTES, `${statSync(path).size} bytes`);
  });
