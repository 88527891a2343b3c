// What somebody typed as a secret, or a provider keeps as one, is nowhere once it is saved: not in the page, not in what the
// browser keeps, not in the log of requests, and not in what can be taken out of the page.
import assert from "node:assert/strict";
import { test } from "node:test";

import { begin, dialogGone, field, fill, openSource, save, until, waitForCount, withConsole } from "./support.mjs";

const CANARY = "CANARY/secret+of=the-bucket&0123456789";
/** How a secret may be written: as it is, in an address, in base64, in JSON. */
const FORMS = [CANARY, encodeURIComponent(CANARY), Buffer.from(CANARY).toString("base64"), JSON.stringify(CANARY).slice(1, -1), CANARY.replaceAll("&", "&amp;"), CANARY.split("").reverse().join("")];

/** Everything that the page shows or the browser keeps for it. */
const all = (page) =>
  page.evaluate(async () => {
    const inputs = [...document.querySelectorAll("input, textarea, select")].map(({ value }) => value);
    const stored = [JSON.stringify(localStorage), JSON.stringify(sessionStorage), document.cookie, location.href, JSON.stringify(history.state)];
    for (const { name } of await indexedDB.databases()) {
      const open = indexedDB.open(name);
      const database = await new Promise((resolve, reject) => {
        open.onsuccess = () => resolve(open.result);
        open.onerror = () => reject(open.error);
      });
      for (const store of database.objectStoreNames) {
        const request = database.transaction(store).objectStore(store).getAll();
        await new Promise((resolve) => (request.onsuccess = resolve));
        stored.push(JSON.stringify(request.result));
      }
      database.close();
    }
    for (const name of await (globalThis.caches?.keys() ?? [])) stored.push(name);
    return [document.documentElement.outerHTML, ...inputs, ...stored].join("\n");
  });

function assertNowhere(text, where) {
  for (const form of FORMS) assert.ok(!text.includes(form), `${where}: ${form}`);
}

/** Notes what is put on the clipboard and into files. */
function watchCopies() {
  globalThis.taken = [];
  const { createObjectURL } = URL;
  URL.createObjectURL = (blob) => {
    void blob.text().then((text) => globalThis.taken.push(text));
    return createObjectURL.call(URL, blob);
  };
  Object.defineProperty(navigator, "clipboard", { value: { writeText: async (text) => void globalThis.taken.push(text) } });
}

test("a secret is nowhere after it was saved, replaced, declined or given up", async () => {
  await withConsole({ before: watchCopies }, async ({ page, sandbox }) => {
    await waitForCount(page, 61);
    await begin(page, "imageboss", "s3");
    await fill(page, "source", "paper-lantern");
    for (const [name, value] of [["access_key_id", "AKIAIOSFODNN7EXAMPLE"], ["secret_access_key", CANARY], ["bucket", "paper-lantern"], ["region", "eu-central-1"]]) await fill(page, `credential_attributes.${name}`, value);
    await save(page);
    await dialogGone(page);
    await until(page, () => document.querySelector("#details-heading")?.textContent === "paper-lantern");
    assert.ok(JSON.stringify(sandbox.log.findLast(({ method }) => method === "POST").body).includes("CANARY"), "it was sent");
    assertNowhere(await all(page), "created");

    await page.click("[data-action=edit]");
    await page.waitForSelector(".kept-secret button");
    assertNowhere(await all(page), "form");
    await page.click(".kept-secret button");
    await page.waitForSelector(`${field("credential_attributes.secret_access_key")}[type=password]`);
    await page.type(field("credential_attributes.secret_access_key"), CANARY);
    sandbox.faults({ rules: [{ kind: "status", status: 422, method: "PATCH" }] });
    await save(page);
    await until(page, () => document.activeElement.className === "summary");
    sandbox.faults();
    for (const key of ["Escape", "Escape"]) await page.keyboard.press(key);
    await dialogGone(page);
    assertNowhere(await all(page), "given up");
  });
});

test("a secret is in no log of requests, no copy of it and no file", async () => {
  await withConsole({ before: watchCopies }, async ({ page }) => {
    await waitForCount(page, 61);
    await openSource(page, "cinder");
    await page.click("[data-action=edit]");
    await page.waitForSelector(".kept-secret button");
    await page.click(".kept-secret button");
    await page.waitForSelector(`${field("credential_attributes.secret")}[type=password]`);
    await page.type(field("credential_attributes.secret"), CANARY);
    await save(page);
    await dialogGone(page);
    await page.keyboard.press("Escape");
    await page.keyboard.press("i");
    await until(page, () => /sources\.update/.test(document.querySelector("inspector-drawer")?.innerText ?? ""));
    await page.$$eval("inspector-drawer details", (all) => all.forEach((one) => one.setAttribute("open", "")));
    await until(page, () => document.querySelector("inspector-drawer copy-button button"));
    await page.$$eval("inspector-drawer copy-button button", (all) => all.forEach((one) => one.click()));
    await page.click("[aria-label='Download as HAR']");
    for (const format of ["csv", "json"]) {
      await page.evaluate((format) => document.querySelector("[data-menu=export]").setAttribute("open", format), format);
      await page.waitForSelector(`[data-export=${format}]`);
      await page.$eval(`[data-export=${format}]`, (one) => one.click());
    }
    await until(page, () => globalThis.taken.length >= 4);
    const taken = await page.evaluate(() => globalThis.taken.join("\n"));

    assert.match(taken, /sources/);
    assertNowhere(taken, "taken");
    assertNowhere(await all(page), "page");
  });
});
