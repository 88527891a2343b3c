import assert from "node:assert/strict";
import { test } from "node:test";

import { brotli, focused, names, openSource, text, until, waitForCount, withConsole } from "./support.mjs";

test("the page without the module of the package weighs at most 60 kB", () => {
  assert.ok(brotli.total <= 60_000, `${brotli.total} bytes`);
});

test("all sources of both providers are in one table", async () => {
  await withConsole({}, async ({ page }) => {
    await waitForCount(page, 61);

    assert.equal(await text(page, ".shown"), "61 sources");
    assert.deepEqual((await names(page)).slice(0, 3), ["2019 campaign microsite", "Agency sandbox", "alpenblick"]);
    assert.match(await text(page, ".segments"), /All 61 imgix 34 ImageBoss 27/);
    assert.deepEqual(await page.$$eval(".mode", (badges) => badges.map((badge) => badge.dataset.mode)), ["sandbox", "sandbox"]);
  });
});

test("search finds by name, id, bucket and host, and stands in the address", async () => {
  await withConsole({}, async ({ page }) => {
    await waitForCount(page, 61);
    await page.keyboard.press("/");
    assert.equal(await focused(page), "search");
    for (const [words, found] of [["nordlicht", "Nordlicht Outdoor"], ["67da64fdebef5dcc80d01444", "Harbour & Pine"], ["cinder-fashion", "cinder"], ["kumo.imgix.net", "Kumo Ceramics"], ["IMGIX kumo", "Kumo Ceramics"]]) {
      await page.$eval("#search", (input) => input.select());
      await page.keyboard.type(words);
      await waitForCount(page, 1);

      assert.deepEqual(await names(page), [found]);
      await until(page, (words) => new URLSearchParams(location.search).get("q") === words, words);
    }
    assert.equal(await text(page, ".shown"), "1 of 61 sources");
  });
});

test("filters by provider and type, and back goes back", async () => {
  await withConsole({}, async ({ page }) => {
    await waitForCount(page, 61);
    await page.click("input[name=api][value=imageboss]");
    await waitForCount(page, 27);
    await page.select(".picker select", "azure");
    await waitForCount(page, 4);

    assert.deepEqual(await names(page), ["alpenblick", "archive-1987", "brickandbond", "studio-nine"]);
    assert.equal(new URL(page.url()).search, "?api=imageboss&type=azure");
    await page.goBack();
    await waitForCount(page, 27);
  });
});

test("columns sort both ways", async () => {
  await withConsole({}, async ({ page }) => {
    await waitForCount(page, 61);
    await page.click(".col-changed .sort");
    const oldest = (await page.$$eval("td time", (times) => times.map((time) => time.dateTime)));
    await page.click(".col-changed .sort");
    await until(page, () => document.querySelector("th.col-changed").ariaSort === "descending");
    const newest = await page.$$eval("td time", (times) => times.map((time) => time.dateTime));

    assert.deepEqual(oldest, [...oldest].sort());
    assert.deepEqual(newest, [...newest].sort().reverse());
    assert.equal(new URL(page.url()).searchParams.get("sort"), "-changed");
  });
});

test("an address brings back search, filters, order and the selected source", async () => {
  await withConsole({ path: "?api=imgix&type=s3&q=i&sort=-name&sel=imgix%3A65b7704ee553fe668319d940" }, async ({ page }) => {
    await until(page, () => document.querySelector("#details-heading")?.textContent === "Nordlicht Outdoor");

    assert.equal(await page.$eval("#search", ({ value }) => value), "i");
    assert.ok(await page.$eval("input[name=api][value=imgix]", ({ checked }) => checked));
    assert.equal(await page.$eval("th.col-name", (head) => head.ariaSort), "descending");
    const shown = await names(page);
    assert.deepEqual(shown, [...shown].sort((a, b) => b.localeCompare(a, "en")));
    assert.equal(await page.$eval("tr.selected .row-link", (link) => link.textContent), "Nordlicht Outdoor");
  });
});

test("an address of a source that is not there says so", async () => {
  await withConsole({ path: "?sel=imgix%3Anowhere" }, async ({ page }) => {
    await until(page, () => /may have been deleted/.test(document.querySelector("source-details")?.innerText ?? ""));
  });
});

test("arrows move in the list, enter opens, escape closes and the focus comes back", async () => {
  await withConsole({}, async ({ page }) => {
    await waitForCount(page, 61);
    await page.keyboard.press("/");
    for (const key of ["ArrowDown", "ArrowDown", "ArrowDown", "ArrowUp"]) await page.keyboard.press(key);
    assert.equal(await focused(page), "Agency sandbox");
    await page.keyboard.press("Enter");
    await until(page, () => document.activeElement.id === "details-heading");
    await page.keyboard.press("Escape");
    await until(page, () => document.activeElement.textContent === "Agency sandbox");
    await page.keyboard.press("End");
    assert.equal(await focused(page), (await names(page)).at(-1));
    assert.equal(await page.$$eval(".row-link[tabindex='0']", (links) => links.length), 1);
  });
});

