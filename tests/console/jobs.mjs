// What tests of jobs share: time that runs faster, pasting, starting, and looking at a run.
import { until } from "./support.mjs";

/** Time runs forty times as fast; how long is waited for answers stays as it is. */
export const hurry = () => {
  const speed = 40;
  const start = Date.now();
  const now = Date.now.bind(Date);
  const since = performance.now.bind(performance);
  const later = setTimeout;
  Date.now = () => start + (now() - start) * speed;
  performance.now = () => since() * speed;
  globalThis.setTimeout = (act, ms = 0, ...given) => later(act, ms >= 20_000 ? ms : ms / speed, ...given);
};

/** Waits until what is live is known. */
export const ready = (page) => until(page, () => document.querySelector(".intake") && !document.querySelector(".list-side > .notice"));

export async function start(page, count) {
  await until(page, () => document.querySelector(".card-tools .primary")?.getAttribute("aria-disabled") === null);
  await page.$$eval(".card-tools .primary", (all) => all.at(-1).click());
  await page.waitForSelector("run-dialog dialog[open]");
  if (count !== undefined) await page.type("#typed-count", String(count));
  await page.click("run-dialog [type=submit]");
}

/** Gives the page the turns in which it would send something. */
export const settle = (page) =>
  page.evaluate(async () => {
    for (let turn = 0; turn < 20; turn += 1) await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 20)));
  });

export const state = (page) => page.$eval(".job", (run) => run.dataset.state);
export const reaches = (page, state) => until(page, (state) => document.querySelector(".job")?.dataset.state === state, state);

/** Waits until so many calls of the newest run are done. */
export const done = (page, count) => until(page, (count) => Number.parseInt(document.querySelector(".job-counts b")?.textContent.replace(/\D/g, "") || "0", 10) >= count, count);

/** The counts of the newest run. */
export const counts = (page) =>
  page.$eval(".job-counts", (line) => Object.fromEntries(["ok", "failed", "unknown"].map((name) => [name, Number.parseInt(line.querySelector(`[data-outcome=${name}]`).textContent.replace(/\D/g, ""), 10)])));

export const press = (page, name) =>
  page.evaluate((name) => [...document.querySelectorAll(".job button")].find((button) => button.textContent.trim() === name).click(), name);

/** Notes what is offered as a file; `saved` gives the text of the last one. */
export const noteFiles = () => {
  globalThis.files = [];
  const make = URL.createObjectURL.bind(URL);
  URL.createObjectURL = (blob) => {
    globalThis.files.push(blob);
    return make(blob);
  };
};
export async function saved(page) {
  await until(page, () => globalThis.files?.length > 0);
  return page.evaluate(() => globalThis.files.pop().text());
}

/** Everything that the page keeps beyond itself. */
export const kept = (page) =>
  page.evaluate(async () => {
    const all = [JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage }), location.href];
    for (const { name } of await indexedDB.databases()) {
      const open = indexedDB.open(name);
      const database = await new Promise((resolve) => (open.onsuccess = () => resolve(open.result)));
      for (const store of database.objectStoreNames) {
        const asked = database.transaction(store).objectStore(store).getAll();
        all.push(JSON.stringify(await new Promise((resolve) => (asked.onsuccess = () => resolve(asked.result)))));
      }
      database.close();
    }
    return all.join("\n");
  });
