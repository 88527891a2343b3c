// Search, filters, order, selection and columns of the list, without a page.
import assert from "node:assert/strict";
import { test } from "node:test";

import { load } from "./module.mjs";

const { Arranger } = await load("screens/sources/arrange.ts");
const { NOTHING, retain, tick, tickAll, tickThrough } = await load("screens/sources/selection.ts");
const { filterLeaves, readWheres, printWheres } = await load("screens/sources/filters.ts");
const { readHidden, printHidden } = await load("screens/sources/columns.ts");

const row = (name, more = {}) => ({ provider: "imgix", id: name, name, type: "s3", hosts: [`${name}.imgix.net`], status: "deployed", enabled: true, ...more });
const ASK = { search: "", provider: "", type: "", status: "", where: [], sort: "name", descending: false };
const named = (rows) => rows.map(({ name }) => name);

test("numbers in names count as numbers, and case does not count", () => {
  const rows = ["b2", "B10", "a", "Z"].map((name) => row(name));
  const arranger = new Arranger(() => undefined);

  assert.deepEqual(named(arranger.arrange(rows, ASK)), ["a", "b2", "B10", "Z"]);
  assert.deepEqual(named(arranger.arrange(rows, { ...ASK, descending: true })), ["Z", "B10", "b2", "a"]);
});

test("the same question gives the same array, and another question does not change it", () => {
  const rows = [row("b"), row("a")];
  const arranger = new Arranger(() => undefined);
  const first = arranger.arrange(rows, ASK);

  assert.equal(arranger.arrange(rows, { ...ASK }), first);
  assert.deepEqual(named(arranger.arrange(rows, { ...ASK, search: "b" })), ["b"]);
  assert.deepEqual(named(first), ["a", "b"]);
});

test("rows that come, change and go are in order without being sorted anew", () => {
  const arranger = new Arranger(() => undefined);
  arranger.arrange([row("d"), row("b")], ASK);
  assert.deepEqual(named(arranger.arrange([row("d"), row("b"), row("c"), row("a")], ASK)), ["a", "b", "c", "d"]);

  const found = arranger.arrange([row("d", { name: "aa" }), row("c"), row("a")], ASK);

  assert.deepEqual(named(found), ["a", "aa", "c"]);
});

test("every word of a search must be found somewhere", () => {
  const rows = [row("Nordlicht", { location: "nordlicht-originals" }), row("Kumo", { provider: "imageboss" })];
  const arranger = new Arranger(() => undefined);
  const find = (search) => named(arranger.arrange(rows, { ...ASK, search }));

  assert.deepEqual(find("imageboss KUMO"), ["Kumo"]);
  assert.deepEqual(find("originals s3"), ["Nordlicht"]);
  assert.deepEqual(find("originals kumo"), []);
  assert.deepEqual(find("   "), ["Kumo", "Nordlicht"]);
  assert.deepEqual(find(".*"), []);
});

test("status filters what has none as well", () => {
  const rows = [row("a"), row("b", { status: "deploying" }), row("c", { status: undefined, enabled: undefined })];
  const arranger = new Arranger(() => undefined);

  assert.deepEqual(named(arranger.arrange(rows, { ...ASK, status: "deploying" })), ["b"]);
  assert.deepEqual(named(arranger.arrange(rows, { ...ASK, status: "none" })), ["c"]);
});

test("every filter that imgix documents for its list is offered", () => {
  const offered = filterLeaves("imgix").map(({ field }) => field.path);
  // By the reference: type has a picker of its own, and the name is what is searched.
  for (const name of ["azure_bucket", "bucket_name", "custom_domains", "gcs_bucket", "imgix_subdomains", "region", "s3_bucket", "storage_provider", "webfolder_base_url"])
    assert.ok(offered.includes(`deployment.${name}`), name);
  for (const name of ["enabled", "name"]) assert.ok(offered.includes(name), name);
});

