import assert from "node:assert/strict";
import { test } from "node:test";

import { sourceForm } from "../../target/npm/package/dist/index.js";
import { begin, dialogGone, field, fill, focused, lastBody, names, openSource, save, submit, text, until, waitForCount, withConsole, writes } from "./support.mjs";

const NORDLICHT = "65b7704ee553fe668319d940";
const toast = (page, words) => until(page, (words) => document.querySelector(".toasts").innerText.includes(words), words);
const problemsOf = (page, path) => page.$$eval(`${field(path)}-problems li`, (items) => items.map((item) => item.textContent.trim()));

test("a source of imgix is created with what was given and no more, and its deployment is followed", async () => {
  await withConsole({}, async ({ page, sandbox }) => {
    await waitForCount(page, 61);
    await begin(page, "imgix", "webfolder");
    await fill(page, "name", "Paper Lantern");
    await fill(page, "deployment.imgix_subdomains", "paper-lantern");
    await fill(page, "deployment.webfolder_base_url", "https://origin.example/images/");
    await fill(page, "deployment.cache_ttl_error", "60");
    await page.click(field("deployment.default_params"));
    await page.waitForSelector(".map-row input");
    await page.type(".map-row input", "auto");
    await page.type(".map-row input + input", "format");
    await save(page);
    await dialogGone(page);

    assert.deepEqual(lastBody(sandbox).data.attributes, {
      name: "Paper Lantern",
      deployment: { type: "webfolder", imgix_subdomains: ["paper-lantern"], webfolder_base_url: "https://origin.example/images/", cache_ttl_error: 60, default_params: { auto: "format" } },
    });
    await waitForCount(page, 62);
    assert.equal(await text(page, "#details-heading"), "Paper Lantern");
    await toast(page, "Paper Lantern is created");
    await toast(page, "Paper Lantern is deployed");
  });
});

test("a source of ImageBoss is created; a field that goes with another one's value comes with it", async () => {
  await withConsole({}, async ({ page, sandbox }) => {
    await waitForCount(page, 61);
    await begin(page, "imageboss", "azure");
    assert.equal(await page.$(field("credential_attributes.container_name")), null);
    await fill(page, "credential_attributes.service_type", "blob");
    await fill(page, "credential_attributes.container_name", "pictures");
    await fill(page, "credential_attributes.service_type", "file-share");
    await page.waitForSelector(field("credential_attributes.share_name"));
    assert.equal(await page.$(field("credential_attributes.container_name")), null);
    await fill(page, "credential_attributes.share_name", "pictures");
    await fill(page, "source", "paper-lantern");
    await fill(page, "credential_attributes.account_name", "lantern");
    await fill(page, "credential_attributes.sas_token", "?sv=2024-11-04&ss=bfqt&srt=sco&sp=rl&se=2099-01-01T00:00:00Z&sig=abc");
    await save(page);
    await dialogGone(page);

    assert.deepEqual(Object.keys(lastBody(sandbox).source.credential_attributes).sort(), ["account_name", "sas_token", "service_type", "share_name"]);
    await waitForCount(page, 62);
    assert.equal(await text(page, "#details-heading"), "paper-lantern");
  });
});

test("every type shows the fields that go with it, and no others", async () => {
  await withConsole({}, async ({ page }) => {
    await waitForCount(page, 61);
    await page.click("[data-action=new]");
    await page.waitForSelector("input[name=provider]");
    for (const provider of ["imgix", "imageboss"]) {
      const form = sourceForm(provider);
      const leaves = form.fields.flatMap((one) => one.fields ?? [one]);
      const decider = leaves.find(({ path }) => form.fields.some(({ decidedBy }) => decidedBy === path));
      await page.click(`input[name=provider][value=${provider}]`);
      for (const type of decider.values) {
        await page.click(`input[name=type][value=${type}]`);
        const wanted = leaves.filter((one) => one !== decider && one.createable && !one.when && (!one.only || one.only.includes(type))).map(({ name }) => name);
        await until(page, (count) => document.querySelectorAll("form-field").length === count, wanted.length);

        assert.deepEqual((await page.$$eval("form-field .attribute", (all) => all.map((one) => one.textContent))).sort(), wanted.sort(), `${provider} ${type}`);
      }
    }
    assert.equal(await page.$eval("dialog", (dialog) => dialog.querySelectorAll("[id]").length - new Set([...dialog.querySelectorAll("[id]")].map(({ id }) => id)).size), 0, "ids are unique");
  });
});

