// The gateway's audit in the console, on the deployment's own Worker: the list, its filters and files, an entry, and putting a
// source back.
import assert from "node:assert/strict";
import { test } from "node:test";

import Papa from "papaparse";

import { address, ask, at, CANARY, change, entries, goTo, instead, openEntry, openPlan, purge, someEntries, sourcesOf } from "./gateway.mjs";
import { kept, noteFiles, saved } from "./jobs.mjs";
import { byPalette, press, tabTo } from "./keys.mjs";
import { button, focused, text, until, withConsole, writes } from "./support.mjs";

const reload = (page) => page.click(button("Reload"));
const count = (page, many) => until(page, (many) => document.querySelectorAll("[data-entry]").length === many, many);
const read = async (page, { id }) => (await ask(page, "GET", `imageboss/sources/${id}`)).json;
const restores = async (page) => (await ask(page, "GET", "audit")).json.entries.filter(({ restores }) => restores !== undefined);
/** Everything in the page, whether it is seen or not. */
const everything = (page) => page.evaluate(() => document.documentElement.outerHTML + [...document.querySelectorAll("input, textarea")].map(({ value }) => value).join("\n"));
const assertSecret = async (page) => {
  assert.ok(!(await everything(page)).includes(CANARY), "a secret is in the page");
  assert.ok(!(await kept(page)).includes(CANARY), "a secret is kept");
};

/** Some entries, and the list of them. */
const withEntries = (options, run) =>
  withConsole(at("?view=audit", options), async (given) => {
    const made = await someEntries(given.page);
    await reload(given.page);
    await count(given.page, 4);
    await run({ ...given, ...made });
  });

test("every write is listed, the newest first, and no read", async () => {
  await withEntries({}, async ({ page, source, gone }) => {
    assert.deepEqual(await entries(page), [["sources.delete", gone.id, "ok"], ["purge", "nonsense", "declined"], ["purge", address(1), "ok"], ["sources.update", source.id, "ok"]]);
    assert.match(await text(page, "[data-entry='1']"), /you@this-machine credential_attributes\.bucket, credential_attributes\.region, credential_attributes\.secret_access_key done/);
    assert.match(await text(page, "[data-entry='3']"), /declined \(4\d\d\)/);
    assert.equal(await text(page, ".shown"), "4 entries");
    await assertSecret(page);
  });
});

test("filters stand in the address, and are the gateway's own", async () => {
  await withEntries({}, async ({ page, source, gone }) => {
    await page.select("#audit-provider", "imageboss");
    await count(page, 2);
    assert.match(page.url(), /api=imageboss/);
    await page.select("#audit-operation", "sources.update");
    await count(page, 1);
    await page.click("[data-action=clear]");
    await count(page, 4);
    assert.equal(await focused(page), "audit-provider");
    await page.select("#audit-outcome", "declined");
    await count(page, 1);
    assert.deepEqual(await entries(page), [["purge", "nonsense", "declined"]]);
    await page.goBack();
    await count(page, 4);

    for (const [id, value, found] of [["#audit-target", gone.id, 1], ["#audit-target", gone.id.slice(1), 0], ["#audit-who", "you@this-machine", 4], ["#audit-who", "nobody", 0]]) {
      await page.type(id, value);
      await press(page, "Enter");
      await count(page, found);
      if (found === 0) await page.waitForSelector("::-p-text(No entry matches)");
      await page.click("[data-action=clear]");
      await count(page, 4);
    }
    const today = new Date().toISOString().slice(0, 10);
    for (const [query, found] of [[`from=${today}&to=${today}`, 4], ["from=2999-01-01", 0], ["to=2001-01-01", 0], ["from=nonsense&to=2026-13-99", 4], [`of=${source.id}&op=sources.update`, 1], ["op=no.such", 0]]) {
      await goTo(page, `?view=audit&${query}`);
      await count(page, found);
    }
    assert.equal(await page.$eval("#audit-operation", ({ value }) => value), "no.such", "what was asked for can be seen");
  });
});

