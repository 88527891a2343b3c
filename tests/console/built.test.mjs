// The page as it is built: valid, without anything inline, under its policy, within its size, and seen before its script runs.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { HtmlValidate } from "html-validate";

import { buildConsole } from "../../www/build.mjs";
import { contentPolicy } from "../../www/policy.mjs";
import { brotli, staticDir, waitForCount, withConsole } from "./support.mjs";

const html = readFileSync(join(staticDir, "index.html"), "utf8");
const checker = new HtmlValidate({ extends: ["html-validate:recommended", "html-validate:document"], rules: { "void-style": ["error", { style: "selfclose" }], "require-sri": ["error", { target: "all" }] } });

/** What browsers write in their own way; and a table that is drawn as cards is one only by its roles. */
const WRITTEN = { "no-redundant-role": "off", "void-style": "off", "attribute-boolean-style": "off", "no-trailing-whitespace": "off", "attribute-empty-style": "off", "no-inline-style": "error", "long-title": "off", "require-sri": "off", "doctype-style": "off" };

function problemsOf(text, rules) {
  const report = new HtmlValidate({ extends: ["html-validate:recommended"], rules }).validateStringSync(text);
  return report.results.flatMap(({ messages }) => messages.map(({ ruleId, message, line, column, selector }) => `${ruleId}: ${message} ${selector ?? ""} ${text.split("\n")[line - 1]?.slice(Math.max(0, column - 60), column + 120)}`));
}

test("the page is valid HTML, with integrity for what it loads", () => {
  const { results } = checker.validateStringSync(html);

  assert.deepEqual(results.flatMap(({ messages }) => messages.map(({ ruleId, message }) => `${ruleId}: ${message}`)), []);
});

test("what is drawn is valid HTML too", async () => {
  await withConsole({}, async ({ page }) => {
    await waitForCount(page, 61);
    await page.keyboard.press("i");
    await page.waitForSelector(".call");
    await page.evaluate(() => document.querySelector(".row-link").click());
    await page.waitForSelector("source-details dl");
    for (const selector of [".modes", ".meter-button", ".banner button"]) {
      await page.evaluate((selector) => document.querySelector(selector).click(), selector);
      await page.waitForSelector(".panel:popover-open h2");
      const drawn = (await page.$eval("body", (body) => body.outerHTML)).replace(/<!--.*?-->/gs, "");

      assert.deepEqual(problemsOf(drawn, WRITTEN), [], selector);
    }
  });
});

test("nothing is inline, and nothing is written into the page as HTML", () => {
  assert.ok(!/<script(?![^>]* src=)|<style|\son\w+=|\sstyle=|javascript:/i.test(html));
  for (const name of readdirSync(staticDir).filter((name) => name.endsWith(".js"))) {
    const script = readFileSync(join(staticDir, name), "utf8");

    assert.ok(!/\beval\(|new Function\(|document\.write|insertAdjacentHTML|\.outerHTML\s*=/.test(script), name);
  }
  assert.deepEqual(sourcesWith(/unsafeHTML|unsafeSVG|unsafeStatic|\.innerHTML|insertAdjacentHTML|setHTMLUnsafe/), []);
});

function sourcesWith(pattern, folder = new URL("../../www/src/", import.meta.url)) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && pattern.test(readFileSync(join(entry.parentPath ?? entry.path, entry.name), "utf8")))
    .map(({ name }) => name);
}

test("the policy is in the page itself, and lets nothing through that is not needed", () => {
  const [, content] = /http-equiv="content-security-policy" content="([^"]*)"/.exec(html);
  const policy = Object.fromEntries(content.split("; ").map((part) => part.split(/ (.*)/s).slice(0, 2)));

  assert.equal(content, contentPolicy());
  assert.equal(policy["default-src"], "'none'");
  assert.equal(policy["script-src"], "'self' 'wasm-unsafe-eval'");
  assert.equal(policy["style-src"], "'self'");
  assert.equal(policy["require-trusted-types-for"], "'script'");
  assert.equal(policy["trusted-types"], "lit-html");
  assert.ok(!/unsafe-inline|unsafe-eval'|\*(?!\s|;|$|:)|https:(?!\/)/.test(policy["connect-src"]), policy["connect-src"]);
  assert.ok(html.indexOf("content-security-policy") < html.indexOf("<script"), "before anything is loaded");
});

test("further origins come into the policy when the page is built", async () => {
  const folder = await mkdtemp(join(tmpdir(), "console-built-"));
  try {
    await buildConsole(folder, { connect: ["https://gateway.example"] });
    assert.match(readFileSync(join(folder, "index.html"), "utf8"), /connect-src [^;]* https:\/\/gateway\.example;/);
    await assert.rejects(buildConsole(folder, { connect: ["https://a.example; script-src *"] }), /is no origin/);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("a script that was changed on the way does not run", async () => {
  const name = readdirSync(staticDir).find((one) => /^console-.*\.js$/.test(one));
  const answer = () => undefined;
  await withConsole({ isStatic: true, waitFor: "", answer, changed: name }, async ({ page }) => {
    await page.waitForFunction(() => document.readyState === "complete");

    assert.equal(await page.$("app-header"), null);
    assert.match(await page.$eval("#app", (app) => app.innerText), /Image sources\s+Starting/, "what is seen before any script");
  });
});

test("what is seen before the script is there makes room for it", async () => {
  await withConsole({}, async ({ page }) => {
    await waitForCount(page, 61);

    assert.equal(await page.$$eval("header.app-header, main, h1", (all) => all.map(({ localName }) => localName).join()), "header,main,h1");
    assert.ok(!(await page.$eval("body", (body) => body.innerText)).includes("Starting"));
  });
});

test("the parts that few need are loaded by those who need them", () => {
  assert.equal(brotli.total, brotli.html + brotli.css + brotli.js);
  assert.ok(brotli.total <= 60_000, `${brotli.total} bytes`);
  for (const name of ["lazy", "sandbox", "charts", "wasm"]) assert.ok(brotli[name] > 0, name);
});
