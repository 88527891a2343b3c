// Uploads that go on: by a session, with the step that failed, and with no byte more than that needs.
import assert from "node:assert/strict";
import { test } from "node:test";

import { createSandbox } from "../../target/npm/package/dist/sandbox.js";
import { asked, chooseFiles, fileChooser, filesAre, fileStates, HOME, localFile, openUpload, SOURCES, withAssets } from "./assets-support.mjs";
import { button, focused, text, until, withConsole, writes } from "./support.mjs";

const SIZE = (30 << 20) + 1;
const LOADED = { waitUntil: "load" };
const SESSION = { sandbox: { completeMs: 10 } };
const upload = (page) => page.click("[data-action=upload]");
const steps = (sandbox) => writes(sandbox).map(({ operation }) => operation?.replace(/^\w+\./, ""));
const fails = (sandbox, ...rules) => sandbox.faults({ rules: rules.map((rule) => ({ kind: "status", status: 400, times: 1, ...rule })) });
const saysFile = (page, pattern) => until(page, (source, flags) => new RegExp(source, flags).test(document.querySelector(".file")?.innerText ?? ""), pattern.source, pattern.flags);
const click = (page, what, name = "large.bin") => page.click(button(`${what} ${name}`));
const buttons = (page) => page.$$eval(".file:first-child .file-tools button", (all) => all.map((one) => one.innerText.split("\n")[0] || one.ariaLabel));

/** What of a session lets somebody write: nothing that the page shows or keeps may hold it. */
async function assertSecret(page, sandbox) {
  const signatures = asked(sandbox, "storage.put").map(({ path }) => /X-Signature=(\w+)/.exec(path)[1]);
  assert.ok(signatures.length > 0);
  const shown = await page.evaluate(async () => {
    const databases = await indexedDB.databases();
    const everything = document.querySelectorAll("*");
    return [document.documentElement.outerHTML, JSON.stringify(sessionStorage), JSON.stringify(localStorage), JSON.stringify(databases), location.href, ...[...everything].map((one) => one.value ?? "")].join("\n");
  });
  for (const signature of signatures) assert.ok(!shown.includes(signature));
  assert.ok(!shown.includes("X-Signature"));
}

/** A large file whose first try failed. */
async function failed(page, sandbox, rule, name = "large.bin") {
  fails(sandbox, rule);
  await openUpload(page, [localFile(name, SIZE)]);
  await upload(page);
  await filesAre(page, "failed");
  assert.match(await text(page, "upload-panel .box-foot"), /0 of 1 file uploaded/);
}

test("bytes that the storage did not take are sent again into the same session", async () => {
  await withAssets(SESSION, async ({ page, sandbox }) => {
    await failed(page, sandbox, { operation: "storage.put", status: 403 });
    assert.match(await text(page, ".file"), /The storage did not take the file.*sends the file again into the same session\. One request carries all of it/);
    assert.doesNotMatch(await text(page, ".file"), /may have happened/);
    assert.deepEqual(await buttons(page), ["Resume", "Start over", "Give up", "Take large.bin off the list"]);
    await click(page, "Resume");
    await filesAre(page, "done");

    assert.deepEqual(steps(sandbox), ["create", "put", "put", "close"]);
    assert.equal(sandbox.stored("imgix", `${SOURCES.main}/large.bin`).attributes.file_size, SIZE);
    const puts = asked(sandbox, "storage.put");
    assert.equal(puts[0].path, puts[1].path);
    for (const { headers } of puts) assert.deepEqual([headers.authorization, headers["imgix-api-key"], headers["x-image-sources"], headers["content-type"]], [undefined, undefined, undefined, "application/octet-stream"]);
  });
});