test("older entries come page by page, each once", async () => {
  await withConsole(at("?view=audit"), async ({ page }) => {
    const { id } = (await ask(page, "POST", "jobs", { provider: "imgix", operation: "purge", items: [address(1)] })).json;
    await page.evaluate(async (id) => {
      for (let at = 0; at < 230; at += 1) await fetch(`/api/jobs/${id}/cancel`, { method: "POST", headers: { "x-image-sources": "test" } });
    }, id);
    await reload(page);
    await count(page, 100);
    assert.equal(await text(page, ".shown"), "The newest 100 entries");
    await page.click("[data-action=more]");
    await count(page, 200);
    // What comes meanwhile shifts no page.
    await purge(page, address(2));
    await page.click("[data-action=more]");
    await count(page, 230);

    const numbers = await page.$$eval("[data-entry]", (rows) => rows.map((row) => Number(row.dataset.entry)));
    assert.deepEqual(numbers, Array.from({ length: 230 }, (_, at) => 230 - at));
    assert.equal(await page.$("[data-action=more]"), null);
  });
});

test("what is asked for is a file, safe from formulas and without secrets", async () => {
  await withEntries({ before: noteFiles }, async ({ page, source, gone }) => {
    await purge(page, "=HYPERLINK(\"https://evil.example\")");
    await page.click("[data-action=csv]");
    const csv = await saved(page);
    const [head, ...rows] = Papa.parse(csv.replace(/^\ufeff/, ""), { skipEmptyLines: true }).data;
    const column = (name) => rows.map((row) => row[head.indexOf(name)]);
    assert.deepEqual(column("entry"), ["5", "4", "3", "2", "1"]);
    assert.deepEqual(column("target"), ["'=HYPERLINK(\"https://evil.example\")", gone.id, "nonsense", address(1), source.id]);
    assert.deepEqual(column("who"), Array(5).fill("you@this-machine"));
    assert.match(column("fields").at(-1), /^credential_attributes\.bucket = another-bucket\ncredential_attributes\.region = us-west-2\ncredential_attributes\.secret_access_key = \*{4}$/);
    assert.ok(column("time").every((time) => !Number.isNaN(Date.parse(time))));
    for (const cell of rows.flat()) assert.doesNotMatch(cell, /^\s*[=+\-@]/);

    await page.select("#audit-provider", "imageboss");
    await count(page, 2);
    await byPalette(page, "Export the audit as JSON");
    const json = JSON.parse(await saved(page));
    assert.deepEqual(json.map(({ operation, outcome }) => [operation, outcome]), [["sources.delete", "ok"], ["sources.update", "ok"]]);
    assert.ok(!(csv + JSON.stringify(json)).includes(CANARY));
    await assertSecret(page);
  });
});

test("a file that breaks off is none, and it is said why", async () => {
  await withConsole(at("?view=audit", { before: [instead, { "GET /api/audit/export": { body: '{"seq":2}\n{"seq":' } }], waitFor: "[data-action=csv]" }), async ({ page }) => {
    await page.evaluate(noteFiles);
    await page.click("[data-action=csv]");
    await page.waitForSelector(".notice");

    assert.match(await text(page, ".notice"), /There is no file It broke off/i);
    assert.equal(await page.evaluate(() => globalThis.files.length), 0);
    await page.evaluate(() => (globalThis.instead = { "GET /api/audit/export": { status: 403, body: { code: "role-missing", message: "seeing the audit needs the role `audit`" } } }));
    await page.click("[data-action=json]");
    await until(page, () => /needs the role/.test(document.querySelector(".notice")?.innerText));
    await page.evaluate(() => (globalThis.instead = {}));
    await page.click("[data-action=json]");
    assert.deepEqual(JSON.parse(await saved(page)), []);
    assert.equal(await page.$(".notice"), null);
  });
});