test("no secret can be asked for", () => {
  for (const provider of ["imgix", "imageboss"]) assert.deepEqual(filterLeaves(provider).filter(({ field }) => field.secret).map(({ field }) => field.path), []);
});

test("attributes are filtered by what they hold, lists by any of their items, and emptiness can be asked for", () => {
  const sources = {
    one: { id: "one", enabled: true, deployment: { type: "s3", s3_bucket: "Photos-EU", imgix_subdomains: ["one", "uno"], s3_prefix: null } },
    two: { id: "two", enabled: false, deployment: { type: "s3", s3_bucket: "other", imgix_subdomains: ["two"], s3_prefix: "images" } },
  };
  const rows = [row("one"), row("two"), row("boss", { provider: "imageboss" })];
  const arranger = new Arranger(({ id }) => sources[id]);
  const find = (...where) => named(arranger.arrange(rows, { ...ASK, where }));

  assert.deepEqual(find({ field: "deployment.s3_bucket", value: "photos" }), ["one"]);
  assert.deepEqual(find({ field: "deployment.imgix_subdomains", value: "uno" }), ["one"]);
  assert.deepEqual(find({ field: "deployment.s3_prefix", value: "" }), ["one"]);
  assert.deepEqual(find({ field: "enabled", value: "false" }), ["two"]);
  assert.deepEqual(find({ field: "enabled", value: "tru" }), [], "a choice is whole");
  assert.deepEqual(find({ field: "enabled", value: "true" }, { field: "deployment.s3_bucket", value: "o" }), ["one"]);
  assert.deepEqual(find({ field: "no.such", value: "x" }), []);
  assert.deepEqual(find({ field: "__proto__", value: "" }), []);
});

test("filters in an address are read back, whatever they hold", () => {
  const wheres = ["", "a:b", "https://x/?a=b&c", "ü 💥", "+ %2B"].map((value) => ({ field: "deployment.region", value }));

  assert.deepEqual(readWheres(printWheres(wheres)), wheres);
  assert.deepEqual(readWheres(""), []);
  assert.deepEqual(readWheres("=x&%zz"), [{ field: "%zz", value: "" }]);
});

const SHOWN = ["a", "b", "c", "d", "e"];
const keys = ({ keys }) => [...keys].sort().join("");

test("ticking with shift takes all in between, both ways, and unticks likewise", () => {
  let selection = tick(NOTHING, SHOWN, "b", false);
  selection = tick(selection, SHOWN, "d", true);
  assert.equal(keys(selection), "bcd");
  selection = tick(selection, SHOWN, "c", true);
  assert.equal(keys(selection), "b", "from d back to c");
  assert.equal(keys(NOTHING), "", "nothing is changed in place");

  assert.equal(keys(tick(tick(NOTHING, SHOWN, "x", false), SHOWN, "b", true)), "bx", "an anchor that is not shown is no range");
});

test("moving with shift ticks what is passed", () => {
  assert.equal(keys(tickThrough(NOTHING, SHOWN, "d", "b")), "bcd");
  assert.equal(keys(tickThrough(NOTHING, SHOWN, "nowhere", "b")), "b");
});

test("all that are shown are ticked, then none of them, and what is hidden stays", () => {
  const before = tick(NOTHING, ["z"], "z", false);
  const all = tickAll(before, SHOWN);
  assert.equal(keys(all), "abcdez");

  assert.equal(keys(tickAll(all, SHOWN)), "z");
  assert.equal(keys(tickAll(NOTHING, [])), "");
});

test("what is gone is not ticked any more", () => {
  const all = tickAll(NOTHING, SHOWN);

  assert.equal(keys(retain(all, (key) => key < "c")), "ab");
  assert.equal(retain(all, () => true), all);
});

test("columns that were kept are read with care", () => {
  assert.deepEqual(readHidden(undefined), ["id"]);
  assert.deepEqual(readHidden(""), []);
  assert.deepEqual(readHidden("name host nonsense __proto__"), ["host"], "the name is always there");
  assert.deepEqual(readHidden(printHidden(["type", "id"])), ["type", "id"]);
});
