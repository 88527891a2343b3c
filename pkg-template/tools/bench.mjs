// `npm run bench`: the figures of the design's budgets, as a table. Times are ratios of one run, because machines differ.
import { execFileSync } from "node:child_process";
import { kilo, sizes } from "./sizes.mjs";

const root = new URL("../../", import.meta.url);
const entry = new URL("target/npm/package/dist/index.js", root).href;

const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];

/**
 * Two things that take turns: medians in microseconds per call, and of the ratios of neighbours, which hardly change with what else the
 * machine does. It is the processor's time that counts, so that nobody else's work does; of all threads, so that collecting garbage does.
 */
async function against(ours, theirs, rounds, calls) {
  const times = [[], []];
  for (let round = -10; round < rounds; round++)
    for (const [index, run] of [ours, theirs].entries()) {
      const start = process.cpuUsage();
      for (let call = 0; call < calls; call++) await run();
      const { user, system } = process.cpuUsage(start);
      if (round >= 0) times[index].push((user + system) / calls);
    }
  return { times: times.map(median), ratio: median(times[0].map((time, round) => time / times[1][round])) };
}

const deployment = (index) => ({
  annotation: "New deployment created for source by someone.",
  cache_ttl_behavior: "respect_origin", cache_ttl_error: 300, cache_ttl_value: 31536000, crossdomain_xml_enabled: false,
  custom_domains: [], default_params: {}, image_error: null, image_error_append_qs: false, image_missing: null,
  image_missing_append_qs: false, imgix_subdomains: [`example-${index}`, `example-${index}-alt`], secure_url_enabled: false,
  allows_upload: true, type: "s3", s3_access_key: "EXAMPLEACCESSKEYID00", s3_bucket: `example-bucket-${index}`, s3_prefix: "images",
});
const source = (index) => ({
  attributes: { date_deployed: 1755000000 + index, deployment: deployment(index), deployment_status: "deployed", enabled: true, name: `Example ${index}` },
  id: (0x60b1c2d3e4f50 + index).toString(16).padStart(24, "0"), type: "sources",
});
const page = JSON.stringify({
  data: Array.from({ length: 100 }, (_, index) => source(index)), included: [], jsonapi: { version: "1.0" },
  meta: { pagination: { currentPage: 0, hasNextPage: false, nextPage: null, pageSize: 100, totalPages: 1, totalRecords: 100 } },
});
const single = JSON.stringify({ data: source(1), included: [], jsonapi: { version: "1.0" }, meta: {} });

const { Imgix } = await import(entry);
const { createSandbox } = await import(new URL("target/npm/package/dist/sandbox.js", root).href);
const MAIN = "65b7704ee553fe668319d940";
const listed = await createSandbox().fetch(`https://api.imgix.com/api/v1/sources/${MAIN}/assets?page[limit]=100`, { headers: { authorization: "Bearer sandbox", accept: "application/vnd.api+json" } });
const assetPage = await listed.text();
if (JSON.parse(assetPage).data?.length !== 100) throw new Error(`the sandbox gave no page of 100 assets: ${assetPage.slice(0, 200)}`);
const encoder = new TextEncoder();
const bytes = { page: encoder.encode(page), single: encoder.encode(single), assets: encoder.encode(assetPage) };

const reply = (name) => async () => new Response(bytes[name]);
// What is measured is our own time, not that of waiting for slots.
const limits = { default: null };
const pageClient = new Imgix({ apiKey: "key", fetch: reply("page"), limits, onEvent() {} });
const assetClient = new Imgix({ apiKey: "key", fetch: reply("assets"), limits, onEvent() {} });
const oneClient = new Imgix({ apiKey: "key", fetch: reply("single"), limits });

const pages = await against(() => pageClient.sources.list(), async () => (await reply("page")()).json(), 101, 20);
const assetPages = await against(() => assetClient.assets.list(MAIN), async () => (await reply("assets")()).json(), 101, 20);

/** What somebody would write without a client. */
const byHand = async (id) => {
  const response = await reply("single")(`https://api.imgix.com/api/v1/sources/${encodeURIComponent(id)}`, {
    method: "GET", headers: { accept: "application/vnd.api+json", authorization: "Bearer key" },
  });
  if (!response.ok) throw new Error(String(response.status));
  const { data } = await response.json();
  return { ...data.attributes, id: data.id, type: data.type };
};
const ones = await against(() => oneClient.sources.get("60b1c2d3e4f5061728394a01"), () => byHand("60b1c2d3e4f5061728394a01"), 101, 200);

const first = `
  const start = performance.now();
  // No network, and no Response either: loading Node's own implementation of it takes longer than all of this.
  const { Imgix } = await import(${JSON.stringify(entry)});
  await new Imgix({ apiKey: "key" }).dryRun.sources.get("x");
  console.log(performance.now() - start);
`;
const fresh = () => Number(execFileSync(process.execPath, ["--input-type=module", "--eval", first], { encoding: "utf8" }));
const firsts = Array.from({ length: 9 }, fresh);

