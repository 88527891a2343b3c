// The states of the screen of reports.
const TYPED = "?view=reports&type=source_analytics";
const rules = (...rules) => ({ faults: { rules } });

async function openReport(page, number = 3) {
  await page.waitForSelector(`.reports tbody tr:nth-child(${number}) a`);
  await page.click(`.reports tbody tr:nth-child(${number}) a`);
  await page.waitForSelector("[data-action=draw]");
}

export const STATES = {
  reports: { path: "?view=reports", waitFor: ".reports", reach: async () => undefined },
  "reports: empty": { path: "?view=reports", sandbox: { seed: false }, waitFor: ".empty-title", reach: async () => undefined },
  "reports: forbidden": { path: "?view=reports", sandbox: rules({ kind: "status", status: 403, operation: "reports.list" }), waitFor: ".notice", reach: async () => undefined },
  "reports: loading": { path: "?view=reports", sandbox: rules({ kind: "slow", delayMs: 120_000, operation: "reports.list" }), waitFor: ".skeleton", reach: async () => undefined },
  "report missing": { path: "?view=reports&report=nowhere", waitFor: "#report-heading", reach: (page) => page.waitForSelector("::-p-text(no such report)") },
  "report figures": {
    path: TYPED,
    waitFor: ".reports",
    async reach(page) {
      await openReport(page);
      await page.click("[data-action=draw]");
      await page.waitForSelector(".ranks");
    },
  },
  "report file lost": {
    path: TYPED,
    waitFor: ".reports",
    sandbox: rules({ kind: "status", status: 403, operation: "files.get" }),
    async reach(page) {
      await openReport(page);
      await page.click("[data-action=draw]");
      await page.waitForSelector(".figures .notice");
    },
  },
  "reports by day": {
    path: TYPED,
    waitFor: "#compare",
    async reach(page) {
      await page.select("#compare", "30");
      await page.waitForSelector("canvas");
      await page.$eval(".figures details", (details) => details.setAttribute("open", ""));
    },
  },
};