test("an entry says what changed, and leads to all of its target", async () => {
  await withEntries({}, async ({ page, source }) => {
    await openEntry(page, "sources.update");
    assert.equal(await focused(page), "entry-heading");
    const rows = await page.$$eval(".entry-details .diff tbody tr", (all) => all.map((row) => [row.querySelector("code").textContent, row.querySelector("del").innerText.trim(), row.querySelector("ins").innerText.trim()]));
    const by = Object.fromEntries(rows.map(([path, ...values]) => [path, values]));
    assert.deepEqual(by["credentials.bucket"], [source.credentials.bucket, "another-bucket"]);
    assert.deepEqual(by["credentials.region"], [source.credentials.region, "us-west-2"]);
    assert.deepEqual(by["credential_attributes.secret_access_key"], ["nothing", "a secret: sent, shown nowhere"]);
    await page.$$eval(".entry-details details", (all) => all.forEach((one) => one.setAttribute("open", "")));
    await assertSecret(page);

    // What the link leads to is the source.
    assert.match(await page.$eval(".entry-details .facts a", ({ href }) => decodeURIComponent(href)), new RegExp(`sel=imageboss:${source.id}`));
    await press(page, "Escape");
    await until(page, () => !document.querySelector(".entry-details"));
    assert.equal(await page.evaluate(() => document.activeElement.closest("tr")?.dataset.entry), "1");
    await press(page, "Enter");
    await page.waitForSelector(".entry-details .facts");
    await page.click(".entry-details .help a");
    await count(page, 1);
    assert.match(page.url(), new RegExp(`of=${source.id}`));
  });
});

test("a source leads to what was done to it", async () => {
  await withEntries({}, async ({ page, source }) => {
    await goTo(page, `?sel=imageboss:${source.id}`);
    await page.waitForSelector("::-p-xpath(//a[text()='History'])");
    await page.click("::-p-xpath(//a[text()='History'])");
    await count(page, 1);
    assert.deepEqual(await entries(page), [["sources.update", source.id, "ok"]]);
  });
  await withConsole({ path: "?sel=imageboss:66500a9e910efcd64928174e", waitFor: "source-details dl" }, async ({ page }) => {
    assert.doesNotMatch(await text(page, "source-details .actions"), /History/);
  });
});

test("an entry is found by its address, and one that is none is said to be", async () => {
  await withEntries({}, async ({ page, url, source }) => {
    await page.goto(`${url}?view=audit&entry=1`);
    await page.waitForSelector(".entry-details .facts");
    assert.match(await text(page, ".entry-details"), new RegExp(source.id));
    for (const entry of ["99999", "nonsense", "../jobs", "1/restore", "%2e%2e", "-1"]) {
      await goTo(page, `?view=audit&entry=${encodeURIComponent(entry)}`);
      await until(page, () => /There is no such entry/.test(document.querySelector(".entry-details")?.innerText));
    }
  });
});

test("a source of ImageBoss is put back: first what that changes, then the change", async () => {
  await withEntries({}, async ({ page, sandbox, source }) => {
    const before = writes(sandbox).length;
    await openPlan(page, "sources.update");
    assert.equal(await focused(page), "plan-heading");
    assert.match(await text(page, "restore-dialog"), /2 changes to what is live .*credential_attributes\.bucket another-bucket .*What cannot be put back credential_attributes\.secret_access_key is a secret, which is recorded nowhere: it stays as it is/);
    await press(page, "Escape");
    await until(page, () => !document.querySelector("restore-dialog"));
    assert.equal(await page.evaluate(() => document.activeElement.dataset.action), "restore", "the focus is back");
    assert.equal(writes(sandbox).length, before);

    await page.click("[data-action=restore]");
    await page.waitForSelector("#plan-heading");
    await page.click("restore-dialog [type=submit]");
    await until(page, () => !document.querySelector("restore-dialog"));
    await count(page, 5);
    const now = await read(page, source);
    assert.deepEqual([now.credentials.bucket, now.credentials.region], [source.credentials.bucket, source.credentials.region]);
    assert.deepEqual(JSON.parse(writes(sandbox).at(-1).body).source, { credential_attributes: { bucket: source.credentials.bucket, region: source.credentials.region } }, "nothing else was sent");
    assert.match(await text(page, "[data-entry='5']"), /puts back/);
    // The list of sources knows it too.
    await goTo(page, `?sel=imageboss:${source.id}`);
    await until(page, (bucket) => document.querySelector("source-details")?.innerText.includes(bucket), source.credentials.bucket);
  });
});

