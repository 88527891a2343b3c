// The same to many things: reading, checking, running, pausing, going on, and the log.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { counts, done, hurry, noteFiles, press, reaches, saved, settle, start, state } from "./jobs.mjs";
import { liveIn, paste } from "./states/setup.mjs";
import { text, until, withConsole, writes } from "./support.mjs";

const at = (kind) => ({ path: `?view=bulk&do=${kind}`, waitFor: ".intake" });
const items = (page) => page.$$eval("[data-item]", (rows) => rows.map((row) => [row.dataset.item, row.querySelector("th").textContent]));
const show = (page, status) => page.$eval(`input[name=item-status][value='${status}']`, (input) => input.click());
const urls = (count, host = "nordlicht") => Array.from({ length: count }, (_, at) => `https://${host}.imgix.net/many/${at}.jpg`);
const purged = (sandbox) => writes(sandbox).filter(({ operation }) => operation === "purge");

test("every line is an address, whatever commas it has, and is checked before anything is sent", async () => {
  await withConsole(at("imgix.purge"), async ({ page, sandbox }) => {
    await paste(page, "\ufeffhttps://nordlicht.imgix.net/a,b.jpg\r\n\r\n# a remark\nhttps://nordlicht.imgix.net/\"q\".jpg\nhttps://nordlicht.imgix.net/a,b.jpg\nnonsense\n");
    await page.waitForSelector(".plan-table");

    assert.deepEqual(await items(page), [["invalid", "nonsense"]]);
    assert.match(await text(page, "[data-item=invalid]"), /^6 nonsense invalid url must be the whole address/);
    await show(page, "");
    await until(page, () => document.querySelectorAll("[data-item]").length === 4);
    assert.deepEqual((await items(page)).map(([status]) => status), ["ready", "ready", "twice", "invalid"]);
    assert.equal(writes(sandbox).length, 0);
    await start(page);
    await reaches(page, "over");
    assert.deepEqual(await counts(page), { ok: 2, failed: 0, unknown: 0 });
    assert.deepEqual(purged(sandbox).map(({ body }) => JSON.parse(body).data.attributes.url).sort(), ["https://nordlicht.imgix.net/\"q\".jpg", "https://nordlicht.imgix.net/a,b.jpg"].sort());
  });
});

test("what is purged at ImageBoss is named by columns, by a list, or by its address", async () => {
  await withConsole(at("imageboss.purge"), async ({ page, sandbox }) => {
    for (const given of ["source,path\ncinder,looks/one two.jpg\n", "cinder,looks/one two.jpg", "path;source\nlooks/one two.jpg;cinder\n", '[["cinder","looks/one two.jpg"]]', '[{"path":"looks/one two.jpg","source":"cinder"}]', "https://img.imageboss.me/cinder/looks/one%20two.jpg"]) {
      await paste(page, given);
      await until(page, () => document.querySelector("[data-item]"));
      assert.deepEqual(await items(page), [["ready", "cinder looks/one two.jpg"]], given);
      await page.click("[aria-label='Close what was given']");
      await until(page, () => !document.querySelector("[data-item]"));
    }
    assert.equal(writes(sandbox).length, 0);
  });
});

test("assets are changed by a column for each attribute", async () => {
  await withConsole({ ...at("imgix.assets.update"), before: hurry }, async ({ page, sandbox }) => {
    const { id } = (await liveIn(sandbox)).imgix.find(({ name }) => name === "Nordlicht Outdoor");
    const answer = await sandbox.fetch(`https://api.imgix.com/api/v1/sources/${id}/assets?page[limit]=2`, { headers: { authorization: "Bearer ak_sandbox" } });
    const [one, two] = (await answer.json()).data.map(({ attributes }) => attributes.origin_path);
    await paste(page, `sourceId,path,name,categories\n${id},${one},"Blue, and warm","[""winter"",""coats""]"\n${id},${two},,null\n${id},${two},x,"[1]"\n`);
    await page.waitForSelector(".plan-table");
    await show(page, "");
    await until(page, () => document.querySelectorAll("[data-item]").length === 3);
    assert.deepEqual((await items(page)).map(([status]) => status), ["ready", "ready", "invalid"]);
    await start(page);
    await reaches(page, "over");

    assert.deepEqual(await counts(page), { ok: 2, failed: 0, unknown: 0 });
    const sent = writes(sandbox).map(({ body }) => JSON.parse(body).data.attributes);
    assert.deepEqual(sent.sort((a, b) => Number("name" in b) - Number("name" in a)), [{ categories: ["winter", "coats"], name: "Blue, and warm" }, { categories: null }].map((one) => (one.name ? { name: one.name, categories: one.categories } : one)));
  });
});

