// How much of each limit others use, in the console, on the deployment's own Worker: numbers of other clients, when is asked and when
// not, and what is shown if there is no answer.
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { test } from "node:test";

import { Imgix } from "../../target/npm/package/dist/index.js";
import { ask, at, instead } from "./gateway.mjs";
import { press } from "./keys.mjs";
import { openSource, text, until, waitForCount, withConsole } from "./support.mjs";

const AWAY = { status: 503, body: { code: "limits-unreachable", message: "the limits that all share cannot be reached, so nobody knows how they stand; try again later" } };
const standing = (more) => ({ requests: 60, perMs: 3_600_000, used: 0, waiting: 0, nextMs: 0, ...more });
const answer = (imgix, source = "object") => ({ body: { source, providers: { imgix } } });
/** Longer than the page waits before it asks again. */
const WHILE_MS = 2_600;

/** To be run in the page first: counts what is asked of limits, and how many at once; each answer takes so long. */
const counting = (ms) => {
  const real = globalThis.fetch;
  Object.assign(globalThis, { asked: 0, atOnce: 0, most: 0, given: 0 });
  globalThis.fetch = async (address, init) => {
    if (!String(address).endsWith("/api/limits")) return real(address, init);
    globalThis.asked += 1;
    globalThis.most = Math.max(globalThis.most, (globalThis.atOnce += 1));
    try {
      await new Promise((done, failed) => {
        setTimeout(done, ms);
        init.signal.addEventListener("abort", () => failed(init.signal.reason));
      });
      return await real(address, init);
    } finally {
      globalThis.atOnce -= 1;
    }
  };
};
const asked = (page) => page.evaluate(() => globalThis.asked);

/** As `at`, with the list of sources there. */
const listed = (more) => at("", { waitFor: ".row-link", ...more });
const open = async (page) => {
  await press(page, "l");
  await page.waitForSelector(".rates tbody tr");
};
const close = async (page) => {
  await press(page, "Escape");
  await until(page, () => !document.querySelector("rate-table"));
};
const cells = (page, name, provider = "imgix") =>
  page.evaluate((name, provider) => {
    const row = [...document.querySelectorAll(".rates tbody tr")].find((one) => one.querySelector(".mono").textContent === name && one.querySelector(`[data-provider=${provider}]`));
    return [...row.querySelectorAll("td")].map((cell) => cell.innerText.replace(/\s+/g, " ").trim());
  }, name, provider);
const reads = (page, name, wanted) =>
  until(page, (name, wanted) => {
    const row = [...document.querySelectorAll(".rates tbody tr")].find((one) => one.querySelector(".mono").textContent === name);
    return [...row.querySelectorAll("td")].slice(0, 2).map((cell) => cell.innerText.replace(/\s+/g, " ").trim()).join(" | ") === wanted;
  }, name, wanted);
const says = (page, words) => until(page, (words) => new RegExp(words).test(document.querySelector("rate-table")?.innerText.replace(/\s+/g, " ")), words);
/** What the browser would say if the page were hidden. */
const hide = (page, isHidden) =>
  page.evaluate((isHidden) => {
    Object.defineProperty(document, "hidden", { configurable: true, get: () => isHidden });
    document.dispatchEvent(new Event("visibilitychange"));
  }, isHidden);

/** Disables or enables a source of imgix, by this page's own client. */
async function switchOne(page, name) {
  if (!(await page.$("source-details"))) await openSource(page, name);
  const before = await text(page, "[data-action=switch]");
  await page.click("[data-action=switch]");
  if (before === "Disable") {
    await page.waitForSelector("confirm-dialog dialog[open]");
    await page.click("confirm-dialog [type=submit]");
  }
  await until(page, (before) => ![undefined, before].includes(document.querySelector("[data-action=switch]:not([aria-disabled])")?.innerText.trim()), before);
}

test("what another client and another tab have used appears beside what this page has", async () => {
  await withConsole(listed(), async ({ page, url }) => {
    await waitForCount(page, 61);
    await open(page);
    await says(page, "From the gateway, which counts this page, its other tabs and others together");
    await reads(page, "sources.update", "0 of 60 in 1 h | ");

    const other = new Imgix({ gateway: { url: `${url}api/imgix` }, headers: { "x-image-sources": "test" } });
    const [first] = (await ask(page, "GET", "imgix/sources?page[size]=1")).json.data;
    for (let count = 0; count < 3; count += 1) await other.sources.update(first.id, { name: `by another client ${count}` });
    await reads(page, "sources.update", "3 of 60 in 1 h | others 3");

    await close(page);
    await switchOne(page, "Atelier Mirabel");
    const tab = await page.browserContext().newPage();
    try {
      await tab.goto(url);
      await tab.waitForSelector(".row-link");
      await switchOne(tab, "Atelier Mirabel");
      await switchOne(tab, "Atelier Mirabel");
    } finally {
      await tab.close();
    }
    await page.bringToFront();
    await open(page);
    await reads(page, "sources.update", "6 of 60 in 1 h | this page 1, other tabs 2, others 3");
    assert.deepEqual((await cells(page, "sources.update")).slice(2), ["now", "0", "0"]);

    // The same by the gateway's own count.
    const { json } = await ask(page, "GET", "limits");
    assert.deepEqual(json.providers.imgix["sources.update"], standing({ used: 6 }));
  });
});

