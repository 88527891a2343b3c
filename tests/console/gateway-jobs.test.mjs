// Jobs at the gateway, on the deployment's own Worker: given by the screen for bulk, planned, started, followed from any tab, and
// what became of each item.
import assert from "node:assert/strict";
import { test } from "node:test";

import Papa from "papaparse";

import { address, addresses, ask, at, CANARY, goTo, instead, plan, reaches, sourcesOf, start } from "./gateway.mjs";
import { kept, noteFiles, saved } from "./jobs.mjs";
import { byPalette, press, tabTo } from "./keys.mjs";
import { paste } from "./states/setup.mjs";
import { text, until, withConsole, writes } from "./support.mjs";

const JOBS = at("?view=jobs");
const purged = (sandbox) => writes(sandbox).filter(({ operation }) => operation === "purge").map(({ body }) => JSON.parse(body).data.attributes.url);
const jobs = async (page) => (await ask(page, "GET", "jobs")).json.jobs;
const counted = (page, name) => page.$eval(`.details [data-outcome=${name}]`, (one) => Number(one.textContent.replace(/\D/g, "")));
const done = (page, count) => until(page, (count) => Number(document.querySelector(".details .job-counts b")?.textContent.replace(/\D/g, "")) >= count, count);
const act = (page, name) => page.$eval(`.details [data-action=${name}]`, (button) => button.click());
/** Another tab of the same person. */
const another = async (page, url, path) => {
  const tab = await page.browserContext().newPage();
  tab.setDefaultTimeout(20_000);
  await tab.goto(url + path);
  return tab;
};

test("a job is planned with its time, and nothing is sent before somebody starts it", async () => {
  await withConsole(JOBS, async ({ page, sandbox }) => {
    await page.waitForSelector(".empty");
    await plan(page, addresses(3_000));

    assert.match(await text(page, ".details"), /imgix planned purge Nothing has been sent yet\. 3,000 calls will take at least 6 min under the limits of the account\. 0 of 3,000 calls/);
    assert.equal(await page.evaluate(() => document.activeElement.id), "job-heading");
    await page.click("[data-action=start]");
    await page.waitForSelector("run-dialog dialog[open]");
    assert.match(await text(page, "run-dialog"), /Start it at the gateway\? .*3,000 calls, which take at least 6 min under the limits: imgix purge 3,000 It goes on at the gateway when this page is closed/);
    await press(page, "Escape");
    await until(page, () => !document.querySelector("run-dialog"));
    assert.equal(await page.evaluate(() => document.activeElement.dataset.action), "start", "the focus is back");
    assert.equal((await jobs(page))[0].state, "planned");

    await act(page, "cancel");
    await reaches(page, "cancelled");
    assert.equal(purged(sandbox).length, 0);
    assert.match(await text(page, ".details"), /3,000 not done/);
    await press(page, "i");
    await until(page, () => document.querySelector(".call"));
    const calls = await page.$$eval(".call-name", (all) => all.map((one) => one.innerText.replace(/\s+/g, " ").trim()).slice(0, 2));
    assert.deepEqual(calls, ["imgix jobs.cancel", "imgix jobs.create"], "what was asked of the gateway stands among the requests");
    assert.equal(await page.$(".details [data-action=start]"), null);
  });
});

test("a hundred thousand calls are given, planned and listed", async () => {
  const timeout = 120_000;
  await withConsole(at("?view=bulk&do=imgix.purge", { waitFor: ".intake", before: noteFiles }), async ({ page, sandbox }) => {
    await paste(page, addresses(100_000).join("\n"));
    await page.waitForSelector("[data-action=hand-over]:not([aria-disabled])", { timeout });
    await page.click("[data-action=hand-over]");
    await page.waitForSelector("[data-action=start]", { timeout });
    assert.match(await text(page, ".details"), /100,000 calls will take at least 2 h 55 min under the limits/);
    await act(page, "json");
    await page.waitForFunction(() => globalThis.files.length > 0, { timeout });
    const items = JSON.parse(await saved(page));

    assert.deepEqual([items.length, items.at(-1).args[0]], [100_000, address(99_999)]);
    assert.equal(purged(sandbox).length, 0);
  });
});

