// Assets whose every text is hostile, and connections of every kind.
import assert from "node:assert/strict";
import { test } from "node:test";

import { filesAre, HOME, localFile, openAsset, openUpload, SOURCES, withAssets } from "./assets-support.mjs";
import { button, dialogGone, text, until, withConsole } from "./support.mjs";

const PAYLOADS = [
  "<script>globalThis.pwned=1</script>", "<img src=x onerror=globalThis.pwned=1>", "\"><iframe srcdoc='<script>parent.pwned=1</script>'>", "javascript:globalThis.pwned=1", "data:text/html,<script>parent.pwned=1</script>",
  "</textarea><script>globalThis.pwned=1</script>", "${globalThis.pwned=1}", "<!--?lit$1$-->", "lit$123456789$", "__proto__", "constructor", "a/../../b", "..", "quote\"and'tick", "\u202egpj.exe", "\u200b\u200bhidden", "x".repeat(2000), "/".repeat(50), "url(https://evil.example/x)", "#1", "?a=b&c", "%2e%2e%2f", "\ud800 lone", "https://user:pass@evil.example/", "👩‍👩‍👧‍👦", "ﷺ".repeat(40), "null", "=1+1",
];

/** A list of assets that are made of them. */
const replacing = (sandbox) => async (url, init) => {
  const { pathname } = new URL(url);
  const isOne = /assets\/./.test(pathname);
  if (!pathname.includes(`${SOURCES.main}/assets`) || init.method !== "GET") return sandbox.fetch(url, init);
  const asset = (text, at) => ({
    id: `${SOURCES.main}/${text}`, type: "assets",
    attributes: {
      origin_path: `/${text}`, name: at % 2 ? text : null, description: text, categories: [text, text], custom_fields: { [text]: text }, tags: { [text]: 0.9, bad: "0.5" }, colors: { dominant_colors: { [text]: "#1f9f5f", x: text } },
      content_type: text, media_kind: at % 3 ? "IMAGE" : text, file_size: at % 5 ? 10 : text, media_width: text, face_count: text, date_created: text, [text]: text, uploaded_by: { [text]: [text, null, { [text]: text }] },
    },
  });
  const data = isOne ? asset(decodeURIComponent(pathname.split("/assets/")[1]), 1) : PAYLOADS.map(asset);
  const meta = isOne ? {} : { cursor: { current: "0", next: null, hasMore: false, totalRecords: String(PAYLOADS.length) } };
  return new Response(JSON.stringify({ data, included: [], jsonapi: { version: "1.0" }, meta }), { headers: { "content-type": "application/vnd.api+json" } });
};

const ALLOWED = /^(html|head|meta|title|link|script|body|div|a|header|nav|main|aside|section|h[1-6]|p|span|b|i|code|kbd|pre|ul|ol|li|dl|dt|dd|bdi|del|ins|button|input|select|option|label|textarea|form|fieldset|legend|details|summary|dialog|footer|progress|svg|path|rect|circle|img|time|strong|[a-z]+-[a-z-]+)$/;

async function assertPlain(page, images) {
  const found = await page.evaluate(() => {
    const all = [...document.querySelectorAll("*")];
    return {
      kinds: [...new Set(all.map(({ localName }) => localName))],
      handlers: all.flatMap((one) => one.getAttributeNames().filter((name) => /^on|srcdoc/.test(name))),
      links: all.filter((one) => one.href && typeof one.href === "string" && one.localName !== "link").map(({ href }) => href).filter((href) => !/^https?:/.test(href)),
      images: [...document.images].map(({ src }) => new URL(src).host),
      styles: all.filter((one) => one.hasAttribute("style")).map(({ className }) => className),
      scripts: document.scripts.length,
      pwned: globalThis.pwned,
    };
  });
  assert.deepEqual(found.kinds.filter((kind) => !ALLOWED.test(kind)), []);
  assert.deepEqual(found.handlers, []);
  assert.deepEqual(found.links, []);
  assert.deepEqual(found.images.filter((host) => !images.includes(host)), []);
  assert.equal(found.scripts, 1);
  assert.equal(found.pwned, undefined);
}

test("hostile paths, names, tags, colours and attributes are text everywhere", async () => {
  await withAssets({ sandboxFetch: replacing, height: 3000 }, async ({ page, url }) => {
    const { host } = new URL(url);
    await until(page, (count) => document.querySelectorAll(".asset-tile").length === count, PAYLOADS.length);
    await assertPlain(page, [host]);
    assert.ok(!/[\u202a-\u202e\u200b]/.test(await page.evaluate(() => document.body.innerText)));
    for (let at = 0; at < PAYLOADS.length; at += 1) {
      await page.evaluate((at) => document.querySelector(`[data-at="${at}"] .asset-link`).click(), at);
      await until(page, () => document.querySelector("asset-details h2")?.textContent);
      await assertPlain(page, [host]);
      if (!(await page.$("[data-action=edit-asset]"))) continue;
      await page.evaluate(() => document.querySelector("[data-action=edit-asset]").click());
      await page.waitForSelector("asset-edit dialog");
      await assertPlain(page, [host]);
      await page.keyboard.press("Escape");
      await dialogGone(page);
    }
    await page.setViewport({ width: 320, height: 700 });
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= 320));
  });
});

