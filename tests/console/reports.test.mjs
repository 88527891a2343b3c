import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";

import { asked, localFile } from "./assets-support.mjs";
import { button, focused, text, until, withConsole } from "./support.mjs";

const PATH = "?view=reports&type=source_analytics";
const withReports = (options, run) => withConsole({ path: PATH, waitFor: ".reports .row-link", ...options }, run);

async function openReport(page, number = 3) {
  await page.click(`.reports tbody tr:nth-child(${number}) a`);
  await page.waitForSelector(".report-details .facts");
}

/** A sandbox whose report files hold what is given. */
const holding = (file) => (sandbox) => async (url, init) => (/\/reports\/[^/?]+\.csv/.test(url) ? new Response(typeof file === "function" ? file(url) : file) : sandbox.fetch(url, init));

test("reports are listed newest first, filtered and ordered by the API, more on demand", async () => {
  await withReports({ path: "?view=reports" }, async ({ page, sandbox }) => {
    assert.equal(await text(page, ".shown"), "100 of 637 reports loaded");
    await page.click("[data-action=more]");
    await until(page, () => document.querySelectorAll(".reports tbody tr").length === 200);
    await page.select("#report-type", "mild_errors");
    await until(page, () => /type=mild_errors/.test(location.search) && document.querySelectorAll(".reports tbody tr").length === 91);
    await page.select("select:has(option[value=final])", "final");
    await until(page, () => document.querySelector(".shown").innerText === "90 reports");

    const path = decodeURIComponent(asked(sandbox, "reports.list").at(-1).path);
    assert.match(path, /filter\[report_type\]=mild_errors/);
    assert.match(path, /filter\[completed\]=true/);
    assert.match(path, /sort=-period_end/);
    assert.ok((await page.$$eval("#report-type option", (options) => options.map(({ value }) => value))).includes("cdn_logs"), "the other types can still be chosen");
    await page.goBack();
    await until(page, () => document.querySelector(".shown").innerText === "91 reports");
  });
});

test("arrows move in the list of reports, enter opens, escape closes and the focus comes back", async () => {
  await withReports({}, async ({ page }) => {
    await page.focus(".reports tbody tr:nth-child(3) a");
    const row = () => page.evaluate(() => [...document.querySelectorAll(".reports tbody tr")].indexOf(document.activeElement.closest("tr")));
    const rows = [];
    for (const key of ["ArrowDown", "ArrowUp", "ArrowUp", "Home", "ArrowUp", "End", "ArrowDown", "Home", "ArrowDown"]) {
      await page.keyboard.press(key);
      rows.push(await row());
    }
    const last = (await page.$$(".reports tbody tr")).length - 1;
    assert.deepEqual(rows, [3, 2, 1, 0, 0, last, last, 0, 1]);
    await page.keyboard.press("Enter");
    await until(page, () => document.activeElement?.id === "report-heading");
    await page.keyboard.press("Escape");

    await until(page, () => document.activeElement?.matches(".reports .row-link"));
    assert.equal(await row(), 1);
  });
});

test("a report tells its period and leads to its files, whose signed addresses are not shown", async () => {
  await withReports({ path: "?view=reports&type=cdn_logs" }, async ({ page, url }) => {
    await openReport(page);
    const links = await page.$$eval(".report-files a", (all) => all.map(({ href, textContent, rel }) => [href, textContent, rel]));

    assert.equal(links.length, 3);
    for (const [href, words, rel] of links) {
      assert.ok(href.startsWith(`${url}reports/cdn_logs_`) && href.includes("Signature="));
      assert.match(words, /^cdn_logs_\d+_\d\.csv\.gz/);
      assert.match(rel, /noreferrer/);
    }
    assert.ok(!(await text(page, "main")).includes("Signature"));
    assert.equal(await focused(page), "report-heading");
    await page.keyboard.press("Escape");
    await until(page, () => document.activeElement.closest("tr")?.rowIndex === 3);
  });
});

test("the figures of a report are ranked, with the same numbers in words", async () => {
  await withReports({}, async ({ page }) => {
    await openReport(page);
    await page.click("[data-action=draw]");
    await page.waitForSelector(".ranks");

    assert.match(await text(page, ".figures"), /20 rows/);
    const values = await page.$$eval(".ranks td", (cells) => cells.map(({ textContent }) => Number(textContent.replace(/,/g, ""))));
    assert.equal(values.length, 20);
    assert.deepEqual(values, [...values].sort((a, b) => b - a));
    const widths = await page.$$eval(".ranks rect", (bars) => bars.map((bar) => Number(bar.getAttribute("width"))));
    assert.equal(widths[0], 100);
    assert.equal(Math.round((widths[19] / 100) * values[0]), values[19]);
  });
});