test("sources are created and changed from CSV, and what is as it should be is left alone", async () => {
  await withConsole({ ...at("imageboss.sources"), before: hurry }, async ({ page, sandbox }) => {
    await until(page, () => document.querySelector(".intake"));
    const csv = [
      "source,source_type,credential_attributes.url,credential_attributes.require_token",
      "fresh-one,url,https://origin.example/,true",
      "petitpois,url,https://elsewhere.example/,",
      "Gazette2,,,false",
      "legacy-shop,,,maybe",
      "no-type,,,",
    ].join("\n");
    await paste(page, csv);
    await page.waitForSelector("[data-plan=change]");
    const plan = await page.$$eval("[data-plan]", (rows) => Object.fromEntries(rows.map((row) => [row.querySelector(".plan-name").textContent, row.dataset.plan])));
    assert.deepEqual(plan, { "legacy-shop": "impossible", "no-type": "impossible", "fresh-one": "create", petitpois: "change", Gazette2: "unchanged" });
    await start(page);
    await reaches(page, "over");

    assert.deepEqual(await counts(page), { ok: 2, failed: 0, unknown: 0 });
    const { imageboss } = await liveIn(sandbox);
    assert.equal(imageboss.find(({ source }) => source === "fresh-one").credentials.require_token, "true");
    assert.equal(imageboss.find(({ source }) => source === "petitpois").credentials.url, "https://elsewhere.example/");
    await until(page, () => document.querySelectorAll("[data-plan=unchanged]").length === 3);
  });
});

test("an address with a password in it is refused, and the password is not shown", async () => {
  await withConsole(at("imgix.purge"), async ({ page, sandbox }) => {
    await paste(page, "https://me:CANARY@nordlicht.imgix.net/a.jpg\nhttps://CANARY@nordlicht.imgix.net/b.jpg\nhttps://nordlicht.imgix.net/me@c.jpg\n");
    await page.waitForSelector("[data-item]");
    await show(page, "");
    await until(page, () => document.querySelectorAll("[data-item]").length === 3);

    assert.deepEqual((await items(page)).map(([status]) => status), ["invalid", "invalid", "ready"]);
    assert.match(await text(page, "[data-item=invalid]"), /is an address with a name or a password in it: take them out/);
    assert.ok(!(await page.evaluate(() => document.documentElement.outerHTML)).includes("CANARY"));
    await start(page);
    await reaches(page, "over");
    assert.equal(purged(sandbox).length, 1);
  });
});

test("numbers, switches, lists and maps of a cell become what the field is", async () => {
  await withConsole(at("imgix.sources"), async ({ page }) => {
    await paste(page, 'name,deployment.cache_ttl_error,deployment.crossdomain_xml_enabled,deployment.custom_domains,deployment.default_params,deployment.robots.txt\nNordlicht Outdoor,77,TRUE,a.example|b.example,"{""auto"":""format""}",allow-all\n');
    await page.waitForSelector("[data-plan=change]");

    const shown = await text(page, "[data-plan=change] .changes");
    for (const part of [/cache_ttl_error from \d+ to 77/, /custom_domains.* to \["a.example","b.example"\]/, /default_params.* to \{"auto":"format"\}/, /crossdomain_xml_enabled from false to true/, /robots\.txt .*to allow-all/]) assert.match(shown, part);
  });
});

