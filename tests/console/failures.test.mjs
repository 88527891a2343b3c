import assert from "node:assert/strict";
import { test } from "node:test";

import { begin, button, dialogGone, fill, names, openSource, save, submit, text, until, waitForCount, withConsole } from "./support.mjs";

const failing = (sandbox, provider, more = {}) => sandbox.faults({ rules: [{ kind: "500-html", provider, ...more }] });

for (const [provider, brand, others] of [["imgix", "imgix", 27], ["imageboss", "ImageBoss", 34]])
  test(`${brand} fails: the other half works, and a retry brings it back`, async () => {
    const start = { sandbox: { faults: { rules: [{ kind: "500-html", provider }] } } };
    await withConsole(start, async ({ page, sandbox }) => {
      await waitForCount(page, others);
      await page.waitForSelector(".notice");
      const said = await text(page, ".notice");
      assert.match(said, new RegExp(`${brand} failed .*Status 500.* missing below`));
      const other = provider === "imgix" ? "cinder" : "Kumo Ceramics";
      await openSource(page, other);
      await page.keyboard.press("Escape");
      sandbox.faults();
      await page.click(button(`Retry ${brand}`));
      await waitForCount(page, 61);

      assert.equal(await page.$(".notice"), null);
    });
  });

test("both fail: the page says so twice, and invents no sources", async () => {
  await withConsole({ sandbox: { faults: { rules: [{ kind: "status", status: 401 }] } }, waitFor: ".notice + .notice ~ source-list .empty-title" }, async ({ page }) => {
    assert.match(await text(page, ".list-side"), /imgix does not accept the key.*ImageBoss does not accept the key.*No sources could be loaded/);
  });
});

test("what went wrong can be copied, with all that support asks for", async () => {
  await withConsole({ waitFor: ".notice[data-provider=imgix]", sandbox: { faults: { rules: [{ kind: "status", status: 403, provider: "imgix" }] } } }, async ({ page, url }) => {
    await page.browserContext().overridePermissions(url, ["clipboard-read", "clipboard-write", "clipboard-sanitized-write"]);
    await page.click(".notice[data-provider=imgix] copy-button button");
    await until(page, () => /Copied: details/.test(document.querySelector(".toasts").innerText));
    const copied = await page.evaluate(() => navigator.clipboard.readText());

    assert.match(copied, /^title: imgix forbids this to the key\nmessage: .*\noperation: sources\.list\nstatus: 403\nrequestId: [0-9a-f]{8,}$/);
  });
});

test("a reload that fails keeps what was there, and says that it may be old", async () => {
  await withConsole({}, async ({ page, sandbox }) => {
    await waitForCount(page, 61);
    failing(sandbox, "imgix");
    await page.click(button("Reload"));
    await page.waitForSelector(".notice");

    assert.match(await text(page, ".notice"), /34 sources of it below may be out of date/);
    await waitForCount(page, 61);
  });
});

test("a skeleton stands until the first sources are there", async () => {
  await withConsole({ sandbox: { faults: { latencyMs: 1500 } }, waitFor: "source-list .skeleton" }, async ({ page }) => {
    assert.equal(await page.$(".row-link"), null);
    await waitForCount(page, 61);

    assert.equal(await page.$(".skeleton"), null);
  });
});

test("a newer load aborts the older", async () => {
  await withConsole({}, async ({ page, sandbox }) => {
    await waitForCount(page, 61);
    const asked = [];
    const ended = new Map();
    page.on("request", (request) => /\/sources(\?.*)?$/.test(request.url()) && asked.push(request));
    page.on("requestfailed", (request) => ended.set(request, request.failure().errorText));
    sandbox.faults({ latencyMs: 1000 });
    await page.click(button("Reload"));
    await new Promise((done) => setTimeout(done, 400));
    sandbox.faults();
    await page.click(button("Reload"));
    await until(page, () => !document.querySelector(".turning"));

    assert.equal(asked.length, 4);
    assert.deepEqual(asked.slice(0, 2).map((request) => ended.get(request)), ["net::ERR_ABORTED", "net::ERR_ABORTED"]);
    await waitForCount(page, 61);
  });
});

