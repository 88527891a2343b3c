// States of the screen of a whole set-up.
import { until } from "../support.mjs";
import { exportSetup, ImageBoss, Imgix } from "../../../target/npm/package/dist/index.js";

/** What is live in a sandbox, by the provider's name. */
export async function liveIn(sandbox) {
  const limits = { default: null, imageboss: null };
  const all = async (listing) => {
    const found = [];
    for await (const source of listing) found.push(source);
    return found;
  };
  return {
    imgix: await all(new Imgix({ apiKey: "ak_sandbox", fetch: sandbox.fetch, limits: { default: limits.default } }).sources.list({ page: { size: 1000 } })),
    imageboss: await all(new ImageBoss({ apiKey: "ak_sandbox", fetch: sandbox.fetch, limits: { imageboss: limits.imageboss } }).sources.list()),
  };
}

/** Gives a text as if it had been pasted, however long it is. */
export const paste = (page, text) =>
  page.evaluate((text) => {
    const field = document.querySelector("#intake-text");
    const data = new DataTransfer();
    data.setData("text/plain", text);
    if (field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }))) {
      field.value = text;
      field.form.requestSubmit();
    }
  }, text);

/** A document with some of everything. */
export async function someOfEach(sandbox) {
  const document = exportSetup(await liveIn(sandbox));
  const s3 = document.imgix.find(({ deployment, enabled }) => deployment.type === "s3" && enabled);
  Object.assign(s3.deployment, { cache_ttl_value: 3600, default_params: { auto: "format,compress" } });
  document.imageboss[0].credential_attributes.require_token = "true";
  document.imageboss[1].delete = true;
  document.imageboss.splice(2, 2);
  document.imgix.push({ name: "Brand new", deployment: { type: "webfolder", webfolder_base_url: "https://origin.example/", imgix_subdomains: ["brand-new"] } });
  document.imgix.push({ name: "Without its secret", deployment: { type: "s3", s3_bucket: "photos", s3_access_key: "AKIAIOSFODNN7EXAMPLE", imgix_subdomains: ["no-secret"] } });
  document.imgix.push({ name: "Wrong", deploymnt: {} });
  return document;
}

const loaded = (page) => until(page, () => document.querySelector(".card-tools .button"));

export const STATES = {
  "set-up": { path: "?view=setup", waitFor: ".intake", reach: loaded },
  "set-up planned": {
    path: "?view=setup",
    waitFor: ".intake",
    async reach(page, sandbox) {
      await paste(page, JSON.stringify(await someOfEach(sandbox)));
      await page.waitForSelector(".plan-table");
      await until(page, () => document.querySelectorAll("[data-plan]").length > 50);
    },
  },
  "set-up refused": {
    path: "?view=setup",
    waitFor: ".intake",
    async reach(page) {
      await paste(page, JSON.stringify({ version: 7, imgix: [] }));
      await page.waitForSelector("#setup-refusal");
    },
  },
  "set-up asked": {
    path: "?view=setup",
    waitFor: ".intake",
    async reach(page, sandbox) {
      await paste(page, JSON.stringify(await someOfEach(sandbox)));
      await page.waitForSelector(".plan-table");
      await page.click(".card-tools .primary");
      await page.waitForSelector("run-dialog dialog[open]");
    },
  },
  "set-up run": {
    path: "?view=setup",
    waitFor: ".intake",
    async reach(page, sandbox) {
      sandbox.faults({ rules: [{ kind: "status", status: 422, method: "DELETE" }] });
      await paste(page, JSON.stringify(await someOfEach(sandbox)));
      await page.waitForSelector(".plan-table");
      await page.click(".card-tools .primary");
      await page.waitForSelector("run-dialog dialog[open]");
      await page.type("#typed-count", "1");
      await page.click("run-dialog [type=submit]");
      await until(page, () => document.querySelector(".job")?.dataset.state === "over");
      await page.$$eval(".job details", (all) => all.forEach((one) => one.setAttribute("open", "")));
    },
  },
};
