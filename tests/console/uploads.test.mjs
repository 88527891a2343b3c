import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";

import { asked, chooseFiles, fileChooser, filesAre, fileStates, HOME, localFile, openUpload, paths, runIs, SOURCES, tile, withAssets } from "./assets-support.mjs";
import { button, focused, text, until, withConsole, writes } from "./support.mjs";

const upload = (page) => page.click("[data-action=upload]");

test("several files are uploaded below a folder, tell how they went, and are there at once", async () => {
  await withAssets({}, async ({ page, sandbox, url }) => {
    await page.browserContext().overridePermissions(url, ["clipboard-read", "clipboard-write", "clipboard-sanitized-write"]);
    await openUpload(page, [localFile("one picture.jpg", 5000), localFile("zwei#2?.png", 10)]);
    assert.equal(await focused(page), "upload-heading");
    await page.type("#upload-prefix", "/products/2026/");
    assert.deepEqual(writes(sandbox), [], "nothing is sent before it is said");
    await upload(page);
    await filesAre(page, "done", "done");

    assert.deepEqual(writes(sandbox).map(({ path, headers }) => `${path.replace(/.*upload/, "")} ${headers["content-type"]}`).sort(), ["/products/2026/one%20picture.jpg image/jpeg", "/products/2026/zwei%232%3F.png image/png"]);
    assert.equal(sandbox.stored("imgix", `${SOURCES.main}/products/2026/one picture.jpg`).attributes.file_size, 5000);
    assert.match(await text(page, ".files"), /uploaded · by one request/);
    await until(page, () => [...document.querySelectorAll(".asset-link")].some(({ title }) => title === "products/2026/zwei#2?.png"));
    assert.match(await text(page, ".toasts"), /2 files uploaded/);
    await page.click("[aria-label='Copy addresses of what was uploaded']");
    await until(page, () => /Copied/.test(document.querySelector(".toasts").innerText));
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), "https://nordlicht.imgix.net/products/2026/one%20picture.jpg\nhttps://nordlicht.imgix.net/products/2026/zwei%232%3F.png");
  });
});

test("a large file goes by a session, straight to the storage, and says so", async () => {
  await withAssets({ sandbox: { completeMs: 10 } }, async ({ page, sandbox }) => {
    await openUpload(page, [localFile("large.bin", (30 << 20) + 1)]);
    await upload(page);
    await filesAre(page, "done");

    assert.match(await text(page, ".file"), /by session/);
    assert.deepEqual(writes(sandbox).map(({ operation }) => operation), ["uploadSessions.create", "storage.put", "uploadSessions.close"]);
    assert.equal(sandbox.stored("imgix", `${SOURCES.main}/large.bin`).attributes.file_size, (30 << 20) + 1);
  });
});

test("content type and overwriting are sent as they were chosen", async () => {
  await withAssets({}, async ({ page, sandbox }) => {
    await openUpload(page, [localFile("typed.dat")]);
    await page.type("#upload-type", "image/avif");
    await page.click("#upload-overwrite");
    assert.match(await text(page, "upload-panel"), /needs the permission Asset Purge as well/);
    await upload(page);
    await filesAre(page, "done");
    const [sent] = writes(sandbox);

    assert.equal(sent.headers["content-type"], "image/avif");
    assert.match(sent.path, /\?overwrite=true$/);
  });
});

test("a file that is there already is refused beside itself, and can be replaced on its own", async () => {
  await withAssets({}, async ({ page, sandbox }) => {
    const file = localFile("twice.jpg", 50);
    await openUpload(page, [file]);
    await upload(page);
    await filesAre(page, "done");
    await page.click("::-p-text(Clear list)");
    await chooseFiles(page, [localFile("twice.jpg", 70), localFile("other.jpg")]);
    await upload(page);
    await filesAre(page, "failed", "done");
    assert.match(await text(page, ".file[data-state=failed]"), /imgix declined.*exists/);
    assert.equal(sandbox.stored("imgix", `${SOURCES.main}/twice.jpg`).attributes.file_size, 50);
    await page.click(button("Replace twice.jpg"));
    await filesAre(page, "done", "done");

    assert.equal(sandbox.stored("imgix", `${SOURCES.main}/twice.jpg`).attributes.file_size, 70);
  });
});