test("what the gateway refused is nobody's, and what this page sent before a reload may be of others", async () => {
  const refused = { code: "rate-limited", message: "too many wait", errors: [{ status: "403", code: "rate-limited", title: "too many wait" }] };
  await withConsole(listed({ before: [instead, {}] }), async ({ page, sandbox }) => {
    await waitForCount(page, 61);
    await openSource(page, "Atelier Mirabel");
    await page.evaluate((given) => (globalThis.instead = given), { "PATCH /api/imgix/sources/": { status: 403, body: refused } });
    await page.click("[data-action=switch]");
    await page.waitForSelector("confirm-dialog dialog[open]");
    await page.click("confirm-dialog [type=submit]");
    await page.waitForSelector("::-p-text(too many wait)");
    await press(page, "Escape");
    await page.evaluate(() => (globalThis.instead = {}));
    assert.equal(sandbox.log.filter(({ method }) => method === "PATCH").length, 0);
    await open(page);
    await says(page, "this page before it was loaded again");
    await reads(page, "sources.update", "0 of 60 in 1 h | ");
    await close(page);
    await press(page, "i");
    await page.waitForSelector("inspector-drawer .call");
    assert.match(await text(page, "inspector-drawer .help"), /how its limits stand, is not listed/);
    assert.ok(!(await page.$$eval(".call", (calls) => calls.some(({ innerText }) => innerText.includes("/api/limits")))));
  });
});

test("it is asked again and again while it is open, one question at a time, and never when it is closed", async () => {
  await withConsole(listed({ before: [counting, 300] }), async ({ page }) => {
    await waitForCount(page, 61);
    await sleep(WHILE_MS);
    assert.equal(await asked(page), 0);
    await open(page);
    await until(page, () => globalThis.asked >= 3);
    assert.equal(await page.evaluate(() => globalThis.most), 1);
    await close(page);
    const before = await asked(page);
    await sleep(WHILE_MS);
    assert.equal(await asked(page), before);
    await open(page);
    await until(page, (before) => globalThis.asked > before, before);
  });
});

test("a question that takes longer than the time between two is waited for, and given up when it is closed", async () => {
  await withConsole(listed({ before: [counting, 5_000] }), async ({ page }) => {
    await waitForCount(page, 61);
    await open(page);
    await says(page, "Asking the gateway what others use");
    await sleep(WHILE_MS);
    assert.deepEqual(await page.evaluate(() => [globalThis.asked, globalThis.atOnce]), [1, 1]);
    await close(page);
    await until(page, () => globalThis.atOnce === 0);
    await sleep(WHILE_MS);
    assert.equal(await asked(page), 1);
  });
});

test("a page that is hidden or offline asks nobody, and asks at once when it is back", async () => {
  await withConsole(listed({ before: [counting, 0] }), async ({ page }) => {
    await waitForCount(page, 61);
    await open(page);
    await says(page, "From the gateway");
    for (const [away, back] of [[() => hide(page, true), () => hide(page, false)], [() => page.setOfflineMode(true), () => page.setOfflineMode(false)]]) {
      await away();
      await until(page, () => /Counted from the requests this page has sent/.test(document.querySelector("rate-table").innerText));
      const before = await asked(page);
      await sleep(WHILE_MS);
      assert.equal(await asked(page), before);
      await back();
      await says(page, "From the gateway");
      assert.ok((await asked(page)) > before);
    }
  });
});