/** Runs a program in a fresh process, on virtual time if it wants, and gives what it prints. */
const apart = (program) => JSON.parse(execFileSync(process.execPath, ["--input-type=module", "--eval", program], { encoding: "utf8" }));

// 200 purges against a server that counts exactly, on virtual time: the clock moves only when everybody waits for it.
const purges = apart(`
  let now = 0;
  const timers = new Map();
  let last = 0;
  globalThis.setTimeout = (run, ms = 0, ...given) => (timers.set(++last, { at: now + ms, run: () => run(...given) }), last);
  globalThis.clearTimeout = (timer) => timers.delete(timer);
  performance.now = () => now;
  const { Imgix } = await import(${JSON.stringify(entry)});
  const sent = [];
  let refused = 0;
  const fetch = async () => {
    const crowded = sent.filter((at) => at > now - 1000).length >= 10;
    refused += crowded;
    sent.push(now);
    return new Response(crowded ? "" : '{"data":{"id":"p","type":"purges"}}', { status: crowded ? 429 : 200 });
  };
  const imgix = new Imgix({ apiKey: "key", fetch });
  let ok = 0;
  const run = (async () => {
    for await (const { outcome } of imgix.purgeAll(Array.from({ length: 200 }, (_, index) => "https://a.imgix.net/" + index))) ok += outcome == "ok";
  })();
  let over = false;
  run.then(() => (over = true));
  while (!over) {
    await new Promise((done) => setImmediate(done));
    const next = [...timers].sort((a, b) => a[1].at - b[1].at)[0];
    if (over || !next) continue;
    timers.delete(next[0]);
    now = Math.max(now, next[1].at);
    next[1].run();
  }
  console.log(JSON.stringify({ ms: sent.at(-1), ok, refused }));
`);

// 100,000 assets, page by page.
const assets = apart(`
  const { Instance } = WebAssembly;
  let memory;
  WebAssembly.Instance = class extends Instance { constructor(...given) { super(...given); memory ??= this.exports.memory; } };
  const { Imgix } = await import(${JSON.stringify(entry)});
  const asset = (index) => ({ id: "s/" + index + ".jpg", type: "assets", attributes: { origin_path: "/" + index + ".jpg", name: "Asset " + index, tags: { a: 0.5 }, file_size: index, categories: ["x"], custom_fields: { k: "v" } } });
  const fetch = async (url) => {
    const from = Number(new URL(url).searchParams.get("page[cursor]") ?? 0);
    const data = Array.from({ length: 100 }, (_, index) => asset(from + index));
    const next = from + 100;
    return new Response(JSON.stringify({ data, meta: { cursor: { current: String(from), next: String(next), hasMore: next < 100000, totalRecords: "100000" } } }));
  };
  const imgix = new Imgix({ apiKey: "key", fetch, limits: { default: null }, onEvent() {} });
  let count = 0, early;
  for await (const _ of imgix.assets.list("s")) if (++count == 1000) early = memory.buffer.byteLength;
  console.log(JSON.stringify({ count, growth: memory.buffer.byteLength - early }));
`);

const found = await sizes();
const ratio = ({ ratio }) => `${ratio.toFixed(2)} x`;
const microseconds = ({ times: [ours, theirs] }) => `${ours.toFixed(1)} µs to ${theirs.toFixed(1)} µs`;
const rows = [
  ["minimal program, minified, brotli", kilo(found.bundle), "32 kB (40 with everything)", "30 kB"],
  ...Object.entries(found.parts).map(([name, size]) => [`  of it: ${name}`, kilo(size), "", ""]),
  ["hand-written TypeScript, gzip", kilo(found.typescript), "8 kB", "5 kB"],
  ["first call in a fresh Node process", `${median(firsts).toFixed(1)} ms`, "25 ms", "8 ms"],
  ["page of 100 assets, checked and flat, with a listener, to res.json()", ratio(assetPages), "2.0 x", "1.4 x"],
  ["page of 100 sources, the same", ratio(pages), "2.0 x", "1.4 x"],
  ["one call through a fetch that does nothing, to hand-written", ratio(ones), "3 x", "1.5 x"],
  ["200 purges at 10/s on virtual time, to the ideal 19 s", purges.ok == 200 ? `${(purges.ms / 19_000).toFixed(3)} x, ${purges.refused} refused` : `only ${purges.ok} done`, "1.05 x, 0", "1.01 x"],
  ["growth of wasm memory over 100,000 assets after 1,000", assets.count == 100_000 ? `${assets.growth} bytes` : `only ${assets.count} seen`, "0", "0"],
  ["console without the module, brotli", kilo(found.console), "60 kB", "40 kB"],
];
console.log(`Node ${process.version}\n`);
const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column].length), 8));
const line = (cells) => `| ${cells.map((cell, column) => cell.padEnd(widths[column])).join(" | ")} |`;
console.log(line(["what", "here", "must", "aim"]));
console.log(`|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`);
for (const row of rows) console.log(line(row));
console.log(`\npage: ${microseconds(pages)}; call: ${microseconds(ones)} (processor time, medians of 101 rounds taking turns)`);