test("an upload shows how far it is, and ends in the middle when it is stopped", async () => {
  await withAssets({}, async ({ page, sandbox }) => {
    const session = await page.createCDPSession();
    await session.send("Network.enable");
    await session.send("Network.emulateNetworkConditions", { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 2_000_000 });
    await openUpload(page, [localFile("slow.jpg", 12_000_000)]);
    await upload(page);
    const share = await until(page, () => { const value = document.querySelector(".file progress")?.value; return value > 5 && value < 95 && value; });
    assert.match(await text(page, ".file"), /sending, \d+ % · by one request/);
    await page.click(button("Stop slow.jpg"));
    await filesAre(page, "stopped");
    await session.send("Network.emulateNetworkConditions", { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 });

    assert.ok(share > 5);
    assert.equal(sandbox.stored("imgix", `${SOURCES.main}/slow.jpg`), undefined);
    await page.click(button("Retry slow.jpg"));
    await filesAre(page, "done");
    assert.equal(sandbox.stored("imgix", `${SOURCES.main}/slow.jpg`).attributes.file_size, 12_000_000);
  });
});

test("the browser asks before a page goes while files or purges are under way", async () => {
  await withAssets({ sandbox: { faults: { rules: [{ kind: "slow", delayMs: 120_000, operation: "assets.upload" }] } } }, async ({ page }) => {
    const asks = () => page.evaluate(() => !dispatchEvent(new Event("beforeunload", { cancelable: true })));
    await openUpload(page, [localFile("leaving.jpg")]);
    assert.equal(await asks(), false);
    await page.click("[data-action=upload]");
    await page.waitForSelector(".file progress");
    assert.equal(await asks(), true);
    await page.click("[data-action=stop-all]");
    await filesAre(page, "stopped");
    assert.equal(await asks(), false);

    await page.click(`${tile(1)} input`);
    await page.click("[data-action=purge-chosen]");
    await runIs(page, "held");
    assert.equal(await asks(), true);
    await page.click(button("Undo"));
    await runIs(page, "undone");
    assert.equal(await asks(), false);
  });
});

test("a stopped session is cancelled at the provider", async () => {
  await withAssets({ sandbox: { faults: { rules: [{ kind: "hang", operation: "storage.put" }] } } }, async ({ page, sandbox }) => {
    await openUpload(page, [localFile("large.bin", (30 << 20) + 1)]);
    await upload(page);
    await until(page, () => document.querySelector(".file[data-state=finishing]"));
    await page.click("[data-action=stop-all]");
    await filesAre(page, "stopped");
    while (asked(sandbox, "uploadSessions.cancel").length === 0) await new Promise((done) => setTimeout(done, 20));
  });
});

test("where Stop all and Clear list were, the heading has the focus", async () => {
  await withAssets({ sandbox: { faults: { rules: [{ kind: "hang", operation: "assets.upload" }] } } }, async ({ page }) => {
    await openUpload(page, [localFile("a.jpg")]);
    await upload(page);
    for (const [what, ...after] of [["Stop all", "stopped"], ["Clear list"]]) {
      await page.focus(button(what));
      await page.keyboard.press("Enter");
      await filesAre(page, ...after);
      assert.equal(await focused(page), "upload-heading", what);
    }
  });
});

test("a source that takes no uploads says why and asks nothing", async () => {
  for (const [source, words] of [[SOURCES.folder, /behind a web address/], [SOURCES.readOnly, /may not write into its storage/], [SOURCES.disabled, /disabled/]])
    await withAssets({ path: `?view=assets&source=${source}` }, async ({ page, sandbox }) => {
      await openUpload(page);

      assert.match(await text(page, "upload-panel"), words);
      assert.equal(await page.$("#upload-files"), null);
      assert.deepEqual(writes(sandbox), []);
    });
});

test("a key without permission, a provider that fails and a network that is gone: said beside the file, and a retry helps", async () => {
  await withAssets({}, async ({ page, sandbox }) => {
    await openUpload(page, [localFile("unlucky.jpg")]);
    sandbox.faults({ rules: [{ kind: "status", status: 403, operation: "assets.upload" }] });
    await upload(page);
    await filesAre(page, "failed");
    assert.match(await text(page, ".file"), /forbids.*Asset Manager Edit/);
    sandbox.faults({ rules: [{ kind: "500-html", operation: "assets.upload" }] });
    await page.click(button("Retry unlucky.jpg"));
    await until(page, () => /imgix failed.*may have happened/s.test(document.querySelector(".file").innerText));
    sandbox.faults();
    await page.setOfflineMode(true);
    await page.click(button("Retry unlucky.jpg"));
    await until(page, () => /no connection; it is sent when there is one/.test(document.querySelector(".file").innerText));
    await page.setOfflineMode(false);
    await filesAre(page, "done");
  });
});

