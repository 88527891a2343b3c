// Steps that several tests of the screen of assets take.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";

import { until, withConsole } from "./support.mjs";

/** Sources of the sandbox: what is special about each. */
export const SOURCES = {
  main: "65b7704ee553fe668319d940",
  signed: "68b9fe6066adfaee788ac187",
  folder: "66ae07a8c78f89e3f20e7090",
  readOnly: "6766a49a885847cb36644b71",
  disabled: "6607c9597870d983f0305bf2",
  empty: "6761b1285570af63ba30217d",
};

export const HOME = `?view=assets&source=${SOURCES.main}`;

const folder = mkdtempSync(join(tmpdir(), "files-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** A file on this machine, to be chosen. */
export function localFile(name, size = 100, fill = 7) {
  const path = join(folder, name);
  writeFileSync(path, Buffer.alloc(size, fill));
  return path;
}

/** With the assets of a source there. */
export const withAssets = (options, run) => withConsole({ path: HOME, waitFor: ".asset-link", ...options }, run);

export const paths = (page) => page.$$eval(".asset-link", (links) => links.map((link) => link.title));

export const tile = (number) => `.asset-tile:nth-child(${number})`;

/** Opens the tile of a path that is in sight. */
export async function openAsset(page, number = 1) {
  await page.click(`${tile(number)} .asset-link`);
  await page.waitForSelector("asset-details .facts");
}

export async function openUpload(page, files = []) {
  await page.click("[data-action=open-upload]");
  await page.waitForSelector("upload-panel");
  if (files.length > 0) await chooseFiles(page, files);
}

export async function chooseFiles(page, files) {
  const input = await page.$("#upload-files");
  await input.uploadFile(...files);
  await page.waitForSelector(".file");
}

/** The browser's own dialog for files, and what opens it. Only after a round trip is it certain that the browser gives it to us. */
export async function fileChooser(page, open) {
  const [chooser] = await Promise.all([page.waitForFileChooser(), page.evaluate(() => undefined).then(open)]);
  return chooser;
}

export const fileStates = (page) => page.$$eval(".file", (files) => files.map(({ dataset }) => dataset.state));

export const filesAre = (page, ...states) => until(page, (states) => JSON.stringify([...document.querySelectorAll(".file")].map(({ dataset }) => dataset.state)) === states, JSON.stringify(states));

export async function runIs(page, state) {
  await page.waitForSelector(`run-panel [data-state=${state}]`);
  // What begins takes the focus once it is drawn.
  if (state === "held") await page.waitForFunction(() => document.activeElement?.closest("run-panel"));
}

/** Requests of one operation that the sandbox has seen. */
export const asked = (sandbox, operation) => sandbox.log.filter((entry) => entry.operation === operation);
