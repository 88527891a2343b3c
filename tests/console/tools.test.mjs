// Beside the list: filters on attributes, selection, columns, files.
import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { names, text, until, waitForCount, withConsole } from "./support.mjs";

const addFilter = async (page, path, value) => {
  await page.click("[data-menu=where] summary");
  await page.waitForSelector("#where-field");
  await page.select("#where-field", path);
  await until(page, (path) => document.querySelector("#where-field").value === path, path);
  const isChoice = await page.$eval("#where-value", ({ localName }) => localName === "select");
  if (isChoice) await page.select("#where-value", value);
  else await page.type("#where-value", value);
  await page.click(".where-form button");
  await until(page, () => !document.querySelector("[data-menu=where]").open);
};

test("a filter on an attribute finds, stands in the address, comes back with it, and can be taken away", async () => {
  await withConsole({}, async ({ page, url }) => {
    await waitForCount(page, 61);
    await addFilter(page, "deployment.s3_bucket", "NORDLICHT");
    await waitForCount(page, 1);
    assert.deepEqual(await names(page), ["Nordlicht Outdoor"]);
    assert.match(await text(page, ".chips"), /S3 bucket: NORDLICHT/);
    const { searchParams } = new URL(page.url());
    assert.equal(searchParams.get("where"), "deployment.s3_bucket=NORDLICHT");
    await page.goto(`${url}?where=${encodeURIComponent("deployment.s3_bucket=nord")}&q=nothing`);
    await page.waitForSelector(".chip");
    await waitForCount(page, 0);
    await page.click("[aria-label^='Remove filter']");
    await until(page, () => !document.querySelector(".chip"));
    assert.match(await page.evaluate(() => document.activeElement.textContent), /Filter/);
    await page.click(".empty-action button");
    await waitForCount(page, 61);
  });
});

test("choices are chosen, several filters all count, and what is not set can be asked for", async () => {
  await withConsole({}, async ({ page }) => {
    await waitForCount(page, 61);
    await addFilter(page, "enabled", "false");
    const off = await until(page, () => document.querySelectorAll("[data-off]").length === document.querySelectorAll("[data-key]").length && document.querySelectorAll("[data-off]").length);
    await addFilter(page, "deployment.s3_prefix", "");
    await until(page, () => document.querySelectorAll(".chip").length === 2);

    assert.ok(off > 0);
    assert.ok((await names(page)).length <= off);
    assert.match(await text(page, ".chips"), /Enabled: false.*S3 prefix: not set/);
  });
});

test("a nonsense filter in an address finds nothing and breaks nothing", async () => {
  await withConsole({ path: `?where=${encodeURIComponent("<img src=x onerror=alert(1)>=<b>&__proto__=x&=")}&status=%3Cb%3E&type=__proto__&sort=constructor`, waitFor: ".empty-action" }, async ({ page }) => {
    assert.match(await text(page, ".chips"), /^<img src: x onerror=alert\(1\)>=<b> /);
    await page.click(".empty-action button");
    await waitForCount(page, 61);
  });
});

test("status filters, with how many there are of each", async () => {
  await withConsole({}, async ({ page }) => {
    await waitForCount(page, 61);
    const options = await page.$$eval("[data-picker=status] option", (all) => all.map(({ textContent }) => textContent));
    assert.equal(options[0], "Any status");
    const disabled = Number(options.find((one) => one.startsWith("disabled")).match(/\d+/)[0]);
    await page.select("[data-picker=status] select", "disabled");
    await waitForCount(page, disabled);

    assert.equal(new URL(page.url()).searchParams.get("status"), "disabled");
  });
});

test("boxes select, with shift a range; the box in the head selects all that are shown", async () => {
  await withConsole({}, async ({ page }) => {
    await waitForCount(page, 61);
    const count = (words) => until(page, (words) => document.querySelector(".selection-count").textContent.startsWith(words), words);
    await page.click("[data-key]:nth-child(3) .tick");
    await page.keyboard.down("Shift");
    await page.click("[data-key]:nth-child(7) .tick");
    await page.keyboard.up("Shift");
    await count("5 sources selected");
    assert.ok(await page.$eval(".tick-all", ({ indeterminate }) => indeterminate));
    await page.click(".tick-all");
    await count("61 sources selected");
    assert.deepEqual(await page.$eval(".tick-all", ({ checked, indeterminate }) => [checked, indeterminate]), [true, false]);
    await page.click("[data-key]:nth-child(1) .tick");
    await count("60 sources selected");
    await page.click("[data-bulk=clear]");
    await until(page, () => document.querySelector(".selection").dataset.empty === "true");

    assert.equal(await page.$("source-details"), null, "selecting opens nothing");
    assert.equal(await page.$$eval(".tick:checked", ({ length }) => length), 0);
  });
});