test("what the provider asks to wait for is waited for, and it is said that a file waits", async () => {
  await withAssets({ sandbox: { faults: { rules: [{ kind: "429", operation: "assets.upload", times: 1, retryAfter: 2 }] } } }, async ({ page, sandbox }) => {
    await openUpload(page, [localFile("patient.jpg")]);
    await upload(page);
    await until(page, () => /asks to wait/.test(document.querySelector(".file").innerText));
    await filesAre(page, "done");

    assert.deepEqual(asked(sandbox, "assets.upload").map(({ status }) => status), [429, 200]);
  });
});

test("files that cannot be sent keep only themselves back", async () => {
  await withAssets({}, async ({ page, sandbox }) => {
    await openUpload(page, [localFile("empty.jpg", 0), localFile("fine.jpg")]);
    await page.type("#upload-prefix", "a/../b");
    assert.match(await text(page, "#upload-prefix-problem"), /without empty parts/);
    assert.equal(await page.$eval("[data-action=upload]", (one) => one.ariaDisabled), "true");
    await upload(page);
    await page.$eval("#upload-prefix", (input) => input.select());
    await page.keyboard.press("Backspace");
    await page.type("#upload-type", "nonsense");
    assert.match(await text(page, "#upload-type-problem"), /no media type/);
    assert.deepEqual(writes(sandbox), []);
    await page.$eval("#upload-type", (input) => input.select());
    await page.keyboard.press("Backspace");
    await upload(page);
    await filesAre(page, "failed", "done");

    assert.match(await text(page, ".file"), /empty/);
    assert.equal(writes(sandbox).length, 1);
  });
});

/** What dropping and pasting give, made in the page. */
const give = (page, selector, kind, files) =>
  page.evaluate(
    (selector, kind, files) => {
      const data = new DataTransfer();
      for (const [name, type] of files) data.items.add(new File(["bytes"], name, { type }));
      const target = document.querySelector(selector);
      const options = { bubbles: true, cancelable: true };
      return kind === "paste"
        ? target.dispatchEvent(new ClipboardEvent("paste", { ...options, clipboardData: data }))
        : ["dragover", "drop"].map((type) => target.dispatchEvent(new DragEvent(type, { ...options, dataTransfer: data })));
    },
    selector, kind, files,
  );

test("files that are dropped anywhere and pictures that are pasted open the panel, and wait there", async () => {
  await withAssets({}, async ({ page, sandbox }) => {
    assert.deepEqual(await give(page, tile(2), "drop", [["dropped.jpg", "image/jpeg"]]), [false, false], "the browser would leave the page");
    await page.waitForSelector(".file");
    await give(page, "body", "paste", [["image.png", "image/png"]]);
    await until(page, () => document.querySelectorAll(".file").length === 2);

    assert.match(await text(page, ".files"), /dropped\.jpg.*pasted-\d{14}\.png/);
    assert.deepEqual(writes(sandbox), []);
    assert.equal(await give(page, "body", "paste", []), true, "text is pasted as ever");
  });
});

test("uploads go on while another source is looked at, and stay with theirs", async () => {
  await withAssets({ sandbox: { faults: { rules: [{ kind: "slow", delayMs: 1500, operation: "assets.upload" }] } } }, async ({ page, sandbox }) => {
    await openUpload(page, [localFile("far.jpg")]);
    await upload(page);
    await page.select("#asset-source", "67da64fdebef5dcc80d01444");
    await until(page, () => /Uploads to .*: 1 under way/.test(document.querySelector(".notice")?.innerText));
    assert.equal(await page.$("upload-panel"), null);
    while (asked(sandbox, "assets.upload").length === 0) await new Promise((done) => setTimeout(done, 50));
    await until(page, () => /1 file uploaded/.test(document.querySelector(".toasts").innerText));

    assert.match(asked(sandbox, "assets.upload")[0].path, new RegExp(SOURCES.main));
    assert.ok(!(await paths(page)).includes("far.jpg"));
    assert.equal(await page.$("[data-action=show-uploads]"), null);
  });
});

