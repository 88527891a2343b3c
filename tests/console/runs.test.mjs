// Purging and refreshing: held, sent, stopped, and what came of each.
import assert from "node:assert/strict";
import { test } from "node:test";

import { asked, openAsset, paths, runIs, tile, withAssets } from "./assets-support.mjs";
import { button, focused, text, until } from "./support.mjs";

const choose = async (page, ...numbers) => {
  for (const number of numbers) await page.click(`${tile(number)} input`);
};
const now = (page, what = "Purge") => page.click(button(`${what} now`));

test("a purge is held, and what is undone in time is never sent", async () => {
  await withAssets({}, async ({ page, sandbox }) => {
    await openAsset(page, 1);
    await page.click("[data-action=purge]");
    await runIs(page, "held");
    assert.match(await text(page, "run-panel"), /Purge .*begins in 5 seconds/);
    assert.equal(await focused(page), "Undo");
    await page.keyboard.press("Enter");
    await runIs(page, "undone");

    assert.match(await text(page, "run-panel"), /taken back, nothing was sent/);
    await page.click(button("Close purge"));
    await until(page, () => !document.querySelector("run-panel"));
    assert.equal(await focused(page), "asset-heading");
    assert.deepEqual(asked(sandbox, "purge"), []);
  });
});

test("after its hold a purge is sent by itself, for the whole address", async () => {
  await withAssets({ path: "?view=assets&source=65b7704ee553fe668319d940&q=50%25" }, async ({ page, sandbox }) => {
    await choose(page, 1);
    await page.click("[data-action=purge-chosen]");
    await runIs(page, "over");

    assert.equal(JSON.parse(asked(sandbox, "purge")[0].body).data.attributes.url, "https://nordlicht.imgix.net/odd/50%25%20off%20%231%3F.jpg");
    assert.match(await text(page, ".toasts"), /Purge: 1 of 1 asset done/);
  });
});

test("many are purged at the pace of the limit, with what came of each, and only the failed ones again", async () => {
  await withAssets({}, async ({ page, sandbox, url }) => {
    await page.browserContext().overridePermissions(url, ["clipboard-read", "clipboard-write", "clipboard-sanitized-write"]);
    await choose(page, 1, 2, 3, 4);
    assert.match(await text(page, ".chosen-bar"), /4 chosen/);
    sandbox.faults({ rules: [{ kind: "status", status: 403, operation: "purge", every: 2 }] });
    await page.click("[data-action=purge-chosen]");
    await runIs(page, "held");
    await now(page);
    await runIs(page, "over");
    const shown = await text(page, "run-panel");
    assert.match(shown, /Purge 4 assets: 2 done, 2 failed/);
    assert.match(shown, /failed .*403.*needs the permission Purge/);
    await page.click("[aria-label='Copy all results']");
    await until(page, () => /Copied/.test(document.querySelector(".toasts").innerText));
    const copied = (await page.evaluate(() => navigator.clipboard.readText())).split("\n");
    assert.deepEqual(copied.map((line) => line.split("\t")[1]).sort(), ["failed", "failed", "ok", "ok", "outcome"]);
    sandbox.faults();
    await page.click(button("Retry 2 assets"));
    await runIs(page, "held");
    await now(page);
    await runIs(page, "over");

    assert.match(await text(page, "run-panel"), /Purge 2 assets: 2 done/);
    assert.equal(asked(sandbox, "purge").length, 6);
  });
});

test("what was purged a moment ago is purged again, and that is said", async () => {
  await withAssets({}, async ({ page }) => {
    await choose(page, 1);
    for (let round = 0; round < 2; round += 1) {
      await page.click("[data-action=purge-chosen]");
      await runIs(page, "held");
      await now(page);
      await runIs(page, "over");
      if (round === 0) await page.click(button("Close purge"));
    }

    assert.match(await text(page, "run-panel"), /was purged a moment ago as well/);
  });
});

test("refreshing many tells how long its limit makes it take, waits in sight, and stops when it is told", async () => {
  await withAssets({}, async ({ page, sandbox }) => {
    await page.click("::-p-text(Choose 100 loaded)");
    await page.click("[data-action=refresh-chosen]");
    await runIs(page, "held");
    assert.match(await text(page, "run-panel"), /Refresh 100 assets.*takes about 9 min/);
    await now(page, "Refresh");
    await until(page, () => /10 of 100 assets/.test(document.querySelector("run-panel").innerText) && /Waits for its limit: goes on by itself in (1 min|\d+ s)/.test(document.querySelector("run-panel").innerText));
    await page.click("[data-action=stop]");
    await runIs(page, "over");

    assert.match(await text(page, "run-panel"), /10 done, 90 not sent/);
    assert.equal(asked(sandbox, "assets.refresh").length, 10);
    assert.match(await text(page, ".box-foot"), /Retry 90 assets/);
  });
});

