// States of what stands around the screens.
import { createSandbox } from "../../../target/npm/package/dist/sandbox.js";
import { button, until, waitForCount } from "../support.mjs";

const listed = (reach) => async (page, sandbox) => {
  await waitForCount(page, 61);
  await reach(page, sandbox);
};

export async function openPalette(page) {
  await page.keyboard.down("Control");
  await page.keyboard.press("k");
  await page.keyboard.up("Control");
  await page.waitForSelector(".palette[open]");
}

const STATIC = { isStatic: true, waitFor: "connect-page h1" };
/** An account that is live as far as the page knows. */
const LIVE = {
  server: {
    upstreams: { imgix: { key: "ak_sandbox" } },
    get fetch() {
      return createSandbox().fetch;
    },
  },
};
const choose = (way) => (page) => page.click(`input[name=way][value=${way}]`);

export const STATES = {
  connect: { ...STATIC, reach: async () => undefined },
  "connect with keys": { ...STATIC, reach: choose("direct") },
  "connect to the sandbox": { ...STATIC, reach: choose("sandbox") },
  "connect with mistakes": {
    ...STATIC,
    async reach(page) {
      await page.type("#connect-url", "nowhere");
      await page.click("connect-page [type=submit]");
      await page.waitForSelector("#connect-url-problem");
    },
  },
  "keys that were tried": {
    ...STATIC,
    answer: () => undefined,
    async reach(page) {
      await choose("direct")(page);
      await page.type("#connect-imgix", "ak_sandbox");
      await page.click("connect-page [type=submit]");
      await page.waitForSelector(".results[aria-busy=false]");
    },
  },
  connection: {
    reach: listed(async (page) => {
      await page.click(".modes");
      await page.click(button("What may the keys do?"));
      await until(page, () => document.querySelectorAll("#connection tr[data-found]:not([data-found=asking])").length === 7);
    }),
  },
  locked: { ...LIVE, reach: listed(async () => undefined) },
  unlocked: { ...LIVE, reach: listed((page) => page.click(".lock")) },
  "asked for changes": { ...LIVE, reach: listed(async (page) => (await page.click("[data-action=new]"), page.waitForSelector("confirm-dialog"))) },
  "rate limits": { reach: listed(async (page) => (await page.click(".meter-button"), page.waitForSelector(".rates"))) },
  requests: {
    reach: listed(async (page, sandbox) => {
      sandbox.faults({ rules: [{ kind: "429", times: 1, retryAfter: 0 }, { kind: "drift", times: 1 }] });
      await page.click(button("Reload"));
      await page.keyboard.press("i");
      await page.waitForSelector(".tag");
      await page.$$eval(".call", (calls) => calls.forEach((call) => call.setAttribute("open", "")));
    }),
  },
  "no requests": { reach: listed(async (page) => (await page.keyboard.press("i"), await (await page.waitForSelector(button("Clear requests"))).click(), page.waitForSelector(".inspector-body > .none"))) },
  palette: { reach: listed(openPalette) },
  "palette finds nothing": { reach: listed(async (page) => (await openPalette(page), await page.keyboard.type("nothing like it"), until(page, () => document.querySelector(".palette-none").textContent))) },
  faults: {
    reach: listed(async (page) => {
      await page.click(".banner button");
      await page.waitForSelector("#faults input[value='429']");
      await page.click("#faults input[value='429']");
      await page.waitForSelector(".banner[data-level=warning]");
    }),
  },
  offline: { reach: listed(async (page) => (await page.setOfflineMode(true), page.waitForSelector(".banner[role=alert]"))) },
};