test("it runs, is paused, goes on where it was, and ends with everything done once", async () => {
  await withConsole(JOBS, async ({ page, sandbox }) => {
    await plan(page, addresses(60));
    await start(page);
    await reaches(page, "running");
    assert.equal(await page.evaluate(() => document.activeElement.id), "job-heading", "the button is gone");
    await done(page, 5);
    await act(page, "pause");
    await reaches(page, "paused");
    await until(page, () => !/under way/.test(document.querySelector(".details .job-counts").innerText));
    const count = purged(sandbox).length;
    assert.ok(count >= 5 && count < 60, `${count}`);
    assert.match(await text(page, ".details"), /left/);
    await act(page, "resume");
    await reaches(page, "done");

    assert.deepEqual([await counted(page, "ok"), await counted(page, "failed"), await counted(page, "unknown")], [60, 0, 0]);
    assert.deepEqual(purged(sandbox).sort(), addresses(60).sort());
    assert.match(await text(page, "[data-job]"), /60 of 60 you@this-machine done/);
    // The audit knows who did what with it, and leads back.
    await page.click(".entry-details .help a");
    await until(page, () => document.querySelectorAll("[data-entry]").length === 3);
    assert.deepEqual(await page.$$eval("[data-entry] .row-link", (links) => links.map((link) => link.textContent)), ["jobs.resume", "jobs.pause", "jobs.start"]);
    await page.click("[data-entry] a");
    await page.waitForSelector(".entry-details .facts a");
    await page.click(".entry-details .facts a");
    await reaches(page, "done");
    await press(page, "Escape");
    await until(page, () => document.activeElement.closest("[data-job]"));
  });
});

test("it goes on without any page, and a page that comes later finds it", async () => {
  await withConsole(JOBS, async ({ page, sandbox, url }) => {
    await plan(page, addresses(40));
    await start(page);
    await done(page, 3);
    const { id } = (await jobs(page))[0];
    await page.goto("about:blank");
    const before = purged(sandbox).length;
    while (purged(sandbox).length < 40) await new Promise((done) => setTimeout(done, 100));
    assert.ok(before < 40, "it was not over when the page went");
    await page.goto(`${url}?view=jobs&job=${id}`);
    await reaches(page, "done");

    assert.equal(await counted(page, "ok"), 40);
    assert.deepEqual(purged(sandbox).sort(), addresses(40).sort());
  });
});

test("two tabs see the same job, and each can stop it", async () => {
  await withConsole(JOBS, async ({ page, sandbox, url }) => {
    await plan(page, addresses(200));
    await start(page);
    const tab = await another(page, url, "?view=jobs");
    await tab.waitForSelector("[data-job] a");
    await tab.click("[data-job] a");
    await reaches(tab, "running");
    await act(tab, "pause");
    await reaches(tab, "paused");
    await page.bringToFront();
    await reaches(page, "paused");
    await act(page, "cancel");
    await page.waitForSelector("confirm-dialog dialog[open]");
    await page.click("confirm-dialog [type=submit]");
    await reaches(page, "cancelled");
    await tab.bringToFront();
    await reaches(tab, "cancelled");

    await until(page, () => !/under way/.test(document.querySelector(".details .job-counts").innerText));
    const sent = purged(sandbox);
    assert.equal(new Set(sent).size, sent.length);
    assert.equal(await counted(page, "ok"), sent.length);
    assert.match(await text(page, ".details"), new RegExp(`${200 - sent.length} not done`));
    await tab.close();
  });
});

