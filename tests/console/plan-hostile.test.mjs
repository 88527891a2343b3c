// Names out of files and answers are text in plans, lists and logs, whatever they look like.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";

import { hurry, reaches, start } from "./jobs.mjs";
import { paste } from "./states/setup.mjs";
import { until, withConsole } from "./support.mjs";

const NAUGHTY = createRequire(import.meta.url)("big-list-of-naughty-strings");
const PAYLOADS = ["<script>globalThis.pwned=1</script>", "<img src=x onerror=globalThis.pwned=1>", "javascript:globalThis.pwned=1", "<svg/onload=globalThis.pwned=1>", "${globalThis.pwned=1}", "<?lit$123456789$?>", "<style>*{display:none}</style>", "\u202egpj.exe", "__proto__", "constructor"];
const ALL = [...PAYLOADS, ...NAUGHTY.filter((text) => text.trim() !== "")];

/** The kinds of elements there are, what runs, and what has run. */
const made = (page) =>
  page.evaluate(() => {
    const all = [...document.querySelectorAll("*")];
    return {
      kinds: [...new Set(all.map(({ localName }) => localName))],
      handlers: all.flatMap((element) => element.getAttributeNames()).filter((name) => /^on|^style$|srcdoc/.test(name)),
      scripts: document.scripts.length,
      pwned: globalThis.pwned,
    };
  });

const assertPlain = async (page) => {
  const { kinds, handlers, scripts, pwned } = await made(page);
  assert.deepEqual(kinds.filter((kind) => /^(img|iframe|object|embed|base|math|template|x|video|audio|form-x|marquee)$/.test(kind)), []);
  assert.deepEqual([handlers, scripts, pwned], [[], 1, undefined]);
  const shown = await page.evaluate(() => document.querySelector("main").innerText);
  assert.ok(!/[\u202a-\u202e\u2066-\u2069\u200b\u0000]/.test(shown));
};

test("hostile names, fields and values of a document are text", async () => {
  await withConsole({ path: "?view=setup", waitFor: ".intake" }, async ({ page }) => {
    const entries = ALL.map((text) => ({ name: text, deployment: { type: "webfolder", webfolder_base_url: text, imgix_subdomains: [text], annotation: text, default_params: { a: text } } }));
    // A name of its own, so that it is no key of the object's.
    const strange = ALL.map((text) => Object.defineProperty({ name: `of ${text}` }, text, { value: text, enumerable: true, configurable: true }));
    const all = [...entries, ...strange];
    for (let at = 0; at < all.length; at += 90) {
      const imgix = all.slice(at, at + 90);
      await paste(page, JSON.stringify({ version: 1, imgix }));
      await until(page, (count) => document.querySelectorAll("[data-plan]").length >= count, imgix.length);
      await page.$$eval(".plan-table details", (all) => all.forEach((one) => one.setAttribute("open", "")));
      await assertPlain(page);
      await page.click("[aria-label='Close the document']");
      await until(page, () => !document.querySelector(".plan-table"));
    }
  });
});

test("hostile lines and the words of those who refuse them are text", async () => {
  const sandboxFetch = (sandbox) => async (url, init) =>
    init.method === "DELETE"
      ? new Response(JSON.stringify({ errors: PAYLOADS }), { status: 422, headers: { "content-type": "application/json", "x-request-id": "<img-src=x>" } })
      : sandbox.fetch(url, init);
  await withConsole({ path: "?view=bulk&do=imageboss.purge", waitFor: ".intake", sandboxFetch, before: hurry }, async ({ page }) => {
    await paste(page, JSON.stringify(ALL.map((text) => ["cinder", text])));
    await page.waitForSelector(".plan-table");
    await page.$eval("input[name=item-status][value='']", (input) => input.click());
    for (let more = 0; more < 6; more += 1) if (await page.$(".more-rows button")) await page.click(".more-rows button");
    await assertPlain(page);
    await start(page);
    await reaches(page, "over");
    await page.$$eval(".job details", (all) => all.forEach((one) => one.setAttribute("open", "")));
    assert.match(await page.$eval(".job-rows", ({ textContent }) => textContent), /<script>/);
    await assertPlain(page);
  });
});
