// The states of the screen of assets.
import { filesAre, HOME, localFile, openAsset, openUpload, runIs, SOURCES, tile } from "../assets-support.mjs";
import { submit, until } from "../support.mjs";

const there = { path: HOME, waitFor: ".asset-link" };
const onTile = { ...there, reach: (page) => openAsset(page, 5) };
const rules = (...rules) => ({ faults: { rules } });
const LARGE = (30 << 20) + 1;

/** Two large files, each with an open session: of one the bytes did not arrive, of the other they did. */
const interrupted = {
  ...there,
  sandbox: rules({ kind: "status", status: 403, operation: "storage.put", path: "/broken" }, { kind: "status", status: 400, operation: "uploadSessions.close" }),
  async reach(page) {
    await openUpload(page, [localFile("broken.bin", LARGE), localFile("arrived.bin", LARGE)]);
    await page.click("[data-action=upload]");
    await filesAre(page, "failed", "failed");
  },
};

export const STATES = {
  assets: { ...there, reach: async () => undefined },
  "assets: no source": { path: "?view=assets", waitFor: "#asset-source option:nth-child(9)", reach: async () => undefined },
  "assets: filters": { path: `${HOME}&tags=Tableware&kind=IMAGE&q=pan`, waitFor: ".asset-link", reach: async () => undefined },
  "assets: no match": { path: `${HOME}&q=nothing-like-it`, waitFor: ".empty-title", reach: async () => undefined },
  "assets: signed": { path: `?view=assets&source=${SOURCES.signed}`, waitFor: ".thumb.none", reach: async () => undefined },
  "assets: loading": { path: HOME, sandbox: rules({ kind: "slow", delayMs: 120_000, operation: "assets.list" }), waitFor: ".asset-bones", reach: async () => undefined },
  "assets: forbidden": { path: HOME, sandbox: rules({ kind: "status", status: 403, operation: "assets.list" }), waitFor: ".notice", reach: async () => undefined },
  "asset details": onTile,
  "asset missing": { path: `${HOME}&asset=nowhere.jpg`, waitFor: "asset-details", reach: (page) => until(page, () => /no asset of this path/.test(document.body.innerText)) },
  "asset edit": {
    ...there,
    async reach(page) {
      await openAsset(page, 5);
      await page.click("[data-action=edit-asset]");
      await page.waitForSelector("#field-name");
      await page.type("#field-name", "A name");
      await page.click("#field-custom_fields, #field-custom_fields-add");
      await page.waitForSelector(".map-row");
      await page.$eval("dialog details.more", (details) => details.setAttribute("open", ""));
      await page.waitForSelector(".preview");
    },
  },
  "asset edit declined": {
    ...there,
    async reach(page, sandbox) {
      await openAsset(page, 5);
      sandbox.faults({ rules: [{ kind: "status", status: 403, operation: "assets.update" }] });
      await page.click("[data-action=edit-asset]");
      await page.waitForSelector("#field-name");
      await page.type("#field-name", "A name");
      await submit(page);
      await page.waitForSelector(".summary");
    },
  },
  "asset add": {
    ...there,
    async reach(page) {
      await page.click("[data-action=add]");
      await page.waitForSelector("#add-path");
      await submit(page);
      await page.waitForSelector("#add-problem");
    },
  },
  "upload waiting": {
    ...there,
    async reach(page) {
      await openUpload(page, [localFile("a picture.jpg"), localFile("empty.jpg", 0)]);
      await page.type("#upload-prefix", "..");
    },
  },
  "upload under way": {
    ...there,
    sandbox: rules({ kind: "slow", delayMs: 120_000, operation: "assets.upload" }),
    async reach(page) {
      await openUpload(page, [localFile("a.jpg", 300_000), localFile("b.jpg")]);
      await page.click("[data-action=upload]");
      await page.waitForSelector(".file progress");
    },
  },
  "upload failed": {
    ...there,
    sandbox: rules({ kind: "status", status: 403, operation: "assets.upload" }),
    async reach(page) {
      await openUpload(page, [localFile("a.jpg")]);
      await page.click("#upload-overwrite");
      await page.click("[data-action=upload]");
      await page.waitForSelector(".file[data-state=failed]");
    },
  },
  "upload interrupted": interrupted,
  "upload offline": {
    ...there,
    sandbox: rules({ kind: "hang", operation: "storage.put" }),
    async reach(page) {
      await openUpload(page, [localFile("broken.bin", LARGE)]);
      await page.click("[data-action=upload]");
      await filesAre(page, "finishing");
      await page.setOfflineMode(true);
      await filesAre(page, "failed");
    },
  },
  "upload before a reload": {
    ...interrupted,
    async reach(page) {
      await interrupted.reach(page);
      await page.reload();
      await page.waitForSelector("[data-action=open-interrupted]");
    },
  },
  "upload after a reload": {
    ...interrupted,
    async reach(page) {
      await interrupted.reach(page);
      await page.reload();
      await page.waitForSelector(".asset-link");
      await page.click("[data-action=open-interrupted]");
      await filesAre(page, "failed", "failed");
    },
  },
  "upload refused": { path: `?view=assets&source=${SOURCES.folder}`, waitFor: "[data-action=open-upload]", reach: async (page) => (await page.waitForSelector(".asset-link"), openUpload(page)) },
  "purge held": {
    ...there,
    async reach(page) {
      for (const number of [2, 3]) await page.click(`${tile(number)} input`);
      await page.click("[data-action=purge-chosen]");
      await runIs(page, "held");
    },
  },
  "purge over": {
    ...there,
    sandbox: rules({ kind: "status", status: 403, operation: "purge", every: 2 }),
    async reach(page) {
      for (const number of [2, 3]) await page.click(`${tile(number)} input`);
      await page.click("[data-action=purge-chosen]");
      await page.waitForSelector(".asset-run .link-button");
      await page.click(".asset-run .link-button");
      await runIs(page, "over");
    },
  },
};