test("hostile words of a refusal are text", async () => {
  const sandboxFetch = (sandbox) => async (url, init) =>
    /assets\?|assets$/.test(url) ? new Response(JSON.stringify({ errors: PAYLOADS.filter((one) => one.length < 100).map((detail) => ({ detail, title: detail, id: detail, status: "403" })) }), { status: 403, headers: { "content-type": "application/json" } }) : sandbox.fetch(url, init);
  await withConsole({ path: HOME, sandboxFetch, waitFor: ".notice[role=alert]" }, async ({ page, url }) => {
    assert.match(await text(page, ".notice[role=alert]"), /<script>/);
    await assertPlain(page, [new URL(url).host]);
  });
});

test("a source id and a path out of an address are text, and never another request", async () => {
  for (const query of ["?view=assets&source=../../reports&asset=x", "?view=assets&source=%3Cimg%20src%3Dx%3E&asset=%3Cscript%3E", `${HOME}&asset=../../../sources`, `?view=assets&source=${"x".repeat(3000)}`])
    await withConsole({ path: query, waitFor: "main h1" }, async ({ page, sandbox, url }) => {
      await until(page, () => document.querySelector(".notice[role=alert], asset-details, .empty"));
      await new Promise((done) => setTimeout(done, 300));

      assert.deepEqual(sandbox.log.map(({ operation }) => operation).filter((name) => !["sources.list", "assets.list", "assets.get", "images.get"].includes(name)), []);
      await assertPlain(page, [new URL(url).host]);
    });
});

test("offline: what is there stays, what is asked says so, a retry fails again, and it goes on by itself when the network is back", async () => {
  await withAssets({}, async ({ page }) => {
    await page.setOfflineMode(true);
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
    await page.waitForSelector("main .notice[role=alert]");
    assert.match(await text(page, "main .notice[role=alert]"), /imgix cannot be reached.*shown below/);
    assert.ok(await page.$(".asset-link"));
    await page.click("main [data-action=retry]");
    await page.waitForSelector("main [data-action=retry]");
    await page.setOfflineMode(false);
    await until(page, () => /^200 of/.test(document.querySelector(".shown").innerText));
  });
});

test("damaged and odd answers are said, not shown", async () => {
  for (const [kind, words] of [["not-json", /cannot be read/], ["truncate", /cannot be read|cannot be reached|broke/], ["empty", /cannot be read/]])
    await withConsole({ path: HOME, sandbox: { faults: { rules: [{ kind, operation: "assets.list" }] } }, waitFor: "main .notice[role=alert]" }, async ({ page }) => {
      assert.match(await text(page, "main .notice[role=alert]"), words, kind);
    });
  await withAssets({ sandbox: { faults: { rules: [{ kind: "drift", operation: "assets.list" }] } } }, async ({ page }) => {
    assert.ok((await page.$$(".asset-link")).length > 10);
  });
});

test("in the sandbox inside of the page there are pictures, uploads and figures, and nobody is asked", async () => {
  await withConsole({ isStatic: true, path: HOME, waitFor: "connect-page h1" }, async ({ page }) => {
    await page.click("input[name=way][value=sandbox]");
    await page.click(button("Open the sandbox"));
    await until(page, () => [...document.images].filter(({ src, naturalWidth }) => src.startsWith("blob:") && naturalWidth > 0).length > 5);
    await openUpload(page, [localFile("in page.jpg")]);
    await page.click("[data-action=upload]");
    await filesAre(page, "done");
    assert.match(await text(page, ".file"), /uploaded · by one request/);
    await openAsset(page, 2);
    assert.equal(await page.$("asset-details a[href^='https://nordlicht']"), null, "a link would lead to somebody's real host");
    await page.evaluate(() => [...document.querySelectorAll("nav a")].find(({ innerText }) => /Reports/.test(innerText)).click());
    await page.waitForSelector(".reports .row-link");
    await page.select("#report-type", "source_analytics");
    await until(page, () => document.querySelectorAll(".reports tbody tr").length === 91);
    await page.click(".reports tbody tr:nth-child(3) a");
    await page.waitForSelector("[data-action=draw]");
    assert.equal(await page.$(".report-files a"), null);
    await page.click("[data-action=draw]");
    await page.waitForSelector(".ranks");
  });
});

test("blobs of pictures are given back when they are out of sight", async () => {
  const before = () => {
    globalThis.blobs = new Set();
    const { createObjectURL, revokeObjectURL } = URL;
    URL.createObjectURL = (blob) => { const url = createObjectURL.call(URL, blob); globalThis.blobs.add(url); return url; };
    URL.revokeObjectURL = (url) => { globalThis.blobs.delete(url); revokeObjectURL.call(URL, url); };
  };
  await withConsole({ isStatic: true, path: HOME, waitFor: "connect-page h1", before }, async ({ page }) => {
    await page.click("input[name=way][value=sandbox]");
    await page.click(button("Open the sandbox"));
    await until(page, () => globalThis.blobs.size > 10);
    await page.evaluate(() => [...document.querySelectorAll("nav a")].find(({ innerText }) => /Reports/.test(innerText)).click());
    await until(page, () => globalThis.blobs.size === 0);
  });
});
