import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";

import { STATES } from "./states.mjs";
import { waitForCount, withConsole } from "./support.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

async function violations(page) {
  await page.evaluate(axe);
  return page.evaluate(async (values) => {
    const { violations } = await globalThis.axe.run(document, { runOnly: { type: "tag", values }, resultTypes: ["violations"] });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary.split("\n").slice(1).join(" ").slice(0, 300)}`));
  }, TAGS);
}

/** What sticks out at the side, so that one would have to scroll both ways. */
const sticksOut = (page) =>
  page.evaluate(() => {
    const room = document.documentElement.clientWidth;
    const holders = [document.documentElement, ...document.querySelectorAll("dialog, .form-body, source-details, asset-details, .report-details, .box, [popover], .inspector-body")];
    return holders.filter((holder) => holder.scrollWidth > Math.min(holder.clientWidth, room) + 1).map((holder) => `${holder.localName}.${holder.className} ${holder.scrollWidth}`);
  });

for (const [state, { reach, ...options }] of Object.entries(STATES))
  test(`axe finds nothing: ${state}`, async () => {
    await withConsole(options, async ({ page, sandbox }) => {
      await reach(page, sandbox);
      for (const width of [1280, 768, 320])
        for (const theme of ["light", "dark"]) {
          await page.setViewport({ width, height: 800 });
          await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: theme }, { name: "prefers-reduced-motion", value: "reduce" }]);

          assert.deepEqual(await violations(page), [], `${state} ${theme} ${width}`);
          assert.deepEqual(await sticksOut(page), [], `${state} ${width}`);
        }
    });
  });

test("in forced colours everything that can be pressed has an edge or words", async () => {
  await withConsole({}, async ({ page }) => {
    await waitForCount(page, 61);
    const session = await page.createCDPSession();
    await session.send("Emulation.setEmulatedMedia", { features: [{ name: "forced-colors", value: "active" }] });

    const bare = await page.$$eval("button, a, input, select", (all) => all.filter((one) => one.checkVisibility() && !one.labels?.length && !one.innerText?.trim() && !one.getAttribute("aria-label")).map(({ outerHTML }) => outerHTML));
    assert.deepEqual(bare, []);
  });
});

test("with reduced motion nothing moves", async () => {
  await withConsole({ sandbox: { settleMs: 0, deployMs: 600_000 } }, async ({ page }) => {
    await waitForCount(page, 61);

    assert.equal(await page.evaluate(() => document.getAnimations().length), 0);
  });
});