test("what failed and what may have happened is listed, and sent again only if somebody wants it", async () => {
  await withConsole({ ...JOBS, before: noteFiles }, async ({ page, sandbox }) => {
    sandbox.faults({ rules: [{ kind: "status", status: 502, path: "purge", every: 2 }, { kind: "status", status: 422, path: "purge", every: 3 }] });
    const urls = ["https://nordlicht.imgix.net/=1+1.jpg", ...addresses(11)];
    await plan(page, urls);
    await start(page);
    await reaches(page, "done");
    const [unknown, failed] = [await counted(page, "unknown"), await counted(page, "failed")];
    assert.ok(unknown > 0 && failed > 0, `${unknown} ${failed}`);
    const sent = purged(sandbox).length;
    assert.equal(sent, 12, "nothing was sent twice");
    await page.click(".job-problems summary");
    await until(page, (count) => document.querySelectorAll(".job-rows li").length === count, unknown + failed);
    const listed = await page.$$eval(".job-rows li", (all) => all.map((one) => [one.querySelector("b").textContent, one.querySelector("[data-outcome]").dataset.outcome]));
    assert.equal(listed.filter(([, outcome]) => outcome === "unknown").length, unknown);
    for (const [name] of listed) assert.ok(urls.includes(name), name);

    await act(page, "csv");
    const [head, ...rows] = Papa.parse((await saved(page)).replace(/^\ufeff/, ""), { skipEmptyLines: true }).data;
    assert.deepEqual(rows.map((row) => row[head.indexOf("what")]), urls);
    assert.equal(rows.filter((row) => row[head.indexOf("state")] === "failed").length, failed);
    assert.ok(rows.every((row) => !Number.isNaN(Date.parse(row[head.indexOf("time")]))));
    await act(page, "json");
    assert.deepEqual(JSON.parse(await saved(page)).map(({ args: [url] }) => url), urls);

    sandbox.faults({});
    await act(page, "retry-failed");
    await until(page, () => document.querySelector(".details [data-outcome=failed]").textContent.startsWith("0") && document.querySelector(".details [data-job-state]").dataset.jobState === "done");
    assert.equal(purged(sandbox).length, sent + failed);
    await act(page, "retry-unknown");
    await page.waitForSelector("confirm-dialog dialog[open]");
    assert.match(await text(page, "confirm-dialog"), /may be done twice/);
    await press(page, "Escape");
    await until(page, () => !document.querySelector("confirm-dialog"));
    assert.equal(purged(sandbox).length, sent + failed);
    await act(page, "retry-unknown");
    await page.waitForSelector("confirm-dialog dialog[open]");
    await page.click("confirm-dialog [type=submit]");
    await until(page, () => document.querySelector(".details [data-outcome=ok]").textContent === "12 ok" && document.querySelector(".details [data-job-state]").dataset.jobState === "done");
    assert.equal(await page.$(".job-problems"), null);
  });
});

test("a cell of the journal is no formula", async () => {
  const item = (args) => ({ seq: 0, args, state: "failed", at: 1, requestId: "=1", error: "@SUM(A1)", tries: 0 });
  const job = { id: "j1", provider: "imgix", operation: "purge", state: "done", by: "+1", created: 1, started: 1, ended: 2, total: 1, planned: 0, sent: 0, ok: 0, failed: 1, unknown: 0, rateClass: "purge", etaMs: 0 };
  await withConsole({ ...at("?view=jobs&job=j1"), before: [instead, { "GET /api/jobs/j1/export": { body: `${JSON.stringify(item(["=HYPERLINK(1)"]))}\n` }, "GET /api/jobs": { body: { jobs: [job] } } }], waitFor: "[data-action=csv]" }, async ({ page }) => {
    await page.evaluate(noteFiles);
    await act(page, "csv");
    const rows = Papa.parse((await saved(page)).replace(/^\ufeff/, ""), { skipEmptyLines: true }).data;

    assert.deepEqual(rows[1].filter((cell) => /^[=+\-@]/.test(cell)), []);
    assert.ok(rows[1].includes("'=HYPERLINK(1)") && rows[1].includes("'@SUM(A1)"));
  });
});

test("sources of a file are given too, each operation as a job, and their secrets are nowhere in the page", async () => {
  await withConsole(at("?view=bulk&do=imageboss.sources", { waitFor: ".intake" }), async ({ page }) => {
    const [source] = (await sourcesOf(page)).filter(({ source_type: type }) => type === "url");
    await until(page, () => document.querySelectorAll(".places a").length === 7);
    const bucket = { bucket: "photos", region: "eu-central-1", access_key_id: "AKIAIOSFODNN7EXAMPLE", secret_access_key: CANARY };
    await paste(page, JSON.stringify([{ source: "edgemade", source_type: "s3", credential_attributes: bucket }, { source: source.source, credential_attributes: { url: "https://other.example/" } }]));
    await page.waitForSelector("[data-action=hand-over]:not([aria-disabled])");
    await page.click("[data-action=hand-over]");
    await page.waitForSelector("[data-action=start]");
    const made = await jobs(page);
    assert.deepEqual(made.map(({ operation, state, total }) => [operation, state, total]).sort(), [["sources.create", "planned", 1], ["sources.update", "planned", 1]]);

    for (const { id } of made) {
      await goTo(page, `?view=jobs&job=${id}`);
      await page.waitForSelector(".details [data-action=start]");
      await start(page);
      await reaches(page, "done");
      assert.equal(await counted(page, "ok"), 1);
    }
    const now = await sourcesOf(page);
    assert.equal(now.find(({ source }) => source === "edgemade").credentials.bucket, "photos");
    assert.equal(now.find(({ id }) => id === source.id).credentials.url, "https://other.example/");
    const all = (await page.evaluate(() => document.documentElement.outerHTML + [...document.querySelectorAll("input, textarea")].map(({ value }) => value).join())) + (await kept(page));
    assert.ok(!all.includes(CANARY));
  });
});