test("days are compared as a chart and as a table of the same numbers", async () => {
  const seen = [];
  const file = (url) => {
    const day = Number(/_\d{6}(\d\d)_/.exec(url)[1]);
    seen.push(day);
    return gzipSync(`path,requests,bytes\n/a,${day},10\n/b,${day},20\n`);
  };
  await withReports({ sandboxFetch: holding(file) }, async ({ page }) => {
    await page.select("#compare", "7");
    await page.waitForSelector(".chart canvas");
    await page.$eval(".figures details", (details) => details.setAttribute("open", ""));
    const rows = await page.$$eval(".numbers-table tbody tr", (rows) => rows.map((row) => [row.cells[0].textContent, row.cells[1].textContent]));

    assert.equal(seen.length, 7);
    assert.equal(rows.length, 7);
    for (const [day, value] of rows) assert.equal(Number(value), 2 * Number(day.slice(8)));
    assert.deepEqual(rows, [...rows].sort());
    assert.match(await page.$eval(".chart", (chart) => `${chart.role} ${chart.ariaLabel}`), /img Requests over 7 days/);
    await page.select("#metric", "1");
    await until(page, () => [...document.querySelectorAll(".numbers-table tbody td")].every(({ textContent }) => textContent === "30"));
  });
});

test("the chart is loaded only when there is something to draw, and follows size and theme", async () => {
  const asked = [];
  await withReports({ before: undefined }, async ({ page }) => {
    page.on("request", (request) => asked.push(new URL(request.url()).pathname));
    assert.deepEqual(await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name).filter((name) => /uplot/i.test(name))), []);
    await page.select("#compare", "7");
    await page.waitForSelector(".chart canvas");
    assert.equal(asked.filter((path) => /uplot/i.test(path)).length, 1, asked.join(" "));
    const wide = await page.$eval(".chart canvas", ({ clientWidth }) => clientWidth);
    const pixels = () => page.$eval(".chart canvas", (canvas) => { const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data; let sum = 0; for (let at = 0; at < data.length; at += 1) sum = (sum * 31 + data[at]) % 1_000_003; return sum; });
    const light = await pixels();
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "dark" }]);
    await until(page, (light) => { const canvas = document.querySelector(".chart canvas"); const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data; let sum = 0; for (let at = 0; at < data.length; at += 1) sum = (sum * 31 + data[at]) % 1_000_003; return sum !== light; }, light);
    await page.setViewport({ width: 320, height: 800 });
    await until(page, (wide) => document.querySelector(".chart canvas").clientWidth < wide / 2, wide);

    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= 320));
  });
});

test("the script of the charts is lost: the numbers are there all the same", async () => {
  await withReports({}, async ({ page }) => {
    await page.setRequestInterception(true);
    page.on("request", (request) => (/uplot/i.test(request.url()) ? request.abort() : request.continue()));
    await page.select("#compare", "7");
    await until(page, () => /could not be loaded/.test(document.querySelector(".chart-read")?.innerText ?? ""));
    await page.$eval(".figures details", (details) => details.setAttribute("open", ""));

    assert.equal((await page.$$(".numbers-table tbody tr")).length, 7);
  });
});

test("a comparison can be stopped, and tells how far it is", async () => {
  await withReports({ sandbox: { faults: { rules: [{ kind: "slow", delayMs: 400, operation: "files.get" }] } } }, async ({ page, sandbox }) => {
    await page.select("#compare", "90");
    await until(page, () => /[2-9] of 90 days/.test(document.querySelector(".figures").innerText));
    await page.click("[data-action=stop]");
    await until(page, () => /Stopped/.test(document.querySelector(".figures").innerText));
    const before = asked(sandbox, "files.get").length;
    await new Promise((done) => setTimeout(done, 1500));

    assert.ok(asked(sandbox, "files.get").length <= before + 1);
  });
});

