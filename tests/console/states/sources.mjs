// States of the list, of one source, and of the form.
import { many } from "../many.mjs";
import { begin, button, fill, openSource, save, submit, until, waitForCount } from "../support.mjs";


export const STATES = {
  list: { reach: (page) => waitForCount(page, 61) },
  loading: { sandbox: { faults: { latencyMs: 120_000 } }, waitFor: ".skeleton", reach: async () => undefined },
  details: { reach: async (page) => (await waitForCount(page, 61), openSource(page, "Nordlicht Outdoor")) },
  revealed: {
    async reach(page) {
      await waitForCount(page, 61);
      await openSource(page, "archive-1987");
      await page.evaluate(() => document.querySelector("source-details .link-button").click());
    },
  },
  missing: { path: "?sel=imgix%3Anowhere", reach: (page) => until(page, () => /may have been/.test(document.body.innerText)) },
  provider: { reach: async (page) => (await waitForCount(page, 61), page.click("[data-action=new]"), page.waitForSelector("dialog[open]")) },
  form: {
    async reach(page) {
      await waitForCount(page, 61);
      await begin(page, "imgix", "s3_compatible");
      await page.$$eval("details.more", (all) => all.forEach((one) => one.setAttribute("open", "")));
      await page.$eval("#field-deployment-default_params", (add) => add.click());
      await page.waitForSelector(".map-row");
    },
  },
  "form with warnings": {
    async reach(page) {
      await waitForCount(page, 61);
      await begin(page, "imgix", "s3");
      await fill(page, "deployment.s3_bucket", "LOUD");
      await page.keyboard.press("Tab");
      await page.waitForSelector(".problems [data-level=warning]");
    },
  },
  "form with errors": {
    async reach(page) {
      await waitForCount(page, 61);
      await begin(page, "imgix", "s3");
      await fill(page, "deployment.cache_ttl_value", "soon");
      await submit(page);
      await page.waitForSelector(".summary");
    },
  },
  declined: {
    async reach(page) {
      await waitForCount(page, 61);
      await begin(page, "imgix", "webfolder");
      await fill(page, "name", "Copy");
      await fill(page, "deployment.imgix_subdomains", "nordlicht");
      await fill(page, "deployment.webfolder_base_url", "https://origin.example/");
      await page.$eval("request-preview details", (details) => details.setAttribute("open", ""));
      await save(page);
      await page.waitForSelector(".summary");
    },
  },
  edit: {
    async reach(page) {
      await waitForCount(page, 61);
      await openSource(page, "cinder");
      await page.click("[data-action=edit]");
      await page.waitForSelector(".kept-secret");
    },
  },
  "confirm delete": {
    async reach(page) {
      await waitForCount(page, 61);
      await openSource(page, "cinder");
      await page.click("[data-action=delete]");
      await page.waitForSelector("#typed-name");
      await page.type("#typed-name", "cind");
      await submit(page);
      await page.waitForSelector("#typed-problem");
    },
  },
  "confirm disable": {
    async reach(page) {
      await waitForCount(page, 61);
      await openSource(page, "Nordlicht Outdoor");
      await page.click("[data-action=switch]");
      await page.waitForSelector("confirm-dialog");
    },
  },
  shortcuts: { reach: async (page) => (await waitForCount(page, 61), page.click(button("Keyboard shortcuts")), page.waitForSelector("dialog[open]")) },
  empty: { sandbox: { seed: false }, waitFor: ".empty-title", reach: async () => undefined },
  "no match": { path: "?q=nothing-like-it", waitFor: ".empty-action", reach: async () => undefined },
  error: { sandbox: { faults: { rules: [{ kind: "500-html", provider: "imgix" }] } }, reach: (page) => page.waitForSelector(".notice") },
  "all fail": { sandbox: { faults: { rules: [{ kind: "status", status: 401 }] } }, waitFor: ".notice + .notice", reach: async () => undefined },
  "many sources": { sandboxFetch: many({ imageboss: 10_000 }), path: "?api=imageboss", reach: (page) => waitForCount(page, 10_000) },
  selected: {
    async reach(page) {
      await waitForCount(page, 61);
      await page.$$eval(".tick", (all) => all.slice(2, 6).forEach((one) => one.click()));
      await page.waitForSelector("[data-bulk]");
    },
  },
  "bulk delete": {
    async reach(page) {
      await waitForCount(page, 61);
      await page.$eval(".tick-all", (box) => box.click());
      await page.waitForSelector("[data-bulk=delete]");
      await page.$eval("[data-bulk=delete]", (button) => button.click());
      await page.waitForSelector("#typed-count");
      await page.type("#typed-count", "1");
      await page.keyboard.press("Enter");
      await page.waitForSelector("#typed-problem");
    },
  },
  held: {
    async reach(page) {
      await waitForCount(page, 61);
      // It stays held as long as it is looked at.
      await page.evaluate(() => {
        const { setTimeout } = globalThis;
        globalThis.setTimeout = (run, ms, ...rest) => setTimeout(run, ms === 5000 ? 600_000 : ms, ...rest);
      });
      await openSource(page, "cinder");
      await page.click("[data-action=delete]");
      await page.waitForSelector("#typed-name");
      await page.type("#typed-name", "cinder");
      await submit(page);
      await page.waitForSelector(".job[data-phase=held]");
      await page.click("[aria-label='Close details']");
    },
  },
  "delete failed": {
    async reach(page, sandbox) {
      await waitForCount(page, 61);
      sandbox.faults({ rules: [{ kind: "status", status: 403, method: "DELETE" }] });
      await page.$$eval(".tick", (all) => all.slice(2, 4).forEach((one) => one.click()));
      await page.waitForSelector("[data-bulk=delete]");
      await page.$eval("[data-bulk=delete]", (button) => button.click());
      await page.waitForSelector("#typed-count");
      await page.type("#typed-count", "2");
      await page.keyboard.press("Enter");
      await page.waitForSelector(".job[data-phase=held]");
      await page.$eval(".job .button", (button) => button.click());
      await page.waitForSelector(".job[role=alert]");
    },
  },
  "filter on an attribute": {
    path: `?where=${encodeURIComponent("deployment.s3_bucket=nord&deployment.s3_prefix=")}`,
    waitFor: ".chip",
    async reach(page) {
      await page.click("[data-menu=where] summary");
      await page.waitForSelector("#where-field");
    },
  },
  columns: { reach: async (page) => (await waitForCount(page, 61), page.click("[data-menu=columns] summary"), page.waitForSelector(".check")) },
  export: { reach: async (page) => (await waitForCount(page, 61), page.click("[data-menu=export] summary"), page.waitForSelector("[data-export]")) },
  review: {
    async reach(page) {
      await waitForCount(page, 61);
      await openSource(page, "Nordlicht Outdoor");
      await page.click("[data-action=edit]");
      await page.waitForSelector("form-field");
      await fill(page, "deployment.imgix_subdomains", "nordlicht");
      await fill(page, "deployment.image_error", " ");
      await submit(page);
      await until(page, () => document.querySelector("request-preview pre"));
    },
  },
  purge: {
    sandbox: { settleMs: 0, deployMs: 600_000 },
    async reach(page) {
      await waitForCount(page, 61);
      await openSource(page, "Nordlicht Outdoor");
      await page.click("[data-action=edit]");
      await page.waitForSelector("form-field");
      await fill(page, "deployment.image_error", " ");
      await save(page);
      await page.waitForSelector("[data-offer=purge] .button");
      await page.click("[data-offer=purge] .button");
      await page.waitForSelector("#purge-address");
      await page.keyboard.press("Enter");
      await page.waitForSelector("#purge-problem");
    },
  },
};