test("every step stands among the requests, the session's address without what lets write", async () => {
  await withAssets(SESSION, async ({ page, sandbox }) => {
    await failed(page, sandbox, { operation: "storage.put", status: 403 });
    await click(page, "Resume");
    await filesAre(page, "done");
    await page.keyboard.press("i");
    await page.waitForSelector("inspector-drawer .inspector-body");
    for (const summary of await page.$$("inspector-drawer summary")) await summary.evaluate((one) => one.click());
    const shown = await text(page, "inspector-drawer");

    for (const step of ["create", "put", "status", "close", "waitUntilComplete"]) assert.ok(shown.includes(`uploadSessions.${step}`), step);
    assert.match(shown, /large\.bin\?\*\*\*\*/);
    await assertSecret(page, sandbox);
  });
});

test("a session that could not be closed is closed, and no byte is sent for it", async () => {
  await withAssets(SESSION, async ({ page, sandbox }) => {
    await failed(page, sandbox, { operation: "uploadSessions.close" });
    assert.match(await text(page, ".file"), /All bytes have arrived\. Resume sends none of them again/);
    await click(page, "Resume");
    await filesAre(page, "done");

    assert.deepEqual(steps(sandbox), ["create", "put", "close", "close"]);
    assert.match(await text(page, ".file"), /uploaded/);
  });
});

test("a session that was closed, of which the answer got lost, is only looked at", async () => {
  await withAssets(SESSION, async ({ page, sandbox }) => {
    await failed(page, sandbox, { operation: "uploadSessions.close", kind: "reset", status: undefined, applied: true, times: undefined });
    assert.match(await text(page, ".file"), /interrupted.*cannot be reached/);
    sandbox.faults();
    const before = steps(sandbox);
    await click(page, "Resume");
    await filesAre(page, "done");

    assert.deepEqual([before.slice(0, 3), steps(sandbox)], [["create", "put", "close"], before]);
  });
});

test("if looking fails, resuming looks", async () => {
  await withAssets(SESSION, async ({ page, sandbox }) => {
    await failed(page, sandbox, { operation: "uploadSessions.status", status: 403 });
    assert.match(await text(page, ".file"), /Resume only looks whether it has taken the file in/);
    assert.deepEqual(await buttons(page), ["Resume", "Start over", "Take large.bin off the list"], "what is closed is imgix's");
    await click(page, "Resume");
    await filesAre(page, "done");

    assert.deepEqual(steps(sandbox), ["create", "put", "close"]);
  });
});

test("a session that has expired is told, and a new one takes its place", async () => {
  let ahead = 0;
  await withAssets({ sandbox: { completeMs: 10, now: () => Date.now() + ahead, sleep: async () => undefined } }, async ({ page, sandbox }) => {
    await failed(page, sandbox, { operation: "storage.put", status: 403 });
    ahead = 8 * 3_600_000 + 1000;
    // Its clock stands elsewhere now than the page's; what has been shown before has to wait for nothing.
    await click(page, "Resume");
    await until(page, () => /the session had expired; the file is sent again in a new one/.test(document.querySelector(".toasts").innerText));
    await filesAre(page, "done");

    assert.deepEqual(steps(sandbox), ["create", "put", "create", "put", "close"]);
    const [first, second] = asked(sandbox, "storage.put").map(({ path }) => path);
    assert.notEqual(first, second);
  });
});

test("a session that somebody cancelled is told, and a new one takes its place", async () => {
  await withAssets(SESSION, async ({ page, sandbox }) => {
    await failed(page, sandbox, { operation: "storage.put", status: 403 });
    const session = /X-Session=(\w+)/.exec(asked(sandbox, "storage.put")[0].path)[1];
    await sandbox.fetch(`https://api.imgix.com/api/v1/sources/${SOURCES.main}/upload-sessions/cancel/${session}`, { method: "DELETE", headers: { authorization: "Bearer sandbox" } });
    await click(page, "Resume");
    await until(page, () => /the session had been cancelled/.test(document.querySelector(".toasts").innerText));
    await filesAre(page, "done");

    assert.deepEqual(steps(sandbox), ["create", "put", "cancel", "create", "put", "close"]);
  });
});

