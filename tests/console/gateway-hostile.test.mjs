// A gateway whose audit and jobs are full of hostile texts: they are text, wherever they are shown.
import assert from "node:assert/strict";
import { test } from "node:test";

import { goTo } from "./gateway.mjs";
import { assertPlain, watchNodes } from "./hostility.mjs";
import { ALL } from "./payloads.mjs";
import { until, withConsole } from "./support.mjs";

/** To be run in the page first: stands in for a gateway; lists have so many of them. */
const hostileGateway = (all, count) => {
  const of = (text, at) => ({
    seq: at + 1, at: 1.7e12, ended: 1.7e12 + 5, who: text, kind: text, provider: at % 2 ? "imageboss" : "imgix", operation: text, target: text, outcome: at % 3 ? text : "ok", status: 200, requestId: text,
    fields: [{ path: text, value: text }, { path: `deployment.${text}`, value: { [text]: [text] } }],
  });
  const state = (text, more) => ({ id: text, name: text, [text]: text, deployment: { [text]: { [text]: text }, list: [text] }, ...more });
  const job = (text, at) => ({ id: `j${at}`, provider: at % 2 ? "imageboss" : "imgix", operation: text, state: at % 3 ? "done" : text, by: text, created: 1.7e12, started: 1.7e12, ended: 1.7e12, total: 2, planned: 0, sent: 0, ok: 0, failed: 1, unknown: 1, rateClass: text, etaMs: 0 });
  const item = (text, state) => JSON.stringify({ seq: 0, args: [text, { [text]: text }], state, at: 1, requestId: text, error: text, value: { id: text } });
  const json = (body, status = 200) => new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });
  const real = globalThis.fetch;
  globalThis.fetch = async (address, init) => {
    const { pathname } = new URL(String(address?.url ?? address), location.href);
    const [, , part, which, verb] = pathname.split("/").map(decodeURIComponent);
    if (part === "status") return json({ imgix: { mode: "sandbox" }, imageboss: { mode: "sandbox" }, gateway: { may: { write: true, audit: true } } });
    if (part === "audit") {
      if (which === undefined) return json({ entries: all.slice(0, count).map(of) });
      const at = Number(which) - 1;
      const text = all[at];
      if (verb === "restore" && init?.method === "POST") return json({ code: text, message: text }, 409);
      if (verb === "restore") return json({ provider: "imgix", operation: "sources.create", changes: state(text), cannot: [{ field: text, because: text, required: true }, { field: `${text}.secret_token`, because: text }], version: text });
      return json({ ...of(text, at), before: state(text), after: state(`${text}!`, { more: text }) });
    }
    if (part === "jobs") {
      if (which === undefined) return json({ jobs: all.slice(0, count).map(job) });
      const text = all[Number(which.slice(1))];
      if (verb === undefined) return json(job(text, Number(which.slice(1))));
      if (verb === "export") return new Response(`${item(text, "failed")}\n${item(text, "unknown")}\n`);
      return json({ code: text, message: text }, 409);
    }
    return real(address, init);
  };
};

const options = (view, count = 5) => ({ path: `?view=${view}`, waitFor: ".entries", before: [hostileGateway, ALL, count] });

/** Shows one after the other, opens what is folded, and gives those that never came. */
const sweep = (page, queries, folded, there) =>
  page.evaluate(
    async (queries, folded, there) => {
      const missing = [];
      const frame = () => new Promise(requestAnimationFrame);
      const comes = async (fits) => {
        for (let turn = 0; turn < 300; turn += 1) {
          if (fits()) return true;
          await frame();
        }
        return false;
      };
      for (const [query, key] of queries) {
        history.replaceState(null, "", query);
        dispatchEvent(new PopStateEvent("popstate"));
        const isThere = await comes(() => [...document.querySelectorAll(".details .facts dd")].some((one) => one.textContent.trim() === key) && document.querySelector(folded));
        for (const one of document.querySelectorAll(folded)) one.open = true;
        if (!isThere || !(await comes(() => document.querySelectorAll(there.selector).length >= there.count))) missing.push(key);
      }
      return missing;
    },
    queries,
    folded,
    there,
  );

/** Nothing that hides or reorders text is shown as it is. */
const assertVisible = async (page, where) => assert.doesNotMatch(await page.$eval("main", (main) => main.innerText), /[\u202a-\u202e\u2066-\u2069\u200b\u0000]/, where);

for (const [view, row] of [["audit", "[data-entry]"], ["jobs", "[data-job]"]])
  test(`the list: ${view}`, async () => {
    await withConsole(options(view, ALL.length), async ({ page }) => {
      await goTo(page, "?view=bulk");
      await page.waitForSelector(".intake");
      await page.evaluate(watchNodes);
      await goTo(page, `?view=${view}`);
      await page.waitForSelector(row);
      await page.$eval(`${row} a`, (link) => link.click());
      await page.waitForSelector(".details .facts");

      assert.equal(await page.$$eval(row, (rows) => rows.length), ALL.length);
      await assertPlain(page, view);
      await assertVisible(page, view);
    });
  });

test("entries of the audit", async () => {
  await withConsole(options("audit"), async ({ page }) => {
    await page.evaluate(watchNodes);
    const queries = ALL.map((_, at) => [`?view=audit&entry=${at + 1}`, String(at + 1)]);
    assert.deepEqual(await sweep(page, queries, ".entry-details details", { selector: ".entry-details .diff tbody tr", count: 3 }), []);
    await assertPlain(page, "the entries");
    await assertVisible(page, "the audit");
  });
});

test("what a source would be put back to, and why it was not", async () => {
  await withConsole(options("audit"), async ({ page }) => {
    await page.evaluate(watchNodes);
    for (let at = 0; at < ALL.length; at += 16) {
      await sweep(page, [[`?view=audit&entry=${at + 1}`, String(at + 1)]], ".entry-details details", { selector: ".entry-details .diff", count: 1 });
      await page.$eval("[data-action=restore]", (button) => button.click());
      await page.waitForSelector("#plan-heading");
      await page.$$eval("restore-dialog [data-secret]", (all) => all.forEach((one) => (one.value = "x")));
      await page.$eval("restore-dialog [type=submit]", (button) => button.click());
      await page.waitForSelector("#restore-failure");
      await page.keyboard.press("Escape");
      await until(page, () => !document.querySelector("restore-dialog"));
    }
    await assertPlain(page, "the dialogs");
  });
});

test("who, what and since when, out of an address", async () => {
  await withConsole(options("audit"), async ({ page }) => {
    await page.evaluate(watchNodes);
    for (const text of ALL.filter((text) => text.isWellFormed?.() ?? true).filter((_, at) => at % 8 === 0)) {
      const query = new URLSearchParams({ view: "audit", api: text, op: text, who: text, of: text, outcome: text, from: text, to: text });
      await goTo(page, `?${query}`);
      await until(page, (text) => document.querySelector("#audit-who").value.length > 0 === text.length > 0, text.trim().replace(/[\r\n]/g, ""));
    }
    await assertPlain(page, "the filters");
  });
});

test("jobs, and what became of their items", async () => {
  await withConsole(options("jobs"), async ({ page }) => {
    await page.evaluate(watchNodes);
    const queries = ALL.map((_, at) => [`?view=jobs&job=j${at}`, `j${at}`]);
    assert.deepEqual(await sweep(page, queries, ".job-problems", { selector: ".job-rows li", count: 2 }), []);
    await page.$eval("[data-action=retry-failed]", (button) => button.click());
    await page.waitForSelector(".details .notice");
    await assertPlain(page, "the jobs");
    await assertVisible(page, "the jobs");
  });
});