test("the sheet of shortcuts opens, and can turn single keys off", async () => {
  await withConsole({}, async ({ page }) => {
    await page.focus("[data-action=new]");
    await page.keyboard.press("?");
    await page.waitForSelector("shortcuts-dialog dialog[open]");
    await page.click(".option input");
    await page.keyboard.press("Escape");
    await until(page, () => !document.querySelector("dialog"));
    assert.equal(await focused(page), "New source");
    await page.keyboard.press("n");
    await page.keyboard.press("/");

    assert.equal(await page.$("dialog"), null);
    assert.equal(await focused(page), "New source");
  });
});

test("a deployment is watched until it is done, and politely said", async () => {
  await withConsole({ sandbox: { settleMs: 0, deployMs: 5000 } }, async ({ page, sandbox }) => {
    await waitForCount(page, 61);
    const headers = { authorization: "Bearer sandbox", "content-type": "application/vnd.api+json" };
    const body = JSON.stringify({ data: { id: "65b7704ee553fe668319d940", type: "sources", attributes: { deployment: { ...sandbox.stored("imgix", "65b7704ee553fe668319d940").deployment, annotation: "x" } } }, jsonapi: { version: "1.0" } });
    const answer = await sandbox.fetch("https://api.imgix.com/api/v1/sources/65b7704ee553fe668319d940", { method: "PATCH", headers, body });
    assert.equal(answer.status, 200, await answer.text());
    await page.click("[aria-label=Reload]");
    await until(page, () => document.querySelector("[data-key='imgix:65b7704ee553fe668319d940'] .status").dataset.status === "deploying");
    await until(page, () => /Nordlicht Outdoor is deployed/.test(document.querySelector(".toasts[role=status]").innerText));

    assert.equal(await text(page, "[data-key='imgix:65b7704ee553fe668319d940'] .status"), "deployed");
  });
});

test("nothing is asked while the tab is hidden", async () => {
  await withConsole({ sandbox: { settleMs: 0, deployMs: 600_000 } }, async ({ page, sandbox }) => {
    await waitForCount(page, 61);
    const looks = () => sandbox.log.filter(({ path }) => /sources\/\w+$/.test(path)).length;
    while (looks() === 0) await new Promise((done) => setTimeout(done, 100));
    await page.evaluate(() => {
      Object.defineProperty(document, "hidden", { get: () => globalThis.isHidden, configurable: true });
      globalThis.isHidden = true;
      document.dispatchEvent(new Event("visibilitychange"));
    });
    await new Promise((done) => setTimeout(done, 500));
    const before = looks();
    await new Promise((done) => setTimeout(done, 5000));
    assert.equal(looks(), before);
    await page.evaluate(() => {
      globalThis.isHidden = false;
      document.dispatchEvent(new Event("visibilitychange"));
    });
    while (looks() === before) await new Promise((done) => setTimeout(done, 100));
  });
});

test("details show every attribute, and secrets only when asked", async () => {
  await withConsole({}, async ({ page, sandbox }) => {
    await waitForCount(page, 61);
    await openSource(page, "Atelier Mirabel");
    const token = sandbox.stored("imgix", "68b9fe6066adfaee788ac187").secure_url_token;
    const shown = await text(page, "source-details");
    for (const name of ["secure_url_token", "gcs_bucket", "gcs_access_key", "allows_upload", "cache_ttl_value", "date_deployed"]) assert.ok(shown.includes(name), name);
    assert.ok(!(await page.content()).includes(token ?? "DTQtf7LxkDogCZT4"));
    assert.ok(!(await page.content()).includes("GOOGV7LV543ORIPVEUNZ7"), "the id of the access key");
    assert.ok(shown.includes("••••56OF"));
    await page.click("source-details .link-button");

    assert.match(await text(page, "source-details"), /DTQtf7LxkDogCZT4/);
    assert.equal(await page.$("[data-action=delete]"), null);
    assert.match(shown, /cannot be deleted/);
  });
});

test("ids and hosts can be copied", async () => {
  await withConsole({}, async ({ page, url }) => {
    await page.browserContext().overridePermissions(url, ["clipboard-read", "clipboard-write", "clipboard-sanitized-write"]);
    await waitForCount(page, 61);
    await openSource(page, "cinder");
    await page.click("[aria-label='Copy id']");
    await until(page, () => /Copied: id/.test(document.querySelector(".toasts").innerText));

    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), "670132e0cf7ceaf47e808e69");
  });
});

test("the theme is kept", async () => {
  await withConsole({}, async ({ page }) => {
    await page.click("[aria-label='Theme: system']");
    await page.click("[aria-label='Theme: light']");
    await page.reload();
    await page.waitForSelector("[aria-label='Theme: dark']");

    assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme), "dark");
  });
});
