// What tests of the gateway's own screens share: writes that leave something in its audit, jobs, and a gateway that answers otherwise.
import { paste } from "./states/setup.mjs";
import { until } from "./support.mjs";

export const CANARY = "CANARY-secret-0123456789-abcdefghijklmno";

/** A test's options for the deployment's Worker. */
export const at = (path, more = {}) => ({ isDeployed: true, path, waitFor: "main h1", ...more });

/** Asks the gateway from within the page, as whoever has it open. */
export const ask = (page, method, path, body) =>
  page.evaluate(
    async (method, path, body) => {
      const type = path.startsWith("imgix/") ? "application/vnd.api+json" : "application/json";
      const answer = await fetch(`/api/${path}`, { method, headers: { "x-image-sources": "test", ...(body && { "content-type": type }) }, ...(body && { body: JSON.stringify(body) }) });
      const text = await answer.text();
      return { status: answer.status, text, json: /json$/.test(answer.headers.get("content-type")) ? JSON.parse(text) : undefined };
    },
    method,
    path,
    body,
  );

export const sourcesOf = async (page) => (await ask(page, "GET", "imageboss/sources")).json;
export const change = (page, { id }, attributes) => ask(page, "PATCH", `imageboss/sources/${id}`, { source: { credential_attributes: attributes } });
export const purge = (page, url) => ask(page, "POST", "imgix/purge", { data: { type: "purges", attributes: { url } } });
export const address = (at, host = "nordlicht") => `https://${host}.imgix.net/edge/${at}.jpg`;
export const addresses = (count, host) => Array.from({ length: count }, (_, at) => address(at, host));

/** Opens a screen of the page that is there, as its own links do. */
export async function goTo(page, query) {
  await page.evaluate((query) => {
    history.pushState(null, "", query);
    dispatchEvent(new PopStateEvent("popstate"));
  }, query);
}

/** Some of everything in the audit: done, declined, by a job, and a source that was changed and one that was deleted. */
export async function someEntries(page) {
  const all = await sourcesOf(page);
  const source = all.find(({ source_type: type }) => type === "s3");
  await change(page, source, { bucket: "another-bucket", region: "us-west-2", secret_access_key: CANARY });
  await purge(page, address(1));
  await purge(page, "nonsense");
  const gone = all.findLast(({ source_type: type, id }) => type === "s3" && id !== source.id);
  await ask(page, "DELETE", `imageboss/sources/${gone.id}`);
  return { source, gone };
}

export const entries = (page) => page.$$eval("[data-entry]", (rows) => rows.map((row) => [row.querySelector(".row-link").textContent, row.querySelector(".col-target").textContent, row.querySelector("[data-outcome]").dataset.outcome]));

/** Opens the newest entry of an operation. */
export async function openEntry(page, operation) {
  await until(page, (operation) => [...document.querySelectorAll("[data-entry] .row-link")].some((link) => link.textContent === operation), operation);
  await page.evaluate((operation) => [...document.querySelectorAll("[data-entry] .row-link")].find((link) => link.textContent === operation).click(), operation);
  await until(page, (operation) => document.querySelector("#entry-heading")?.textContent === operation && document.querySelector(".entry-details .facts"), operation);
}

/** Opens what an entry can be put back to. */
export async function openPlan(page, operation) {
  await openEntry(page, operation);
  await page.click("[data-action=restore]");
  await page.waitForSelector("#plan-heading");
}

/** Gives addresses to the gateway by the screen for bulk, and waits for the plan of the job. */
export async function plan(page, urls) {
  await goTo(page, "?view=bulk&do=imgix.purge");
  await page.waitForSelector("#intake-text");
  await paste(page, urls.join("\n"));
  await page.waitForSelector("[data-action=hand-over]:not([aria-disabled])");
  await page.click("[data-action=hand-over]");
  await page.waitForSelector("[data-action=start]");
}

export async function start(page) {
  await page.click("[data-action=start]");
  await page.waitForSelector("run-dialog dialog[open]");
  await page.click("run-dialog [type=submit]");
  await until(page, () => !document.querySelector("run-dialog"));
}

export const reaches = (page, state) => until(page, (state) => document.querySelector(".details [data-job-state]")?.dataset.jobState === state, state);

/** To be run in the page first: what stands before the gateway answers some paths otherwise. `given`: by a part of the path, with its method. */
export const instead = (given) => {
  const real = globalThis.fetch;
  globalThis.fetch = async (address, init) => {
    const path = String(address?.url ?? address);
    for (const [asked, { status = 200, body, isLost, isNever, ms }] of Object.entries(globalThis.instead ?? given)) {
      const [method, part] = asked.split(" ");
      if ((init?.method ?? "GET") !== method || !path.includes(part)) continue;
      if (isNever) return new Promise(() => {});
      if (ms) await new Promise((done) => setTimeout(done, ms));
      if (isLost) throw new TypeError("Failed to fetch");
      return new Response(typeof body === "string" ? body : JSON.stringify(body), { status, headers: { "content-type": typeof body === "string" ? "application/x-ndjson" : "application/json" } });
    }
    return real(address, init);
  };
};
