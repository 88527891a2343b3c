// Whatever a provider answers or somebody pastes is text: no node, no attribute, no address comes of it, and nothing runs.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";

import { FirefoxTab } from "./browsers/firefox.mjs";
import { until as untilIn } from "./browsers/path.mjs";
import { withServer } from "./browsers/serving.mjs";
import { assertPlain, hostile, KEYS, sweepDetails, sweepList, watchNodes } from "./hostility.mjs";
import { load } from "./module.mjs";
import { ALL, NAUGHTY, XSS } from "./payloads.mjs";
import { begin, fill, save, text, until, waitForCount, withConsole } from "./support.mjs";

const { visible } = await load("text/visible.ts");
const HOSTILE = { sandboxFetch: hostile, before: watchNodes };
const shown = new Set(ALL.map(visible));

test("there are 461 naughty strings and a hundred ways to have a page run something", () => {
  assert.equal(NAUGHTY.length, 461);
  assert.equal(new Set(XSS).size, 100);
});

for (const provider of ["imgix", "imageboss"])
  test(`${provider}: every one of them is text in every column of the list and in the details`, async () => {
    await withConsole({ ...HOSTILE, path: `?api=${provider}` }, async ({ page }) => {
      await waitForCount(page, ALL.length);
      // All columns, also the one that is not there at first.
      await page.click("[data-menu=columns] summary");
      await page.waitForSelector(".check");
      await page.click(".check input[value=id]");
      await page.keyboard.press("Escape");
      const names = await sweepList(page);
      await assertPlain(page, "list");
      assert.deepEqual(new Set(names), shown);

      const headings = await sweepDetails(page, KEYS[provider]);
      await assertPlain(page, "details");
      assert.deepEqual(headings, ALL.map(visible));
    });
  });

test("every one of them is text in Firefox as well", async () => {
  await withServer({ sandboxFetch: hostile }, async ({ url, folder }) => {
    const tab = await FirefoxTab.open(`${url}?api=imageboss`, join(folder, "profile"), watchNodes);
    try {
      await untilIn(tab, (count) => Number(document.querySelector("table.sources")?.ariaRowCount) === count + 1, ALL.length);
      assert.deepEqual(new Set(await sweepList(tab)), shown);
      assert.deepEqual(await sweepDetails(tab, KEYS.imageboss.slice(NAUGHTY.length)), ALL.slice(NAUGHTY.length).map(visible));

      await assertPlain(tab, "Firefox");
      assert.deepEqual(tab.broken, []);
    } finally {
      await tab.close();
    }
  });
});

test("each way is text in forms, in what asks before something is done, and in the search of everything", async () => {
  await withConsole(HOSTILE, async ({ page }) => {
    await waitForCount(page, 2 * ALL.length);
    for (let at = NAUGHTY.length; at < NAUGHTY.length + XSS.length; at += 1) {
      const provider = at % 2 ? "imgix" : "imageboss";
      await sweepDetails(page, [KEYS[provider][at]]);
      const press = (selector) => page.evaluate((selector) => document.querySelector(selector)?.click(), selector);
      await press("[data-action=edit]");
      await until(page, () => document.querySelector("form-field input"));
      await page.$$eval("dialog details", (all) => all.forEach((one) => one.setAttribute("open", "")));
      await page.keyboard.press("Escape");
      await until(page, () => !document.querySelector("dialog"));
      await press("[data-action=delete], [data-action=switch]");
      await until(page, () => document.querySelector("dialog, .toast"));
      if (await page.$("dialog")) await page.keyboard.press("Escape");
      await until(page, () => !document.querySelector("dialog"));
    }
    await assertPlain(page, "forms");
    await page.evaluate(() => document.querySelector("[aria-label='Close details']").click());
    await page.$$eval(".tick", (all) => all.slice(0, 40).forEach((one) => one.click()));
    await page.waitForSelector("[data-bulk=delete]");
    await page.$eval("[data-bulk=delete]", (one) => one.click());
    await page.waitForSelector("bulk-dialog");
    await assertPlain(page, "many");
    await page.keyboard.press("Escape");
    await until(page, () => !document.querySelector("dialog"));
    await page.keyboard.down("Control");
    await page.keyboard.press("k");
    await page.keyboard.up("Control");
    await page.waitForSelector("command-palette input");
    await page.type("command-palette input", "<img");
    await until(page, () => /<img/.test(document.querySelector("command-palette")?.innerText ?? ""));

    await assertPlain(page, "palette");
  });
});