test("giving up, starting over, taking off the list and closing the panel cancel the session", async () => {
  for (const [act, after] of [
    [(page) => click(page, "Give up"), ["stopped"]],
    [(page) => click(page, "Start over"), ["done"]],
    [(page) => page.click("[aria-label='Take large.bin off the list']"), []],
    [async (page, sandbox) => {
      await page.click("[aria-label='Close upload']");
      await page.waitForSelector("dialog");
      await page.keyboard.press("Escape");
      await page.waitForSelector("dialog", { hidden: true });
      await filesAre(page, "failed");
      assert.equal(asked(sandbox, "uploadSessions.cancel").length, 0);
      await page.click("[aria-label='Close upload']");
      await page.waitForSelector("dialog");
      await page.click(button("Give up and close"));
    }, []],
  ])
    await withAssets(SESSION, async ({ page, sandbox }) => {
      await failed(page, sandbox, { operation: "uploadSessions.close" });
      await act(page, sandbox);
      while (asked(sandbox, "uploadSessions.cancel").length === 0) await new Promise((done) => setTimeout(done, 20));
      await filesAre(page, ...after);

      assert.equal(await page.evaluate(() => sessionStorage.getItem("upload-sessions")), null);
      assert.equal(asked(sandbox, "uploadSessions.create").length, after[0] === "done" ? 2 : 1);
      assert.equal(asked(sandbox, "uploadSessions.cancel").length, 1);
      if (after[0] !== "stopped") return;
      assert.deepEqual(await buttons(page), ["Retry", "Take large.bin off the list"]);
      await click(page, "Retry");
      await filesAre(page, "done");
      assert.equal(asked(sandbox, "uploadSessions.create").length, 2);
    });
});

test("what a lost connection broke off goes on by itself when it is back: once", async () => {
  await withAssets({ sandbox: { completeMs: 10, faults: { rules: [{ kind: "hang", operation: "storage.put", times: 2 }] } } }, async ({ page, sandbox }) => {
    await openUpload(page, [localFile("large.bin", SIZE)]);
    await upload(page);
    const isUnderWay = (count) => until(page, () => document.querySelector(".file[data-state=finishing]")).then(async () => { while (asked(sandbox, "storage.put").length < count) await new Promise((done) => setTimeout(done, 20)); });
    await isUnderWay(1);
    await page.setOfflineMode(true);
    await saysFile(page, /no connection; it goes on by itself when there is one/);
    assert.match(await text(page, "upload-panel .box-foot"), /1 interrupted/);
    assert.equal(await page.evaluate(() => !dispatchEvent(new Event("beforeunload", { cancelable: true }))), true, "the browser asks before the page goes");
    await page.setOfflineMode(false);
    await until(page, () => /The connection is back: 1 upload goes on/.test(document.querySelector(".toasts").innerText));
    await isUnderWay(2);
    assert.match(await text(page, ".file"), /The connection is back, and it goes on/);
    await page.setOfflineMode(true);
    await saysFile(page, /interrupted/);
    await page.evaluate(() => addEventListener("online", () => setTimeout(() => (globalThis.isBack = true))));
    await page.setOfflineMode(false);
    await until(page, () => globalThis.isBack);
    assert.equal((await text(page, ".file")).includes("goes on by itself"), false);
    await filesAre(page, "failed");
    assert.deepEqual(steps(sandbox), ["create", "put", "put"], "it does not go on for ever");
    await click(page, "Resume");
    await filesAre(page, "done");

    assert.deepEqual(steps(sandbox), ["create", "put", "put", "put", "close"]);
  });
});

