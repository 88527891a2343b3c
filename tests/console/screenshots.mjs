// Takes pictures of every state into target/screenshots, and the one of the README into www/screenshot.png.
// node --test tests/console/screenshots.mjs
import assert from "node:assert/strict";
import { mkdirSync, statSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { STATES } from "./states.mjs";
import { openSource, waitForCount, withConsole } from "./support.mjs";

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

test("the picture of the README", async () => {
  const path = fileURLToPath(new URL("../../www/screenshot.png", import.meta.url));
  await withConsole({ width: 1280, height: 760 }, async ({ page }) => {
    await waitForCount(page, 61);
    await openSource(page, "Atelier Mirabel");
    await page.mouse.move(0, 0);
    await page.evaluate(() => document.activeElement.blur());
    await page.screenshot({ path });
  });

  assert.ok(statSync(path).size <= README_BYTES, `${statSync(path).size} bytes`);
});
