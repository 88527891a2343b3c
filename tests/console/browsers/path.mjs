// The main path of an operator, for any browser: a tab is something with `evaluate`, `click`, `type`, `press`.
import assert from "node:assert/strict";

const WAIT_MS = 20_000;

/** Waits until a function in the page gives something true, and gives that. */
export async function until(tab, question, ...given) {
  for (const end = Date.now() + WAIT_MS; ; await new Promise((done) => setTimeout(done, 50))) {
    const answer = await tab.evaluate(question, ...given);
    if (answer) return answer;
    if (Date.now() > end) assert.fail(`never true: ${question} ${JSON.stringify(given)}\n${await tab.evaluate(() => document.body.innerText.slice(0, 2000))}`);
  }
}

export const shown = (tab, selector) => until(tab, (selector) => document.querySelector(selector)?.checkVisibility() ?? false, selector);
const gone = (tab, selector) => until(tab, (selector) => !document.querySelector(selector), selector);
const says = (tab, selector, words) => until(tab, (selector, words) => document.querySelector(selector)?.textContent.replace(/\s+/g, " ").includes(words), selector, words);
const value = (tab, selector) => tab.evaluate((selector) => document.querySelector(selector).value, selector);

async function fill(tab, selector, text) {
  await shown(tab, selector);
  await tab.evaluate((selector) => (document.querySelector(selector).focus(), document.querySelector(selector).select?.()), selector);
  if (await value(tab, selector)) await tab.press("Backspace");
  await tab.type(text);
  assert.equal(await value(tab, selector), text);
}

/** Looks at what will be sent, and sends it. */
async function save(tab) {
  await tab.click("dialog button[type=submit]");
  await shown(tab, "#review-heading");
  await tab.click("[data-step=save]");
  await gone(tab, "dialog");
}

/** Notes from now on what a strict content policy has refused. */
const watchPolicy = (tab) =>
  tab.evaluate(() => {
    globalThis.violations = [];
    document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => globalThis.violations.push(`${violatedDirective} ${blockedURI}`));
  });

/** List, search, filter, create, edit, delete: what comes of it is in the sandbox. */
export async function mainPath(tab, sandbox) {
  await says(tab, ".shown", "61 sources");
  await watchPolicy(tab);

  await tab.press("/");
  await tab.type("kumo");
  await says(tab, ".shown", "1 of 61 sources");
  await fill(tab, "#search", "cinder-fashion");
  await says(tab, ".row-link", "cinder");
  await tab.press("ArrowDown");
  await tab.press("Enter");
  await says(tab, "#details-heading", "cinder");
  await tab.press("Escape");
  await gone(tab, "source-details");

  await tab.click("[data-action=new]");
  await shown(tab, "dialog[open]");
  await tab.click("input[name=provider][value=imageboss]");
  await tab.click("input[name=type][value=url]");
  await fill(tab, "#field-source", "every-browser");
  await tab.click("dialog button[type=submit]");
  await says(tab, ".summary", "1 problem");
  await fill(tab, "#field-credential_attributes-url", "https://origin.example");
  await save(tab);
  await says(tab, "#details-heading", "every-browser");
  const created = sandbox.log.filter(({ method }) => method === "POST");
  assert.deepEqual(JSON.parse(created[0].body).source, { source: "every-browser", source_type: "url", credential_attributes: { url: "https://origin.example" } });

  await tab.click("[data-action=edit]");
  await fill(tab, "#field-source", "every-browser-too");
  await save(tab);
  await says(tab, "#details-heading", "every-browser-too");
  assert.deepEqual(JSON.parse(sandbox.log.findLast(({ method }) => method === "PATCH").body), { source: { source: "every-browser-too" } });

  await tab.click("[data-action=delete]");
  await fill(tab, "#typed-name", "every-browser-too");
  await tab.press("Enter");
  await gone(tab, "dialog");
  await says(tab, ".jobs", "Nothing is sent yet");
  assert.equal(sandbox.log.filter(({ method }) => method === "DELETE").length, 0);
  await tab.click(".job:not(.notice) .button:not(.job-undo)");
  await gone(tab, "source-details");
  await until(tab, () => /is deleted/.test(document.querySelector(".toasts").textContent));
  assert.equal(sandbox.log.filter(({ method }) => method === "DELETE").length, 1);

  assert.deepEqual(await tab.evaluate(() => globalThis.violations), []);
}