test("a step that the network loses waits for it as well, and files in one request do not: nobody knows whether they arrived", async () => {
  await withAssets(SESSION, async ({ page, sandbox }) => {
    const lost = { kind: "reset", status: undefined, times: undefined };
    fails(sandbox, { operation: "storage.put", ...lost }, { operation: "assets.upload", ...lost });
    await openUpload(page, [localFile("large.bin", SIZE), localFile("small.bin")]);
    await upload(page);
    await filesAre(page, "failed", "failed");
    assert.match(await text(page, ".file"), /The storage cannot be reached.*CORS rules/);
    await page.setOfflineMode(true);
    await saysFile(page, /goes on by itself/);
    const before = asked(sandbox, "assets.upload").length;
    sandbox.faults();
    await page.setOfflineMode(false);
    await filesAre(page, "done", "failed");

    assert.deepEqual([asked(sandbox, "assets.upload").length, asked(sandbox, "uploadSessions.create").length], [before, 1]);
    assert.deepEqual(await page.$$eval(".file:last-child .file-tools button", (all) => all.map((one) => one.innerText.split("\n")[0] || one.ariaLabel)), ["Retry", "Take small.bin off the list"]);
  });
});

test("two at a time have a session each, and one that fails does not touch the other", async () => {
  await withAssets(SESSION, async ({ page, sandbox }) => {
    fails(sandbox, { operation: "storage.put", status: 403, path: "/one.bin" });
    await openUpload(page, [localFile("one.bin", SIZE), localFile("two.bin", SIZE + 5)]);
    await upload(page);
    await filesAre(page, "failed", "done");
    await click(page, "Resume", "one.bin");
    await filesAre(page, "done", "done");

    const count = (operation) => asked(sandbox, operation).length;
    assert.deepEqual([count("uploadSessions.create"), count("storage.put"), count("uploadSessions.close"), count("uploadSessions.cancel")], [2, 3, 2, 0]);
    assert.deepEqual(["one.bin", "two.bin"].map((name) => sandbox.stored("imgix", `${SOURCES.main}/${name}`).attributes.file_size), [SIZE, SIZE + 5]);
  });
});

test("by keyboard alone, and the focus stays with the file", async () => {
  await withAssets(SESSION, async ({ page, sandbox }) => {
    await failed(page, sandbox, { operation: "uploadSessions.close" });
    await page.focus("#upload-heading");
    for (let step = 0; step < 15 && !/^Resume/.test(await focused(page)); step += 1) await page.keyboard.press("Tab");
    assert.match(await focused(page), /^Resume/);
    fails(sandbox, { operation: "uploadSessions.close" });
    await page.keyboard.press("Enter");
    while (asked(sandbox, "uploadSessions.close").length < 2) await new Promise((done) => setTimeout(done, 20));
    await filesAre(page, "failed");
    const inRow = () => page.evaluate(() => (document.activeElement?.closest(".file") !== null ? true : document.activeElement.outerHTML.slice(0, 300)));
    assert.equal(await inRow(), true);
    for (let step = 0; step < 4 && !/^Give up/.test(await focused(page)); step += 1) await page.keyboard.press("Tab");
    assert.match(await focused(page), /^Give up/);
    await page.keyboard.press("Enter");
    await filesAre(page, "stopped");
    assert.equal(await inRow(), true);
    while (!/^Retry/.test(await focused(page))) await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await filesAre(page, "done");

    assert.equal(await inRow(), true);
    assert.deepEqual(steps(sandbox), ["create", "put", "close", "close", "cancel", "create", "put", "close"]);
  });
});

