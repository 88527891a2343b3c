// States of the screens for what a gateway does beside the providers: its audit and its jobs.
import { addresses, at, instead, openEntry, openPlan, plan, reaches, someEntries, start } from "../gateway.mjs";
import { until } from "../support.mjs";

const otherwise = (given) => ({ before: [instead, given] });
const refused = { status: 403, body: { code: "role-missing", message: "seeing the audit needs the role `audit`" } };

async function written(page) {
  await someEntries(page);
  await page.click("[aria-label=Reload]");
  await until(page, () => document.querySelectorAll("[data-entry]").length === 4);
}

export const STATES = {
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