test("a source of imgix is put back with the rest of its deployment as it is", async () => {
  await withConsole(at("?view=audit"), async ({ page }) => {
    const { data } = (await ask(page, "GET", "imgix/sources")).json;
    const { id, attributes } = data.find(({ attributes }) => attributes.enabled && attributes.deployment.type === "s3");
    const { type, s3_bucket: bucket, s3_access_key: key, imgix_subdomains: subdomains } = attributes.deployment;
    const changed = await ask(page, "PATCH", `imgix/sources/${id}`, { data: { id, type: "sources", attributes: { name: "Changed", deployment: { type, s3_bucket: bucket, s3_access_key: key, s3_secret_key: CANARY, imgix_subdomains: subdomains, cache_ttl_error: 77 } } } });
    assert.equal(changed.status, 200, changed.text);
    await reload(page);
    await openPlan(page, "sources.update");
    const told = await text(page, "restore-dialog");
    assert.match(told, new RegExp(`Name name Changed ${attributes.name}`));
    assert.match(told, new RegExp(`deployment\\.cache_ttl_error 77 ${attributes.deployment.cache_ttl_error}`));
    await page.click("restore-dialog [type=submit]");
    await until(page, () => !document.querySelector("restore-dialog"));

    const now = (await ask(page, "GET", `imgix/sources/${id}`)).json.data.attributes;
    assert.deepEqual([now.name, now.deployment.cache_ttl_error, now.deployment.s3_bucket], [attributes.name, attributes.deployment.cache_ttl_error, bucket]);
    await assertSecret(page);
  });
});

test("a source that was deleted is made anew, once its secret is given", async () => {
  await withEntries({}, async ({ page, gone }) => {
    await openPlan(page, "sources.delete");
    assert.match(await text(page, "#plan-heading"), /not there any more, and is made anew/);
    await page.click("restore-dialog [type=submit]");
    await until(page, () => document.activeElement.matches("[data-secret][aria-invalid=true]"));
    assert.match(await text(page, ".cannot"), /it has to be given/);
    assert.equal((await restores(page)).length, 0);
    await page.type("[data-secret]", CANARY);
    await press(page, "Enter");
    await until(page, () => !document.querySelector("restore-dialog"));

    const made = (await sourcesOf(page)).find(({ source }) => source === gone.source);
    assert.deepEqual([made.credentials.bucket, made.credentials.region], [gone.credentials.bucket, gone.credentials.region]);
    assert.notEqual(made.id, gone.id);
    // It stands among the requests, without what was given.
    await press(page, "i");
    await page.waitForSelector(".call");
    await page.type(".inspector .search input", "restore");
    await until(page, () => document.querySelectorAll(".call").length === 1);
    assert.match(await text(page, ".call"), /200 POST ImageBoss audit\.restore/);
    await page.$eval(".call", (call) => (call.open = true));
    assert.match(await text(page, ".call"), /api\/audit\/\d+\/restore .*"version"/);
    await assertSecret(page);
  });
});

test("what changed meanwhile is not overwritten: one looks again first", async () => {
  await withEntries({}, async ({ page, source }) => {
    await openPlan(page, "sources.update");
    await change(page, source, { bucket: "meanwhile" });
    await page.click("restore-dialog [type=submit]");
    await until(page, () => document.activeElement.id === "restore-failure");
    assert.match(await text(page, "#restore-failure"), /The gateway declined .*read the plan first/);
    assert.equal((await read(page, source)).credentials.bucket, "meanwhile");
    await page.click("#restore-failure button");
    await until(page, () => document.activeElement.id === "plan-heading");
    assert.match(await text(page, "restore-dialog .diff"), /bucket meanwhile/);
    await page.click("restore-dialog [type=submit]");
    await until(page, () => !document.querySelector("restore-dialog"));
    assert.equal((await read(page, source)).credentials.bucket, source.credentials.bucket);

    // It is as it was: there is nothing to do, and nothing is done.
    await until(page, () => document.querySelectorAll("[data-entry]").length === 6);
    await page.click("[data-entry='1'] a");
    await until(page, () => document.querySelector("[data-entry='1'].selected"));
    await page.click("[data-action=restore]");
    await page.waitForSelector("#plan-heading");
    assert.match(await text(page, "#plan-heading"), /nothing to put back/);
    await page.click("restore-dialog [type=submit]");
    assert.equal((await restores(page)).length, 1);
  });
});

