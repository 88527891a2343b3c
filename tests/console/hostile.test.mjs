// Whatever a provider answers is text: no node, no attribute, no address comes of it.
import assert from "node:assert/strict";
import { test } from "node:test";

import { begin, fill, save, submit, text, until, withConsole } from "./support.mjs";

const PAYLOADS = [
  "<script>globalThis.pwned=1</script>", "<img src=x onerror=globalThis.pwned=1>", "<svg/onload=globalThis.pwned=1>", "\"><iframe srcdoc='<script>parent.pwned=1</script>'>",
  "'\" autofocus onfocus=globalThis.pwned=1 x='", "javascript:globalThis.pwned=1", "JaVaScRiPt:globalThis.pwned=1//https://x.example", "data:text/html,<script>parent.pwned=1</script>",
  "</textarea><script>globalThis.pwned=1</script>", "</option></select><img src=x onerror=globalThis.pwned=1>", "</title><script>globalThis.pwned=1</script>", "<!--<img src=x onerror=globalThis.pwned=1>-->",
  "${globalThis.pwned=1}", "{{constructor.constructor('globalThis.pwned=1')()}}", "lit$123456789$", "<?lit$123456789$?>", "<!--?lit$1$-->", "<template><b>x</b></template>", "<base href=//evil.example>",
  "<style>*{display:none}</style>", "<link rel=stylesheet href=//evil.example>", "<meta http-equiv=refresh content='0;url=//evil.example'>", "<form action=//evil.example><button>x</button></form>",
  "<math><mtext></form><form><mglyph><style></math><img src onerror=globalThis.pwned=1>", "<a href='javascript:globalThis.pwned=1'>x</a>", "&lt;b&gt;&#x3C;b&#x3E;", "<details open ontoggle=globalThis.pwned=1>",
  "https://user:pass@evil.example/", "//evil.example/x", "vbscript:msgbox(1)", "<x contenteditable onblur=globalThis.pwned=1>", "`${1}`", "__proto__", "constructor", "\u0000nul", "\ufeffbom", "undefined", "null", "NaN", "1;drop table",
  "\u202egpj.exe", "a\u2066b\u2069", "\u200b\u200bhidden", "\ud800 lone", "Z\u0351\u036f\u0343a\u0363\u0348lgo", "ﷺ".repeat(40), "田中さん", "👩‍👩‍👧‍👦", "x".repeat(3000),
];

/** A sandbox whose texts are all replaced, ids and types kept. */
function replacing(sandbox) {
  let count = 0;
  const kept = new Set(["id", "type", "source_type", "deployment_status", "created_at", "updated_at"]);
  const replace = (name, value) => (typeof value === "string" && !kept.has(name) ? PAYLOADS[(count += 1) % PAYLOADS.length] : value);
  return async (url, init) => {
    const answer = await sandbox.fetch(url, init);
    if (!answer.ok || init.method !== "GET") return answer;
    const body = JSON.parse(await answer.text());
    for (const one of [body.data ?? [], body.sources ?? [], body].flat()) Object.assign(one.attributes ?? one, { ["<img src=x onerror=globalThis.pwned=1>"]: PAYLOADS, "javascript:x": "javascript:globalThis.pwned=1" });
    return new Response(JSON.stringify(body, replace), { status: answer.status, headers: { "content-type": answer.headers.get("content-type") } });
  };
}

/** The kinds of elements the page is made of, and the addresses it leads to. */
const inventoryOf = (page) =>
  page.evaluate(() => {
    const all = [...document.querySelectorAll("*")];
    return {
      kinds: [...new Set(all.map(({ localName }) => localName))].sort(),
      handlers: all.flatMap((element) => element.getAttributeNames()).filter((name) => /^on|^style$|srcdoc/.test(name)),
      addresses: [...new Set(all.filter((element) => element.hasAttribute("href")).map((element) => new URL(element.href?.baseVal ?? element.href, location.href)))].map(({ protocol, username, origin }) => `${protocol} ${username} ${origin === location.origin ? "own" : ""}`),
      scripts: document.scripts.length,
      pwned: globalThis.pwned,
    };
  });

