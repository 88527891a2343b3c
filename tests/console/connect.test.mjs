// How the page is connected: by itself to the gateway of its server, by choice to another one, with keys, or to a sandbox in the page.
import assert from "node:assert/strict";
import { test } from "node:test";

import { done, kept, press, reaches, settle, start } from "./jobs.mjs";
import { paste } from "./states/setup.mjs";
import { button, text, until, waitForCount, withConsole, writes } from "./support.mjs";

const KEY = "ak_sandbox";
const CORS = { "access-control-allow-origin": "*", "access-control-allow-headers": "*", "access-control-allow-methods": "*" };

/** What lets pages of the asking origin see an answer, cookies included. */
const forPages = ({ headers }) => ({ "access-control-allow-origin": headers.origin ?? "*", "access-control-allow-credentials": "true" });

/** Both providers as they would answer pages. */
async function providers(url, init, sandbox) {
  if (init.method === "OPTIONS") return new Response(null, { status: 204, headers: CORS });
  const answer = await sandbox.fetch(url, init);
  return new Response(await answer.arrayBuffer(), { status: answer.status, headers: { ...Object.fromEntries(answer.headers), ...CORS } });
}

const choose = (page, way) => page.click(`input[name=way][value=${way}]`);

async function giveKeys(page, keys) {
  await choose(page, "direct");
  for (const [name, key] of Object.entries(keys)) await page.type(`#connect-${name}`, key);
  await page.click("connect-page [type=submit]");
}

const probed = (page) => until(page, () => document.querySelector(".results[aria-busy=false]"));
const given = (page) => page.$$eval(".permissions tbody tr", (rows) => Object.fromEntries(rows.map((row) => [row.querySelector("th").textContent, row.dataset.found])));

/** Where a page keeps things that outlive it, and what it shows. */
const everything = (page) =>
  page.evaluate(async () => {
    const stores = [localStorage, sessionStorage].map((store) => JSON.stringify({ ...store })).join();
    const fields = [...document.querySelectorAll("input, textarea")].map(({ value }) => value).join();
    const bases = (await indexedDB.databases()).map(({ name }) => name).join();
    return [document.documentElement.outerHTML, stores, fields, bases, document.cookie, location.href, JSON.stringify(history.state), document.title].join("\n");
  });

test("where /api/status answers, the page connects by itself", async () => {
  await withConsole({}, async ({ page }) => {
    await waitForCount(page, 61);

    assert.equal(await page.$("connect-page"), null);
    await page.click(".modes");
    assert.match(await text(page, "#connection"), /Gateway: the server of this page/);
  });
});

test("from a server of files it asks how to connect, under the policy of its own tag", async () => {
  await withConsole({ isStatic: true, waitFor: "connect-page h1" }, async ({ page }) => {
    assert.equal(await page.title(), "Connect");
    assert.deepEqual(await page.$$eval("input[name=way]", (ways) => ways.map(({ value }) => value)), ["gateway", "direct", "sandbox"]);
    assert.match(await page.$eval("meta[http-equiv=content-security-policy]", ({ content }) => content), /require-trusted-types-for 'script'/);
    const made = await page.evaluate(() => {
      try {
        document.createElement("div").innerHTML = "<b>x</b>";
        return "innerHTML works";
      } catch (refused) {
        return refused.name;
      }
    });
    assert.equal(made, "TypeError");
    await page.evaluate(() => (globalThis.violations = []));
  });
});

test("the sandbox in the page needs no server, and everything works in it", async () => {
  await withConsole({ isStatic: true, waitFor: "connect-page h1" }, async ({ page, url }) => {
    const requests = [];
    page.on("request", (request) => requests.push(request.url().replace(url, "")));
    await choose(page, "sandbox");
    await page.click(button("Open the sandbox"));
    await waitForCount(page, 61);

    assert.match(await text(page, ".banner"), /Sandbox\. Nothing here is real/);
    assert.ok(requests.some((name) => /^sandbox[\w.-]*\.js$/.test(name)), requests.join());
    assert.deepEqual(requests.filter((name) => !/^[\w.-]+\.js$/.test(name)), [], "nothing but files of the page");
    await page.click(".row-link");
    await until(page, () => document.querySelector("source-details dl"));
  });
});

