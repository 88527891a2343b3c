// States of the screen for the same to many things.
import { until } from "../support.mjs";
import { paste } from "./setup.mjs";

const URLS = Array.from({ length: 30 }, (_, at) => `https://nordlicht.imgix.net/products/${at % 28}.jpg`);

export const STATES = {
  bulk: { path: "?view=bulk", waitFor: ".intake", reach: async () => undefined },
  "bulk checked": {
    path: "?view=bulk&do=imgix.purge",
    waitFor: ".intake",
    async reach(page) {
      await paste(page, [...URLS, "not an address", "ftp://x.example/y"].join("\n"));
      await page.waitForSelector(".plan-table");
    },
  },
  "bulk planned": {
    path: "?view=bulk&do=imageboss.sources",
    waitFor: ".intake",
    async reach(page) {
      await until(page, () => document.querySelector(".intake"));
      await paste(page, "source,source_type,credential_attributes.url,credential_attributes.require_token\nfresh,url,https://origin.example/,true\npetitpois,url,https://other.example/,\nlegacy-shop,,,nonsense\n");
      await page.waitForSelector(".plan-table");
    },
  },
  "bulk refused": {
    path: "?view=bulk",
    waitFor: ".intake",
    async reach(page) {
      await paste(page, "[1, 2");
      await page.waitForSelector("#bulk-refusal");
    },
  },
  "bulk run": {
    path: "?view=bulk&do=imgix.purge",
    waitFor: ".intake",
    async reach(page, sandbox) {
      sandbox.faults({ rules: [{ kind: "status", status: 403, path: "purge", every: 3 }] });
      await paste(page, URLS.slice(0, 8).join("\n"));
      await page.waitForSelector(".plan-table");
      await page.click(".card-tools .primary");
      await page.waitForSelector("run-dialog dialog[open]");
      await page.click("run-dialog [type=submit]");
      await until(page, () => document.querySelector(".job")?.dataset.state === "over");
      await page.$$eval(".job details", (all) => all.forEach((one) => one.setAttribute("open", "")));
    },
  },
};