for (const [name, file, words] of [
  ["expired", () => undefined, /expired/],
  ["empty", "", /empty/],
  ["no table", "<!doctype html><title>x</title>", /no table|nothing to draw/],
  ["damaged", gzipSync("a,b\n1,2\n".repeat(100)).subarray(0, 20), /broke off or is damaged/],
  ["binary", Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 0, 0, 0]), /no text/],
  ["only words", "path,name\n/a,b\n/c,d\n", /nothing to draw/],
])
  test(`a file that cannot be drawn says why: ${name}`, async () => {
    const options = name === "expired" ? { sandbox: { faults: { rules: [{ kind: "status", status: 403, operation: "files.get" }] } } } : { sandboxFetch: holding(file) };
    await withReports(options, async ({ page }) => {
      await openReport(page);
      await page.click("[data-action=draw]");
      await until(page, (words) => new RegExp(words).test(document.querySelector(".figures")?.innerText ?? ""), words.source);
    });
  });

test("a file that was downloaded can be drawn, packed or plain", async () => {
  await withReports({}, async ({ page, sandbox }) => {
    await openReport(page);
    const { writeFileSync } = await import("node:fs");
    const path = localFile("mine.csv.gz");
    writeFileSync(path, gzipSync("day,requests\n2026-01-01,5\n2026-01-02,7\n2026-01-02,1\n"));
    const input = await page.$(".file-button input");
    await input.uploadFile(path);
    await page.waitForSelector(".chart canvas");
    await page.$eval(".figures details", (details) => details.setAttribute("open", ""));

    assert.match(await text(page, ".numbers-table"), /2026-01-01 5 2026-01-02 8 Sum 13/);
    assert.deepEqual(asked(sandbox, "files.get"), []);
  });
});

test("failing, forbidden, missing and empty have their own words, and a retry helps", async () => {
  await withConsole({ path: "?view=reports", sandbox: { faults: { rules: [{ kind: "status", status: 403, operation: "reports.list" }] } }, waitFor: ".notice[role=alert]" }, async ({ page, sandbox }) => {
    assert.match(await text(page, ".notice[role=alert]"), /forbids.*Analytics.*403/);
    sandbox.faults();
    await page.click(button("Retry"));
    await page.waitForSelector(".reports");
  });
  await withConsole({ path: "?view=reports", sandbox: { seed: false }, waitFor: ".empty-title" }, async ({ page }) => {
    assert.match(await text(page, ".empty"), /There are no reports/);
  });
  await withConsole({ path: "?view=reports&report=nowhere", waitFor: "#report-heading" }, async ({ page }) => {
    await until(page, () => /There is no such report/.test(document.querySelector(".report-details").innerText));
  });
});

const HOSTILE = ["<img src=x onerror=globalThis.pwned=1>", "javascript:globalThis.pwned=1", "a\u202egpj", "x".repeat(2000), "\"><svg onload=globalThis.pwned=1>", "=cmd|'/C calc'!A0"];

test("hostile names, addresses and columns are text", async () => {
  const rows = HOSTILE.map((text, at) => `"${text.replaceAll('"', '""')}",${at + 1}`).join("\n");
  const sandboxFetch = (sandbox) => async (url, init) => {
    if (/\/reports\/[^/?]+\.csv/.test(url)) return new Response(`"${HOSTILE[0]}","${HOSTILE[0]}"\n${rows}\n`);
    const answer = await sandbox.fetch(url, init);
    if (!/\/reports/.test(url) || !answer.ok) return answer;
    const body = JSON.parse(await answer.text());
    [body.data].flat().forEach(({ attributes }, at) => Object.assign(attributes, { report_key: HOSTILE[at % HOSTILE.length], report_type: HOSTILE[(at + 1) % HOSTILE.length], files: [...attributes.files, ...HOSTILE, "https://user:pass@evil.example/x"] }));
    return new Response(JSON.stringify(body), { status: answer.status, headers: { "content-type": "application/vnd.api+json" } });
  };
  await withReports({ path: "?view=reports", sandboxFetch }, async ({ page }) => {
    await openReport(page, 12);
    assert.deepEqual(await page.$$eval("main a", (links) => [...new Set(links.map(({ protocol }) => protocol))]), ["http:"]);
    assert.deepEqual(await page.$$eval("main img, main svg[onload], main script, main iframe", ({ length }) => length), 0);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth));
    assert.equal(await page.evaluate(() => globalThis.pwned), undefined);
    assert.ok((await text(page, "main")).includes("⟨U+202E⟩"));
  });
});