test("deletes are counted before they begin", async () => {
  await withConsole(JOBS, async ({ page }) => {
    const [one, two] = await sourcesOf(page);
    const { id } = (await ask(page, "POST", "jobs", { provider: "imageboss", operation: "sources.delete", items: [one.id, two.id] })).json;
    await goTo(page, `?view=jobs&job=${id}`);
    await page.waitForSelector(".details [data-action=start]");
    await act(page, "start");
    await page.waitForSelector("#typed-count");
    await page.click("run-dialog [type=submit]");
    await until(page, () => document.querySelector("#typed-problem"));
    assert.equal((await jobs(page))[0].state, "planned");
    await page.type("#typed-count", "2");
    await press(page, "Enter");
    await reaches(page, "done");

    const left = (await sourcesOf(page)).map(({ id }) => id);
    assert.ok(!left.includes(one.id) && !left.includes(two.id));
  });
});

test("what the gateway refuses is said, and what was given stays", async () => {
  const options = at("?view=bulk&do=imgix.purge", { waitFor: ".intake", before: [instead, {}] });
  await withConsole(options, async ({ page, sandbox }) => {
    await until(page, () => document.querySelectorAll(".places a").length === 7);
    await paste(page, addresses(3).join("\n"));
    await page.waitForSelector("[data-action=hand-over]:not([aria-disabled])");
    for (const [given, words] of [
      [{ status: 400, body: { code: "bad-request", message: "item 2: url must be something else" } }, "The gateway declined.*item 2: url must be something else"],
      [{ status: 403, body: { code: "role-missing", message: "writing needs the role `write`" } }, "does not allow this to you.*role write"],
      [{ status: 413, body: { code: "too-large", message: "the body is too large" } }, "declined.*too large"],
      [{ isLost: true }, "cannot be reached"],
      [{ status: 200, body: "<html>" }, "answer of the gateway cannot be read"],
    ]) {
      await page.evaluate((given) => (globalThis.instead = { "POST /api/jobs": given }), given);
      await page.click("[data-action=hand-over]");
      await until(page, (words) => document.activeElement.id === "bulk-refusal" && new RegExp(words).test(document.querySelector("#bulk-refusal").innerText.replace(/\s+/g, " ")), words);
      assert.equal(await page.$$eval("[data-item]", (rows) => rows.length), 3);
    }
    assert.deepEqual(await jobs(page), []);
    assert.equal(purged(sandbox).length, 0);
    await page.evaluate(() => (globalThis.instead = {}));
    await page.click("[data-action=hand-over]");
    await page.waitForSelector("[data-action=start]");
    assert.equal((await jobs(page))[0].total, 3);

    // What is refused later is said where it was asked for.
    await page.evaluate(() => (globalThis.instead = { "POST /start": { status: 409, body: { code: "conflict", message: "the job is cancelled" } } }));
    await start(page);
    await until(page, () => /the job is cancelled/.test(document.querySelector(".details .notice")?.innerText));
    await page.evaluate(() => (globalThis.instead = { "GET /api/jobs": { isLost: true } }));
    await byPalette(page, "Look at the jobs again");
    await until(page, () => /cannot be reached/.test(document.querySelector(".list-side .notice")?.innerText));
    assert.match(await text(page, "[data-job]"), /0 of 3/, "what was known is still shown");
    await page.evaluate(() => (globalThis.instead = {}));
    await page.click("[data-action=retry]");
    await until(page, () => !document.querySelector(".list-side .notice"));
  });
});

test("whoever may only look is told so, and gives nothing", async () => {
  const status = { imgix: { mode: "sandbox" }, imageboss: { mode: "sandbox" }, gateway: { may: { write: false, delete: false, audit: true } } };
  await withConsole({ ...JOBS, before: [instead, { "GET /api/status": { body: status } }] }, async ({ page }) => {
    const { id } = (await ask(page, "POST", "jobs", { provider: "imgix", operation: "purge", items: [address(1)] })).json;
    await goTo(page, `?view=jobs&job=${id}`);
    await until(page, () => /lets you look at jobs, and not begin or end them/.test(document.querySelector(".details")?.innerText));
    assert.equal(await page.$(".details [data-action=start]"), null);
    await goTo(page, "?view=bulk&do=imgix.purge");
    await page.waitForSelector("#intake-text");
    await paste(page, address(1));
    await page.waitForSelector("[data-item]");
    assert.equal(await page.$("[data-action=hand-over]"), null);
  });
});