test("a key that is held down and a double click do one thing: they neither stop what they began nor take off the next file", async () => {
  const slow = { kind: "slow", delayMs: 1500, operation: "uploadSessions.status", times: 1 };
  await withAssets(SESSION, async ({ page, sandbox }) => {
    sandbox.faults({ rules: [{ kind: "status", status: 403, operation: "storage.put", times: 3 }] });
    await openUpload(page, [localFile("large.bin", SIZE), localFile("two.bin", SIZE), localFile("three.bin", SIZE)]);
    await upload(page);
    await filesAre(page, "failed", "failed", "failed");
    sandbox.faults({ rules: [slow] });
    await page.focus(button("Resume large.bin"));
    for (let press = 0; press < 15; press += 1) await page.keyboard.down("Enter");
    assert.equal(await focused(page), "file-1");
    await page.keyboard.up("Enter");
    await filesAre(page, "done", "failed", "failed");
    sandbox.faults({ rules: [slow] });
    await (await page.$(button("Resume two.bin"))).click({ count: 2 });
    await filesAre(page, "done", "done", "failed");
    assert.equal(asked(sandbox, "uploadSessions.cancel").length, 0);
    await (await page.$(button("Take large.bin off the list"))).click({ count: 2 });

    await filesAre(page, "done", "failed");
  });
});

test("a live account that is locked is asked for before a session is given up", async () => {
  const account = createSandbox({ completeMs: 10 });
  // The page's policy lets nothing go to the storage of a sandbox that stands for a live account.
  const before = () => {
    const { open } = XMLHttpRequest.prototype;
    XMLHttpRequest.prototype.open = function () {
      return open.call(this, "GET", "/");
    };
  };
  await withAssets({ server: { upstreams: { imgix: { key: "ak_sandbox" } }, fetch: account.fetch }, answer: account.fetch, before }, async ({ page }) => {
    await page.click(".lock");
    fails(account, { operation: "uploadSessions.close" });
    await openUpload(page, [localFile("large.bin", SIZE)]);
    await upload(page);
    await filesAre(page, "failed");
    await page.click(".lock");
    await click(page, "Give up");
    await page.waitForSelector("dialog");
    assert.deepEqual([await fileStates(page), asked(account, "uploadSessions.cancel").length], [["failed"], 0]);
    await page.click(button("Allow changes"));
    await filesAre(page, "stopped");

    while (asked(account, "uploadSessions.cancel").length === 0) await new Promise((done) => setTimeout(done, 20));
  });
});

test("an answer of the storage that cannot be used is said to be its own", async () => {
  await withAssets(SESSION, async ({ page, sandbox }) => {
    await failed(page, sandbox, { operation: "storage.put", status: 307 });

    assert.match(await text(page, ".file"), /The answer of the storage cannot be read.*is a redirection/);
    assert.doesNotMatch(await text(page, ".file"), /the key/);
  });
});

test("through the gateway of the deployment the bytes go to the storage as well, and go on", async () => {
  await withAssets({ ...SESSION, isDeployed: true }, async ({ page, sandbox }) => {
    await failed(page, sandbox, { operation: "storage.put", status: 403 });
    fails(sandbox, { operation: "uploadSessions.close" });
    await click(page, "Resume");
    await saysFile(page, /All bytes have arrived\. Resume/);
    await page.reload(LOADED);
    await page.waitForSelector("[data-action=open-interrupted]");
    await page.click("[data-action=open-interrupted]");
    await click(page, "Resume");
    await filesAre(page, "done");

    assert.deepEqual(steps(sandbox), ["create", "put", "put", "close", "close"]);
    for (const { headers } of asked(sandbox, "storage.put")) assert.equal(headers.authorization, undefined);
    await assertSecret(page, sandbox);
  });
});

test("a sandbox inside of the page can be made to fail with the bytes of a session; what goes with the page is not kept", async () => {
  await withConsole({ isStatic: true, path: HOME, waitFor: "connect-page h1" }, async ({ page }) => {
    await page.click("input[name=way][value=sandbox]");
    await page.click(button("Open the sandbox"));
    await page.waitForSelector(".asset-link");
    await page.click(".banner .link-button");
    await page.waitForSelector("#faults input[value=status]");
    await page.select("#faults .fault-where label:nth-child(1) select", "once");
    await page.select("#faults .fault-where label:nth-child(3) select", "PUT");
    await page.click("#faults input[value=status]");
    await page.keyboard.press("Escape");
    await openUpload(page, [localFile("large.bin", SIZE)]);
    await upload(page);
    await filesAre(page, "failed");
    await page.setOfflineMode(true);
    await click(page, "Resume");
    await filesAre(page, "done");

    assert.equal(await page.evaluate(() => sessionStorage.length), 0);
    await page.setOfflineMode(false);
  });
});

