// A whole set-up: export, import, the plan, and running it.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { exportSetup, plan } from "../../target/npm/package/dist/index.js";
import { counts, done, hurry, kept, noteFiles, press, reaches, saved, settle, start, state } from "./jobs.mjs";
import { liveIn, paste, someOfEach } from "./states/setup.mjs";
import { text, until, withConsole, writes } from "./support.mjs";

const SCREEN = { path: "?view=setup", waitFor: ".intake" };
const planned = (page) => page.$$eval("[data-plan]", (rows) => rows.map((row) => [row.dataset.plan, row.querySelector(".plan-name").textContent]));

/** Waits for the plan of what was pasted, once both providers are known. */
const plansOf = async (page, count) => {
  await page.waitForSelector(".plan-table");
  await until(page, (count) => document.querySelectorAll("[data-plan]").length >= count, count);
};

async function fillBoss(sandbox, count) {
  for (let at = 0; at < count; at += 1) {
    const body = { source: { source: `many-${at}`, source_type: "url", credential_attributes: { url: `https://origin-${at}.example/` } } };
    const answer = await sandbox.fetch("https://api.imageboss.me/v1/sources", { method: "POST", headers: { "imageboss-api-key": "sandbox", "content-type": "application/json" }, body: JSON.stringify(body) });
    assert.equal(answer.status, 201);
  }
}

