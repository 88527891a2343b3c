// What stands around the screens: requests, rate limits, palette, keys, the lock of live accounts, faults, offline.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { openPalette } from "./states/shell.mjs";
import { begin, button, dialogGone, fill, focused, openSource, save, submit, text, until, waitForCount, withConsole, writes } from "./support.mjs";

const LIVE = (sandbox) => ({ upstreams: { imgix: { key: "ak_sandbox" } }, fetch: sandbox.fetch });

/** A server whose imgix is live, by way of a sandbox that nobody calls one. */
async function withLive(run, more = {}) {
  const { createSandbox } = await import("../../target/npm/package/dist/sandbox.js");
  const account = createSandbox();
  await withConsole({ ...more, server: LIVE(account) }, async (console) => {
    await waitForCount(console.page, 61);
    await run({ ...console, account });
  });
}

const calls = (page) => page.$$eval(".call", (all) => all.map((call) => call.querySelector("summary").innerText.replace(/\s+/g, " ").trim()));

async function inspect(page) {
  await page.keyboard.press("i");
  await page.waitForSelector("inspector-drawer .inspector");
}

// Requests

test("every request is in the drawer, newest first, and the focus goes there and back", async () => {
  await withConsole({}, async ({ page }) => {
    await waitForCount(page, 61);
    await page.focus("[data-action=new]");
    await inspect(page);
    assert.equal(await focused(page), "inspector-heading");
    assert.match((await calls(page)).at(-1), /^\d\d:\d\d:\d\d 200 GET \w+ sources\.list \d+/);
    await page.type(".inspector .search input", "65b7704ee553fe668319d940");
    await openSource(page, "Nordlicht Outdoor");
    await until(page, () => document.querySelector(".call")?.dataset.outcome === "ok");

    assert.match((await calls(page))[0], /^\d\d:\d\d:\d\d 200 GET imgix sources\.get \d+/);
    await page.click(button("Close requests"));
    await until(page, () => !document.querySelector("inspector-drawer"));
    assert.equal(await focused(page), "Requests");
  });
});

test("failures, retries and drift are seen at once, with what support asks for", async () => {
  await withConsole({}, async ({ page, sandbox }) => {
    await waitForCount(page, 61);
    sandbox.faults({ rules: [{ kind: "503", times: 1, provider: "imgix", retryAfter: 0 }, { kind: "drift", times: 1, provider: "imageboss" }] });
    await inspect(page);
    await page.click(button("Clear requests"));
    await page.click(button("Reload"));
    await until(page, () => document.querySelectorAll(".call[data-outcome=ok]").length === 2);
    const [one, other] = (await calls(page)).sort();

    assert.match([one, other].join("\n"), /imgix sources\.list .*1 retry/);
    assert.match([one, other].join("\n"), /ImageBoss sources\.list .*\d+ drifts?/);
    await page.$$eval(".call", (all) => all.forEach((call) => call.setAttribute("open", "")));
    const shown = await text(page, ".calls");
    assert.match(shown, /Attempt 1: status 503 .* sent again after/);
    assert.match(shown, /request id [0-9a-f]+/);
    assert.match(shown, /should be \w+ and is \w+/);
  });
});

test("the filter finds by operation, address, status and id; kinds narrow it down", async () => {
  await withConsole({}, async ({ page, sandbox }) => {
    await waitForCount(page, 61);
    sandbox.faults({ rules: [{ kind: "status", status: 418, provider: "imageboss" }] });
    await page.click(button("Reload"));
    await page.waitForSelector(".notice");
    await inspect(page);
    const filter = async (words) => {
      await page.$eval(".inspector .search input", (input) => input.select());
      await page.keyboard.press("Backspace");
      await page.type(".inspector .search input", words);
      await until(page, (words) => document.querySelector(".inspector .search input").value === words, words);
      return (await calls(page)).length;
    };

    assert.equal(await filter("418"), 1);
    assert.equal(await filter("api/imgix sources.list"), 2);
    assert.equal(await filter("nothing like it"), 0);
    assert.match(await text(page, ".inspector-body"), /No request matches/);
    assert.ok((await filter(" ")) >= 4);
    await page.select(".inspector select", "failed");
    await until(page, () => document.querySelectorAll(".call").length === 1);
  });
});