test("after a reload what had arrived is finished without the file, and nothing that lets write was kept", async () => {
  await withAssets(SESSION, async ({ page, sandbox }) => {
    await failed(page, sandbox, { operation: "uploadSessions.close" });
    const kept = await page.evaluate(() => JSON.parse(sessionStorage.getItem("upload-sessions")));
    assert.deepEqual(Object.keys(kept[0]).sort(), ["contentType", "lastModified", "name", "owner", "path", "session", "size", "step"]);
    await assertSecret(page, sandbox);
    await page.reload(LOADED);
    await page.waitForSelector("[data-action=open-interrupted]");
    assert.match(await text(page, ".notice"), /1 upload to this source was not finished/);
    await page.click("[data-action=open-interrupted]");
    await filesAre(page, "failed");
    assert.deepEqual(await buttons(page), ["Resume", "Give up", "Take large.bin off the list"]);
    await click(page, "Resume");
    await filesAre(page, "done");

    assert.deepEqual(steps(sandbox), ["create", "put", "close", "close"]);
    assert.equal(await page.evaluate(() => sessionStorage.getItem("upload-sessions")), null);
    await chooseFiles(page, [localFile("other.bin").replace("other.bin", "large.bin")]);
    await filesAre(page, "done", "waiting");
    await page.reload(LOADED);
    await page.waitForSelector(".asset-link");
    assert.equal(await page.$("[data-action=open-interrupted]"), null);
  });
});

test("a duplicated tab leaves the upload to the one that has it, and takes it over when that is gone", async () => {
  await withAssets(SESSION, async ({ page, sandbox }) => {
    await failed(page, sandbox, { operation: "uploadSessions.close" });
    const other = await page.browserContext().newPage();
    await other.goto(page.url(), LOADED);
    const copied = await page.evaluate(() => Object.entries(sessionStorage));
    await other.evaluate((entries) => entries.forEach(([name, value]) => sessionStorage.setItem(name, value)), copied);
    await other.reload(LOADED);
    await other.waitForSelector(".asset-link");
    assert.equal(await other.$("[data-action=open-interrupted]"), null);

    await page.goto("about:blank");
    await other.reload(LOADED);
    await other.waitForSelector("[data-action=open-interrupted]");
    await other.click("[data-action=open-interrupted]");
    await click(other, "Resume");
    await filesAre(other, "done");
    assert.deepEqual(steps(sandbox), ["create", "put", "close", "close"]);
  });
});

test("after a reload what had not arrived wants the same file again, and gets a new session", async () => {
  await withAssets(SESSION, async ({ page, sandbox }) => {
    await failed(page, sandbox, { operation: "storage.put", status: 403 });
    await page.reload(LOADED);
    await page.waitForSelector("[data-action=open-interrupted]");
    await page.click("[data-action=open-interrupted]");
    await filesAre(page, "failed");
    assert.deepEqual(await buttons(page), ["Choose the file again", "Give up", "Take large.bin off the list"]);
    assert.match(await text(page, ".file"), /the page was loaded again before all bytes had arrived/);
    const file = localFile("other.bin", 10);
    await chooseFiles(page, [file]);
    await filesAre(page, "failed", "waiting");
    await page.click("[aria-label='Take other.bin off the list']");
    await filesAre(page, "failed");
    const chooser = await fileChooser(page, () => click(page, "Choose the file again"));
    await chooser.accept([file.replace("other.bin", "large.bin")]);
    await saysFile(page, /This is the file that was chosen before/);
    await filesAre(page, "failed");
    assert.deepEqual(steps(sandbox), ["create", "put"], "nothing is sent before it is said");
    await click(page, "Resume");
    await filesAre(page, "done");

    assert.deepEqual(steps(sandbox).toSorted(), ["cancel", "close", "create", "create", "put", "put"]);
    assert.equal(sandbox.stored("imgix", `${SOURCES.main}/large.bin`).attributes.file_size, SIZE);
  });
});