test("what is live is downloaded as a document without secrets whose plan is empty", async () => {
  await withConsole({ ...SCREEN, before: noteFiles }, async ({ page, sandbox }) => {
    const live = await liveIn(sandbox);
    await until(page, async (count) => {
      document.querySelector(".card-tools .button").click();
      await new Promise((resolve) => setTimeout(resolve, 100));
      const document_ = JSON.parse((await globalThis.files.at(-1)?.text()) ?? "{}");
      return (document_.imgix?.length ?? 0) + (document_.imageboss?.length ?? 0) === count;
    }, live.imgix.length + live.imageboss.length);
    const downloaded = await saved(page);

    const { create, change, impossible, unmanaged } = plan(JSON.parse(downloaded), live);
    assert.deepEqual([create, change, impossible, unmanaged], [[], [], [], []]);
    assert.doesNotMatch(downloaded, /secret_token|NOT-A-SECRET|\*{4}"/);
  });
});

test("half of what is live is not downloaded while the other half is on its way", async () => {
  const slow = { kind: "slow", delayMs: 120_000, operation: "sources.list", provider: "imageboss" };
  await withConsole({ ...SCREEN, before: noteFiles, sandbox: { faults: { rules: [slow] } } }, async ({ page }) => {
    await until(page, () => {
      document.querySelector(".card-tools .button").click();
      return /The sources of ImageBoss are still being loaded/.test(document.querySelector(".toasts").innerText);
    });

    assert.deepEqual(await page.evaluate(() => globalThis.files), []);
  });
});

test("a document is planned source by source and field by field, and can be searched and filtered", async () => {
  await withConsole(SCREEN, async ({ page, sandbox }) => {
    await paste(page, JSON.stringify(await someOfEach(sandbox)));
    await plansOf(page, 60);

    const rows = await planned(page);
    const count = (action) => rows.filter(([one]) => one === action).length;
    assert.deepEqual([count("impossible"), count("create"), count("change"), count("delete"), count("unmanaged")], [2, 1, 2, 1, 2]);
    assert.match(await text(page, "[data-plan=change]"), /deployment\.cache_ttl_value from \d+ to 3600.*default_params.*to \{"auto":"format,compress"\}/);
    assert.match(await text(page, "[data-plan=impossible]:nth-child(2)"), /deploymnt is not known here, did you mean deployment\?/);

    await page.click("input[name=plan-action][value=unmanaged]");
    assert.deepEqual((await planned(page)).map(([action]) => action), ["unmanaged", "unmanaged"]);
    await page.click("input[name=plan-action][value='']");
    await page.type(".plan .search input", "cache_ttl_value");
    await until(page, () => document.querySelectorAll("[data-plan]").length === 1);
    assert.equal(writes(sandbox).length, 0);
  });
});

test("what is planned is run after it was confirmed, and then little is left", async () => {
  await withConsole({ ...SCREEN, before: hurry }, async ({ page, sandbox }) => {
    const document = await someOfEach(sandbox);
    await paste(page, JSON.stringify(document));
    await plansOf(page, 60);
    await start(page);
    await page.waitForSelector("#typed-problem");
    assert.equal(writes(sandbox).length, 0);
    await page.type("#typed-count", "1");
    await page.click("run-dialog [type=submit]");
    await reaches(page, "over");

    assert.deepEqual(await counts(page), { ok: 4, failed: 0, unknown: 0 });
    assert.deepEqual(writes(sandbox).map(({ operation }) => operation).sort(), ["sources.create", "sources.delete", "sources.update", "sources.update"]);
    await until(page, () => document.querySelectorAll("[data-plan=create], [data-plan=change], [data-plan=delete]").length === 0);
    assert.equal((await planned(page)).filter(([action]) => action === "impossible").length, 2);
    const { create, change } = plan(document, await liveIn(sandbox));
    assert.deepEqual([create, change], [[], []]);
  });
});

test("a secret that is missing is typed, sent, and kept nowhere", async () => {
  await withConsole({ ...SCREEN, before: hurry }, async ({ page, sandbox }) => {
    const CANARY = "CANARY+secretsecretsecretsecretsecretsec";
    await paste(page, JSON.stringify({ version: 1, imgix: [{ name: "Fresh", deployment: { type: "s3", s3_bucket: "photos", s3_access_key: "AKIAIOSFODNN7EXAMPLE", imgix_subdomains: ["fresh-one"] } }] }));
    await page.waitForSelector("[data-plan=impossible]");
    assert.equal(await page.$eval(".card .card-tools .primary", (button) => button.getAttribute("aria-disabled")), "true");
    await page.type("#setup-secret-0", CANARY);
    await page.click(".secrets-form [type=submit]");
    await page.waitForSelector("[data-plan=create]");

    const markup = () => page.evaluate(() => document.documentElement.outerHTML + [...document.querySelectorAll("input, textarea")].map(({ value }) => value).join("\n"));
    assert.ok(!(await markup()).includes("CANARY"));
    await start(page);
    await reaches(page, "over");
    assert.deepEqual(await counts(page), { ok: 1, failed: 0, unknown: 0 });
    const made = (await liveIn(sandbox)).imgix.find(({ name }) => name === "Fresh");
    assert.ok(JSON.stringify(sandbox.stored("imgix", made.id)).includes(CANARY));
    assert.ok(!(await markup()).includes("CANARY"));
    assert.ok(!(await kept(page)).includes("CANARY"));
    // It has been set, so it is no change any more.
    await page.waitForSelector("[data-plan=unchanged]");
    assert.deepEqual((await planned(page)).filter(([action]) => action !== "unmanaged"), [["unchanged", "Fresh"]]);
  });
});

test("what is no document is refused in words, and what was planned before stays", async () => {
  const folder = mkdtempSync(join(tmpdir(), "set-up-"));
  try {
    await withConsole(SCREEN, async ({ page, sandbox }) => {
      await paste(page, JSON.stringify(await someOfEach(sandbox)));
      await plansOf(page, 60);
      const before = await planned(page);
      const files = {
        "not.json": ["hello", /It is not JSON/],
        "other.json": ['{"version":9,"imgix":[]}', /another version/],
        "list.json": ["[]", /must be an object, not array/],
        "typo.json": ['{"version":1,"imgx":[]}', /imgx.*did you mean imgix/],
        "deep.json": [`{"version":1,"imgix":[${"[".repeat(5000)}${"]".repeat(5000)}]}`, /cannot be read as a set-up/],
      };
      for (const [name, [content, words]] of Object.entries(files)) {
        writeFileSync(join(folder, name), content);
        await (await page.$(".file-input")).uploadFile(join(folder, name));
        await until(page, (name) => document.querySelector("#setup-refusal")?.innerText.includes(name), name);
        assert.match(await text(page, "#setup-refusal"), words);
        assert.deepEqual(await planned(page), before);
      }
      for (const [name, size, words] of [["huge.json", 10 << 20, /too large: it has 10\.5 MB/], ["empty.json", 0, /is empty/]]) {
        writeFileSync(join(folder, name), "x".repeat(size));
        await (await page.$(".file-input")).uploadFile(join(folder, name));
        await until(page, (name) => document.querySelector("#intake-refusal")?.innerText.includes(name), name);
        assert.match(await text(page, "#intake-refusal"), words);
        assert.match(await text(page, "#intake-refusal"), /Nothing was changed/);
      }
      await paste(page, `{"version":1,"imgix":[${"1,".repeat(5 << 20)}1]}`);
      await until(page, () => /What was pasted is too large/.test(document.querySelector("#intake-refusal")?.innerText));
      assert.deepEqual(await planned(page), before);
      assert.equal(writes(sandbox).length, 0);
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a document can be dropped", async () => {
  await withConsole(SCREEN, async ({ page, sandbox }) => {
    const document = JSON.stringify(exportSetup(await liveIn(sandbox)));
    await page.evaluate((document_) => {
      const data = new DataTransfer();
      data.items.add(new File([document_], "<img src=x>.json", { type: "application/json" }));
      document.querySelector(".intake").dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
    }, document);
    await plansOf(page, 60);

    assert.ok((await planned(page)).every(([action]) => action === "unchanged"));
    assert.match(await text(page, ".card-head"), /<img src=x>\.json/);
    assert.equal(await page.$eval(".card:nth-of-type(3) .primary, .card .card-tools .primary", (button) => button.textContent.trim()), "Nothing to do");
  });
});

test("where one provider fails, the other half is planned, and it is said", async () => {
  await withConsole({ ...SCREEN, sandbox: { faults: { rules: [{ kind: "status", status: 401, provider: "imgix" }] } } }, async ({ page, sandbox }) => {
    await page.waitForSelector(".notice[data-provider=imgix]");
    await paste(page, JSON.stringify({ version: 1, imgix: [{ name: "Nordlicht Outdoor" }], imageboss: [{ source: "cinder" }] }));
    await page.waitForSelector("[data-plan=unchanged]");

    assert.match(await text(page, "[data-plan=impossible]"), /what is live at imgix is not known/);
    assert.match(await text(page, ".notice[data-provider=imgix]"), /nothing of it is exported or planned/);
    assert.equal(writes(sandbox).length, 0);
  });
});

test("five hundred changes are planned, run, broken off by a reload and gone on with, none of them twice", async () => {
  await withConsole({ ...SCREEN, sandbox: { seed: false, logLimit: 10_000 }, before: hurry }, async ({ page, sandbox }) => {
    await fillBoss(sandbox, 500);
    await page.reload();
    await page.waitForSelector(".intake");
    const document = exportSetup({ imageboss: (await liveIn(sandbox)).imageboss });
    for (const entry of document.imageboss) entry.credential_attributes.require_token = "true";
    const updates = () => sandbox.log.filter(({ operation }) => operation === "sources.update");
    const left = async () => plan(document, { imageboss: (await liveIn(sandbox)).imageboss }).change.length;
    await paste(page, JSON.stringify(document));
    await plansOf(page, 100);
    assert.match(await text(page, ".segments"), /all 500 change 500/);

    await start(page);
    await done(page, 120);
    await page.reload();
    await page.waitForSelector(".job");
    assert.equal(await state(page), "paused");
    const broken = await counts(page);
    assert.ok(broken.ok >= 110 && broken.ok < 400 && broken.failed === 0 && broken.unknown <= 10, JSON.stringify(broken));
    const sent = updates().length;
    await settle(page);
    assert.equal(updates().length, sent, "something was sent before somebody said so");

    await press(page, "Resume");
    await done(page, 300);
    await press(page, "Pause");
    await reaches(page, "paused");
    assert.equal((await counts(page)).unknown, broken.unknown, "a pause leaves nothing in doubt");
    await press(page, "Resume");
    await reaches(page, "over");

    const ended = await counts(page);
    assert.deepEqual([ended.ok + ended.unknown, ended.failed, ended.unknown], [500, 0, broken.unknown]);
    assert.equal(new Set(updates().map(({ path }) => path)).size, updates().length, "a change was sent twice");
    // What is left is what may not have happened, and is not repeated unless somebody says so.
    assert.equal(updates().length, 500 - (await left()));
    assert.ok((await left()) <= ended.unknown);
    if (ended.unknown === 0) return;
    await page.$$eval(".job details", (all) => all.forEach((one) => one.setAttribute("open", "")));
    assert.match(await text(page, ".job-rows"), /it may have happened, and is not repeated/);
    await press(page, "Repeat what may have happened");
    await until(page, () => document.querySelectorAll(".job").length === 2);
    await reaches(page, "over");
    assert.equal(await left(), 0);
  });
});

test("what another tab does meanwhile is not planned and sent once more", async () => {
  await withConsole({ ...SCREEN, sandbox: { seed: false, logLimit: 10_000 }, before: hurry }, async ({ page, sandbox, url }) => {
    await fillBoss(sandbox, 200);
    const other = await page.browserContext().newPage();
    await other.evaluateOnNewDocument(hurry);
    const document = exportSetup({ imageboss: (await liveIn(sandbox)).imageboss });
    for (const entry of document.imageboss) entry.credential_attributes.require_token = "true";
    const updates = () => sandbox.log.filter(({ operation }) => operation === "sources.update");
    for (const one of [page, other]) {
      await one.bringToFront();
      await one.goto(`${url}?view=setup`);
      await one.waitForSelector(".intake");
      await paste(one, JSON.stringify(document));
      await plansOf(one, 100);
    }
    await page.bringToFront();
    await start(page);
    await done(page, 20);
    sandbox.faults({ rules: [{ kind: "slow", operation: "sources.update", delayMs: 5_000 }] });

    await other.bringToFront();
    await until(other, () => document.querySelector(".job")?.dataset.state === "elsewhere");
    assert.equal(await other.$eval(".card-tools .primary", (button) => button.getAttribute("aria-disabled")), "true");
    await other.goto(`${url}?view=bulk&do=imageboss.sources`);
    await other.waitForSelector(".intake");
    await paste(other, JSON.stringify(document.imageboss));
    await plansOf(other, 100);
    await start(other);
    await other.waitForSelector("::-p-text(Nothing was begun)");
    sandbox.faults();
    await page.bringToFront();
    await reaches(page, "over");

    await other.bringToFront();
    await until(other, () => /all 200 unchanged 200$/.test(document.querySelector(".segments")?.innerText.replace(/\s+/g, " ").trim()));
    assert.equal(updates().length, 200);
    assert.equal(new Set(updates().map(({ path }) => path)).size, 200, "a change was sent twice");
    await other.close();
  });
});

test("secrets of a job that was broken off are asked for again, because nothing has kept them", async () => {
  await withConsole({ ...SCREEN, sandbox: { seed: false, faults: { rules: [{ kind: "hang", operation: "sources.create" }] } } }, async ({ page, sandbox }) => {
    const CANARY = "CANARY+secretsecretsecretsecretsecretsec";
    const entry = (at) => ({ source: `job-${at}`, source_type: "s3", credential_attributes: { bucket: "photos", region: "us-east-1", access_key_id: "AKIAIOSFODNN7EXAMPLE", secret_access_key: CANARY } });
    await paste(page, JSON.stringify({ version: 1, imageboss: Array.from({ length: 14 }, (_, at) => entry(at)) }));
    await until(page, () => document.querySelectorAll("[data-plan=create]").length === 14);
    assert.equal(await page.$eval("#intake-text", ({ value }) => value), "");
    await start(page);
    await until(page, () => document.querySelector(".job")?.dataset.state === "running");
    while (!sandbox.log.some(({ operation }) => operation === "sources.create")) await page.evaluate(() => new Promise(requestAnimationFrame));
    assert.ok(!(await kept(page)).includes("CANARY"));
    sandbox.faults();
    await page.reload();
    await page.waitForSelector(".job-secrets");

    const asked = await page.$$eval(".job-secrets input", ({ length }) => length);
    const before = await counts(page);
    assert.ok(asked >= 4 && before.unknown + asked === 14, JSON.stringify([asked, before]));
    await press(page, "Resume");
    assert.equal(await state(page), "paused");
    for (const input of await page.$$(".job-secrets input")) await input.type(CANARY);
    await page.click(".job-secrets [type=submit]");
    await press(page, "Resume");
    await reaches(page, "over");

    assert.deepEqual(await counts(page), { ok: asked, failed: 0, unknown: before.unknown });
    const { imageboss } = await liveIn(sandbox);
    assert.equal(imageboss.length, asked);
    for (const { id } of imageboss) assert.match(JSON.stringify(sandbox.stored("imageboss", id)), /CANARY/);
    assert.ok(!(await kept(page)).includes("CANARY"));
    assert.ok(!(await page.evaluate(() => document.documentElement.outerHTML)).includes("CANARY"));
  });
});

test("what failed is repeated after a reload with its secrets, which are asked for", async () => {
  const refused = { kind: "status", status: 422, operation: "sources.create" };
  await withConsole({ ...SCREEN, sandbox: { seed: false, faults: { rules: [refused] } } }, async ({ page, sandbox, url }) => {
    const secret = (at) => `CANARY${at}+secretsecretsecretsecretsecretse`;
    const entry = (at) => ({ source: `job-${at}`, source_type: "s3", credential_attributes: { bucket: "photos", region: "us-east-1", access_key_id: "AKIAIOSFODNN7EXAMPLE", secret_access_key: secret(at) } });
    await paste(page, JSON.stringify({ version: 1, imageboss: [entry(1), entry(2), entry(3)] }));
    await until(page, () => document.querySelectorAll("[data-plan=create]").length === 3);
    await start(page);
    await reaches(page, "over");
    assert.deepEqual(await counts(page), { ok: 0, failed: 3, unknown: 0 });
    sandbox.faults();
    await page.reload();
    await reaches(page, "over");
    assert.equal(await page.$(".job-secrets"), null);
    const before = writes(sandbox).length;
    await page.$$eval(".job details", (all) => all.forEach((one) => one.setAttribute("open", "")));
    await press(page, "Repeat what failed");
    await page.waitForSelector(".job-secrets");

    const other = await page.browserContext().newPage();
    await other.goto(`${url}?view=setup`);
    await other.waitForSelector(".job-secrets");
    await page.bringToFront();

    assert.equal(writes(sandbox).length, before);
    assert.match(await text(page, ".job-secrets"), /Secret access key of job-1.*Secret access key of job-3/);
    for (const one of [page, other]) {
      await one.bringToFront();
      for (const [at, input] of (await one.$$(".job-secrets input")).entries()) await input.type(secret(at + 1));
      await one.click(".job-secrets [type=submit]");
      await press(one, "Resume");
      await reaches(one, "over");
      assert.deepEqual(await counts(one), { ok: 3, failed: 0, unknown: 0 });
    }
    assert.equal(writes(sandbox).length, before + 3, "another tab has done it again");
    const { imageboss } = await liveIn(sandbox);
    for (const { id, source } of imageboss) assert.match(JSON.stringify(sandbox.stored("imageboss", id)), new RegExp(source.replace("job-", "CANARY")));
    assert.ok(!(await kept(page)).includes("CANARY"));
  });
});
