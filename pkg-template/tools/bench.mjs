// `npm run bench`: the figures of the design's budgets, as a table. Times are ratios of one run, because machines differ.
import { execFileSync } from "node:child_process";
import { kilo, sizes } from "./sizes.mjs";

const root = new URL("../../", import.meta.url);
const entry = new URL("target/npm/package/dist/index.js", root).href;

const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];

/** Medians of two things that take turns, in microseconds per call. */
async function against(ours, theirs, rounds, calls) {
  const times = [[], []];
  for (let round = -10; round < rounds; round++)
    for (const [index, run] of [ours, theirs].entries()) {
      const start = performance.now();
      for (let call = 0; call < calls; call++) await run();
      if (round >= 0) times[index].push(((performance.now() - start) * 1000) / calls);
    }
  return times.map(median);
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
const encoder = new TextEncoder();
const bytes = { page: encoder.encode(page), single: encoder.encode(single) };

const reply = (name) => async () => new Response(bytes[name]);
const pageClient = new Imgix({ apiKey: "key", fetch: reply("page"), onEvent() {} });
const oneClient = new Imgix({ apiKey: "key", fetch: reply("single") });

const [pageOurs, pageTheirs] = await against(() => pageClient.sources.list(), async () => (await reply("page")()).json(), 31, 20);

/** What somebody would write without a client. */
const byHand = async (id) => {
  const response = await reply("single")(`https://api.imgix.com/api/v1/sources/${encodeURIComponent(id)}`, {
    method: "GET", headers: { accept: "application/vnd.api+json", authorization: "Bearer key" },
  });
  if (!response.ok) throw new Error(String(response.status));
  const { data } = await response.json();
  return { ...data.attributes, id: data.id, type: data.type };
};
const [oneOurs, oneTheirs] = await against(() => oneClient.sources.get("60b1c2d3e4f5061728394a01"), () => byHand("60b1c2d3e4f5061728394a01"), 31, 200);

const first = `
  const start = performance.now();
  // No network, and no Response either: loading Node's own implementation of it takes longer than all of this.
  const { Imgix } = await import(${JSON.stringify(entry)});
  await new Imgix({ apiKey: "key" }).dryRun.sources.get("x");
  console.log(performance.now() - start);
`;
const fresh = () => Number(execFileSync(process.execPath, ["--input-type=module", "--eval", first], { encoding: "utf8" }));
const firsts = Array.from({ length: 9 }, fresh);

const found = await sizes();
const ratio = (ours, theirs) => `${(ours / theirs).toFixed(2)} x`;
const rows = [
  ["minimal program, minified, brotli", kilo(found.bundle), "32 kB (40 with everything)", "30 kB"],
  ...Object.entries(found.parts).map(([name, size]) => [`  of it: ${name}`, kilo(size), "", ""]),
  ["hand-written TypeScript, gzip", kilo(found.typescript), "8 kB", "5 kB"],
  ["first call in a fresh Node process", `${median(firsts).toFixed(1)} ms`, "25 ms", "8 ms"],
  ["page of 100 sources, checked and flat, with a listener, to res.json()", ratio(pageOurs, pageTheirs), "2.0 x", "1.4 x"],
  ["one call through a fetch that does nothing, to hand-written", ratio(oneOurs, oneTheirs), "3 x", "1.5 x"],
  ["console without the module, brotli", kilo(found.console), "60 kB", "40 kB"],
];
console.log(`Node ${process.version}\n`);
const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column].length), 8));
const line = (cells) => `| ${cells.map((cell, column) => cell.padEnd(widths[column])).join(" | ")} |`;
console.log(line(["what", "here", "must", "aim"]));
console.log(`|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`);
for (const row of rows) console.log(line(row));
console.log(`\npage: ${pageOurs.toFixed(0)} µs to ${pageTheirs.toFixed(0)} µs; call: ${oneOurs.toFixed(1)} µs to ${oneTheirs.toFixed(1)} µs (medians of 31 rounds taking turns)`);