test("after a reload what has expired meanwhile says so and wants its file, and giving up forgets it", async () => {
  let ahead = 0;
  await withAssets({ sandbox: { completeMs: 10, now: () => Date.now() + ahead, sleep: async () => undefined } }, async ({ page, sandbox }) => {
    await failed(page, sandbox, { operation: "uploadSessions.close" });
    ahead = 9 * 3_600_000;
    await page.reload(LOADED);
    await page.waitForSelector("[data-action=open-interrupted]");
    await page.click("[data-action=open-interrupted]");
    await click(page, "Resume");
    await saysFile(page, /choose the file again/i);

    assert.deepEqual(await buttons(page), ["Choose the file again", "Take large.bin off the list"]);
    assert.deepEqual(steps(sandbox), ["create", "put", "close"]);
    await page.click("[aria-label='Take large.bin off the list']");
    await filesAre(page);
    assert.equal(await page.evaluate(() => sessionStorage.getItem("upload-sessions")), null);
  });
});

test("what is kept may be anything: it is text, and what is no upload is left alone", async () => {
  const names = ["<img src=x onerror=globalThis.pwned=1>.bin", "a\u202egpj.exe", "__proto__", `${"long ".repeat(300)}.bin`, "${globalThis.pwned=1}"];
  const plant = (names, source) => {
    const one = (name) => ({ owner: [`${location.origin}/api`, source], path: name, session: name, step: "close", name, size: 7, lastModified: 1, contentType: "" });
    const odd = [null, 7, "x", {}, { owner: [] }, { ...one("odd step"), step: "constructor" }, { ...one("odd size"), size: "7" }, { ...one("other"), owner: ["keys 1", source] }];
    if (sessionStorage.getItem("upload-sessions") === null) sessionStorage.setItem("upload-sessions", JSON.stringify([...odd, ...names.map(one)]));
  };
  await withConsole({ path: HOME, waitFor: "[data-action=open-interrupted]", width: 320, before: [plant, names, SOURCES.main] }, async ({ page, sandbox }) => {
    assert.match(await text(page, ".notice"), new RegExp(`${names.length} uploads`));
    await page.click("[data-action=open-interrupted]");
    await until(page, (count) => document.querySelectorAll(".file").length === count, names.length);
    const shown = await page.$$eval(".file-path", (all) => all.map(({ textContent }) => textContent));
    assert.ok(shown[0].includes("<img src=x") && shown[1].includes("⟨U+202E⟩"));
    await page.click(".file:first-child .file-tools button");
    await saysFile(page, /choose the file again/i);

    assert.match(asked(sandbox, "uploadSessions.status")[0].path, /status\/%3Cimg%20src%3Dx%20/);
    assert.match(await text(page, ".file"), /does not know the session any more/i);
    assert.deepEqual(await page.$$eval(".files img, .files script", (all) => all.length), 0);
    assert.equal(await page.evaluate(() => globalThis.pwned), undefined);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth));
  });
});

test("hostile names of files that failed are text, and go on as they are", async () => {
  const name = "a'\"&<b>\u202e..%2e#?${7}.bin";
  await withAssets({ ...SESSION, width: 320 }, async ({ page, sandbox }) => {
    await failed(page, sandbox, { operation: "storage.put", status: 403 }, name);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth));
    await page.click(".file .file-tools button");
    await filesAre(page, "done");

    assert.equal(sandbox.stored("imgix", `${SOURCES.main}/${name}`).attributes.file_size, SIZE);
    assert.deepEqual(steps(sandbox), ["create", "put", "put", "close"]);
  });
});