test("a region is suggested by the storage that has it", async () => {
  await withConsole({}, async ({ page }) => {
    await waitForCount(page, 61);
    await begin(page, "imageboss", "s3");
    const suggested = () => page.$$eval(`datalist${field("credential_attributes.region")}-values option`, (options) => options.map(({ value }) => value));
    const region = sourceForm("imageboss").fields.find(({ name }) => name === "credential_attributes").fields.find(({ name }) => name === "region");

    assert.deepEqual(await suggested(), region.valuesByType.s3);
    await page.click("input[name=type][value=dos]");
    await until(page, () => document.querySelector("datalist option")?.value === "nyc3");
    assert.deepEqual(await suggested(), region.valuesByType.dos);
  });
});

test("what a type demands is given without being asked for", async () => {
  await withConsole({}, async ({ page, sandbox }) => {
    await waitForCount(page, 61);
    await begin(page, "imgix", "webproxy");
    await fill(page, "name", "Proxy");
    await fill(page, "deployment.imgix_subdomains", "paper-proxy");
    assert.ok(await page.$eval(field("deployment.secure_url_enabled"), ({ checked, disabled }) => checked && disabled));
    await save(page);
    await dialogGone(page);

    assert.deepEqual(lastBody(sandbox).data.attributes.deployment, { type: "webproxy", imgix_subdomains: ["paper-proxy"], secure_url_enabled: true });
  });
});

test("help that only repeats its label is left out", async () => {
  await withConsole({}, async ({ page }) => {
    await waitForCount(page, 61);
    await begin(page, "imageboss", "r2");
    const shown = await page.$$eval("form-field", (fields) => fields.map((one) => [one.querySelector(".label").textContent, one.querySelector(".help")?.textContent]));

    for (const [label, help] of shown) assert.notEqual(help?.toLowerCase(), label.toLowerCase());
    assert.ok(shown.some(([, help]) => help), "others have help");
  });
});

test("saving with mistakes sends nothing, and leads to each of them", async () => {
  await withConsole({}, async ({ page, sandbox }) => {
    await waitForCount(page, 61);
    await begin(page, "imgix", "webfolder");
    await fill(page, "deployment.cache_ttl_value", "soon");
    await page.$eval("details.more", (details) => details.removeAttribute("open"));
    await submit(page);
    await until(page, () => document.activeElement.className === "summary");

    const listed = await page.$$eval(".summary a", (links) => links.map(({ textContent }) => textContent));
    assert.deepEqual(listed.map((one) => one.split(":")[0]), ["Name", "imgix subdomains", "Webfolder base URL", "Cache TTL value"]);
    assert.equal(writes(sandbox).length, 0);
    await page.click(".summary li:last-child a");
    assert.equal(await focused(page), "field-deployment-cache_ttl_value");
    const control = await page.$eval(field("deployment.cache_ttl_value"), (input) => ({ invalid: input.ariaInvalid, described: input.getAttribute("aria-describedby").split(" ").map((id) => document.getElementById(id)?.textContent ?? "missing") }));
    assert.equal(control.invalid, "true");
    assert.ok(control.described.some((words) => words.includes("must be an integer")), control.described.join());
    await fill(page, "deployment.cache_ttl_value", "3600");
    await until(page, (selector) => document.querySelector(selector).ariaInvalid !== "true", field("deployment.cache_ttl_value"));
  });
});

