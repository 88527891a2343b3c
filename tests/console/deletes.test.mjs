// Deleting: a name is typed, some seconds are left to think again, and nothing is ever sent or lost without a word.
import assert from "node:assert/strict";
import { test } from "node:test";

import { createSandbox } from "../../target/npm/package/dist/sandbox.js";
import { dialogGone, focused, openSource, submit, text, until, waitForCount, withConsole, writes } from "./support.mjs";

const CINDER = "670132e0cf7ceaf47e808e69";
const toast = (page, words) => until(page, (words) => document.querySelector(".toasts").innerText.includes(words), words);
const NOW = ".job .button:not(.job-undo)";

/** Asks for the deletion of a source, and leaves it held. */
async function hold(page, name) {
  await openSource(page, name);
  await page.click("[data-action=delete]");
  await page.waitForSelector("#typed-name");
  await page.type("#typed-name", name);
  await submit(page);
  await dialogGone(page);
  await page.waitForSelector(".job[data-phase=held]");
}

test("another name deletes nothing, and is said to be another", async () => {
  await withConsole({}, async ({ page, sandbox }) => {
    await waitForCount(page, 61);
    await openSource(page, "cinder");
    await page.click("[data-action=delete]");
    await page.waitForSelector("#typed-name");
    for (const typed of ["", "cinde", "Cinder", "cinder ", "*"]) {
      await page.$eval("#typed-name", (input) => input.select());
      await page.keyboard.press("Backspace");
      await page.type("#typed-name", typed);
      await page.keyboard.press("Enter");
      await page.waitForSelector("#typed-problem");
    }

    assert.equal(writes(sandbox).length, 0);
    assert.equal(await page.$(".job"), null);
  });
});

test("of a name with signs that cannot be seen the marks can be typed", async () => {
  const sandboxFetch = (sandbox) => async (url, init) => {
    const answer = await sandbox.fetch(url, init);
    const { status, headers } = answer;
    return /imageboss\/v1\/sources/.test(url) ? new Response((await answer.text()).replaceAll('"cinder"', '"cin\\u200bder"'), { status, headers: { "content-type": headers.get("content-type") } }) : answer;
  };
  await withConsole({ sandboxFetch, path: `?sel=imageboss%3A${CINDER}`, waitFor: "[data-action=delete]" }, async ({ page }) => {
    await page.click("[data-action=delete]");
    await page.waitForSelector("#typed-name");
    await page.type("#typed-name", "cinder");
    await page.keyboard.press("Enter");
    await page.waitForSelector("#typed-problem");
    await page.$eval("#typed-name", (input) => input.select());
    await page.type("#typed-name", "cin⟨U+200B⟩der");
    await submit(page);
    await dialogGone(page);

    await page.waitForSelector(".job[data-phase=held]");
    await page.click(".job-undo");
  });
});

test("a deletion is held, then sent, and the row is gone", async () => {
  await withConsole({}, async ({ page, sandbox }) => {
    await waitForCount(page, 61);
    await hold(page, "cinder");
    assert.equal(writes(sandbox).length, 0);
    assert.match(await text(page, ".job"), /Deleting cinder.*Nothing is sent yet/);
    assert.equal(await text(page, `[data-key="imageboss:${CINDER}"] .status`), "held");
    await until(page, () => document.activeElement.matches(".job-undo"));
    await waitForCount(page, 60);

    assert.equal(writes(sandbox).length, 1);
    assert.equal(sandbox.stored("imageboss", CINDER), undefined);
    assert.equal(await page.$("source-details"), null);
    await toast(page, "cinder is deleted");
    await until(page, () => document.activeElement !== document.body);
  });
});

test("undo sends nothing, and the focus comes back to the list", async () => {
  await withConsole({}, async ({ page, sandbox }) => {
    await waitForCount(page, 61);
    await hold(page, "cinder");
    await until(page, () => document.activeElement.matches(".job-undo"));
    await page.keyboard.press("Enter");
    await toast(page, "cinder is kept: nothing was sent");
    await until(page, () => !document.querySelector(".job"));
    assert.notEqual(await focused(page), "BODY");
    // Longer than it would have been held.
    await new Promise((done) => setTimeout(done, 5500));

    assert.equal(writes(sandbox).length, 0);
    await waitForCount(page, 61);
  });
});

