// The way of a deployment, as a widget of its own: what it is given it draws, and nothing else.
import assert from "node:assert/strict";
import { test } from "node:test";

import { text, until, withConsole } from "./support.mjs";

const T = Date.UTC(2026, 4, 1, 12);

/** The widget alone, with what a source is at. */
const withTimeline = (given, run) =>
  withConsole({}, async ({ page }) => {
    await page.evaluate((given) => {
      const widget = Object.assign(document.createElement("deploy-timeline"), given);
      document.querySelector("main").replaceChildren(widget);
      return widget.updateComplete;
    }, given);
    await run(page);
  });

const steps = (page) => page.$$eval(".timeline-step", (all) => all.map((step) => `${step.dataset.state} ${step.textContent.replace(/\s+/g, " ").trim()}`));

test("what was saved and waits is queued", async () => {
  await withTimeline({ status: "deployed", deployedAt: T - 86_400_000, changedAt: T, seen: [] }, async (page) => {
    assert.deepEqual(await steps(page), ["now queued … 2026-05-01 12:00:00 UTC", "ahead deploying, not yet", "ahead deployed, not yet"]);
    assert.equal(await page.$eval("[aria-current=step]", (step) => step.innerText.split(" ")[0]), "queued");
  });
});

test("what is deploying tells since when, also if nobody saw it saved", async () => {
  await withTimeline({ status: "deploying", seen: [{ status: "deploying", at: T + 5000 }] }, async (page) => {
    assert.deepEqual(await steps(page), ["done queued, done", "now deploying … 2026-05-01 12:00:05 UTC", "ahead deployed, not yet"]);
  });
});

test("what is deployed tells how long it took, and an older run is not mixed in", async () => {
  const seen = [{ status: "deploying", at: T - 9e6 }, { status: "deployed", at: T - 8e6 }, { status: "deploying", at: T + 2000 }, { status: "deployed", at: T + 65_000 }];
  await withTimeline({ status: "deployed", changedAt: T, deployedAt: T - 8e6, seen }, async (page) => {
    assert.deepEqual(await steps(page), ["done queued, done 2026-05-01 12:00:00 UTC", "done deploying, done 2026-05-01 12:00:02 UTC", "done deployed, done 2026-05-01 12:01:05 UTC after 1 min 5 s"]);
    assert.match(await text(page, "summary"), /4 changes seen/);
  });
});

test("without anything seen, the provider's word is all there is", async () => {
  await withTimeline({ status: "deployed", deployedAt: T }, async (page) => {
    assert.deepEqual(await steps(page), ["done queued, done", "done deploying, done", "done deployed, done 2026-05-01 12:00:00 UTC"]);
  });
});

test("other and hostile statuses are words, and no status is nothing", async () => {
  for (const [status, words] of [["disabled", "disabled since 2026-05-01 12:00:00 UTC"], ["<img src=x onerror=globalThis.pwned=1>", "<img src=x"], ["a\u202eb", "⟨U+202E⟩"]])
    await withTimeline({ status, seen: [{ status: "disabled", at: T }] }, async (page) => {
      assert.ok((await text(page, ".timeline")).includes(words));
      assert.deepEqual(await steps(page), []);
      assert.equal(await page.evaluate(() => globalThis.pwned ?? document.images.length), 0);
    });
  await withTimeline({ status: undefined }, async (page) => {
    await until(page, () => document.querySelector("main > deploy-timeline").innerText === "");
  });
});
