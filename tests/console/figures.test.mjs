// The files of reports: read as they come, whatever is in them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";

import { load } from "./module.mjs";

const modules = await Promise.all([
  "screens/reports/csv.ts", "screens/reports/figures.ts", "screens/reports/read.ts",
].map(load));
const { CsvReader, TableMaker, metrics, overDays, ranking, readFiles, readBlobs } = Object.assign({}, ...modules);

const signal = new AbortController().signal;

function rows(...pieces) {
  const found = [];
  const reader = new CsvReader((row) => found.push(row));
  for (const piece of pieces) reader.feed(piece);
  reader.end();
  return found;
}

function table(...files) {
  const maker = new TableMaker();
  for (const file of files) {
    maker.feed(file);
    maker.endFile();
  }
  return maker.table;
}

test("quotes, commas, line ends and empty lines of CSV", () => {
  for (const [text, wanted] of [
    ["a,b\n1,2\n", [["a", "b"], ["1", "2"]]],
    ["a,b\r\n1,2", [["a", "b"], ["1", "2"]]],
    ["a\rb", [["a"], ["b"]]],
    ['"a,1","say ""hi""","two\nlines"\n', [["a,1", 'say "hi"', "two\nlines"]]],
    ["\n\na\n\n", [["a"]]],
    ["a,,\n", [["a", "", ""]]],
    ['""\n', []],
    ['5" pipe,x', [['5" pipe', "x"]]],
    ['"never closed\n1,2', [["never closed\n1,2"]]],
    ["", []],
  ])
    assert.deepEqual(rows(text), wanted, JSON.stringify(text));
});

test("it does not matter where the pieces of a file end", () => {
  const text = 'a,"b ""x"""\r\n"1\r\n2",3\r\n桜,👩‍👩‍👧\r\n';
  for (let at = 0; at <= text.length; at += 1) assert.deepEqual(rows(text.slice(0, at), text.slice(at)), rows(text), `${at}`);
});

test("columns of numbers are counted, columns of words and days are not", () => {
  const found = table("\ufeffday,path,requests,ratio\n2026-01-02,/a,10,0.5\n2026-01-01,/b,20,1e2\n2026-01-02,/c,5,-1\n");

  assert.deepEqual(metrics(found), [2, 3]);
  assert.deepEqual(found.columns, ["day", "path", "requests", "ratio"]);
  assert.equal(found.totals[2], 35);
  assert.deepEqual(overDays(found, 2), [{ at: Date.UTC(2026, 0, 1), value: 20 }, { at: Date.UTC(2026, 0, 2), value: 15 }]);
  assert.deepEqual(ranking(found, 2, 2), [{ name: "2026-01-01 · /b", value: 20 }, { name: "2026-01-02 · /a", value: 10 }]);
});

test("a value that is no number makes a column one of words, also beyond the rows that are kept", () => {
  const many = `n,m\n${Array.from({ length: 6000 }, (_, at) => `${at},${at === 5999 ? "x" : 1}`).join("\n")}\n`;
  const found = table(many);

  assert.equal(found.count, 6000);
  assert.equal(found.rows.length, 5000);
  assert.deepEqual(metrics(found), [0]);
  assert.equal(found.totals[0], (5999 * 6000) / 2);
});

test("a short row lacks its values, and a table without rows has nothing to draw", () => {
  assert.deepEqual(metrics(table("a,b\n1\n")), [0]);
  assert.deepEqual(metrics(table("a,b\n")), []);
  assert.deepEqual(overDays(table("a,b\n1,2\n"), 1), []);
});

test("files of one report are one table, and files of different columns are refused", () => {
  assert.equal(table("a,b\n1,2\n", "a,b\n3,4\n").totals[1], 6);
  assert.throws(() => table("a,b\n1,2\n", "a,c\n3,4\n"), /same columns/);
});

const answering = (body, status = 200) => async () => new Response(body, { status });

test("packed and plain files are told apart by themselves", async () => {
  const text = "a,n\nä,1\n桜,2\n";
  for (const body of [text, gzipSync(text)]) assert.equal((await readFiles(["https://x.example/f"], answering(body), signal)).totals[1], 3);
});

test("what cannot be read is said in words that can be shown", async () => {
  const cases = [
    [answering("", 403), /expired/],
    [answering("", 500), /status 500/],
    [async () => { throw new TypeError("Failed to fetch"); }, /could not be fetched.*Download it/],
    [answering(gzipSync("a,n\nx,1\n").subarray(0, 20)), /broke off or is damaged/],
    [answering(Buffer.concat([Buffer.from([0x1f, 0x8b]), Buffer.alloc(100, 7)])), /broke off or is damaged/],
    [answering(Buffer.from([0xff, 0xfe, 0x41, 0x00])), /no text/],
    [answering(""), /empty/],
    [answering("x"), /no table/],
    [answering("<html><body>no csv"), /no table/],
  ];
  for (const [ask, wanted] of cases) await assert.rejects(readFiles(["https://x.example/f"], ask, signal), (thrown) => wanted.test(thrown.message), String(wanted));
});

test("a file larger than anybody keeps is read to the limit, and says so", async () => {
  const line = `${"x".repeat(1000)},1\n`;
  let sent = 0;
  const endless = new ReadableStream({
    pull(controller) {
      controller.enqueue(new TextEncoder().encode(sent === 0 ? `name,n\n${line}` : line.repeat(1000)));
      sent += 1;
    },
  });
  const found = await readBlobs([{ stream: () => endless }], signal);

  assert.equal(found.isCut, true);
  assert.ok(found.count > 60_000 && found.rows.length === 5000, `${found.count}`);
});

test("reading ends with its signal", async () => {
  const stop = new AbortController();
  const slow = new ReadableStream({ pull: () => new Promise((done) => setTimeout(done, 5)).then(() => stop.abort()), start: (controller) => controller.enqueue(new TextEncoder().encode("a,n\n1,2\n")) });

  await assert.rejects(readFiles(["https://x.example/f"], async (_, { signal }) => { signal.throwIfAborted(); return new Response(slow); }, stop.signal), { name: "AbortError" });
});