test("who is sure need not wait", async () => {
  await withConsole({}, async ({ page, sandbox }) => {
    await waitForCount(page, 61);
    await hold(page, "cinder");
    await page.click(NOW);
    await waitForCount(page, 60);

    assert.equal(writes(sandbox).length, 1);
  });
});

test("a page that is left while something is held sends nothing, and says so when it is there again", async () => {
  await withConsole({}, async ({ page, sandbox, url }) => {
    await waitForCount(page, 61);
    await hold(page, "cinder");
    // The browser asks whether one really wants to leave.
    page.removeAllListeners("dialog");
    page.once("dialog", (dialog) => void dialog.accept());
    await page.goto(`${url}?api=imageboss`);
    await waitForCount(page, 27);
    await toast(page, "cinder not deleted: the page was left while it was held");
    await new Promise((done) => setTimeout(done, 5500));

    assert.equal(writes(sandbox).length, 0);
    assert.ok(sandbox.stored("imageboss", CINDER));
    assert.deepEqual(await page.evaluate(() => ({ ...sessionStorage })), {}, "told once");
  });
});

test("a deletion that fails says so in place, and can be tried again", async () => {
  await withConsole({}, async ({ page, sandbox }) => {
    await waitForCount(page, 61);
    sandbox.faults({ rules: [{ kind: "status", status: 403, method: "DELETE" }] });
    await hold(page, "cinder");
    await page.click(NOW);
    await page.waitForSelector(".job[role=alert]");
    assert.match(await text(page, ".job"), /cinder could not be deleted.*forbids this to the key.*Status 403/);
    await waitForCount(page, 61);
    sandbox.faults();
    await page.click("::-p-aria([name='Try it again'])");
    await waitForCount(page, 60);

    assert.equal(await page.$(".job"), null);
  });
});

test("a source that is gone already counts as deleted only if the provider says so", async () => {
  await withConsole({}, async ({ page, sandbox }) => {
    await waitForCount(page, 61);
    await hold(page, "cinder");
    sandbox.faults({ rules: [{ kind: "status", status: 404, method: "DELETE" }] });
    await page.click(NOW);
    await page.waitForSelector(".job[role=alert]");

    assert.match(await text(page, ".job"), /Status 404/);
  });
});

const tickRows = (page, ...names) =>
  page.evaluate((names) => {
    for (const row of document.querySelectorAll("[data-key]")) if (names.includes(row.querySelector(".row-link").textContent)) row.querySelector(".tick").click();
  }, names);

test("deleting many asks for their number, leaves alone what cannot be deleted, and goes one by one", async () => {
  await withConsole({}, async ({ page, sandbox }) => {
    await waitForCount(page, 61);
    await tickRows(page, "alpenblick", "archive-1987", "cinder", "Agency sandbox");
    await until(page, () => document.querySelector(".selection-count").textContent.includes("4 sources selected"));
    await page.click("[data-bulk=delete]");
    await page.waitForSelector("bulk-dialog");
    const asked = await text(page, "bulk-dialog");
    assert.match(asked, /Delete 3 sources\?.*alpenblick.*archive-1987.*cinder.*1 selected source will be left alone/);
    assert.doesNotMatch(asked, /Agency sandbox/);
    for (const typed of ["", "4", "03x"]) {
      await page.$eval("#typed-count", (input) => input.select());
      await page.keyboard.press("Backspace");
      await page.type("#typed-count", typed);
      await page.keyboard.press("Enter");
      await page.waitForSelector("#typed-problem");
    }
    assert.equal(writes(sandbox).length, 0);
    await page.$eval("#typed-count", (input) => input.select());
    await page.type("#typed-count", "3");
    await page.keyboard.press("Enter");
    await dialogGone(page);
    await page.waitForSelector(".job[data-phase=held]");
    assert.match(await text(page, ".job"), /Deleting 3 sources/);
    assert.equal(writes(sandbox).length, 0);
    await page.click(NOW);
    await waitForCount(page, 58);

    assert.deepEqual(writes(sandbox).map(({ method }) => method), ["DELETE", "DELETE", "DELETE"]);
    await toast(page, "3 of 3 sources are deleted");
    assert.equal(await page.$("[data-bulk]"), null, "nothing is selected any more");
  });
});