test("if the object does not answer, it is said, the numbers of this page stay, and it is asked again", async () => {
  await withConsole(listed({ before: [instead, { "GET /api/limits": AWAY }] }), async ({ page }) => {
    await waitForCount(page, 61);
    await switchOne(page, "Atelier Mirabel");
    await open(page);
    await says(page, "Without what others use");
    assert.equal(await text(page, "rate-table [role=status]"), "Without what others use: the limits that all share cannot be reached, so nobody knows how they stand; try again later.");
    assert.deepEqual(await cells(page, "sources.update"), ["1 of 60 in 1 h", "this page 1", "now", "0", "0"]);
    assert.match(await text(page, "rate-table"), /Counted from the requests this page has sent\. /);

    await page.evaluate(() => (globalThis.instead = {}));
    await says(page, "From the gateway");
    assert.doesNotMatch(await text(page, "rate-table"), /Without what others use|Counted from/);
    assert.equal(await text(page, "rate-table [role=status]"), "");
    await page.evaluate((away) => (globalThis.instead = { "GET /api/limits": away }), AWAY);
    await says(page, "Without what others use");
    assert.deepEqual((await cells(page, "sources.update")).slice(0, 2), ["1 of 60 in 1 h", "this page 1"]);
  });
});

test("whatever else is answered is no reason to fail", async () => {
  const cases = [
    [{ isLost: true }, "did not answer"],
    [{ status: 502, body: "<html>" }, "it answered 502"],
    [{ body: "<html>" }, "its answer is no JSON"],
    [{ status: 401, body: { code: "unauthenticated", message: "sign in first" } }, "sign in first"],
    ...[null, [], {}, { providers: null }, { providers: {} }, { providers: { imgix: { default: {} } } }, { providers: { imgix: { default: standing({ used: -1 }) } } }, { providers: { imgix: { default: standing({ nextMs: "soon" }) } } }, { providers: { imgix: { default: standing({ requests: 0 }) } } }].map((body) => [{ body }, "its answer is not what was expected"]),
  ];
  await withConsole(listed({ before: [instead, {}] }), async ({ page }) => {
    await waitForCount(page, 61);
    for (const [given, words] of cases) {
      await page.evaluate((given) => (globalThis.instead = { "GET /api/limits": given }), given);
      await open(page);
      await says(page, `Without what others use: .*${words}`);
      assert.equal(await page.$$eval(".rates tbody tr", ({ length }) => length), 9);
      await close(page);
    }
  });
});

test("limits of the gateway's own, those that are full, and those that it does not have", async () => {
  const told = answer({
    purge: standing({ requests: 20, perMs: 60_000, used: 20, waiting: 7, nextMs: 42_000 }),
    "sources.create": standing({ used: 60, waiting: 20_000, nextMs: null }),
    "assets.get": null,
    "made.up": standing({ used: 3 }),
  });
  await withConsole(listed({ before: [instead, { "GET /api/limits": told }] }), async ({ page }) => {
    await waitForCount(page, 61);
    await open(page);
    await says(page, "From the gateway");
    const [used, whose, next, waiting] = await cells(page, "purge");
    assert.deepEqual([used, whose, waiting], ["20 of 20 in 1 min", "others 20", "7"]);
    assert.match(next, /^in (4[0-2]|3\d) s$/);
    assert.deepEqual(await cells(page, "sources.create"), ["60 of 60 in 1 h", "others 60", "too many wait", "20000", "0"]);
    assert.deepEqual((await cells(page, "assets.get")).slice(0, 3), ["0 of 10 in 1 s", "", "now"]);
    assert.equal(await page.$$eval(".rates tbody tr", ({ length }) => length), 9);
  });
});

test("a gateway that counts in each of its parts alone says so", async () => {
  await withConsole(listed({ before: [instead, { "GET /api/limits": answer({ "sources.update": standing({ used: 2 }) }, "isolate") }] }), async ({ page }) => {
    await waitForCount(page, 61);
    await open(page);
    await says(page, "it counts in each of its parts alone.* RATE_LIMITS");
    assert.deepEqual((await cells(page, "sources.update")).slice(0, 2), ["2 of 60 in 1 h", "others 2"]);
  });
});

test("where there is nothing to ask, nobody is asked", async () => {
  await withConsole(listed({ before: [instead, { "GET /api/limits": { status: 404, body: { code: "not-found", message: "there is nothing here" } } }] }), async ({ page }) => {
    await waitForCount(page, 61);
    await page.evaluate(() => {
      const real = globalThis.fetch;
      globalThis.asked = 0;
      globalThis.fetch = (address, init) => ((globalThis.asked += Number(String(address).includes("/api/limits"))), real(address, init));
    });
    await open(page);
    await sleep(WHILE_MS);
    assert.equal(await asked(page), 0);
    assert.match(await text(page, "rate-table"), /Counted from the requests this page has sent/);
    assert.equal(await text(page, "rate-table [role=status]"), "");
  });
  // Without a gateway there is no question at all.
  await withConsole({}, async ({ page, url }) => {
    await waitForCount(page, 61);
    await open(page);
    await sleep(WHILE_MS);
    assert.ok(!(await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name))).some((name) => name.startsWith(`${url}api/limits`)));
  });
});
