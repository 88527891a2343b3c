// What saving does is shown before it is done, and what one should do afterwards is offered.
import assert from "node:assert/strict";
import { test } from "node:test";

import { begin, dialogGone, field, fill, focused, lastBody, openSource, save, submit, text, until, waitForCount, withConsole, writes } from "./support.mjs";

const NORDLICHT = "65b7704ee553fe668319d940";
const toast = (page, words) => until(page, (words) => document.querySelector(".toasts").innerText.includes(words), words);

/** The lines of the review: field, lines that go, lines that come, lines that stay. */
const diff = (page) =>
  page.$$eval(".diff tbody tr", (rows) =>
    rows.map((row) => {
      const lines = (selector) => [...row.querySelectorAll(selector)].map((one) => one.textContent);
      return { field: row.querySelector("code").textContent, gone: lines("del [data-news]"), come: lines("ins [data-news]"), kept: lines("ins li:not([data-news])") };
    }),
  );

async function edit(page, name) {
  await waitForCount(page, 61);
  await openSource(page, name);
  await page.click("[data-action=edit]");
  await page.waitForSelector("form-field");
  await page.$$eval("details.more", (all) => all.forEach((one) => one.setAttribute("open", "")));
}

const toReview = async (page) => {
  await submit(page);
  await until(page, () => document.activeElement?.id === "review-heading");
};

test("a change is shown field by field, old and new, and nothing is sent by looking", async () => {
  await withConsole({}, async ({ page, sandbox }) => {
    await edit(page, "Nordlicht Outdoor");
    await fill(page, "name", "Nordlicht & Söhne");
    await fill(page, "deployment.image_error", " ");
    await page.click("[aria-label='Remove row 2']");
    await fill(page, "deployment.imgix_subdomains", "nordlicht");
    await toReview(page);

    assert.equal(await text(page, "#review-heading"), "4 changes to send");
    assert.deepEqual(await diff(page), [
      { field: "name", gone: ["Nordlicht Outdoor"], come: ["Nordlicht & Söhne"], kept: [] },
      { field: "deployment.imgix_subdomains", gone: ["nordlicht-staging"], come: [], kept: ["nordlicht"] },
      { field: "deployment.default_params", gone: ["q = 60"], come: [], kept: ["auto = format,compress"] },
      { field: "deployment.image_error", gone: ["https://static.example.com/fallback.png"], come: [], kept: [] },
    ]);
    const said = await text(page, ".review .notice");
    assert.match(said, /a change of it deploys/);
    assert.match(said, /cached look as before/);
    assert.match(said, /imgix subdomains: .*never reusable/);
    await until(page, () => /^PATCH /.test(document.querySelector("request-preview pre")?.textContent ?? ""));
    assert.equal(writes(sandbox).length, 0);
    await submit(page);
    await dialogGone(page);
    assert.equal(lastBody(sandbox).data.attributes.name, "Nordlicht & Söhne");
  });
});