test("of many some fail: the rest is done, and those that failed are named", async () => {
  const sandboxFetch = (sandbox) => (url, init) =>
    init?.method === "DELETE" && url.includes(CINDER) ? Promise.resolve(new Response("{}", { status: 409 })) : sandbox.fetch(url, init);
  await withConsole({ sandboxFetch }, async ({ page }) => {
    await waitForCount(page, 61);
    await tickRows(page, "alpenblick", "cinder", "archive-1987");
    await page.click("[data-bulk=delete]");
    await page.waitForSelector("#typed-count");
    await page.type("#typed-count", "3");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".job[data-phase=held]");
    await page.click(NOW);
    await page.waitForSelector(".job[role=alert]");

    assert.match(await text(page, ".job"), /cinder could not be deleted/);
    await waitForCount(page, 59);
  });
});

test("disabling many says what it does, disables only what is enabled, and can be undone by enabling", async () => {
  await withConsole({ sandbox: { settleMs: 0, deployMs: 300 } }, async ({ page, sandbox }) => {
    await waitForCount(page, 61);
    await tickRows(page, "Nordlicht Outdoor", "Atelier Mirabel", "cinder", "Fjord Magazine (archive)");
    await page.click("[data-bulk=disable]");
    await page.waitForSelector("bulk-dialog");
    assert.match(await text(page, "bulk-dialog"), /Disable 2 sources\?.*410.*2 selected sources will be left alone/);
    assert.equal(await page.$("#typed-count"), null);
    await submit(page);
    await toast(page, "2 of 2 sources are disabled");
    const ids = ["65b7704ee553fe668319d940", "68b9fe6066adfaee788ac187"];
    assert.deepEqual(ids.map((id) => sandbox.stored("imgix", id).enabled), [false, false]);

    await tickRows(page, "Nordlicht Outdoor", "Atelier Mirabel");
    await page.click("[data-bulk=enable]");
    await toast(page, "2 of 2 sources are enabled");
    assert.deepEqual(ids.map((id) => sandbox.stored("imgix", id).enabled), [true, true]);
  });
});

test("what is under way can be stopped, and says how far it came", async () => {
  await withConsole({ sandbox: { settleMs: 0 } }, async ({ page, sandbox }) => {
    await waitForCount(page, 61);
    await page.click("input[name=api][value=imgix]");
    await waitForCount(page, 34);
    await page.click(".tick-all");
    await until(page, () => document.querySelector(".selection-count").textContent.includes("34 sources selected"));
    sandbox.faults({ latencyMs: 400 });
    await page.click("[data-bulk=disable]");
    await page.waitForSelector("bulk-dialog");
    await submit(page);
    await until(page, () => Number(document.querySelector(".job progress")?.value) >= 1);
    await page.click(".job .button");
    await until(page, () => /\d+ of \d+ sources are disabled; the rest was stopped/.test(document.querySelector(".toasts").innerText));

    const sent = writes(sandbox).length;
    assert.ok(sent < 20, `${sent} were sent`);
    assert.equal(await page.$(".job[data-phase=running]"), null);
  });
});