test("a field is judged when it is left, not before", async () => {
  await withConsole({}, async ({ page }) => {
    await waitForCount(page, 61);
    await begin(page, "imgix", "webfolder");
    await page.click(field("deployment.imgix_subdomains"));
    await page.keyboard.type("Paper Lantern");
    assert.equal(await page.$(".problems"), null);
    await page.keyboard.press("Tab");
    await page.waitForSelector(`${field("deployment.imgix_subdomains")}-problems`);

    assert.match((await problemsOf(page, "deployment.imgix_subdomains"))[0], /line 1: use lower-case/);
    assert.equal(await page.$(`${field("name")}-problems`), null);
  });
});

test("a warning is shown and does not keep from saving", async () => {
  await withConsole({}, async ({ page, sandbox }) => {
    await waitForCount(page, 61);
    await begin(page, "imgix", "s3");
    await fill(page, "name", "Loud");
    await fill(page, "deployment.imgix_subdomains", "loud-bucket");
    await fill(page, "deployment.s3_access_key", "AKIAIOSFODNN7EXAMPLE");
    await fill(page, "deployment.s3_secret_key", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
    await fill(page, "deployment.s3_bucket", "LOUD");
    await page.keyboard.press("Tab");
    await page.waitForSelector(`${field("deployment.s3_bucket")}-problems`);
    assert.match((await problemsOf(page, "deployment.s3_bucket"))[0], /^Warning:/);
    assert.equal(await page.$eval(field("deployment.s3_bucket"), (input) => input.ariaInvalid), null);
    await save(page);
    await dialogGone(page);

    assert.equal(lastBody(sandbox).data.attributes.deployment.s3_bucket, "LOUD");
  });
});

test("an edit sends only what changed; secrets stay unless they are replaced", async () => {
  await withConsole({}, async ({ page, sandbox }) => {
    await waitForCount(page, 61);
    await openSource(page, "cinder");
    await page.click("[data-action=edit]");
    await page.waitForSelector(field("source"));
    assert.equal(await page.$eval(field("credential_attributes.secret"), ({ value, readOnly }) => `${value} ${readOnly}`), "unchanged true");
    assert.equal(await page.$eval(field("credential_attributes.bucket"), ({ value }) => value), "cinder-fashion");
    assert.equal(await page.$eval("dialog button[type=submit]", (button) => button.ariaDisabled), "true");
    await fill(page, "credential_attributes.bucket", "cinder-archive");
    await save(page);
    await dialogGone(page);
    assert.deepEqual(lastBody(sandbox), { source: { credential_attributes: { bucket: "cinder-archive" } } });

    const secret = sandbox.stored("imageboss", "670132e0cf7ceaf47e808e69");
    await page.click("[data-action=edit]");
    await page.waitForSelector(field("source"));
    await page.click(".kept-secret button");
    await page.waitForSelector(`${field("credential_attributes.secret")}[type=password]`);
    await page.type(field("credential_attributes.secret"), "new-secret-of-the-bucket");
    await save(page);
    await dialogGone(page);

    assert.deepEqual(lastBody(sandbox), { source: { credential_attributes: { secret: "new-secret-of-the-bucket" } } });
    assert.notDeepEqual(sandbox.stored("imageboss", "670132e0cf7ceaf47e808e69"), secret);
    assert.ok(!(await page.content()).includes("new-secret-of-the-bucket"));
  });
});

test("a value that is taken away is sent as null or nothing", async () => {
  await withConsole({}, async ({ page, sandbox }) => {
    await waitForCount(page, 61);
    await openSource(page, "Nordlicht Outdoor");
    await page.click("[data-action=edit]");
    await page.waitForSelector(field("name"));
    await page.click("details.more summary");
    await fill(page, "deployment.image_error", " ");
    await page.click("[aria-label='Remove row 2']");
    await fill(page, "deployment.imgix_subdomains", "nordlicht");
    await save(page);
    await dialogGone(page);

    const { deployment } = lastBody(sandbox).data.attributes;
    assert.equal(deployment.image_error, null);
    assert.deepEqual(deployment.imgix_subdomains, ["nordlicht"]);
    assert.deepEqual(deployment.default_params, { auto: "format,compress" });
    assert.equal(sandbox.stored("imgix", NORDLICHT).name, "Nordlicht Outdoor");
  });
});

test("the exact request is shown before it is sent, without secrets", async () => {
  await withConsole({}, async ({ page, sandbox }) => {
    await waitForCount(page, 61);
    await begin(page, "imageboss", "s3");
    await fill(page, "source", "paper-lantern");
    await fill(page, "credential_attributes.access_key_id", "AKIAIOSFODNN7EXAMPLE");
    await fill(page, "credential_attributes.secret_access_key", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
    await fill(page, "credential_attributes.bucket", "paper-lantern");
    await fill(page, "credential_attributes.region", "eu-central-1");
    await page.click("request-preview summary");
    await until(page, () => /"region": "eu-central-1"/.test(document.querySelector("request-preview pre")?.textContent ?? ""));
    const shown = await text(page, "request-preview pre");

    assert.match(shown, /^POST http:\/\/127\.0\.0\.1:\d+\/api\/imageboss\/sources/);
    assert.match(shown, /"secret_access_key": "\*{4}"/);
    assert.ok(!shown.includes("wJalr"));
    assert.equal(writes(sandbox).length, 0);
    await fill(page, "credential_attributes.region", "us-east-1");
    await until(page, () => /"region": "us-east-1"/.test(document.querySelector("request-preview pre").textContent));
  });
});

test("what ImageBoss declines stands beside its field and in the summary", async () => {
  await withConsole({}, async ({ page, sandbox }) => {
    await waitForCount(page, 61);
    await begin(page, "imageboss", "url");
    await fill(page, "source", "cinder");
    await fill(page, "credential_attributes.url", "https://origin.example/");
    await save(page);
    await until(page, () => document.activeElement.className === "summary");

    assert.match(await text(page, ".summary"), /ImageBoss declined .*Status 422/);
    assert.match((await problemsOf(page, "source"))[0], /taken/);
    assert.equal(await page.$eval(field("source"), (input) => input.ariaInvalid), "true");
    await fill(page, "source", "cinder-two");
    await save(page);
    await dialogGone(page);
    assert.ok((await names(page)).includes("cinder-two"));
    assert.equal(writes(sandbox).length, 2);
  });
});

test("what imgix declines stands beside its field, with the request's id", async () => {
  await withConsole({}, async ({ page }) => {
    await waitForCount(page, 61);
    await begin(page, "imgix", "webfolder");
    await fill(page, "name", "Copy");
    await fill(page, "deployment.imgix_subdomains", "nordlicht");
    await fill(page, "deployment.webfolder_base_url", "https://origin.example/");
    await save(page);
    await until(page, () => document.activeElement.className === "summary");

    assert.match(await text(page, ".summary"), /imgix declined .*Status 400 .*Request id [0-9a-f]{32}/);
    assert.match((await problemsOf(page, "deployment.imgix_subdomains"))[0], /taken/);
  });
});

test("a failed save keeps the form, and says if it may have happened", async () => {
  await withConsole({}, async ({ page, sandbox }) => {
    await waitForCount(page, 61);
    await begin(page, "imgix", "webfolder");
    await fill(page, "name", "Unsure");
    await fill(page, "deployment.imgix_subdomains", "unsure");
    await fill(page, "deployment.webfolder_base_url", "https://origin.example/");
    sandbox.faults({ rules: [{ kind: "500-html", method: "POST", applied: true }] });
    await save(page);
    await until(page, () => document.activeElement.className === "summary");

    assert.match(await text(page, ".summary"), /imgix failed .*may have happened all the same.*Status 500/);
    assert.equal(await page.$eval(field("name"), ({ value }) => value), "Unsure");
    assert.equal(writes(sandbox).length, 1);
  });
});

test("what was filled in is not lost by one touch of escape", async () => {
  await withConsole({}, async ({ page }) => {
    await waitForCount(page, 61);
    await begin(page, "imageboss", "url");
    await fill(page, "source", "almost");
    await page.keyboard.press("Escape");
    await until(page, () => /not saved/.test(document.querySelector(".foot-note").textContent));
    await page.keyboard.press("Escape");
    await dialogGone(page);

    assert.equal(await focused(page), "New source");
  });
});

test("back closes a dialog as escape does, and leaves the page where it was opened", async () => {
  await withConsole({ path: "?view=bulk", waitFor: ".intake" }, async ({ page }) => {
    const back = () => page.evaluate(() => new Promise((done) => (addEventListener("popstate", () => setTimeout(done), { once: true }), history.back())));
    await page.click(".places a");
    await waitForCount(page, 61);
    await begin(page, "imageboss", "url");
    await fill(page, "source", "almost");
    await back();
    await until(page, () => /not saved/.test(document.querySelector(".foot-note").textContent));
    assert.equal(await page.$eval(field("source"), ({ value }) => value), "almost");
    await back();
    await dialogGone(page);
    assert.equal(await focused(page), "New source");
    assert.equal(await text(page, "h1"), "Sources");
    assert.equal(await page.evaluate(() => location.search), "");
    await page.click("[data-action=new]");
    await page.waitForSelector("source-form dialog");
    await back();
    await dialogGone(page);

    await back();
    await page.waitForSelector(".intake");
    assert.equal(await page.evaluate(() => location.search), "?view=bulk");
  });
});

test("however often it is pressed, a source is created once", async () => {
  await withConsole({}, async ({ page, sandbox }) => {
    await waitForCount(page, 61);
    await begin(page, "imageboss", "url");
    await fill(page, "source", "only-one");
    await fill(page, "credential_attributes.url", "https://origin.example/");
    await submit(page);
    await until(page, () => document.activeElement?.id === "review-heading");
    await page.$eval("dialog button[type=submit]", (button) => {
      button.click();
      button.form.requestSubmit();
      button.click();
    });
    await dialogGone(page);

    assert.equal(writes(sandbox).length, 1);
  });
});

test("what becomes of a form that was closed while it was sent is told", async () => {
  await withConsole({}, async ({ page, sandbox }) => {
    await waitForCount(page, 61);
    sandbox.faults({ latencyMs: 1000, rules: [{ kind: "status", status: 422, method: "POST" }] });
    await begin(page, "imageboss", "url");
    await fill(page, "source", "left-early");
    await fill(page, "credential_attributes.url", "https://origin.example/");
    await save(page);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await dialogGone(page);

    await toast(page, "ImageBoss declined: imageboss answered 422 to sources.create");
  });
});

test("imgix: a source is disabled after it is said what that does, and enabled again", async () => {
  await withConsole({ sandbox: { settleMs: 0, deployMs: 300 } }, async ({ page, sandbox }) => {
    await waitForCount(page, 61);
    await openSource(page, "Nordlicht Outdoor");
    await page.click("[data-action=switch]");
    await page.waitForSelector("confirm-dialog");
    assert.match(await text(page, "#confirm-lines"), /410/);
    await submit(page);
    await dialogGone(page);
    await until(page, () => document.querySelector("[data-action=switch]").innerText.trim() === "Enable");
    assert.equal(sandbox.stored("imgix", NORDLICHT).enabled, false);
    assert.equal(await focused(page), "Enable");
    await page.click("[data-action=switch]");
    await until(page, () => document.querySelector("[data-action=switch]").innerText.trim() === "Disable");

    assert.equal(sandbox.stored("imgix", NORDLICHT).enabled, true);
    assert.equal(await page.$("[data-action=delete]"), null);
  });
});