test("a secret is shown as replaced, and never by its value", async () => {
  await withConsole({}, async ({ page }) => {
    await edit(page, "Nordlicht Outdoor");
    await page.click(".kept-secret button");
    await page.waitForSelector(`${field("deployment.s3_secret_key")}[type=password]`);
    await page.type(field("deployment.s3_secret_key"), "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
    await toReview(page);
    await until(page, () => document.querySelector("request-preview pre"));

    assert.deepEqual((await diff(page)).map(({ field, gone, come }) => [field, gone, come]), [["deployment.s3_secret_key", ["the stored one"], ["a new one"]]]);
    assert.ok(!(await page.content()).includes("wJalr"));
  });
});

test("the end of an id of a key is all that is shown of it", async () => {
  await withConsole({}, async ({ page }) => {
    await edit(page, "Nordlicht Outdoor");
    await fill(page, "deployment.s3_access_key", "AKIAIOSFODNN7EXAMPLE");
    await toReview(page);

    const [{ come }] = await diff(page);
    assert.deepEqual(come, ["••••MPLE"]);
    assert.ok(!(await text(page, ".review .diff")).includes("AKIA"));
  });
});

test("going back keeps all that was filled in, and what was changed since is shown", async () => {
  await withConsole({}, async ({ page, sandbox }) => {
    await edit(page, "cinder");
    await fill(page, "credential_attributes.bucket", "cinder-archive");
    await toReview(page);
    await page.click("[data-action=back]");
    await until(page, () => document.activeElement.dataset.step === "review");
    assert.equal(await page.$eval(field("credential_attributes.bucket"), ({ value }) => value), "cinder-archive");
    await fill(page, "credential_attributes.bucket", "cinder-archive-2");
    await toReview(page);

    assert.deepEqual((await diff(page)).map(({ come }) => come), [["cinder-archive-2"]]);
    await page.keyboard.press("Escape");
    await until(page, () => /not saved/.test(document.querySelector(".foot-note").textContent));
    assert.equal(writes(sandbox).length, 0);
  });
});

test("what is new is shown as well, with what cannot be taken back", async () => {
  await withConsole({}, async ({ page }) => {
    await waitForCount(page, 61);
    await begin(page, "imgix", "webfolder");
    await fill(page, "name", "Paper Lantern");
    await fill(page, "deployment.imgix_subdomains", "paper-lantern");
    await fill(page, "deployment.webfolder_base_url", "https://origin.example/images/");
    await toReview(page);

    assert.deepEqual((await diff(page)).map(({ field, come }) => [field, ...come]), [
      ["deployment.type", "webfolder"],
      ["name", "Paper Lantern"],
      ["deployment.imgix_subdomains", "paper-lantern"],
      ["deployment.webfolder_base_url", "https://origin.example/images/"],
    ]);
    assert.match(await text(page, ".review .notice"), /subdomain can never be used again, and the source never be deleted/);
    assert.equal(await page.$(".diff del"), null);
  });
});

test("what the provider declines after the review is shown in the form, not lost", async () => {
  await withConsole({}, async ({ page, sandbox }) => {
    await edit(page, "cinder");
    await fill(page, "source", "alpenblick");
    await save(page);
    await until(page, () => document.activeElement.className === "summary");

    assert.equal(await page.$(".review"), null);
    assert.equal(await page.$eval(field("source"), ({ value }) => value), "alpenblick");
    assert.equal(writes(sandbox).length, 1);
  });
});

test("a reload of the list while a form is open changes nothing in it", async () => {
  await withConsole({}, async ({ page, sandbox }) => {
    await edit(page, "cinder");
    await fill(page, "credential_attributes.bucket", "half-typ");
    sandbox.faults({ latencyMs: 200 });
    await page.evaluate(() => document.querySelector("[aria-label=Reload]").click());
    await until(page, () => document.querySelector(".turning"));
    await until(page, () => !document.querySelector(".turning"));

    assert.equal(await page.$eval(field("credential_attributes.bucket"), ({ value }) => value), "half-typ");
    assert.equal(await focused(page), "field-credential_attributes-bucket");
  });
});

test("the browser asks before a page goes with what was filled in", async () => {
  await withConsole({}, async ({ page, url }) => {
    await edit(page, "cinder");
    await fill(page, "credential_attributes.bucket", "half-typ");
    page.removeAllListeners("dialog");
    const asked = new Promise((resolve) =>
      page.once("dialog", (dialog) => {
        resolve(dialog.type());
        void dialog.accept();
      }),
    );
    await page.goto(`${url}?api=imgix`);

    assert.equal(await asked, "beforeunload");
    await waitForCount(page, 34);
  });
});

test("after a change that deploys, its way is shown and a purge is offered", async () => {
  await withConsole({ sandbox: { settleMs: 0, deployMs: 1500 } }, async ({ page, sandbox }) => {
    await edit(page, "Nordlicht Outdoor");
    await fill(page, "deployment.image_error", " ");
    await save(page);
    await dialogGone(page);
    await page.waitForSelector("[data-offer=purge]");
    await until(page, () => document.querySelector("deploy-timeline [aria-current=step]")?.textContent.includes("deploying"));
    await toast(page, "Nordlicht Outdoor is deployed");
    await page.click("[data-offer=purge] .button");
    await page.waitForSelector("#purge-address");
    for (const bad of ["", "https://elsewhere.example/a.jpg", "https://nordlicht.imgix.net/"]) {
      await page.$eval("#purge-address", (input, bad) => (input.value = bad), bad);
      await page.keyboard.press("Enter");
      await page.waitForSelector("#purge-problem");
    }
    assert.equal(writes(sandbox).length, 1);
    await page.$eval("#purge-address", (input) => (input.value = "https://nordlicht.imgix.net/a b.jpg"));
    await page.keyboard.press("Enter");
    await dialogGone(page);
    await toast(page, "Purged: https://nordlicht.imgix.net/a b.jpg");

    assert.equal(writes(sandbox).at(-1).path.split("/").at(-1), "purge");
    assert.equal(await page.$("[data-offer=purge]"), null);
    assert.equal(sandbox.stored("imgix", NORDLICHT).deployment.image_error, null);
  });
});

test("when a source was deployed is told by its provider, not by when the page was opened", async () => {
  await withConsole({}, async ({ page }) => {
    await waitForCount(page, 61);
    await openSource(page, "Atelier Mirabel");
    const times = await page.$$eval("deploy-timeline time", (all) => all.map(({ dateTime }) => dateTime));

    assert.deepEqual(times, ["2025-09-12T13:58:09.000Z"]);
  });
});

test("a change of the name alone offers no purge", async () => {
  await withConsole({}, async ({ page }) => {
    await edit(page, "Nordlicht Outdoor");
    await fill(page, "name", "Other");
    await toReview(page);
    assert.doesNotMatch(await text(page, ".review .notice"), /cached/);
    await submit(page);
    await dialogGone(page);
    await until(page, () => document.querySelector("#details-heading").textContent === "Other");

    assert.equal(await page.$("[data-offer=purge]"), null);
  });
});

test("ImageBoss: an image is purged by its address, and a refusal is shown where it was asked for", async () => {
  await withConsole({}, async ({ page, sandbox }) => {
    await waitForCount(page, 61);
    await openSource(page, "cinder");
    await page.click("[data-action=purge]");
    await page.waitForSelector("#purge-address");
    sandbox.faults({ rules: [{ kind: "status", status: 403 }] });
    await page.type("#purge-address", "a/b.jpg");
    await page.keyboard.press("Enter");
    await page.waitForSelector("purge-dialog .notice[role=alert]");
    assert.match(await text(page, "purge-dialog .notice"), /Status 403/);
    sandbox.faults();
    await page.keyboard.press("Enter");
    await dialogGone(page);
    await toast(page, "Purged: https://img.imageboss.me/cinder/a/b.jpg");

    assert.match(writes(sandbox).at(-1).path, /cinder\/.*a\/b\.jpg/);
  });
});