test("what was stopped after its request had left may have happened, and that is said", async () => {
  const ask = async (page) => {
    await tickRows(page, "Nordlicht Outdoor", "Atelier Mirabel");
    await page.click("[data-bulk=disable]");
    await page.waitForSelector("bulk-dialog");
    await submit(page);
    await page.waitForSelector(".job[data-phase=running]");
  };
  await withConsole({}, async ({ page, sandbox }) => {
    await waitForCount(page, 61);
    sandbox.faults({ rules: [{ kind: "hang", method: "PATCH" }] });
    await ask(page);
    while (writes(sandbox).length === 0) await page.evaluate(() => new Promise(requestAnimationFrame));
    await page.click(".job .button");
    await page.waitForSelector(".job.notice");

    assert.match(await text(page, ".job.notice"), /Atelier Mirabel may be disabled.*its answer was not waited for.*may have happened all the same: look before you repeat it/);
    assert.equal(writes(sandbox).length, 1);
    await page.click(".job.notice .button:last-child");
    await until(page, () => !document.querySelector(".job"));

    await ask(page);
    while (writes(sandbox).length === 1) await page.evaluate(() => new Promise(requestAnimationFrame));
    page.removeAllListeners("dialog");
    page.once("dialog", (dialog) => void dialog.accept());
    await page.reload();
    await toast(page, "0 of 2 sources are disabled; the rest was stopped because the page was left; Atelier Mirabel was under way, and may be disabled");
  });
});

test("what runs goes on while another screen is looked at, and tells how it ended", async () => {
  await withConsole({ sandbox: { settleMs: 0 } }, async ({ page, sandbox }) => {
    await waitForCount(page, 61);
    await tickRows(page, "Nordlicht Outdoor", "Atelier Mirabel");
    sandbox.faults({ latencyMs: 600 });
    await page.click("[data-bulk=disable]");
    await page.waitForSelector("bulk-dialog");
    await submit(page);
    await page.waitForSelector(".job[data-phase=running]");
    await page.evaluate(() => document.querySelectorAll(".places a")[2].click());
    await page.waitForSelector(".intake");
    await toast(page, "2 of 2 sources are disabled");

    assert.equal(writes(sandbox).length, 2);
    assert.doesNotMatch(await text(page, ".toasts"), /stopped/);
  });
});

test("what a filter hides is selected still, and left alone", async () => {
  await withConsole({}, async ({ page, sandbox }) => {
    await waitForCount(page, 61);
    await tickRows(page, "alpenblick", "cinder");
    await page.type("#search", "alpen");
    await waitForCount(page, 1);
    assert.match(await text(page, ".selection"), /1 source selected.*1 more not shown/);
    await page.click("[data-bulk=delete]");
    await page.waitForSelector("#typed-count");
    await page.type("#typed-count", "1");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".job[data-phase=held]");
    await page.click(NOW);
    await until(page, () => /alpenblick is deleted/.test(document.querySelector(".toasts").innerText));

    assert.equal(writes(sandbox).length, 1);
    assert.ok(sandbox.stored("imageboss", CINDER));
  });
});

test("a locked live account is not changed by many at once either", async () => {
  const sandbox = createSandbox();
  const server = { upstreams: { imageboss: { key: "sandbox" } }, fetch: sandbox.fetch };
  await withConsole({ server }, async ({ page }) => {
    await waitForCount(page, 61);
    await tickRows(page, "alpenblick");
    await page.click("[data-bulk=delete]");
    await page.waitForSelector("dialog[open]");

    assert.equal(await page.$("bulk-dialog"), null);
    assert.match(await text(page, "dialog[open]"), /live/i);
    assert.equal(writes(sandbox).length, 0);
  });
});

test("who goes to another screen while something is held is told that nothing is sent", async () => {
  await withConsole({}, async ({ page, sandbox }) => {
    await waitForCount(page, 61);
    await hold(page, "cinder");
    await page.keyboard.press("g");
    await page.keyboard.press("a");
    await page.waitForSelector("#asset-source");
    await toast(page, "cinder not deleted: the page was left while it was held");
    await new Promise((done) => setTimeout(done, 5500));

    assert.equal(writes(sandbox).length, 0);
    assert.ok(sandbox.stored("imageboss", CINDER));
  });
});
