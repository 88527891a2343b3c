// What stands around the screens shows texts of providers, gateways and sources too: all of it is text there.
import assert from "node:assert/strict";
import { test } from "node:test";

import { openPalette } from "./states/shell.mjs";
import { button, text, until, waitForCount, withConsole } from "./support.mjs";

const PAYLOADS = [
  "<script>globalThis.pwned=1</script>", "<img src=x onerror=globalThis.pwned=1>", "\"><svg/onload=globalThis.pwned=1>", "' autofocus onfocus=globalThis.pwned=1 x='", "javascript:globalThis.pwned=1",
  "<iframe srcdoc='<script>parent.pwned=1</script>'>", "<style>*{display:none}</style>", "<base href=//evil.example>", "lit$123$ <?lit$123$?>", "${globalThis.pwned=1}", "{{7*7}}", "\u202egpj.exe\u0000", "a`b`<b>c</b>", "x".repeat(5000),
];

/** Elements no text may become, handlers no text may bring, addresses no text may lead to. */
async function assertPlain(page) {
  const found = await page.evaluate(() => {
    const all = [...document.querySelectorAll("*")];
    return {
      nodes: all.filter(({ localName }) => /^(img|iframe|style|base|object|embed|math|template|x|b-c|meta|link|form|audio|video)$/.test(localName) && !document.head.contains(document.querySelector(localName))).map(({ outerHTML }) => outerHTML.slice(0, 100)),
      handlers: all.flatMap((element) => element.getAttributeNames()).filter((name) => /^on|^style$|srcdoc/.test(name)),
      addresses: all.flatMap((element) => ["href", "src", "action"].map((name) => element.getAttribute(name))).filter((address) => /^\s*(javascript|vbscript|data:text)/i.test(address ?? "")),
      scripts: document.scripts.length,
      pwned: globalThis.pwned,
      shown: document.body.innerText,
    };
  });
  assert.deepEqual([found.nodes, found.handlers, found.addresses, found.scripts, found.pwned], [[], [], [], 1, undefined]);
  assert.ok(!/[\u202a-\u202e\u2066-\u2069\u0000]/.test(found.shown));
}

/** A sandbox with names that mean harm, request ids and refusals as well. */
const hostile = (sandbox) => {
  let count = 0;
  const next = () => PAYLOADS[(count += 1) % PAYLOADS.length];
  return async (url, init) => {
    const answer = await sandbox.fetch(url, init);
    const body = JSON.parse(await answer.text());
    for (const { attributes } of body.data ? [body.data].flat() : []) Object.assign(attributes, { name: next(), enabled: { toString: next() }, [next()]: next() });
    for (const source of init.method === "GET" && !body.data ? [body.sources ?? body].flat() : []) Object.assign(source, { source: next(), source_type: [next()] });
    return new Response(JSON.stringify(body), { status: answer.status, headers: { "content-type": "application/json", "x-request-id": encodeURIComponent(next()).slice(0, 100) } });
  };
};

test("requests, drift, palette and news of hostile sources are text", async () => {
  await withConsole({ sandboxFetch: hostile }, async ({ page }) => {
    await until(page, () => document.querySelectorAll(".row-link").length > 50);
    await page.keyboard.press("i");
    await page.waitForSelector(".call");
    await page.$$eval(".call", (calls) => calls.forEach((call) => call.setAttribute("open", "")));
    assert.match(await text(page, ".calls"), /should be/);
    await assertPlain(page);
    await openPalette(page);
    for (const words of ["script", "onerror", "<", "javascript:"]) {
      await page.$eval(".palette input", (input) => input.select());
      await page.keyboard.type(words);
      await until(page, () => document.querySelectorAll(".palette li").length > 0);
      await assertPlain(page);
    }
    await page.keyboard.press("Escape");
    for (const payload of PAYLOADS) await page.evaluate((payload) => document.querySelector("toast-stack").say(payload), payload);
    await until(page, () => document.querySelectorAll(".toast").length === 4);
    await assertPlain(page);
  });
});

test("what a gateway says of itself is text", async () => {
  const answer = async (url, init) => {
    const headers = { "access-control-allow-origin": init.headers.origin ?? "*", "access-control-allow-credentials": "true", "access-control-allow-headers": "x-image-sources", "content-type": "application/json" };
    const may = Object.fromEntries(PAYLOADS.map((payload) => [payload, true]));
    if (init.method === "OPTIONS") return new Response(null, { status: 204, headers });
    if (url.endsWith("/status")) return new Response(JSON.stringify({ imgix: { mode: "live" }, imageboss: { mode: "<img src=x>" }, gateway: { may } }), { headers });
    return new Response(JSON.stringify({ errors: PAYLOADS.map((title) => ({ title, detail: title })), error: PAYLOADS[1] }), { status: 403, headers });
  };
  await withConsole({ isStatic: true, waitFor: "connect-page h1", answer }, async ({ page }) => {
    await page.type("#connect-url", "http://localhost:9/api");
    await page.click("connect-page [type=submit]");
    await page.waitForSelector(".notice");
    await page.click(".modes");
    await page.click(button("What may the key of imgix do?"));
    await until(page, () => document.querySelector("#connection tr[data-found=no]"));

    await assertPlain(page);
    assert.match(await text(page, "#connection"), /<script>/);
  });
});

test("hostile addresses of the page are no harm", async () => {
  for (const payload of ["<img src=x onerror=globalThis.pwned=1>", "javascript:globalThis.pwned=1", "__proto__", "constructor", "%00", "../../x"])
    for (const name of ["view", "q", "sel", "sort", "type", "api", payload])
      await withConsole({ path: `?${encodeURIComponent(name)}=${encodeURIComponent(payload)}`, waitFor: "filter-bar" }, async ({ page }) => {
        await until(page, () => document.querySelector("main h1"));
        await assertPlain(page);
      });
});

test("undo is offered as long as it can be done, and done once", async () => {
  await withConsole({}, async ({ page }) => {
    await waitForCount(page, 61);
    await page.evaluate(() => {
      globalThis.undone = 0;
      const stack = document.querySelector("toast-stack");
      stack.say("Deletes cinder", { undo: () => (globalThis.undone += 1), ms: 60_000 });
      for (let at = 0; at < 6; at += 1) stack.say(`News ${at}`);
    });
    await page.waitForSelector("[data-action=undo]");
    assert.equal(await page.$eval(".toasts", (toasts) => toasts.role), "status");
    assert.equal(await page.$eval("[data-action=undo]", (undo) => undo.textContent), "Undo: Deletes cinder");
    await page.evaluate(() => (document.querySelector("[data-action=undo]").click(), document.querySelector("[data-action=undo]")?.click()));
    await until(page, () => !document.querySelector("[data-action=undo]"));

    assert.equal(await page.evaluate(() => globalThis.undone), 1);
    await page.evaluate(() => document.querySelector("toast-stack").say("Too late", { undo: () => (globalThis.undone += 1), ms: 1 }));
    await until(page, () => !document.querySelector("[data-action=undo]"));
    assert.equal(await page.evaluate(() => globalThis.undone), 1);
  });
});
