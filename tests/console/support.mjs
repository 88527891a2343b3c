// A browser, the console as it is built, and the local server with a sandbox behind it. Whatever a test does, the page
// must ask no other host, break no content policy, throw nothing and open no dialog of the browser.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";

import puppeteer from "puppeteer-core";

import { findChromium } from "../../pkg-template/tools/setup.mjs";
import { operations } from "../../target/npm/package/dist/index.js";
import { createSandbox } from "../../target/npm/package/dist/sandbox.js";
import { buildConsole } from "../../www/build.mjs";
import { serve } from "../../www/server.mjs";

const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
];

export const WAIT_MS = 20_000;

const folder = await mkdtemp(join(tmpdir(), "console-"));
const executablePath = findChromium();
export const { folder: staticDir, brotli } = await buildConsole(join(folder, "dist"));
const browser = await puppeteer.launch({ executablePath, headless: true, userDataDir: join(folder, "profile"), args: FLAGS });

after(async () => {
  await browser.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

/**
 * Runs with the console open in a fresh context.
 *
 * @param {{ path?: string, width?: number, height?: number, theme?: "light" | "dark", sandbox?: object, sandboxFetch?: Function, server?: object, waitFor?: string, before?: Function }} options
 * @param {(console: { page: import("puppeteer-core").Page, sandbox: object, url: string }) => Promise<void>} run
 */
export async function withConsole(options, run) {
  const { path = "", width = 1280, height = 800, theme = "light", waitFor = ".row-link" } = options;
  const sandbox = createSandbox(options.sandbox);
  const server = await serve({
    staticDir,
    sandboxFetch: options.sandboxFetch?.(sandbox) ?? sandbox.fetch,
    sandboxFaults: sandbox.faults,
    operations: operations(),
    ...options.server,
  });
  const context = await browser.createBrowserContext();
  try {
    const page = await context.newPage();
    const broken = watch(page, server.url);
    page.setDefaultTimeout(WAIT_MS);
    await page.setViewport({ width, height });
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: theme }, { name: "prefers-reduced-motion", value: "reduce" }]);
    if (options.before) await page.evaluateOnNewDocument(options.before);
    await page.goto(server.url + path);
    if (waitFor) await page.waitForSelector(waitFor);
    await run({ page, sandbox, url: server.url });

    assert.deepEqual(await page.evaluate(() => globalThis.violations), [], "violations of the content policy");
    assert.deepEqual(broken, []);
  } finally {
    await context.close();
    await server.close();
  }
}

/** Notes what must not happen. */
function watch(page, url) {
  const broken = [];
  const { origin } = new URL(url);
  page.on("request", (request) => {
    const asked = new URL(request.url());
    if (asked.protocol !== "data:" && asked.origin !== origin) broken.push(`asked ${asked.href}`);
  });
  page.on("pageerror", (error) => broken.push(`threw ${error.message}`));
  page.on("dialog", (dialog) => {
    broken.push(`opened ${dialog.type()}`);
    void dialog.dismiss();
  });
  void page.evaluateOnNewDocument(() => {
    globalThis.violations = [];
    document.addEventListener("securitypolicyviolation", (event) => globalThis.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
  });
  return broken;
}

export const button = (name) => `::-p-aria([name="${name}"][role="button"])`;

/** Waits until a function in the page gives something true, and gives that. */
export async function until(page, question, ...given) {
  const handle = await page.waitForFunction(question, { polling: 50, timeout: WAIT_MS }, ...given);
  return handle.jsonValue();
}

export const names = (page) => page.$$eval(".row-link", (links) => links.map((link) => link.textContent));
export const text = (page, selector) => page.$eval(selector, (element) => element.innerText.replace(/\s+/g, " ").trim());
export const focused = (page) => page.evaluate(() => document.activeElement?.id || document.activeElement?.innerText?.trim() || document.activeElement?.getAttribute("aria-label") || document.activeElement?.tagName);

export async function waitForCount(page, count) {
  await until(page, (count) => document.querySelectorAll(".row-link").length === count, count);
}

/** Opens a source by its name. */
export async function openSource(page, name) {
  const at = (await names(page)).indexOf(name);
  assert.notEqual(at, -1, `no row called ${name}`);
  await page.evaluate((at) => document.querySelectorAll(".row-link")[at].click(), at);
  await until(page, (name) => document.querySelector("#details-heading")?.textContent === name, name);
}

export const field = (path) => `#field-${path.replace(/[^\w-]/g, "-")}`;

/** Fills a control; selects and boxes as a person would leave them. */
export async function fill(page, path, value) {
  const selector = field(path);
  await page.waitForSelector(selector);
  await page.evaluate((selector) => document.querySelector(selector).closest("details")?.setAttribute("open", ""), selector);
  const kind = await page.$eval(selector, (control) => (control.tagName === "SELECT" ? "select" : control.type));
  if (kind === "select") return void (await page.select(selector, value));
  if (kind === "checkbox") return void (await page.click(selector));
  await page.focus(selector);
  await page.$eval(selector, (control) => control.select());
  await page.keyboard.press("Backspace");
  await page.type(selector, value);
}

/** Begins a new source of a provider and a type. */
export async function begin(page, provider, type) {
  await page.click("[data-action=new]");
  await page.waitForSelector(`input[name=provider][value=${provider}]`);
  await page.click(`input[name=provider][value=${provider}]`);
  await page.waitForSelector(`input[name=type][value=${type}]`);
  await page.click(`input[name=type][value=${type}]`);
  await page.waitForSelector("form-field");
}

export const submit = (page) => page.click("dialog button[type=submit]");
export const dialogGone = (page) => until(page, () => !document.querySelector("dialog"));

/** Requests that changed something, oldest first. */
export const writes = (sandbox) => sandbox.log.filter(({ method }) => method !== "GET");
export const lastBody = (sandbox) => JSON.parse(writes(sandbox).at(-1).body);

