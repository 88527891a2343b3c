// States of the screens for what a gateway does beside the providers: its audit and its jobs.
import { addresses, at, instead, openEntry, openPlan, plan, reaches, someEntries, start } from "../gateway.mjs";
import { until } from "../support.mjs";

const otherwise = (given) => ({ before: [instead, given] });
/** Opens the limits, and waits until they say where they come from. */
async function limits(page, words) {
  await page.click(".meter-button");
  await until(page, (words) => document.querySelector("rate-table")?.innerText.includes(words), words);
}

const refused = { status: 403, body: { code: "role-missing", message: "seeing the audit needs the role `audit`" } };

async function written(page) {
  await someEntries(page);
  await page.click("[aria-label=Reload]");
  await until(page, () => document.querySelectorAll("[data-entry]").length === 4);
}

export const STATES = {
  "rate limits of a gateway": {
    ...at("", { waitFor: ".row-link", ...otherwise({
      "GET /api/limits": {
        body: {
          source: "object",
          providers: {
            imgix: {
              default: { requests: 4, perMs: 1_000, used: 4, waiting: 9, nextMs: 2_400 }, "sources.create": { requests: 60, perMs: 3_600_000, used: 60, waiting: 20_000, nextMs: null }, "sources.update": { requests: 60, perMs: 3_600_000, used: 37, waiting: 0, nextMs: 0 },
              "assets.get": null, "assets.refresh": { requests: 10, perMs: 60_000, used: 1, waiting: 0, nextMs: 0 }, purge: { requests: 20, perMs: 1_000, used: 0, waiting: 0, nextMs: 0 },
            },
            imageboss: { imageboss: { requests: 4, perMs: 1_000, used: 2, waiting: 0, nextMs: 0 } },
          },
        },
      },
    }) }),
    reach: (page) => limits(page, "From the gateway"),
  },
  "rate limits without an answer": { ...at("", { waitFor: ".row-link", ...otherwise({ "GET /api/limits": { status: 503, body: { code: "limits-unreachable", message: "the limits that all share cannot be reached, so nobody knows how they stand; try again later" } } }) }), reach: (page) => limits(page, "Without what others use") },
  "audit: empty": { ...at("?view=audit"), reach: (page) => page.waitForSelector(".empty-title") },
  audit: { ...at("?view=audit"), reach: written },
  "audit: nothing matches": { ...at("?view=audit&who=nobody&from=2026-01-02"), reach: (page) => page.waitForSelector(".empty-title") },
  "audit: forbidden": { ...at("?view=audit", otherwise({ "GET /api/audit": refused })), reach: (page) => page.waitForSelector(".notice") },
  "audit: loading": { ...at("?view=audit", otherwise({ "GET /api/audit?": { isNever: true } })), reach: (page) => page.waitForSelector(".skeleton") },
  "audit: absent": { path: "?view=audit", waitFor: ".empty-title", reach: async () => undefined },
  "audit entry": {
    ...at("?view=audit"),
    async reach(page) {
      await written(page);
      await openEntry(page, "sources.update");
      await page.$$eval(".entry-details details", (all) => all.forEach((one) => one.setAttribute("open", "")));
    },
  },
  "audit put back": {
    ...at("?view=audit"),
    async reach(page) {
      await written(page);
      await openPlan(page, "sources.update");
    },
  },
  "audit made anew": {
    ...at("?view=audit"),
    async reach(page) {
      await written(page);
      await openPlan(page, "sources.delete");
      await page.click("restore-dialog [type=submit]");
      await page.waitForSelector("restore-dialog [aria-invalid=true]");
    },
  },
  "jobs: empty": { ...at("?view=jobs"), reach: (page) => page.waitForSelector(".empty-title") },
  "jobs: lost": { ...at("?view=jobs", otherwise({ "GET /api/jobs": { isLost: true } })), reach: (page) => page.waitForSelector(".notice") },
  "jobs: planned": { ...at("?view=jobs"), reach: (page) => plan(page, addresses(3_000)) },
  "jobs: asked": {
    ...at("?view=jobs"),
    async reach(page) {
      await plan(page, addresses(3_000));
      await page.click("[data-action=start]");
      await page.waitForSelector("run-dialog dialog[open]");
    },
  },
  jobs: {
    ...at("?view=jobs"),
    async reach(page, sandbox) {
      await plan(page, addresses(12, "nordlicht"));
      await start(page);
      await reaches(page, "done");
      sandbox.faults({ rules: [{ kind: "status", status: 422, path: "purge", every: 3 }, { kind: "status", status: 502, path: "purge", every: 2 }] });
      await plan(page, addresses(20, "mirabel"));
      await start(page);
      await reaches(page, "done");
      await page.click(".job-problems summary");
      await page.waitForSelector(".job-rows li");
    },
  },
};