test("why it was not put back is said, and whether it may have happened", async () => {
  await withEntries({ before: [instead, {}] }, async ({ page, sandbox, source }) => {
    await openPlan(page, "sources.update");
    sandbox.faults({ rules: [{ kind: "status", status: 422, method: "PATCH" }] });
    const fails = async (words) => {
      await page.click("restore-dialog [type=submit]");
      await until(page, (words) => new RegExp(words).test(document.querySelector("#restore-failure")?.innerText.replace(/\s+/g, " ")) && document.activeElement.id === "restore-failure", words);
    };
    await fails("asked in vain");
    assert.doesNotMatch(await text(page, "#restore-failure"), /may have happened/);
    sandbox.faults({});
    for (const [given, words] of [
      [{ isLost: true }, "cannot be reached.*The change may have happened all the same"],
      [{ status: 500, body: { code: "internal", message: "the gateway failed" } }, "The gateway failed.*may have happened"],
      [{ status: 403, body: { code: "role-missing", message: "writing needs the role `write`" } }, "does not allow this to you.*writing needs the role"],
      [{ status: 429, body: { code: "audit-unreachable", message: "the audit cannot be reached, so nothing is written; try again" } }, "asks to wait"],
      [{ status: 502, body: "<html>" }, "The gateway failed.*it answered 502.*may have happened"],
    ]) {
      await page.evaluate((given) => (globalThis.instead = { "POST /restore": given }), given);
      await fails(words);
    }
    assert.equal((await read(page, source)).credentials.bucket, "another-bucket");
    // What the provider declined has been noted, and stands in the list already.
    await count(page, 5);
    assert.deepEqual((await entries(page))[0], ["sources.update", source.id, "declined"]);
  });
});

test("who leaves while it is put back is told elsewhere that it failed", async () => {
  await withEntries({ before: [instead, {}] }, async ({ page }) => {
    await openPlan(page, "sources.update");
    await page.evaluate(() => (globalThis.instead = { "POST /restore": { isLost: true, ms: 700 } }));
    await page.click("restore-dialog [type=submit]");
    await press(page, "Escape");
    await until(page, () => !document.querySelector("restore-dialog"));
    await until(page, () => /The gateway cannot be reached: .*it may have happened all the same/.test(document.querySelector(".toasts").innerText));
  });
});

test("whoever may only look sees what would be done, and cannot do it", async () => {
  const status = { imgix: { mode: "sandbox" }, imageboss: { mode: "sandbox" }, gateway: { may: { write: false, delete: false, audit: true } } };
  await withEntries({ before: [instead, { "GET /api/status": { body: status } }] }, async ({ page }) => {
    await openPlan(page, "sources.update");
    assert.match(await text(page, ".sheet-foot"), /lets you look at this, and change nothing/);
    await page.click("restore-dialog [type=submit]");
    assert.equal(await page.$eval("restore-dialog [type=submit]", (one) => one.getAttribute("aria-disabled")), "true");
    assert.equal((await restores(page)).length, 0);
  });
});

