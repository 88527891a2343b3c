// A browser, the console as it is built, and the local server with a sandbox behind it. Whatever a test does, the page
// must ask no other host, break no content policy, throw nothing and open no dialog of the browser.
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { after } from "node:test";

import puppeteer from "puppeteer-core";

import { findChromium } from "../../pkg-template/tools/setup.mjs";
import { operations } from "../../target/npm/package/dist/index.js";
import { createSandbox } from "../../target/npm/package/dist/sandbox.js";
import { buildConsole } from "../../www/build.mjs";
import { serveWorker } from "../../www/local.mjs";
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
 * @param {{ path?: string, width?: number, height?: number, theme?: "light" | "dark", sandbox?: object, sandboxFetch?: Function, server?: object, isStatic?: boolean, isDeployed?: boolean, changed?: string, isMissing?: Function, answer?: Function, waitFor?: string, before?: Function | [Function, ...unknown[]] }} options
 *   `isStatic`: from a server of files that knows no policy and no gateway. `isDeployed`: from the Worker that is deployed, as `npm start` runs it. `changed`: a file of it comes with one byte more. `isMissing`: is it not there just now? `answer`: what other hosts answer; by itself none may be asked.
 * @param {(console: { page: import("puppeteer-core").Page, sandbox: object, url: string, asked: string[] }) => Promise<void>} run
 */
export async function withConsole(options, run) {
  const { path = "", width = 1280, height = 800, theme = "light", waitFor = ".row-link" } = options;
  const sandbox = createSandbox(options.sandbox);
  const start = options.isDeployed ? serveWorker : options.isStatic ? serveFiles : serve;
  const server = await start({
    staticDir,
    changed: options.changed,
    isMissing: options.isMissing,
    sandboxFetch: options.sandboxFetch?.(sandbox) ?? sandbox.fetch,
    sandboxFaults: sandbox.faults,
    operations: operations(),
    ...options.server,
  });
  const context = await browser.createBrowserContext();
  try {
    const page = await context.newPage();
    const { broken, asked } = await watch(page, server.url, options.answer && ((url, init) => options.answer(url, init, sandbox)));
    page.setDefaultTimeout(WAIT_MS);
    await page.setViewport({ width, height });
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: theme }, { name: "prefers-reduced-motion", value: "reduce" }]);
    if (options.before) await page.evaluateOnNewDocument(...[options.before].flat());
    await page.goto(server.url + path);
    if (waitFor) await page.waitForSelector(waitFor);
    await run({ page, sandbox, url: server.url, asked });

    assert.deepEqual(await page.evaluate(() => globalThis.violations), [], "violations of the content policy");
    assert.deepEqual(broken, []);
  } finally {
    await context.close();
    await server.close();
  }
}

/** Any server of files: no headers, no gateway. */
async function serveFiles({ staticDir, changed, isMissing }) {
  const types = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css" };
  const server = createServer(async (request, response) => {
    const name = new URL(request.url, "http://files.invalid").pathname.replace(/^\/(console\/)?/, "") || "index.html";
    const bytes = /^[\w.-]+$/.test(name) && !isMissing?.(name) ? await readFile(join(staticDir, name)).catch(() => undefined) : undefined;
    response.writeHead(bytes ? 200 : 404, { "content-type": types[extname(name)] ?? "text/html" });
    response.end(bytes === undefined ? "<!doctype html><title>not found</title>" : name === changed ? Buffer.concat([bytes, Buffer.from("\n")]) : bytes);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${server.address().port}/console/`,
    close: () => new Promise((done) => (server.close(done), server.closeAllConnections())),
  };
}

/** Notes what must not happen, and answers for other hosts if somebody is to. */
async function watch(page, url, answer) {
  const broken = [];
  const asked = [];
  const { origin } = new URL(url);
  const isForeign = (request) => !/^(data|blob):/.test(request.url()) && new URL(request.url()).origin !== origin;
  page.on("request", (request) => {
    if (!isForeign(request)) return answer && void request.continue();
    if (!answer) return broken.push(`asked ${request.url()}`);
    asked.push(`${request.method()} ${request.url()}`);
    return void answerFor(request, answer);
  });
  if (answer) await page.setRequestInterception(true);
  page.on("pageerror", (error) => broken.push(`threw ${error.message}`));
  page.on("dialog", (dialog) => {
    broken.push(`opened ${dialog.type()}`);
    void dialog.dismiss();
  });
  await page.evaluateOnNewDocument(() => {
    globalThis.violations = [];
    document.addEventListener("securitypolicyviolation", (event) => globalThis.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
  });
  return { broken, asked };
}

async function answerFor(request, answer) {
  try {
    const init = { method: request.method(), headers: request.headers(), ...(request.postData() !== undefined && { body: request.postData() }) };
    const given = await answer(request.url(), init);
    if (!given) return await request.abort("failed");
    await request.respond({ status: given.status, headers: Object.fromEntries(given.headers), body: Buffer.from(await given.arrayBuffer()) });
  } catch {
    // The page has gone on without it.
  }
}

export const button = (name) => `::-p-aria([name="${name}"][role="button"])`;

/** Waits until a function in the page gives something true, and gives that. */
export async function until(page, question, ...given) {
  const handle = await page.waitForFunction(question, { polling: 50, timeout: WAIT_MS }, ...given);
  return handle.jsonValue();
}

/** Of the sources whose rows are drawn. */
export const names = (page) => page.$$eval(".row-link", (links) => links.map((link) => link.textContent));
export const text = (page, selector) => page.$eval(selector, (element) => element.innerText.replace(/\s+/g, " ").trim());
export const focused = (page) => page.evaluate(() => document.activeElement?.id || document.activeElement?.innerText?.trim() || document.activeElement?.getAttribute("aria-label") || document.activeElement?.tagName);

/** Waits until so many sources are in the list. Of very many not all are drawn; the table says how many there are. */
export async function waitForCount(page, count) {
  await until(page, (count) => Number(document.querySelector("table.sources")?.ariaRowCount ?? 1) - 1 === count, count);
}

/** Opens a source by its name, whose row must be drawn. */
export async function openSource(page, name) {
  await until(page, (name) => [...document.querySelectorAll(".row-link")].some((link) => link.textContent === name), name);
  await page.evaluate((name) => [...document.querySelectorAll(".row-link")].find((link) => link.textContent === name).click(), name);
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

/** Sends the form of a source: first what it does is shown, then it is done. */
export async function save(page) {
  await submit(page);
  await until(page, () => document.activeElement?.id === "review-heading");
  await submit(page);
}
export const dialogGone = (page) => until(page, () => !document.querySelector("dialog"));

/** Requests that changed something, oldest first. */
export const writes = (sandbox) => sandbox.log.filter(({ method }) => method !== "GET");
export const lastBody = (sandbox) => JSON.parse(writes(sandbox).at(-1).body);