test("a run that is stopped in the middle says what may have happened all the same", async () => {
  await withAssets({ sandbox: { faults: { rules: [{ kind: "hang", operation: "purge" }] } } }, async ({ page, sandbox }) => {
    await choose(page, 1, 2);
    await page.click("[data-action=purge-chosen]");
    await runIs(page, "held");
    await now(page);
    while (asked(sandbox, "purge").length < 2) await new Promise((done) => setTimeout(done, 20));
    await page.click("[data-action=stop]");
    await runIs(page, "over");

    assert.match(await text(page, "run-panel"), /unknown .*may have happened/);
    assert.equal(await page.$(button("Retry 2 assets")), null);
  });
});

test("a run goes on while another screen is looked at", async () => {
  await withAssets({}, async ({ page, sandbox }) => {
    await choose(page, 1);
    await page.click("[data-action=purge-chosen]");
    await runIs(page, "held");
    await page.evaluate(() => [...document.querySelectorAll("nav a")].find(({ innerText }) => /Reports/.test(innerText)).click());
    while (asked(sandbox, "purge").length < 1) await new Promise((done) => setTimeout(done, 50));
    await page.goBack();
    await runIs(page, "over");
  });
});

test("what is done with one asset leaves its buttons until it is over", async () => {
  await withAssets({}, async ({ page, sandbox }) => {
    await openAsset(page, 1);
    await page.click("[data-action=refresh]");
    await runIs(page, "held");
    assert.equal(await page.$eval("[data-action=purge]", (one) => one.ariaDisabled), "true");
    await page.click("[data-action=purge]");
    assert.equal((await page.$$("run-panel")).length, 1);
    await now(page, "Refresh");
    await runIs(page, "over");
    await until(page, () => document.querySelector("[data-action=purge]").ariaDisabled !== "true");

    assert.equal(asked(sandbox, "assets.refresh").length, 1);
  });
});

test("the focus stays in the panel of a run, whichever of its buttons goes", async () => {
  await withAssets({ sandbox: { faults: { rules: [{ kind: "slow", delayMs: 1_500, operation: "purge" }] } } }, async ({ page }) => {
    const press = async (selector) => {
      await page.focus(selector);
      await page.keyboard.press("Enter");
    };
    await choose(page, 1);
    for (const steps of [[["[data-action=undo]", "undone"]], [["run-panel .link-button", "running"], ["[data-action=stop]", "over"]]]) {
      await press("[data-action=purge-chosen]");
      await runIs(page, "held");
      for (const [selector, state] of steps) {
        await press(selector);
        await runIs(page, state);
        await until(page, () => document.activeElement?.className === "run-words");
      }
      await press(button("Close purge"));
      await until(page, () => document.activeElement !== document.body && !document.querySelector("run-panel"));
    }
  });
});

test("going back and forth between assets leaves the focus on the button that had it", async () => {
  await withAssets({}, async ({ page }) => {
    await openAsset(page, 1);
    const first = await text(page, "#asset-heading");
    await openAsset(page, 2);
    await page.focus("[data-action=refresh]");
    await page.goBack();
    await until(page, (first) => document.querySelector("#asset-heading")?.textContent === first && document.querySelector("asset-details .facts"), first);
    assert.equal(await page.evaluate(() => document.activeElement.dataset.action), "refresh");
  });
});

test("by keyboard alone: move, choose a range, purge, undo", async () => {
  await withAssets({}, async ({ page, sandbox }) => {
    await page.keyboard.press("/");
    await page.keyboard.press("ArrowDown");
    const [first, second, third] = await paths(page);
    await until(page, (first) => document.activeElement.title === first, first);
    await page.keyboard.press("Space");
    await page.keyboard.down("Shift");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.up("Shift");
    await until(page, (third) => document.activeElement.title === third, third);
    assert.deepEqual(await page.$$eval(".asset-tile[data-chosen] .asset-link", (links) => links.map(({ title }) => title)), [first, second, third]);
    await page.keyboard.down("Shift");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.up("Shift");
    assert.equal(await focused(page), "Purge");
    await page.keyboard.press("Enter");
    await runIs(page, "held");
    await until(page, () => document.activeElement.textContent.trim() === "Undo");
    await page.keyboard.press("Enter");
    await runIs(page, "undone");

    assert.deepEqual(asked(sandbox, "purge"), []);
  });
});

test("on a narrow screen what is held can be seen and taken back over the details", async () => {
  await withAssets({ width: 320 }, async ({ page, sandbox }) => {
    await openAsset(page, 1);
    await page.click("[data-action=purge]");
    await runIs(page, "held");
    assert.equal(await focused(page), "Undo");
    const { top, bottom } = await page.$eval("[data-action=undo]", (undo) => undo.getBoundingClientRect().toJSON());
    assert.ok(top >= 0 && bottom <= 800 && bottom > top, `${top} to ${bottom}`);
    await page.click("[data-action=undo]");
    await runIs(page, "undone");

    assert.deepEqual(asked(sandbox, "purge"), []);
  });
});