test("a live account that is locked is asked for before a job starts, and not before it stops", async () => {
  const status = { imgix: { mode: "live" }, imageboss: { mode: "live" }, gateway: { may: { write: true, delete: true, audit: true } } };
  await withConsole({ ...JOBS, before: [instead, { "GET /api/status": { body: status } }] }, async ({ page, sandbox }) => {
    await plan(page, addresses(100));
    await start(page);
    await page.waitForSelector("confirm-dialog dialog[open]");
    await press(page, "Escape");
    await until(page, () => !document.querySelector("confirm-dialog"));
    assert.equal(purged(sandbox).length, 0);
    await start(page);
    await page.waitForSelector("confirm-dialog dialog[open]");
    await page.click("confirm-dialog [type=submit]");
    await reaches(page, "running");
    await page.click(".lock");
    await act(page, "pause");
    await reaches(page, "paused");
    assert.equal(await page.$("confirm-dialog"), null);
  });
});

test("they are there only where a gateway runs them", async () => {
  const places = (page) => page.$$eval(".places a", (all) => all.map((one) => one.textContent));
  await withConsole(at("", { before: [instead, { "GET /api/jobs": { status: 404, body: { code: "not-found", message: "there is nothing here" } } }] }), async ({ page, url }) => {
    await until(page, () => /Audit/.test(document.querySelector(".places")?.innerText));
    assert.ok(!(await places(page)).includes("Jobs"));
    await page.goto(`${url}?view=jobs`);
    await page.waitForSelector(".empty");
    assert.match(await text(page, ".empty"), /There are no jobs here .* has no JOBS/);
    await page.goto(`${url}?view=bulk&do=imgix.purge`);
    await page.waitForSelector("#intake-text");
    await paste(page, address(1));
    await page.waitForSelector("[data-item]");
    assert.equal(await page.$("[data-action=hand-over]"), null);
  });
  await withConsole({ path: "?view=jobs", waitFor: ".empty" }, async ({ page }) => {
    assert.ok(!(await places(page)).includes("Jobs"));
    assert.match(await text(page, ".empty"), /There are no jobs here/);
  });
  await withConsole(JOBS, async ({ page }) => {
    for (const id of ["nothing", "../audit", "%2e%2e"]) {
      await goTo(page, `?view=jobs&job=${encodeURIComponent(id)}`);
      await until(page, () => /There is no such job/.test(document.querySelector(".details")?.innerText));
    }
  });
});

for (const width of [1280, 320])
  test(`with a keyboard alone, ${width} pixels wide`, async () => {
    await withConsole({ ...JOBS, width, height: 700 }, async ({ page, sandbox }) => {
      await ask(page, "POST", "jobs", { provider: "imgix", operation: "purge", items: addresses(80) });
      await until(page, () => /Jobs/.test(document.querySelector(".places")?.innerText));
      await press(page, "g", "s");
      await until(page, () => !location.search.includes("view="));
      await press(page, "g", "j");
      await page.waitForSelector("[data-job] a");
      await tabTo(page, "[data-job] a");
      await press(page, "Enter");
      await until(page, () => document.activeElement.id === "job-heading");
      await tabTo(page, "[data-action=start]");
      await press(page, "Enter");
      await page.waitForSelector("run-dialog dialog[open]");
      await tabTo(page, "run-dialog [type=submit]");
      await press(page, "Enter");
      await reaches(page, "running");
      await press(page, "p");
      await reaches(page, "paused");
      await press(page, "p");
      await reaches(page, "running");
      await byPalette(page, "Cancel the job");
      await page.waitForSelector("confirm-dialog dialog[open]");
      await tabTo(page, "confirm-dialog [type=submit]");
      await press(page, "Enter");
      await reaches(page, "cancelled");
      await until(page, () => document.activeElement.id === "job-heading");
      await press(page, "Escape");
      await until(page, () => document.activeElement.closest("[data-job]"));
      assert.ok(purged(sandbox).length < 80);
    });
  });