test("every one of them is text on the screen of assets", async () => {
  await withConsole({ ...HOSTILE, path: "?view=assets&source=65b7704ee553fe668319d940&per=1000", waitFor: ".asset-link" }, async ({ page }) => {
    const names = await page.evaluate(async (count) => {
      const names = new Set();
      const frame = () => new Promise(requestAnimationFrame);
      for (let turn = 0; turn < 200 && names.size < count; turn += 1) {
        for (let top = 0; top < document.documentElement.scrollHeight; top += 400) {
          scrollTo(0, top);
          for (let wait = 0; wait < 3; wait += 1) await frame();
          for (const link of document.querySelectorAll(".asset-link")) names.add(link.getAttribute("title"));
        }
        document.querySelector(".more-rows button, [data-action=more]")?.click();
      }
      return [...names];
    }, ALL.length);
    await assertPlain(page, "assets");
    assert.ok(names.length >= ALL.length, `${names.length} of ${ALL.length}`);

    await page.evaluate(async (names) => {
      const frame = () => new Promise(requestAnimationFrame);
      for (const name of names) {
        history.replaceState(null, "", `?view=assets&source=65b7704ee553fe668319d940&per=1000&asset=${encodeURIComponent(name.toWellFormed())}`);
        dispatchEvent(new PopStateEvent("popstate"));
        await frame();
        await frame();
      }
    }, names);
    await assertPlain(page, "details of assets");
  });
});

test("every one of them is text on the screen of reports", async () => {
  await withConsole({ ...HOSTILE, path: "?view=reports", waitFor: ".reports tbody tr" }, async ({ page }) => {
    const rows = await page.$$eval(".reports tbody tr a", ({ length }) => length);
    for (let at = 1; at <= Math.min(rows, 100); at += 1) {
      await page.evaluate((at) => document.querySelector(`.reports tbody tr:nth-child(${at}) a`)?.click(), at);
      await until(page, () => document.querySelector("#report-heading"));
    }

    await assertPlain(page, "reports");
  });
});

/** Gives a text as if it had been pasted. */
const paste = (page, text) =>
  page.evaluate((text) => {
    const field = document.querySelector("#intake-text");
    const data = new DataTransfer();
    data.setData("text/plain", text);
    if (field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }))) {
      field.value = text;
      field.form.requestSubmit();
    }
  }, text);

const answered = (page) => until(page, () => document.querySelector(".plan-table, #bulk-refusal, #setup-refusal, .notice, [role=alert]"));

test("what is pasted into bulk and set-up is text", async () => {
  await withConsole({ before: watchNodes, path: "?view=bulk&do=imgix.purge", waitFor: ".intake" }, async ({ page, url }) => {
    await paste(page, ALL.map((one) => one.replaceAll(/[\r\n]/g, " ")).join("\n"));
    await answered(page);
    await assertPlain(page, "bulk, lines");
    await page.goto(`${url}?view=bulk&do=imageboss.sources`);
    await page.waitForSelector(".intake");
    await paste(page, `source,source_type,credential_attributes.url\n${ALL.map((one) => [one, one, one].map((cell) => `"${cell.replaceAll('"', '""')}"`).join(",")).join("\n")}`);
    await answered(page);
    await assertPlain(page, "bulk, table");
    await page.goto(`${url}?view=setup`);
    await page.waitForSelector(".intake");
    await until(page, () => document.querySelector(".card-tools .button"));
    await paste(page, JSON.stringify({ version: 1, imgix: ALL.map((one) => ({ name: one, deployment: { type: "s3", [one]: one } })), imageboss: ALL.map((one) => ({ source: one, source_type: one, [one]: one })) }));
    await answered(page);
    await assertPlain(page, "set-up");
    await paste(page, `{"version": 1, "__proto__": {"pwned": 1}, "constructor": {"prototype": {"pwned": 1}}, "imgix": [{"__proto__": {"pwned": 1}, "name": "x"}]}`);
    await answered(page);

    await assertPlain(page, "set-up, prototypes");
  });
});

test("what would turn text around or hide it is shown as a mark", async () => {
  await withConsole({ ...HOSTILE, path: `?api=imageboss&q=${encodeURIComponent("gpj.exe")}` }, async ({ page }) => {
    await waitForCount(page, 1);
    const all = await page.evaluate(() => document.body.innerText);

    assert.ok(all.includes("⟨U+202E⟩gpj.exe"));
    assert.ok(!/[\u202a-\u202e\u2066-\u2069\u200b\ufeff\u0000]/.test(all));
    assert.ok(!/[\u202a-\u202e]/.test(await page.content()));
  });
});

test("hostile words of a refusal are text", async () => {
  const sandboxFetch = (sandbox) => async (url, init) =>
    init.method === "POST"
      ? new Response(JSON.stringify({ errors: XSS }), { status: 422, headers: { "content-type": "application/json", "x-request-id": "<img-src=x>" } })
      : sandbox.fetch(url, init);
  await withConsole({ sandboxFetch, before: watchNodes }, async ({ page }) => {
    await begin(page, "imageboss", "url");
    await fill(page, "source", "x");
    await fill(page, "credential_attributes.url", "https://origin.example/");
    await save(page);
    await until(page, () => document.activeElement.className === "summary");

    assert.match(await text(page, ".summary"), /" onerror=globalThis\.pwned=1 x="/);
    await assertPlain(page, "refusal");
  });
});