test("keys select: space one, shift and arrows many, control and a all", async () => {
  await withConsole({}, async ({ page }) => {
    await waitForCount(page, 61);
    const count = (words) => until(page, (words) => document.querySelector(".selection-count").textContent.startsWith(words), words);
    await page.keyboard.press("/");
    for (const key of ["ArrowDown", "Space"]) await page.keyboard.press(key);
    await count("1 source selected");
    await page.keyboard.down("Shift");
    for (const key of ["ArrowDown", "ArrowDown", "ArrowDown"]) await page.keyboard.press(key);
    await page.keyboard.up("Shift");
    await count("4 sources selected");
    await page.keyboard.down("Control");
    await page.keyboard.press("a");
    await page.keyboard.up("Control");
    await count("61 sources selected");
    await page.keyboard.press("Space");
    await count("60 sources selected");

    assert.equal(await page.evaluate(() => document.activeElement.className), "row-link");
  });
});

test("columns that are not wanted are not there, also after a reload, and never the name", async () => {
  await withConsole({}, async ({ page }) => {
    await waitForCount(page, 61);
    const heads = () => page.$$eval("th[scope=col]:not(.col-tick)", (all) => all.map((one) => one.textContent.trim()));
    assert.deepEqual(await heads(), ["Name", "Provider", "Type", "Origin", "Host", "Signed", "Status", "Changed"]);
    await page.click("[data-menu=columns] summary");
    await page.waitForSelector(".check");
    assert.equal(await page.$(".check input[value=name]"), null);
    for (const name of ["host", "secured", "id"]) await page.click(`.check input[value=${name}]`);
    await until(page, () => document.querySelector("th.col-id") && !document.querySelector("th.col-host"));
    await page.keyboard.press("Escape");
    await until(page, () => !document.querySelector("[data-menu=columns]").open);
    assert.equal(await page.evaluate(() => document.activeElement.textContent.trim()), "Columns");
    await page.reload();
    await waitForCount(page, 61);

    assert.deepEqual(await heads(), ["Name", "Provider", "Type", "Origin", "Status", "Changed", "Id"]);
    assert.match(await text(page, "[data-key] .col-id"), /^[0-9a-f]{24}$/);
  });
});

/** Presses a button, and gives the file that comes of it. */
async function download(page, run) {
  const folder = await mkdtemp(join(tmpdir(), "download-"));
  try {
    const session = await page.createCDPSession();
    await session.send("Browser.setDownloadBehavior", { behavior: "allow", downloadPath: folder, browserContextId: page.browserContext().id, eventsEnabled: true });
    const done = new Promise((resolve) => session.on("Browser.downloadProgress", ({ state }) => state === "completed" && resolve()));
    await run();
    await done;
    const [name] = await readdir(folder);
    return { name, content: await readFile(join(folder, name), "utf8") };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const exportAs = (page, format) => async () => {
  await page.click("[data-menu=export] summary");
  await (await page.waitForSelector(`[data-export=${format}]`)).click();
};

test("the list as a CSV file holds what is shown, in its order and columns", async () => {
  await withConsole({ path: "?api=imageboss&type=azure&sort=-name" }, async ({ page }) => {
    await waitForCount(page, 4);
    const { name, content } = await download(page, exportAs(page, "csv"));

    assert.match(name, /^sources-\d{4}-\d\d-\d\d\.csv$/);
    const lines = content.replace(/^\ufeff/, "").trim().split("\r\n");
    assert.equal(lines[0], "Name,Provider,Type,Origin,Host,Signed,Status,Changed,Id");
    assert.deepEqual(lines.slice(1).map((line) => line.split(",")[0]), ["studio-nine", "brickandbond", "archive-1987", "alpenblick"]);
  });
});

test("the list as a JSON file holds what is selected, and no secret that the page knows", async () => {
  await withConsole({}, async ({ page, sandbox }) => {
    await waitForCount(page, 61);
    await page.click(".tick-all");
    const { content } = await download(page, exportAs(page, "json"));
    const all = JSON.parse(content);

    assert.equal(all.length, 61);
    let secrets = 0;
    for (const { provider, id } of all) {
      const stored = sandbox.stored(provider, id);
      for (const [name, value] of Object.entries({ ...stored, ...stored.deployment, ...stored.credential_attributes, ...stored.credentials }))
        if (typeof value === "string" && value.length > 6 && /secret|token|sas|password/.test(name)) {
          secrets += 1;
          assert.ok(!content.includes(value), name);
        }
    }
    assert.ok(secrets > 20, `${secrets} secrets`);
  });
});
