// The list as a file: what is in it, and what must never be.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";

import Papa from "papaparse";

import { createSandbox } from "../../target/npm/package/dist/sandbox.js";
import { ImageBoss, Imgix, inventory } from "../../target/npm/package/dist/index.js";
import { load } from "./module.mjs";

const { toCsv, toJson } = await load("screens/sources/export.ts");
const naughty = createRequire(import.meta.url)("big-list-of-naughty-strings/blns.json");

const row = (name, more = {}) => ({ provider: "imgix", id: "1", name, hosts: [], ...more });
/** Read by a program of others. */
const read = (csv) => Papa.parse(csv.replace(/^\ufeff/, ""), { skipEmptyLines: true }).data;

test("a file has a head, a line for each row, and the id even if it is not shown", () => {
  const csv = toCsv([row("Nordlicht", { type: "s3", hosts: ["a.imgix.net", "b.imgix.net"], secured: true, changedAt: 0 })], ["name", "type", "host", "secured", "changed"]);

  assert.equal(csv, "\ufeffName,Type,Host,Signed,Changed,Id\r\nNordlicht,s3,a.imgix.net b.imgix.net,yes,1970-01-01T00:00:00.000Z,1\r\n");
});

test("no cell begins like a formula, also behind white space or in full width", () => {
  const hostile = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =cmd|' /C calc'!A0", "=HYPERLINK(\"http://x\")", "\uff1d1", "\u0000=1", "\u00a0=1", "+\",\"=1"];
  const cells = read(toCsv(hostile.map((name) => row(name, { location: name, hosts: [name], type: name, id: name })), ["name", "type", "location", "host"])).slice(1);

  assert.equal(cells.length, hostile.length);
  for (const cell of cells.flat()) assert.match(cell, /^'/, JSON.stringify(cell));
});

test("461 naughty strings come back as they were, but for what guards formulas", () => {
  const cells = read(toCsv(naughty.map((name) => row(name || "(empty)")), ["name"])).slice(1);

  assert.equal(naughty.length, 461);
  assert.equal(cells.length, 461);
  for (const [at, text] of naughty.entries()) {
    const [cell] = cells[at];
    const wanted = text || "(empty)";
    assert.ok(cell === wanted || cell === `'${wanted}`, JSON.stringify([cell, wanted]));
  }
});

test("neither file holds a secret, a token for signing or a password in an address", async () => {
  const sandbox = createSandbox();
  const imgix = new Imgix({ apiKey: "sandbox", fetch: sandbox.fetch });
  const boss = new ImageBoss({ apiKey: "sandbox", fetch: sandbox.fetch });
  const [ours, theirs] = [[], []];
  for await (const one of imgix.sources.list()) ours.push(one);
  for await (const one of boss.sources.list()) theirs.push(one);
  const secrets = [];
  const collect = (value, name = "") => {
    if (typeof value === "object" && value !== null) for (const [inner, one] of Object.entries(value)) collect(one, inner);
    else if (typeof value === "string" && value.length > 6 && /token|secret(?!.*\*)|sas|password/i.test(name)) secrets.push(value);
  };
  collect([ours, theirs]);
  assert.ok(secrets.length > 5, "there is something to hide");
  const json = toJson([...ours.map((one) => ["imgix", one]), ...theirs.map((one) => ["imageboss", one]), ["imgix", { id: "x", name: "n", deployment: { webfolder_base_url: "https://user:hunter2@origin.example/" } }]]);
  const csv = toCsv(inventory(ours, theirs), ["name", "type", "location", "host"]);

  assert.equal(JSON.parse(json).length, ours.length + theirs.length + 1);
  for (const secret of [...secrets, "hunter2"]) assert.ok(!json.includes(secret) && !csv.includes(secret), secret);
  assert.ok(JSON.parse(json).every((one) => one.id && one.provider));
});

test("names of attributes that are no names stay what they are", () => {
  const source = JSON.parse('{"id":"1","__proto__":{"polluted":true},"constructor":"x"}');

  const [one] = JSON.parse(toJson([["imgix", source]]));

  assert.deepEqual(Object.keys(one), ["provider", "id", "__proto__", "constructor"]);
  assert.equal({}.polluted, undefined);
});