test("a live account that is locked is asked for first", async () => {
  const status = { imgix: { mode: "live" }, imageboss: { mode: "live" }, gateway: { may: { write: true, delete: true, audit: true } } };
  await withEntries({ before: [instead, { "GET /api/status": { body: status } }] }, async ({ page }) => {
    await openPlan(page, "sources.update");
    await page.click("restore-dialog [type=submit]");
    await page.waitForSelector("confirm-dialog dialog[open]");
    await press(page, "Escape");
    await until(page, () => !document.querySelector("confirm-dialog"));
    assert.equal((await restores(page)).length, 0);
    await page.click("restore-dialog [type=submit]");
    await page.waitForSelector("confirm-dialog dialog[open]");
    await page.click("confirm-dialog [type=submit]");
    await until(page, () => !document.querySelector("restore-dialog"));
    assert.equal((await restores(page)).length, 1);
  });
});

test("it is there only where a gateway keeps one", async () => {
  const places = (page) => page.$$eval(".places a", (all) => all.map((one) => one.textContent));
  await withConsole(at("", { before: [instead, { "GET /api/audit": { status: 404, body: { code: "not-found", message: "there is nothing here" } } }] }), async ({ page, url }) => {
    await until(page, () => /Jobs/.test(document.querySelector(".places")?.innerText));
    assert.ok(!(await places(page)).includes("Audit"));
    await page.goto(`${url}?view=audit`);
    await page.waitForSelector(".empty");
    assert.match(await text(page, ".empty"), /There is no audit here .* has no AUDIT/);
  });
  // A refusal says why; a network that comes back brings it back.
  await withConsole(at("?view=audit", { before: [instead, { "GET /api/audit": { status: 403, body: { code: "role-missing", message: "seeing the audit needs the role `audit`" } } }] }), async ({ page }) => {
    await page.waitForSelector(".notice");
    assert.match(await text(page, ".notice"), /does not allow this to you .*needs the role audit/);
    assert.ok((await places(page)).includes("Audit"));
  });
  await withConsole(at("?view=audit", { before: [instead, { "GET /api/audit": { isLost: true } }] }), async ({ page }) => {
    await page.waitForSelector(".notice");
    assert.ok(!(await places(page)).includes("Audit"));
    await page.evaluate(() => (globalThis.instead = {}));
    await page.click("[data-action=retry]");
    await page.waitForSelector(".empty-title");
    assert.match(await text(page, ".empty"), /Nothing has been written yet/);
    assert.ok((await places(page)).includes("Audit"));
  });
  // Without a gateway nobody is asked for one.
  await withConsole({ path: "?view=audit", waitFor: ".empty" }, async ({ page, url }) => {
    assert.ok(!(await places(page)).includes("Audit"));
    assert.ok(!(await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name))).some((name) => name.startsWith(`${url}api/audit`)));
  });
});

for (const width of [1280, 320])
  test(`with a keyboard alone, ${width} pixels wide`, async () => {
    await withEntries({ width, height: 700 }, async ({ page, source }) => {
      await press(page, "g", "s");
      await until(page, () => !location.search.includes("view="));
      await press(page, "g", "u");
      await until(page, () => location.search.includes("view=audit"));
      await press(page, "/");
      await until(page, () => document.activeElement.id === "audit-provider");
      await tabTo(page, "[data-entry='4'] a");
      await press(page, "ArrowDown", "End");
      await until(page, () => document.activeElement.closest("[data-entry='1']"));
      await press(page, "Enter");
      await until(page, () => document.activeElement.id === "entry-heading" && document.querySelector("[data-action=restore]"));
      await tabTo(page, "[data-action=restore]");
      await press(page, "Enter");
      await until(page, () => document.activeElement.id === "plan-heading");
      await tabTo(page, "restore-dialog [type=submit]");
      await press(page, "Enter");
      await until(page, () => !document.querySelector("restore-dialog"));
      await until(page, () => document.activeElement.id === "entry-heading" || document.activeElement.dataset.action === "restore");
      assert.equal((await read(page, source)).credentials.bucket, source.credentials.bucket);
      await byPalette(page, "Put the source back");
      await page.waitForSelector("restore-dialog dialog[open]");
      await press(page, "Escape");
      await until(page, () => !document.querySelector("restore-dialog"));
      await press(page, "?");
      await page.waitForSelector("shortcuts-dialog dialog[open]");
      assert.match(await text(page, "shortcuts-dialog"), /Audit .*Filter the audit/);
    });
  });