test("requests are copied as curl, fetch and code of the package, without secrets", async () => {
  const before = () => (globalThis.copied = []) && Object.defineProperty(navigator, "clipboard", { value: { writeText: async (words) => void globalThis.copied.push(words) } });
  await withConsole({ before }, async ({ page }) => {
    await waitForCount(page, 61);
    await begin(page, "imageboss", "s3");
    for (const [path, value] of [["source", "paper"], ["credential_attributes.access_key_id", "AKIAIOSFODNN7EXAMPLE"], ["credential_attributes.secret_access_key", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"], ["credential_attributes.bucket", "paper"], ["credential_attributes.region", "eu-central-1"]]) await fill(page, path, value);
    await save(page);
    await dialogGone(page);
    await inspect(page);
    await page.select(".inspector select", "writes");
    await until(page, () => document.querySelectorAll(".call").length === 1);
    await page.click(".call summary");
    for (const name of ["curl", "fetch", "image-sources"]) await page.click(`.call-copies button[title="${{ curl: "Copy curl command", fetch: "Copy code with fetch", "image-sources": "Copy code with image-sources" }[name]}"]`);
    const copied = await until(page, () => globalThis.copied.length === 3 && globalThis.copied);

    assert.match(copied[0], /^curl -g -X 'POST' 'http:\/\/127\.0\.0\.1:\d+\/api\/imageboss\/sources'.*"'"\$SECRET_ACCESS_KEY"'"/);
    assert.match(copied[1], /await fetch\("http.*secret_access_key: process\.env\.SECRET_ACCESS_KEY/s);
    assert.match(copied[2], /await imageboss\.sources\.create\(\{\n.*source: "paper"/s);
    assert.ok(!(copied.join() + (await page.content())).includes("wJalr"));
  });
});

test("the archive of requests is a file without secrets", async () => {
  const folder = await mkdtemp(join(tmpdir(), "har-"));
  try {
    await withConsole({}, async ({ page }) => {
      await waitForCount(page, 61);
      const session = await page.createCDPSession();
      await session.send("Browser.setDownloadBehavior", { behavior: "allow", downloadPath: folder, browserContextId: page.browserContext().id, eventsEnabled: true });
      const done = new Promise((resolve) => session.on("Browser.downloadProgress", ({ state }) => state === "completed" && resolve()));
      await inspect(page);
      await page.click(button("Download as HAR"));
      await done;
      const [name] = await readdir(folder);
      const har = JSON.parse(await readFile(join(folder, name), "utf8"));

      assert.equal(name, "requests.har");
      assert.ok(har.log.entries.length >= 2);
      assert.ok(har.log.entries.every(({ request, response }) => request.method === "GET" && response.status === 200));
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});

// Rate limits

test("the meter shows what is used, and who waits", async () => {
  await withConsole({}, async ({ page }) => {
    await waitForCount(page, 61);
    await page.click(".meter-button");
    await page.waitForSelector(".rates");
    assert.equal(await page.$$eval(".rates tbody tr", ({ length }) => length), 9);
    for (let count = 0; count < 3; count += 1) await page.evaluate(() => document.querySelector(".filters button").click());
    const row = await until(page, () => /imgix default ([1-4]) of 4 in 1 s/.exec(document.querySelector(".rates").innerText.replace(/\s+/g, " "))?.[0]);

    assert.ok(row);
    await until(page, () => /imgix default 0 of 4 in 1 s now/.test(document.querySelector(".rates").innerText.replace(/\s+/g, " ")));
  });
});

test("a 429 of the provider is counted where it hit", async () => {
  await withConsole({}, async ({ page, sandbox }) => {
    await waitForCount(page, 61);
    sandbox.faults({ rules: [{ kind: "429", times: 1, provider: "imageboss", retryAfter: 0 }] });
    await page.click(button("Reload"));
    await page.keyboard.press("l");
    await page.waitForSelector(".rates");
    const refused = await until(page, () => {
      const rows = [...document.querySelectorAll(".rates tbody tr")].map((row) => [row.querySelector(".mono").textContent, row.lastElementChild.innerText.trim()]);
      return rows.some(([, count]) => count !== "0") && rows;
    });

    assert.deepEqual(refused.filter(([, count]) => count !== "0"), [["imageboss", "1"]]);
    await page.keyboard.press("Escape");
    await until(page, () => !document.querySelector(".rates"));
  });
});

test("requests of another tab of the page count as well", async () => {
  await withConsole({}, async ({ page, url }) => {
    await waitForCount(page, 61);
    await page.keyboard.press("l");
    await page.waitForSelector(".rates");
    const other = await page.browserContext().newPage();
    try {
      await page.bringToFront();
      await other.goto(url);
      const words = await until(page, () => /those of its other tabs \(\d+ requests?\)/.exec(document.querySelector("#rates").innerText)?.[0]);

      assert.ok(words);
    } finally {
      await other.close();
    }
  });
});

// Palette and keys

test("the palette finds commands and sources, by keys alone", async () => {
  await withConsole({}, async ({ page }) => {
    await waitForCount(page, 61);
    await page.focus("[data-action=new]");
    await openPalette(page);
    await page.keyboard.type("nordl");
    await until(page, () => document.querySelectorAll(".palette li").length === 1);
    assert.equal(await page.$eval(".palette input", (input) => document.getElementById(input.getAttribute("aria-activedescendant")).innerText.split("\n")[0]), "Nordlicht Outdoor (imgix)");
    await page.keyboard.press("Enter");
    await until(page, () => document.activeElement.id === "details-heading");

    assert.equal(await text(page, "#details-heading"), "Nordlicht Outdoor");
    await openPalette(page);
    await page.keyboard.type("new");
    await page.keyboard.press("Enter");
    await page.waitForSelector("source-form dialog[open]");
  });
});

test("in the palette arrows wrap around, Esc gives the focus back, and it opens while somebody types", async () => {
  await withConsole({}, async ({ page }) => {
    await waitForCount(page, 61);
    await page.keyboard.press("/");
    await page.keyboard.type("kumo");
    await openPalette(page);
    await until(page, () => [...document.querySelectorAll(".choice-group")].some(({ textContent }) => textContent === "Reports"));
    const active = () => page.$eval(".palette [aria-selected=true]", ({ id }) => id);
    const count = await page.$$eval(".palette li", ({ length }) => length);
    assert.equal(await active(), "palette-0");
    await page.keyboard.press("ArrowUp");
    assert.equal(await active(), `palette-${count - 1}`);
    await page.keyboard.press("ArrowDown");
    assert.equal(await active(), "palette-0");
    await page.keyboard.press("Escape");
    await until(page, () => !document.querySelector(".palette"));

    assert.equal(await focused(page), "search");
    assert.equal(await page.$eval("#search", ({ value }) => value), "kumo");
  });
});

test("a command that moves the focus keeps it", async () => {
  await withConsole({}, async ({ page }) => {
    await waitForCount(page, 61);
    await openPalette(page);
    await page.keyboard.type("search sources");
    await page.keyboard.press("Enter");
    await until(page, () => document.activeElement.id === "search");
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

    assert.equal(await focused(page), "search");
  });
});

test("nothing that matches is said, and Enter does nothing then", async () => {
  await withConsole({}, async ({ page }) => {
    await waitForCount(page, 61);
    await openPalette(page);
    await page.keyboard.type("<img src=x onerror=alert(1)>");
    await until(page, () => document.querySelector(".palette-none").textContent === "Nothing matches");
    await page.keyboard.press("Enter");

    assert.ok(await page.$(".palette[open]"));
  });
});

test("single keys can be switched off; the palette and Esc stay", async () => {
  await withConsole({}, async ({ page }) => {
    await waitForCount(page, 61);
    await page.keyboard.press("?");
    await page.waitForSelector(".shortcuts-sheet");
    assert.match(await text(page, ".shortcuts-sheet"), /Sources Search sources \/ New source n Edit the source e/);
    await page.click(".shortcuts-sheet input");
    await page.keyboard.press("Escape");
    await dialogGone(page);
    for (const key of ["i", "l", "n", "?"]) await page.keyboard.press(key);
    assert.equal(await page.$("inspector-drawer, .rates, dialog"), null);
    await openPalette(page);
    await page.keyboard.press("Escape");
    await dialogGone(page);
    await openSource(page, "cinder");
    await page.keyboard.press("Escape");

    await until(page, () => !document.querySelector("source-details"));
  });
});

test("keys are told on the buttons they belong to", async () => {
  await withConsole({}, async ({ page }) => {
    await waitForCount(page, 61);
    const titles = await page.$$eval("[aria-keyshortcuts]", (all) => all.map((one) => [one.getAttribute("aria-keyshortcuts"), one.title || one.placeholder]));

    for (const [keys, title] of titles.filter(([keys]) => keys !== "/")) assert.ok(title.toLowerCase().includes(`(${keys.split("+").at(-1) === "K" ? "ctrl k" : keys}`), `${keys}: ${title}`);
    assert.ok(titles.length >= 5);
  });
});

// The lock of live accounts

test("a live account is read-only until changes are allowed", async () => {
  await withLive(async ({ page, account }) => {
    assert.equal(await page.$eval(".lock", (lock) => `${lock.role} ${lock.ariaChecked} ${lock.innerText.trim()}`), "switch false Read-only");
    await openSource(page, "Nordlicht Outdoor");
    await page.click("[data-action=edit]");
    await page.waitForSelector("confirm-dialog");
    assert.match(await text(page, "confirm-dialog"), /Allow changes to a live account\? imgix/);
    await page.click(button("Cancel"));
    await dialogGone(page);
    assert.equal(await focused(page), "Edit");
    assert.equal(await page.$("source-form"), null);

    await page.click("[data-action=edit]");
    await page.waitForSelector("confirm-dialog");
    await submit(page);
    await page.waitForSelector("source-form dialog[open]");
    await fill(page, "name", "Nordlicht");
    await save(page);
    await dialogGone(page);

    assert.equal(account.stored("imgix", "65b7704ee553fe668319d940").name, "Nordlicht");
    assert.equal(await page.$eval(".lock", (lock) => lock.ariaChecked), "true");
  });
});

test("a sandbox beside a live account is not locked", async () => {
  await withLive(async ({ page, sandbox }) => {
    await openSource(page, "cinder");
    await page.click("[data-action=delete]");
    await page.waitForSelector("#typed-name");
    await page.type("#typed-name", "cinder");
    await submit(page);
    await dialogGone(page);
    for (let count = 0; count < 200 && sandbox.stored("imageboss", "670132e0cf7ceaf47e808e69"); count += 1) await new Promise((done) => setTimeout(done, 100));

    assert.equal(sandbox.stored("imageboss", "670132e0cf7ceaf47e808e69"), undefined);
  });
});

test("what comes past the question is stopped before it is sent", async () => {
  await withLive(async ({ page, account }) => {
    await page.click(".lock");
    await openSource(page, "Nordlicht Outdoor");
    await page.click("[data-action=edit]");
    await page.waitForSelector("source-form dialog[open]");
    await fill(page, "name", "Nordlicht");
    // The switch is behind the dialog: whoever presses it now is no person.
    await page.evaluate(() => document.querySelector(".lock").click());
    await save(page);
    await until(page, () => document.activeElement.className === "summary");

    assert.match(await text(page, ".summary"), /read-only/);
    assert.deepEqual(writes(account), []);
    assert.equal(account.stored("imgix", "65b7704ee553fe668319d940").name, "Nordlicht Outdoor");
  });
});

test("the sandbox has no lock", async () => {
  await withConsole({}, async ({ page }) => {
    await waitForCount(page, 61);

    assert.equal(await page.$(".lock"), null);
  });
});

// The sandbox

for (const isStatic of [false, true])
  test(`faults of the sandbox are switched in the page, ${isStatic ? "inside of it" : "behind the server"}`, async () => {
    await withConsole({ isStatic, waitFor: isStatic ? "connect-page h1" : ".row-link" }, async ({ page }) => {
      if (isStatic) {
        await page.click("input[name=way][value=sandbox]");
        await page.click(button("Open the sandbox"));
      }
      await waitForCount(page, 61);
      await page.click(".banner button");
      await page.waitForSelector("#faults input[value=reset]");
      await page.select("#faults .picker:nth-child(2) select", "imgix");
      await page.click("#faults input[value='500-html']");
      await until(page, () => /1 fault switched on/.test(document.querySelector(".banner").innerText));
      await page.keyboard.press("Escape");
      await page.click(button("Reload"));
      await page.waitForSelector(".notice");

      assert.match(await text(page, ".notice"), /imgix failed .*Status 500/);
      assert.match(await text(page, ".modes"), /imgix Sandbox failed ImageBoss Sandbox$/);
      await page.click(".banner button");
      await page.click(button("Nothing goes wrong"));
      await until(page, () => !/switched on/.test(document.querySelector(".banner").innerText));
      await page.keyboard.press("Escape");
      await page.click(button("Retry imgix"));
      await until(page, () => !document.querySelector(".notice"));
      assert.equal(await text(page, ".title-row .shown"), "61 sources");
    });
  });

test("every fault there is has a switch, and the sandbox takes it", async () => {
  const declared = /kind: ("[^;]+);/.exec(readFileSync(new URL("../../pkg-template/types/sandbox.d.ts", import.meta.url), "utf8"))[1].match(/[\w-]+/g);
  await withConsole({}, async ({ page }) => {
    await waitForCount(page, 61);
    await page.click(".banner button");
    await page.waitForSelector("#faults input[value=reset]");
    assert.deepEqual((await page.$$eval("#faults input", (all) => all.map(({ value }) => value))).sort(), [...declared].sort());
    await page.$$eval("#faults input", (all) => all.forEach((one) => one.click()));
    await until(page, (count) => document.querySelector(".banner").innerText.includes(`${count} faults switched on`), declared.length);

    assert.equal(await page.$("#faults .notice"), null);
  });
});

test("on a narrow screen boxes keep their size, and what is chosen is not cut off", async () => {
  await withConsole({ width: 320 }, async ({ page }) => {
    await waitForCount(page, 61);
    const cut = await page.$$eval(".filters select", (all) =>
      all.filter((select) => select.checkVisibility()).flatMap((select) => {
        const words = document.createElement("span");
        words.style.font = getComputedStyle(select).font;
        words.textContent = select.selectedOptions[0].textContent;
        words.style.position = "absolute";
        document.body.append(words);
        const { width } = words.getBoundingClientRect();
        words.remove();
        // The sign for opening it needs some room as well.
        return width + 16 > select.clientWidth ? [select.selectedOptions[0].textContent] : [];
      }),
    );
    assert.deepEqual(cut, []);
    await page.click("[popovertarget=faults]");
    await page.waitForSelector(".fault-kinds input");
    const widths = await page.$$eval(".fault-kinds input", (boxes) => boxes.map((box) => box.getBoundingClientRect().width));

    assert.equal(new Set(widths).size, 1, widths.join());
  });
});

test("faults that were on before a reload are told again", async () => {
  await withConsole({}, async ({ page, sandbox }) => {
    await waitForCount(page, 61);
    await page.click(".banner button");
    await page.waitForSelector("#faults input[value=drift]");
    await page.click("#faults input[value=drift]");
    await page.select("#faults .picker:nth-child(4) select", "300");
    await until(page, () => /2 faults switched on/.test(document.querySelector(".banner").innerText));
    await page.reload();
    await until(page, () => /2 faults switched on/.test(document.querySelector(".banner")?.innerText ?? ""));
    await page.click(".banner button");
    await page.waitForSelector("#faults input[value=drift]");

    assert.ok(await page.$eval("#faults input[value=drift]", ({ checked }) => checked));
    assert.equal(await page.$eval("#faults .picker:nth-child(4) select", ({ value }) => value), "300");
    sandbox.faults();
  });
});

// Offline

test("offline is said, nothing is lost, and what failed is loaded again by itself", async () => {
  await withConsole({}, async ({ page }) => {
    await waitForCount(page, 61);
    await openSource(page, "cinder");
    await page.setOfflineMode(true);
    await page.waitForSelector(".banner[role=alert]");
    await page.click(button("Reload"));
    await page.waitForSelector(".notice[data-provider=imgix]");
    assert.match(await text(page, ".banner[role=alert]"), /Offline/);
    assert.equal(await text(page, ".title-row .shown"), "61 sources");
    await page.setOfflineMode(false);
    await until(page, () => !document.querySelector(".banner[role=alert], .notice"));

    assert.equal(await text(page, "#details-heading"), "cinder");
  });
});

test("every screen works offline as far as it can, and what failed there is loaded again by itself", async () => {
  await withConsole({}, async ({ page }) => {
    const at = async (key, title) => {
      await page.keyboard.press("g");
      await page.keyboard.press(key);
      await until(page, (title) => document.querySelector("h1")?.innerText === title, title);
    };
    await waitForCount(page, 61);
    // All screens are loaded ahead, and what they load.
    await until(page, async () => {
      const loaded = () => performance.getEntriesByType("resource").map(({ name }) => name.split("/").at(-1));
      const before = loaded();
      await new Promise((done) => setTimeout(done, 300));
      return before.length === loaded().length && before.some((name) => name.startsWith("papaparse")) && before.filter((name) => name.startsWith("screen-")).length === document.querySelectorAll(".places a").length - 1;
    });
    await page.setOfflineMode(true);
    await page.waitForSelector(".banner[role=alert]");
    for (const [key, title] of [["b", "Bulk"], ["e", "Set-up"]]) {
      await at(key, title);
      await page.waitForSelector(".intake");
      await page.evaluate(() => new Promise((done) => setTimeout(done, 300)));
      assert.equal(await page.$("main .notice"), null, title);
    }
    await at("b", "Bulk");
    await page.select(".picker.wide select", "imgix.purge");
    await page.type("#intake-text", "url,why\nhttps://nordlicht.imgix.net/a.jpg,x\n");
    await page.click(".intake [type=submit]");
    await page.waitForSelector("[data-item]");
    await at("r", "Reports");
    await page.waitForSelector("main .notice");
    await page.setOfflineMode(false);

    await page.waitForSelector("table.reports");
    assert.equal(await page.$("main .notice"), null);
  });
});

test("the sandbox in the page does not mind being offline", async () => {
  await withConsole({ isStatic: true, waitFor: "connect-page h1" }, async ({ page }) => {
    await page.click("input[name=way][value=sandbox]");
    await page.click(button("Open the sandbox"));
    await waitForCount(page, 61);
    await page.setOfflineMode(true);
    await page.click(button("Reload"));
    await until(page, () => !document.querySelector(".turning"));

    assert.equal(await page.$(".banner[role=alert], .notice"), null);
    await page.setOfflineMode(false);
  });
});