test("what fails while another source is looked at is said there, and leads to it", async () => {
  let refuse;
  const until403 = new Promise((done) => (refuse = () => done(Response.json({}, { status: 403 }))));
  await withAssets({ sandboxFetch: (sandbox) => async (url, init) => (/\/upload\/far/.test(url) ? until403 : sandbox.fetch(url, init)) }, async ({ page }) => {
    await openUpload(page, [localFile("far.jpg")]);
    await upload(page);
    await page.select("#asset-source", "67da64fdebef5dcc80d01444");
    await page.waitForSelector("[data-action=show-uploads]");
    refuse();
    await until(page, () => /Uploads to .*: 1 not finished/.test(document.querySelector(".notice")?.innerText));
    await openUpload(page);
    await page.click("[aria-label='Close upload']");
    await page.click("[data-action=show-uploads]");

    await filesAre(page, "failed");
  });
});

test("a file that cannot be read any more, or is a folder, is not blamed on the network", async () => {
  await withAssets({}, async ({ page, sandbox }) => {
    const files = [localFile("changed.jpg"), localFile("gone.bin", (30 << 20) + 1)];
    await openUpload(page, files);
    const data = { items: [], files: [mkdtempSync(join(dirname(files[0]), "folder-"))], dragOperationsMask: 1 };
    const session = await page.createCDPSession();
    for (const type of ["dragEnter", "dragOver", "drop"]) await session.send("Input.dispatchDragEvent", { type, x: 400, y: 400, data });
    await filesAre(page, "waiting", "waiting", "waiting");
    localFile("changed.jpg", 200);
    rmSync(files[1]);
    await upload(page);
    await filesAre(page, "failed", "failed", "failed");

    for (const shown of await page.$$eval(".file", (all) => all.map((one) => one.innerText))) {
      assert.match(shown, /is a folder, or was changed or moved/);
      assert.doesNotMatch(shown, /interrupted|reached|connection/);
    }
    assert.deepEqual(writes(sandbox), []);
    assert.equal(await page.evaluate(() => !dispatchEvent(new Event("beforeunload", { cancelable: true }))), false);
  });
});

test("hostile names are text, whole or shortened, and go to the provider as they are", async () => {
  const names = ["<img src=x onerror=globalThis.pwned=1>.jpg", "quote\"and'tick.jpg", "a\u202egpj.exe", `${"long ".repeat(400)}.jpg`, "__proto__", "%2e%2e", "${7*7}.jpg"];
  await withConsole({ path: HOME, waitFor: ".asset-link" }, async ({ page, sandbox }) => {
    await openUpload(page);
    await page.evaluate((names) => {
      const data = new DataTransfer();
      for (const name of names) data.items.add(new File(["bytes"], name, { type: "image/jpeg" }));
      document.querySelector("main").dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: data }));
    }, names);
    await until(page, (count) => document.querySelectorAll(".file").length === count, names.length);
    await upload(page);
    await until(page, () => [...document.querySelectorAll(".file")].every(({ dataset }) => ["done", "failed"].includes(dataset.state)));
    const shown = await page.$$eval(".file-path", (all) => all.map(({ textContent }) => textContent));

    assert.ok(shown[0].includes("<img src=x") && shown[2].includes("⟨U+202E⟩"));
    assert.deepEqual(await page.$$eval(".files img, .files script", (all) => all.length), 0);
    assert.equal(await page.evaluate(() => globalThis.pwned), undefined);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth));
    for (const name of names.slice(0, 3)) assert.ok(sandbox.stored("imgix", `${SOURCES.main}/${name}`), name);
  });
});

test("by keyboard alone: open, set, start, retry and close, and the focus is never lost", async () => {
  await withAssets({ sandbox: { faults: { rules: [{ kind: "status", status: 400, operation: "assets.upload", times: 1 }] } } }, async ({ page }) => {
    await page.keyboard.press("u");
    await until(page, () => document.activeElement.id === "upload-heading");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    assert.equal(await focused(page), "Choose files");
    const chooser = await fileChooser(page, () => page.keyboard.press("Enter"));
    await chooser.accept([localFile("keys.jpg")]);
    await page.waitForSelector(".file");
    await page.keyboard.press("Tab");
    assert.equal(await focused(page), "upload-prefix");
    await page.keyboard.type("by/keys");
    for (let step = 0; step < 8 && !/^Upload/.test(await focused(page)); step += 1) await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await filesAre(page, "failed");
    for (let step = 0; step < 6 && !/^Retry/.test(await focused(page)); step += 1) await page.keyboard.down("Shift").then(() => page.keyboard.press("Tab")).then(() => page.keyboard.up("Shift"));
    assert.match(await focused(page), /^Retry/);
    await page.keyboard.press("Enter");
    await filesAre(page, "done");
    await page.focus("[aria-label='Close upload']");
    await page.keyboard.press("Enter");
    await until(page, () => document.activeElement.dataset.action === "open-upload");
  });
});
