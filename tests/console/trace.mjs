// What the console costs in a browser: interactions, long tasks, frames and memory, from a trace. Printed, never judged by a test,
// because machines differ.
//   node tests/console/trace.mjs [cycles of the form, default 1000]
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import puppeteer from "puppeteer-core";

import { findChromium } from "../../pkg-template/tools/setup.mjs";
import { operations } from "../../target/npm/package/dist/index.js";
import { createSandbox } from "../../target/npm/package/dist/sandbox.js";
import { buildConsole } from "../../www/build.mjs";
import { serve } from "../../www/server.mjs";
import { many } from "./many.mjs";

const HOME = "?view=assets&source=65b7704ee553fe668319d940";

const CYCLES = Number(process.argv[2] ?? 1000);
const LONG_MS = 50;
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

const folder = await mkdtemp(join(tmpdir(), "trace-"));
const { folder: staticDir } = await buildConsole(join(folder, "dist"));
const browser = await puppeteer.launch({ executablePath: findChromium(), headless: true, userDataDir: join(folder, "profile"), args: FLAGS });
const rows = [];

async function end() {
  await browser.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** The console of a sandbox at an address, once it is as it should be. */
async function withPage({ sandboxFetch, path, ready }, run) {
  const server = await serve({ staticDir, sandboxFetch, operations: operations() });
  const page = await browser.newPage();
  try {
    await page.setViewport({ width: 1280, height: 800 });
    await page.goto(`${server.url}${path}`);
    await ready(page);
    await run(page);
    await page.close();
  } catch (failure) {
    await end();
    throw failure;
  } finally {
    await server.close();
  }
}

function withSources(count, run) {
  const ready = (page) => page.waitForFunction((count) => Number(document.querySelector("table.sources")?.ariaRowCount) === count + 1, {}, count);
  return withPage({ sandboxFetch: many({ imageboss: count })(createSandbox()), path: "?api=imageboss", ready }, run);
}

/** The screen of assets with so many of them loaded, by scrolling on as a person would, in time that the pages' limit gives. */
function withAssets(count, run) {
  const ready = async (page) => {
    await page.waitForSelector(".asset-link");
    const loaded = () => page.$eval(".shown", ({ innerText }) => Number(/^[\d,]+/.exec(innerText)[0].replaceAll(",", "")));
    for (let turn = 0; (await loaded()) < count; turn += 1) {
      if (turn > 2000) throw new Error(`only ${await loaded()} assets are loaded`);
      await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
      await new Promise((done) => setTimeout(done, 60));
    }
    await page.evaluate(() => scrollTo(0, 0));
    await page.waitForSelector(".asset-link");
  };
  return withPage({ sandboxFetch: createSandbox({ assets: count * 5 }).fetch, path: HOME, ready }, run);
}

/** Does something while a trace is taken, and tells what the trace says of it. */
async function traced(page, run) {
  const path = join(folder, "trace.json");
  await page.tracing.start({ path, categories: ["-*", "devtools.timeline", "disabled-by-default-devtools.timeline", "toplevel"] });
  await run();
  await new Promise((done) => setTimeout(done, 300));
  await page.tracing.stop();
  const { traceEvents } = JSON.parse(await readFile(path, "utf8"));
  const main = traceEvents.find(({ name }) => name === "EventTiming")?.tid;
  const interactions = traceEvents.flatMap(({ name, args }) => (name === "EventTiming" && args?.data?.interactionId > 0 ? [args.data] : []));
  const byInteraction = new Map();
  for (const { interactionId, duration } of interactions) byInteraction.set(interactionId, Math.max(duration, byInteraction.get(interactionId) ?? 0));
  const durations = [...byInteraction.values()].sort((a, b) => a - b);
  const tasks = traceEvents.filter(({ name, tid }) => /RunTask$/.test(name) && tid === main).map(({ dur = 0 }) => dur / 1000);
  const inputs = traceEvents.filter(({ name, tid, args }) => name === "EventDispatch" && tid === main && ["input", "click", "keydown"].includes(args?.data?.type)).map(({ dur = 0 }) => dur / 1000);
  return { interactions: durations.length, median: durations[durations.length >> 1] ?? 0, worst: durations.at(-1) ?? 0, handlers: Math.max(0, ...inputs), longTasks: tasks.filter((ms) => ms > LONG_MS).length, longest: Math.max(0, ...tasks) };
}

/** Milliseconds of work of the main thread for each frame while one scrolls, and frames that came late. */
async function scrolled(page) {
  const frames = page.evaluate(
    () =>
      new Promise((done) => {
        const times = [];
        let last;
        const frame = (now) => {
          if (last !== undefined) times.push(now - last);
          last = now;
          if (times.length < 120) requestAnimationFrame(frame);
          else done(times);
        };
        requestAnimationFrame(frame);
      }),
  );
  for (let turn = 0; turn < 40; turn += 1) {
    await page.mouse.wheel({ deltaY: 400 });
    await new Promise((done) => setTimeout(done, 16));
  }
  const times = await frames;
  return { frames: times.length, late: times.filter((ms) => ms > 34).length };
}

const keys = async (page, text) => {
  for (const key of text) {
    await page.keyboard.press(key);
    await new Promise((done) => setTimeout(done, 60));
  }
};

for (const count of [1000, 10_000])
  await withSources(count, async (page) => {
    const add = async (what, run) => rows.push({ what: `${count.toLocaleString("en")}: ${what}`, ...(await traced(page, run)) });
    await page.focus("#search");
    await add("search, 12 keys", () => keys(page, "many-99-s3-x"));
    await page.evaluate(() => document.querySelector("#search").select());
    await page.keyboard.press("Backspace");
    await add("sort by two columns", async () => {
      for (const column of ["location", "changed", "name"]) await page.click(`.col-${column} .sort`);
    });
    await add("60 arrow keys", async () => {
      await page.focus(".row-link");
      for (let at = 0; at < 60; at += 1) await page.keyboard.press("ArrowDown");
    });
    await add("select all, clear", async () => {
      await page.click(".tick-all");
      await page.click(".tick-all");
    });
    await page.mouse.move(600, 500);
    let scroll;
    const trace = await traced(page, async () => (scroll = await scrolled(page)));
    rows.push({ what: `${count.toLocaleString("en")}: scroll 16,000 px, ${scroll.late} of ${scroll.frames} frames late`, ...trace });
  });

await withAssets(10_000, async (page) => {
  const add = async (what, run) => rows.push({ what: `10,000 assets: ${what}`, ...(await traced(page, run)) });
  await page.focus(".asset-link");
  await add("60 arrow keys", async () => {
    for (let at = 0; at < 60; at += 1) await page.keyboard.press(at % 2 ? "ArrowDown" : "ArrowRight");
  });
  await add("choose all, choose none", async () => {
    await page.click(".chosen-bar button:nth-of-type(1)");
    await page.click(".chosen-bar button:nth-of-type(2)");
  });
  await add("open one, close it", async () => {
    await page.keyboard.press("Escape");
    await page.focus(".asset-link");
    await page.keyboard.press("Enter");
    await page.waitForSelector("asset-details .facts");
    await page.keyboard.press("Escape");
  });
  await page.mouse.move(600, 500);
  let scroll;
  const trace = await traced(page, async () => (scroll = await scrolled(page)));
  rows.push({ what: `10,000 assets: scroll 16,000 px, ${scroll.late} of ${scroll.frames} frames late`, ...trace });
  await add("filter by typing, 8 keys", async () => {
    await page.focus("#search");
    await keys(page, "products");
  });
});

console.log("| what | interactions | median ms | worst ms (INP) | longest handler ms | tasks over 50 ms | longest task ms |\n|---|---|---|---|---|---|---|");
for (const { what, interactions, median, worst, handlers, longTasks, longest } of rows)
  console.log(`| ${what} | ${interactions} | ${median.toFixed(0)} | ${worst.toFixed(0)} | ${handlers.toFixed(1)} | ${longTasks} | ${longest.toFixed(0)} |`);

await withSources(1000, async (page) => {
  const paint = await page.evaluate(() => Object.fromEntries([...performance.getEntriesByType("paint")].map(({ name, startTime }) => [name, Math.round(startTime)])));
  const marks = await page.evaluate(() => Math.round(performance.getEntriesByType("resource").find(({ name }) => name.includes("/api/"))?.startTime ?? 0));
  console.log(`\nfirst paint ${paint["first-contentful-paint"]} ms, first request to an API ${marks} ms after the page was asked for`);
});

await withSources(1000, async (page) => {
  const session = await page.createCDPSession();
  await session.send("Performance.enable");
  const heap = async () => {
    await session.send("HeapProfiler.collectGarbage");
    const { metrics } = await session.send("Performance.getMetrics");
    return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
  };
  const cycles = (count) =>
    page.evaluate(async (count) => {
      const frame = () => new Promise(requestAnimationFrame);
      const until = async (question) => {
        while (!question()) await frame();
      };
      for (let at = 0; at < count; at += 1) {
        document.querySelector("[data-action=new]").click();
        await until(() => document.querySelector("input[name=provider]"));
        document.querySelector("input[name=provider][value=imgix]").click();
        await until(() => document.querySelector("input[name=type]"));
        document.querySelector("input[name=type][value=s3]").click();
        await until(() => document.querySelector("form-field input"));
        const cancel = () => document.querySelector(".sheet-foot button[type=button]");
        cancel().click();
        await frame();
        cancel()?.click();
        await until(() => !document.querySelector("dialog"));
      }
    }, count);
  await cycles(Math.min(20, CYCLES));
  const before = await heap();
  // Each batch is short enough for the protocol's own patience.
  for (let left = CYCLES; left > 0; left -= 20) await cycles(Math.min(20, left));
  const after = await heap();
  const mb = (bytes) => (bytes / 1e6).toFixed(2);
  console.log(`the form opened and closed ${CYCLES} times: heap ${mb(before.JSHeapUsedSize)} MB, then ${mb(after.JSHeapUsedSize)} MB; nodes ${before.Nodes}, then ${after.Nodes}; listeners ${before.JSEventListeners}, then ${after.JSEventListeners}`);
});

await end();