test("keys are tried by reads, and it is said what they may do", async () => {
  await withConsole({ isStatic: true, waitFor: "connect-page h1", answer: providers }, async ({ page, sandbox }) => {
    await giveKeys(page, { imgix: "ak_sandbox_assets" });
    await probed(page);

    assert.deepEqual(await given(page), { Sources: "no", "Asset Manager Browse": "yes", "Asset Manager Edit": "yes", Purge: "unknown", "Asset Purge": "unknown", Analytics: "no" });
    assert.ok(sandbox.log.every(({ method }) => method === "GET"));
    assert.match(await text(page, ".results"), /nothing harmless needs it/);
  });
});

test("a key that nobody knows is refused, and can be forgotten", async () => {
  await withConsole({ isStatic: true, waitFor: "connect-page h1", answer: providers }, async ({ page }) => {
    await giveKeys(page, { imageboss: "wrong-key" });
    await probed(page);

    assert.match(await text(page, ".results"), /No key may do anything here/);
    await Promise.all([page.waitForNavigation(), page.click(button("Forget the keys"))]);
    await page.waitForSelector("input[name=way]");
    assert.equal(new URL(page.url()).search, "?view=connect");
  });
});

test("a key is in the memory of the page and nowhere else, and is forgotten", async () => {
  await withConsole({ isStatic: true, waitFor: "connect-page h1", answer: providers }, async ({ page, asked }) => {
    await giveKeys(page, { imgix: KEY, imageboss: "sandbox" });
    await probed(page);
    assert.ok(!(await everything(page)).includes(KEY));
    await page.click("[data-action=open]");
    await waitForCount(page, 61);
    await page.keyboard.press("i");
    await page.waitForSelector(".call");
    await page.$$eval(".call", (calls) => calls.forEach((call) => call.setAttribute("open", "")));

    assert.ok(!(await everything(page)).includes(KEY));
    assert.ok(asked.length > 3 && asked.every((one) => /^(GET|OPTIONS) https:\/\/api\.(imgix\.com|imageboss\.me)\//.test(one)), asked.join("\n"));
    assert.deepEqual(await page.$$eval(".modes .mode", (badges) => badges.map(({ textContent }) => textContent)), ["imgix Live", "ImageBoss Live"]);
    const entries = await page.evaluate(() => history.length);
    await page.click(".modes");
    await Promise.all([page.waitForNavigation(), page.click("[data-action=disconnect]")]);
    await page.waitForSelector("connect-page h1");
    assert.ok(!(await everything(page)).includes(KEY));
    assert.equal(await page.evaluate(() => history.length), entries, "no way back to the page that knew them");
  });
});

test("a job is gone on with by the keys that began it, and by no others", async () => {
  await withConsole({ isStatic: true, waitFor: "connect-page h1", answer: providers }, async ({ page, sandbox }) => {
    const connect = async (key) => {
      await giveKeys(page, { imgix: key, imageboss: "sandbox" });
      await probed(page);
      await page.click("[data-action=open]");
      await page.waitForSelector(".intake");
    };
    await page.evaluate(() => history.replaceState(null, "", "?view=bulk&do=imgix.purge"));
    await page.reload();
    await page.waitForSelector("connect-page h1");
    await connect(KEY);
    await paste(page, Array.from({ length: 60 }, (_, at) => `https://nordlicht.imgix.net/${at}.jpg`).join("\n"));
    await page.waitForSelector(".plan-table");
    await start(page);
    await page.waitForSelector("confirm-dialog dialog[open]");
    await page.click("confirm-dialog [type=submit]");
    await done(page, 5);
    await press(page, "Pause");
    await reaches(page, "paused");
    const sent = writes(sandbox).length;
    await page.reload();
    await page.waitForSelector("connect-page h1");
    await connect("sandbox");
    await page.waitForSelector(".job");
    assert.match(await text(page, ".job"), /begun with another connection, and can be gone on with there only/);
    await press(page, "Resume");
    await settle(page);
    assert.equal(writes(sandbox).length, sent);

    await page.reload();
    await page.waitForSelector("connect-page h1");
    await connect(KEY);
    await page.waitForSelector(".job");
    sandbox.faults({ rules: [{ kind: "status", status: 422, operation: "purge", times: 1 }] });
    await press(page, "Resume");
    await page.waitForSelector("confirm-dialog dialog[open]");
    await page.click("confirm-dialog [type=submit]");
    await reaches(page, "over");
    assert.equal(writes(sandbox).length, 60);
    assert.ok(!(await kept(page)).includes(KEY));
    assert.match(await text(page, ".job"), /1 failed call/);
    assert.ok(await page.$(".job-table .button"));
    await page.reload();
    await page.waitForSelector("connect-page h1");
    await connect("sandbox");
    await page.waitForSelector(".job");
    assert.equal(await page.$(".job-table .button"), null);
    assert.match(await text(page, ".job"), /can be repeated there only/);
  });
});

test("what the browser refuses is said as such, with the way out", async () => {
  await withConsole({ isStatic: true, waitFor: "connect-page h1", answer: () => undefined }, async ({ page, asked }) => {
    await giveKeys(page, { imgix: KEY });
    await probed(page);

    assert.match(await text(page, ".results"), /CORS.*use a gateway/);
    assert.match(await text(page, ".results"), /not asked, as the provider cannot be reached/);
    assert.equal(new Set(asked).size, 1, "who does not answer is not asked again and again");
  });
});

test("keys that cannot be any are refused before they are sent", async () => {
  await withConsole({ isStatic: true, waitFor: "connect-page h1", answer: providers }, async ({ page, asked }) => {
    await giveKeys(page, {});
    await page.waitForSelector("#connect-imgix-problem");
    assert.match(await text(page, "#connect-imgix-problem"), /give at least one key/);
    await giveKeys(page, { imageboss: "two words" });
    await page.waitForSelector("#connect-imageboss-problem");

    assert.match(await text(page, "#connect-imageboss-problem"), /this is no key/);
    assert.equal(await page.evaluate(() => document.activeElement.id), "connect-imageboss");
    assert.deepEqual(asked, []);
  });
});

for (const [given, said] of [
  ["", /begins with https:/], ["gateway.example", /begins with https:/], ["javascript:alert(1)", /begins with https:/], ["https://user:pass@gateway.example/", /without a name/],
  ["http://127.0.0.1:9/api", /does not answer pages/], ["<img src=x onerror=alert(1)>", /begins with https:/],
])
  test(`an address that is no gateway is refused: ${given || "nothing"}`, async () => {
    await withConsole({ isStatic: true, waitFor: "connect-page h1", answer: () => undefined }, async ({ page }) => {
      await page.type("#connect-url", given);
      await page.click("connect-page [type=submit]");
      await page.waitForSelector("#connect-url-problem");

      assert.match(await text(page, "#connect-url-problem"), said);
      assert.equal(await page.$eval("#connect-url", ({ value }) => value), given);
      assert.equal(await page.$("connect-page .row-link"), null);
    });
  });

test("a page that is no gateway is told from one", async () => {
  const answer = (url, init) => new Response("<!doctype html>", { headers: { ...forPages(init), "content-type": "text/html" } });
  await withConsole({ isStatic: true, waitFor: "connect-page h1", answer }, async ({ page }) => {
    await page.type("#connect-url", "http://localhost:9/api");
    await page.click("connect-page [type=submit]");
    await page.waitForSelector("#connect-url-problem");

    assert.match(await text(page, "#connect-url-problem"), /no gateway at this address/);
  });
});

test("a gateway on another host is used with its token, which is kept nowhere", async () => {
  const TOKEN = "token-of-the-gateway";
  const gateway = async (url, init, sandbox) => {
    const headers = { ...CORS, ...forPages(init), "access-control-allow-headers": "authorization", "content-type": "application/json" };
    if (init.method === "OPTIONS") return new Response(null, { status: 204, headers });
    if (init.headers.authorization !== `Bearer ${TOKEN}`) return new Response("{}", { status: 401, headers });
    const { pathname } = new URL(url);
    if (pathname === "/gw/status") return Response.json({ imgix: { mode: "sandbox" }, imageboss: { mode: "off" }, gateway: { may: { write: true, delete: false } } }, { headers });
    if (pathname === "/gw/jobs") return Response.json({ jobs: [] }, { headers });
    if (pathname === "/gw/audit") return Response.json({ code: "not-found" }, { status: 404, headers });
    const answer = await sandbox.fetch(url.replace(/.*\/gw\/imgix/, "https://api.imgix.com/api/v1"), { ...init, headers: { ...init.headers, authorization: "Bearer sandbox" } });
    return new Response(await answer.arrayBuffer(), { status: answer.status, headers });
  };
  await withConsole({ isStatic: true, waitFor: "connect-page h1", answer: gateway }, async ({ page }) => {
    await page.type("#connect-url", "http://localhost:9/gw/");
    await page.click("connect-page [type=submit]");
    await page.waitForSelector("#connect-token-problem");
    assert.match(await text(page, "#connect-token-problem"), /it wants a token/);
    await page.type("#connect-token", TOKEN);
    await page.click("connect-page [type=submit]");
    await waitForCount(page, 34);

    assert.ok(!(await everything(page)).includes(TOKEN));
    await page.click(".modes");
    assert.match(await text(page, "#connection"), /Gateway: localhost:9 The gateway lets you write, not delete/);
    await page.keyboard.press("Escape");
    await until(page, () => document.querySelectorAll(".places a").length === 6);
    await page.click(".places li:last-child a");
    await page.waitForSelector("::-p-text(The gateway has no jobs)");
  });
});

test("a host that the policy does not name is never asked, and that is said", async () => {
  await withConsole({ isStatic: true, waitFor: "connect-page h1", answer: () => undefined }, async ({ page, asked }) => {
    await page.type("#connect-url", "https://gateway.example/api");
    await page.click("connect-page [type=submit]");
    await page.waitForSelector("#connect-url-problem");

    assert.match(await text(page, "#connect-url-problem"), /content policy of this page names it/);
    assert.match(await text(page, ".toasts"), /does not let it ask https:\/\/gateway\.example/);
    assert.deepEqual(asked, []);
    await page.evaluate(() => (globalThis.violations = []));
  });
});

test("of an address that the policy does not let pass only the host is told, and once: the rest may let others write", async () => {
  await withConsole({ answer: () => undefined }, async ({ page, asked }) => {
    await page.evaluate(async () => {
      for (const host of ["one", "one", "two"]) await fetch(`https://${host}.storage.example/put?X-Signature=CANARY`).catch(() => undefined);
    });
    await page.waitForSelector("::-p-text(two.storage.example)");

    assert.ok(!(await page.content()).includes("CANARY"));
    assert.deepEqual((await text(page, ".toasts")).match(/ask \S+:/g), ["ask https://one.storage.example:", "ask https://two.storage.example:"]);
    assert.deepEqual(asked, []);
    await page.evaluate(() => (globalThis.violations = []));
  });
});

test("who disconnects chooses anew, also where the page would connect by itself", async () => {
  await withConsole({}, async ({ page, url }) => {
    await waitForCount(page, 61);
    await page.click(".modes");
    await Promise.all([page.waitForNavigation(), page.click("[data-action=disconnect]")]);
    await page.waitForSelector("connect-page h1");

    assert.equal(await page.$eval("#connect-url", ({ value }) => value), `${url}api`);
    await page.click("connect-page [type=submit]");
    await waitForCount(page, 61);
    assert.equal(new URL(page.url()).search, "");
  });
});

test("the address keeps what it names while somebody connects", async () => {
  await withConsole({ isStatic: true, path: "?q=nordlicht", waitFor: "connect-page h1" }, async ({ page }) => {
    await choose(page, "sandbox");
    await page.click(button("Open the sandbox"));
    await waitForCount(page, 1);

    assert.equal(new URL(page.url()).search, "?q=nordlicht");
  });
});

test("the keys of a gateway are asked for what they may do when somebody wants to know", async () => {
  await withConsole({}, async ({ page, sandbox }) => {
    await waitForCount(page, 61);
    const before = sandbox.log.length;
    await page.click(".modes");
    await page.click(button("What may the keys do?"));
    await until(page, () => document.querySelectorAll("#connection tr[data-found]:not([data-found=asking])").length === 7);

    assert.deepEqual(await given(page), { Sources: "yes", "Asset Manager Browse": "yes", "Asset Manager Edit": "yes", Purge: "unknown", "Asset Purge": "unknown", Analytics: "yes", "API key": "yes" });
    assert.ok(sandbox.log.slice(before).every(({ method }) => method === "GET"));
    assert.ok(sandbox.log.length - before <= 6);
  });
});