test("what is created, changed or deleted while a list is on its way is not undone by it", async () => {
  let release;
  const held = new Promise((done) => (release = done));
  let isHeld = false;
  const sandboxFetch = (sandbox) => async (url, init) => {
    const answer = await sandbox.fetch(url, init);
    if (isHeld && (init?.method ?? "GET") === "GET" && /\/imageboss\/v1\/sources$/.test(new URL(url).pathname)) await held;
    return answer;
  };
  await withConsole({ sandboxFetch }, async ({ page }) => {
    await waitForCount(page, 61);
    await begin(page, "imageboss", "url");
    await fill(page, "source", "made-now");
    await fill(page, "credential_attributes.url", "https://origin.example/");
    isHeld = true;
    await page.$eval("filter-bar [aria-label=Reload]", (button) => button.click());
    await save(page);
    await dialogGone(page);
    await openSource(page, "cinder");
    await page.click("[data-action=delete]");
    await page.waitForSelector("#typed-name");
    await page.type("#typed-name", "cinder");
    await submit(page);
    await page.waitForSelector(".job .button");
    await page.click(".job .button:not(.job-undo)");
    await until(page, () => /cinder is deleted/.test(document.querySelector(".toasts").innerText));
    release();
    await until(page, () => !document.querySelector(".turning"));

    assert.ok(!(await names(page)).includes("cinder"));
    await page.type("#search", "made-now");
    await until(page, () => document.querySelectorAll(".row-link").length === 1);
    assert.deepEqual(await names(page), ["made-now"]);
    await waitForCount(page, 1);
  });
});

test("of a source whose provider fails nobody says that it was deleted", async () => {
  await withConsole({ path: "?sel=imgix%3A65b7704ee553fe668319d940", waitFor: ".notice[data-provider=imgix]", sandbox: { faults: { rules: [{ kind: "status", status: 403, provider: "imgix" }] } } }, async ({ page, sandbox }) => {
    assert.match(await text(page, "source-details"), /The sources of imgix could not be loaded, so nothing is known of it/);
    assert.doesNotMatch(await text(page, "source-details"), /deleted/);

    sandbox.faults();
    await page.click(button("Retry imgix"));
    await until(page, () => document.querySelector("#details-heading").innerText === "Nordlicht Outdoor");
  });
});

test("no sources, and no matches, are said in words", async () => {
  await withConsole({ sandbox: { seed: false }, waitFor: ".empty-title" }, async ({ page }) => {
    assert.equal(await text(page, ".empty-title"), "There are no sources yet");
  });
  await withConsole({ path: "?q=nothing-like-it", waitFor: ".empty-title" }, async ({ page }) => {
    await page.waitForSelector(".empty-action button");
    assert.equal(await text(page, ".empty-title"), "No source matches");
    await page.click(".empty-action button");
    await waitForCount(page, 61);
  });
});

test("a live account looks different, and its key is nowhere in the page", async () => {
  const KEY = "ak_live_0123456789abcdef";
  const server = (sandbox) => ({ upstreams: { imgix: { key: KEY } }, fetch: (url, init) => sandbox.fetch(url, { ...init, headers: init.headers.map(([name, value]) => [name, value.replace(KEY, "sandbox")]) }) });
  const { createSandbox } = await import("../../target/npm/package/dist/sandbox.js");
  await withConsole({ server: server(createSandbox()) }, async ({ page }) => {
    await waitForCount(page, 61);

    assert.deepEqual(await page.$$eval(".mode", (badges) => badges.map((badge) => badge.textContent)), ["imgix Live", "ImageBoss Sandbox"]);
    const colours = await page.$$eval(".mode", (badges) => badges.map((badge) => getComputedStyle(badge).backgroundColor));
    assert.notEqual(colours[0], colours[1]);
    assert.equal(await page.evaluate(() => document.documentElement.dataset.mode), "live");
    assert.ok(!(await page.content()).includes(KEY));
  });
});

test("a provider that is not set up is said to be so, and not asked", async () => {
  const { createSandbox } = await import("../../target/npm/package/dist/sandbox.js");
  const sandbox = createSandbox();
  const server = { sandboxFetch: undefined, upstreams: { imageboss: { key: "sandbox" } }, fetch: sandbox.fetch };
  await withConsole({ server }, async ({ page }) => {
    await waitForCount(page, 27);

    assert.match(await text(page, ".notice"), /imgix is not set up/);
    for (const [key, title] of [["a", "Assets"], ["r", "Reports"], ["b", "Bulk"]]) {
      await page.keyboard.press("g");
      await page.keyboard.press(key);
      await until(page, (title) => document.querySelector("h1").innerText === title && document.querySelector("main .notice"), title);
      assert.match(await text(page, "main"), /imgix is not set up The server has neither a key nor a sandbox for it/);
      assert.doesNotMatch(await text(page, "main"), /no sources yet|failed/);
    }
    assert.deepEqual([...new Set(sandbox.log.map(({ provider }) => provider))], ["imageboss"]);
  });
});