async function assertPlain(page, allowed) {
  const { kinds, handlers, addresses, scripts, pwned } = await inventoryOf(page);
  assert.deepEqual(kinds.filter((kind) => !allowed.has(kind)), []);
  assert.deepEqual(handlers, []);
  assert.deepEqual(addresses.filter((address) => !/^https?: {2}|^data: /.test(address)), []);
  assert.equal(scripts, 1);
  assert.equal(pwned, undefined);
}

/** What the page is made of when nobody is hostile. */
async function kindsOfPeace() {
  const kinds = new Set();
  await withConsole({}, async ({ page }) => {
    const look = async () => (await inventoryOf(page)).kinds.forEach((kind) => kinds.add(kind));
    await look();
    for (const at of [1, 2]) {
      await page.evaluate((at) => document.querySelectorAll(".row-link")[at].click(), at);
      await page.waitForSelector("source-details dl");
      await look();
      await page.click("[data-action=edit]");
      await page.waitForSelector("form-field");
      await look();
      await page.click("dialog .icon-button");
    }
    await page.click("[data-action=delete], [data-action=switch]");
    await page.waitForSelector("confirm-dialog");
    await look();
    await page.keyboard.press("Escape");
    await until(page, () => !document.querySelector("dialog"));
    await begin(page, "imgix", "s3_compatible");
    await look();
    await page.type("#field-name", "x");
    await submit(page);
    await page.waitForSelector(".summary");
    await look();
  });
  for (const kind of ["pre", "ul", "li", "textarea", "select", "option"]) kinds.add(kind);
  for (const kind of ["script", "img", "iframe", "style", "base", "template", "math", "x"]) assert.ok(kind === "script" || !kinds.has(kind));
  return kinds;
}

test("hostile names and values are text everywhere", async () => {
  const allowed = await kindsOfPeace();
  await withConsole({ sandboxFetch: replacing }, async ({ page }) => {
    await until(page, () => document.querySelectorAll(".row-link").length > 50);
    await assertPlain(page, allowed);
    const count = await page.$$eval(".row-link", ({ length }) => length);
    for (let at = 0; at < count; at += 5) {
      await page.evaluate((at) => document.querySelectorAll(".row-link")[at].click(), at);
      await page.waitForSelector("source-details dl");
      await assertPlain(page, allowed);
      await page.evaluate(() => document.querySelector("[data-action=edit]").click());
      await page.waitForSelector("form-field");
      await page.$$eval("dialog details", (all) => all.forEach((one) => one.setAttribute("open", "")));
      await assertPlain(page, allowed);
      await page.keyboard.press("Escape");
      await until(page, () => !document.querySelector("dialog"));
      await page.evaluate(() => document.querySelector("[data-action=delete], [data-action=switch]").click());
      await until(page, () => document.querySelector("dialog, .toast"));
      await assertPlain(page, allowed);
      if (await page.$("dialog")) await page.keyboard.press("Escape");
      await until(page, () => !document.querySelector("dialog"));
    }
  });
});

test("what would turn text around or hide it is shown as a mark", async () => {
  await withConsole({ sandboxFetch: replacing }, async ({ page }) => {
    await until(page, () => document.querySelectorAll(".row-link").length > 50);
    const shown = await page.evaluate(() => document.body.innerText);

    assert.ok(shown.includes("⟨U+202E⟩gpj.exe"));
    assert.ok(!/[\u202a-\u202e\u2066-\u2069\u200b\ufeff\u0000]/.test(shown));
    assert.ok(!/[\u202a-\u202e]/.test(await page.content()));
  });
});

test("hostile words of a refusal are text", async () => {
  const sandboxFetch = (sandbox) => async (url, init) =>
    init.method === "POST"
      ? new Response(JSON.stringify({ errors: PAYLOADS.filter((one) => one.length < 500) }), { status: 422, headers: { "content-type": "application/json", "x-request-id": "<img-src=x>" } })
      : sandbox.fetch(url, init);
  const allowed = await kindsOfPeace();
  await withConsole({ sandboxFetch }, async ({ page }) => {
    await begin(page, "imageboss", "url");
    await fill(page, "source", "x");
    await fill(page, "credential_attributes.url", "https://origin.example/");
    await save(page);
    await until(page, () => document.activeElement.className === "summary");

    assert.match(await text(page, ".summary"), /<script>/);
    await assertPlain(page, allowed);
  });
});