test("what cannot be used is refused in words, and what was there stays", async () => {
  const folder = mkdtempSync(join(tmpdir(), "bulk-"));
  try {
    await withConsole(at("imgix.purge"), async ({ page, sandbox }) => {
      await paste(page, urls(3).join("\n"));
      await until(page, () => document.querySelectorAll("[data-item]").length === 3);
      const before = await items(page);
      for (const [name, content, words] of [
        ["broken.json", "[1, 2", /begins like JSON and is none/],
        ["none.json", "[]", /no rows/],
        ["blank.txt", " \n\n ", /nothing in it/],
        ["picture.png", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 1]), /no text/],
        ["many.json", `[${"1,".repeat(250_001)}1]`, /more than 250,000 rows/],
      ]) {
        writeFileSync(join(folder, name), content);
        await (await page.$(".file-input")).uploadFile(join(folder, name));
        await until(page, (name) => document.querySelector("#bulk-refusal")?.innerText.includes(name), name);
        assert.match(await text(page, "#bulk-refusal"), words);
        assert.match(await text(page, "#bulk-refusal"), /Nothing was changed/);
        assert.deepEqual(await items(page), before);
      }
      assert.equal(writes(sandbox).length, 0);
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("ten megabytes are read piece by piece, and the page answers meanwhile", async () => {
  await withConsole(at("imgix.purge"), async ({ page }) => {
    await page.evaluate(() => {
      globalThis.turns = 0;
      globalThis.told = new Set();
      setInterval(() => {
        globalThis.turns += 1;
        const work = document.querySelector(".work")?.textContent;
        if (work) globalThis.told.add(work.replace(/[\d,]+/g, "N"));
      });
    });
    const remark = `# ${"x".repeat(3_500)}`;
    await paste(page, urls(3_000).flatMap((url) => [url, remark]).join("\n"));
    await until(page, () => document.querySelectorAll("[data-item]").length === 100);

    assert.match(await text(page, ".card-head"), /What was pasted, 3,000 rows of lines/);
    const { turns, told } = await page.evaluate(() => ({ turns: globalThis.turns, told: [...globalThis.told] }));
    assert.ok(turns >= 20, `the page had ${turns} turns`);
    assert.ok(told.some((words) => /Checking N of N/.test(words)), told.join());
    assert.equal(await page.$eval("#intake-text", ({ value }) => value), "");
    await page.click(".more-rows button");
    await until(page, () => document.querySelectorAll("[data-item]").length === 200);
  });
});

test("a line that is too long is refused and cut, and the page stays as wide as it was", async () => {
  await withConsole({ ...at("imgix.purge"), width: 320 }, async ({ page, sandbox }) => {
    const [url] = urls(1);
    const long = (letters) => url + "x".repeat(letters - url.length);
    await paste(page, [url, long(8_192), long(8_193), long(10 << 20)].join("\n"));
    await page.waitForSelector("[data-item=invalid]");
    await show(page, "");
    await until(page, () => document.querySelectorAll("[data-item]").length === 4);

    assert.deepEqual((await items(page)).map(([status]) => status), ["ready", "ready", "invalid", "invalid"]);
    assert.match(await text(page, "[data-item=invalid]"), /longer than 8,192 characters/);
    assert.ok((await items(page)).every(([, shown]) => shown.length < 400));
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0);
    assert.equal(writes(sandbox).length, 0);
  });
});

test("a run pauses, goes on and ends, and sends each call once", async () => {
  await withConsole(at("imgix.purge"), async ({ page, sandbox }) => {
    await paste(page, urls(80).join("\n"));
    await page.waitForSelector(".plan-table");
    assert.match(await text(page, ".card .card-tools:last-of-type, .card-tools"), /At least 7 s|Run 80 calls/);
    await start(page);
    await until(page, () => document.activeElement?.matches(".job h2"));
    await done(page, 21);
    await press(page, "Pause");
    await reaches(page, "paused");
    const sent = purged(sandbox).length;
    const paused = await counts(page);
    assert.deepEqual([paused.failed, paused.unknown], [0, 0]);
    assert.equal(paused.ok, sent);
    await settle(page);
    assert.equal(purged(sandbox).length, sent);
    await press(page, "Resume");
    await reaches(page, "over");

    assert.deepEqual(await counts(page), { ok: 80, failed: 0, unknown: 0 });
    const told = purged(sandbox).map(({ body }) => JSON.parse(body).data.attributes.url);
    assert.deepEqual([told.length, new Set(told).size], [80, 80]);
  });
});

test("the patience of a pause breaks off nothing that goes on after it", async () => {
  const before = () => {
    const later = setTimeout;
    globalThis.setTimeout = (act, ms = 0, ...given) => later(act, ms === 30_000 ? 1_500 : ms, ...given);
  };
  await withConsole({ ...at("imgix.purge"), before }, async ({ page, sandbox }) => {
    await paste(page, urls(60).join("\n"));
    await page.waitForSelector(".plan-table");
    await start(page);
    await done(page, 6);
    await press(page, "Pause");
    await reaches(page, "paused");
    await press(page, "Resume");
    await reaches(page, "over");

    assert.deepEqual(await counts(page), { ok: 60, failed: 0, unknown: 0 });
    assert.equal(purged(sandbox).length, 60);
  });
});

test("a run that is stopped does no more, and stays ended after a reload until it is dismissed", async () => {
  await withConsole(at("imgix.purge"), async ({ page, sandbox }) => {
    await paste(page, urls(300).join("\n"));
    await page.waitForSelector(".plan-table");
    await start(page);
    await done(page, 6);
    await press(page, "Stop");
    await reaches(page, "over");
    const sent = purged(sandbox).length;
    assert.match(await text(page, ".job-counts"), new RegExp(`${300 - sent} not done`));
    await page.reload();
    await page.waitForSelector(".job");
    assert.equal(await state(page), "over");
    assert.equal(purged(sandbox).length, sent);

    await press(page, "Dismiss");
    await until(page, () => !document.querySelector(".job"));
    await page.reload();
    await page.waitForSelector(".intake");
    await settle(page);
    assert.equal(await page.$(".job"), null);
  });
});

test("two tabs never run the same job", async () => {
  await withConsole({ ...at("imgix.purge"), sandbox: { logLimit: 5000 }, before: hurry }, async ({ page, sandbox, url }) => {
    await paste(page, urls(40).join("\n"));
    await page.waitForSelector(".plan-table");
    sandbox.faults({ rules: [{ kind: "slow", operation: "purge", delayMs: 4_000 }] });
    await start(page);
    await reaches(page, "running");
    const other = await page.browserContext().newPage();
    await other.goto(`${url}?view=bulk`);
    await other.waitForSelector(".job");
    assert.equal(await state(other), "elsewhere");
    assert.equal((await counts(other)).unknown, 0, "what is under way elsewhere is not in doubt");
    await press(other, "Resume");
    await settle(other);
    assert.equal(await state(other), "elsewhere");
    sandbox.faults();
    await page.bringToFront();
    await reaches(page, "over");

    assert.deepEqual(await counts(page), { ok: 40, failed: 0, unknown: 0 });
    await other.bringToFront();
    await reaches(other, "over");
    assert.deepEqual(await counts(other), { ok: 40, failed: 0, unknown: 0 });
    assert.equal(purged(sandbox).length, 40);
    await other.close();
  });
});

test("whichever button of a job goes, the focus goes to what is there", async () => {
  await withConsole({ ...at("imgix.purge"), sandbox: { faults: { rules: [{ kind: "slow", operation: "purge", delayMs: 500 }] } } }, async ({ page }) => {
    await paste(page, urls(100).join("\n"));
    await page.waitForSelector(".plan-table");
    await start(page);
    await reaches(page, "running");
    for (const [name, state] of [["Pause", "paused"], ["Resume", "running"], ["Stop", "over"]]) {
      await page.evaluate((name) => [...document.querySelectorAll(".job button")].find((button) => button.textContent.trim() === name).focus(), name);
      await page.keyboard.press("Enter");
      await reaches(page, state);
      await until(page, () => document.activeElement?.matches(".job h2"));
    }
    await page.evaluate(() => [...document.querySelectorAll(".job button")].find((button) => button.textContent.trim() === "Dismiss").focus());
    await page.keyboard.press("Enter");
    await until(page, () => document.activeElement?.matches("h1"));
  });
});

test("what is refused is in the log, which a spreadsheet takes for text", async () => {
  const before = `(${noteFiles})(); (${hurry})();`;
  await withConsole({ ...at("imageboss.purge"), before: new Function(before) }, async ({ page }) => {
    await paste(page, JSON.stringify([["=1+1", "a.jpg"], ["@sum", "b.jpg"], ["cinder", "ok.jpg"], ["-2", "c.jpg"], ["+3", "d.jpg"], ["＝4", "e.jpg"], [" =5", "f.jpg"]]));
    await page.waitForSelector(".plan-table");
    await start(page);
    await reaches(page, "over");
    await press(page, "Log as CSV");
    const csv = await saved(page);
    await press(page, "Log as JSON");
    const log = JSON.parse(await saved(page));

    const rows = csv.trim().split("\r\n");
    assert.equal(rows[0], "time,provider,operation,item,outcome,status,code,message,request id");
    assert.equal(rows.length, 8);
    for (const item of ["=1+1 a.jpg", "@sum b.jpg", "-2 c.jpg", "+3 d.jpg", "＝4 e.jpg", " =5 f.jpg"]) {
      assert.ok(rows.some((row) => row.includes(`,"'${item}",`) || row.includes(`,'${item},`)), `${item} in ${csv}`);
      assert.equal(log.find((row) => row.item === item).operation, "purge");
    }
    assert.ok(!rows.slice(1).some((row) => row.split(",").some((cell) => /^[=+@\t\r-]/.test(cell))));
    assert.deepEqual(log.find(({ item }) => item === "cinder ok.jpg").outcome, "ok");
  });
});

test("where every call would meet the same, it pauses by itself and says why", async () => {
  await withConsole(at("imgix.purge"), async ({ page, sandbox }) => {
    sandbox.faults({ rules: [{ kind: "status", status: 401, operation: "purge" }] });
    await paste(page, urls(60).join("\n"));
    await page.waitForSelector(".plan-table");
    await start(page);
    await page.waitForSelector(".job .notice");
    await reaches(page, "paused");

    assert.match(await text(page, ".job .notice"), /does not accept the key/);
    assert.ok(purged(sandbox).length <= 20);
    sandbox.faults();
    await press(page, "Resume");
    await reaches(page, "over");
    // Where the key was refused nothing has failed: all of it is done once it is accepted again.
    assert.deepEqual(await counts(page), { ok: 60, failed: 0, unknown: 0 });
  });
});

test("what failed can be repeated, as a run of its own", async () => {
  await withConsole(at("imgix.purge"), async ({ page, sandbox }) => {
    sandbox.faults({ rules: [{ kind: "status", status: 422, operation: "purge" }] });
    await paste(page, urls(3).join("\n"));
    await page.waitForSelector(".plan-table");
    await start(page);
    await reaches(page, "over");
    assert.deepEqual(await counts(page), { ok: 0, failed: 3, unknown: 0 });

    sandbox.faults();
    await page.$$eval(".job details", (all) => all.forEach((one) => one.setAttribute("open", "")));
    await press(page, "Repeat what failed");
    await until(page, () => document.querySelectorAll(".job").length === 2);
    await reaches(page, "over");
    assert.deepEqual(await counts(page), { ok: 3, failed: 0, unknown: 0 });
  });
});

test("a job that is over is not in the colours of what is held or warned of", async () => {
  await withConsole(at("imgix.purge"), async ({ page }) => {
    await paste(page, urls(3).join("\n"));
    await page.waitForSelector(".plan-table");
    await start(page);
    await reaches(page, "over");
    const [job, card] = await page.evaluate(() => [".job", ".card"].map((selector) => {
      const { backgroundColor, display } = getComputedStyle(document.querySelector(selector));
      return { backgroundColor, display };
    }));

    assert.deepEqual(job, card);
  });
});

test("without a place to keep its journal nothing is begun", async () => {
  const before = () => {
    IDBFactory.prototype.open = () => {
      throw new DOMException("no", "SecurityError");
    };
  };
  await withConsole({ ...at("imgix.purge"), before }, async ({ page, sandbox }) => {
    await paste(page, urls(3).join("\n"));
    await page.waitForSelector(".plan-table");
    await start(page);
    await until(page, () => /Nothing was begun/.test(document.querySelector(".list-side > .notice")?.textContent));

    assert.equal((await items(page)).length, 3);
    assert.equal(writes(sandbox).length, 0);
  });
});
