// What programs made of this package weigh. `node pkg-template/tools/sizes.mjs --check` fails above the limits.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build } from "esbuild";
import { buildConsole } from "../../www/build.mjs";
import { modules } from "./modules.mjs";

const root = new URL("../../", import.meta.url);
const at = (path) => fileURLToPath(new URL(path, root));
const brotli = (bytes) => brotliCompressSync(bytes).length;

/** Bytes above which the check fails: a growth nobody decided on. The budgets of the design are beside them. */
const LIMITS = { bundle: 51_500, typescript: 8_200, console: 60_000 };

const MINIMAL = `
  import { ImageBoss, Imgix } from "image-sources";
  const imgix = new Imgix({ apiKey: process.env.IMGIX_API_KEY });
  const boss = new ImageBoss({ apiKey: process.env.IMAGEBOSS_API_KEY });
  console.log(await imgix.sources.list(), await boss.sources.list());
  await imgix.sources.create({ name: "a", deployment: { type: "webfolder", webfolder_base_url: "https://a.example", imgix_subdomains: ["a"] } });
  await boss.sources.create({ source: "a", source_type: "url", credential_attributes: { url: "https://a.example" } });
`;

/** What that program takes of the package, to weigh our TypeScript without the program's own lines. */
const CLIENTS = `export { ImageBoss, Imgix } from "image-sources";`;

/** Everything the entry exports, so that nothing can be left away. */
const WHOLE = `export * from "image-sources";`;

/** A program bundled and minified by esbuild, with the package as it is published. */
async function bundled(contents, alias = "target/npm/package/dist/index.js", plugins = []) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: at("."), loader: "js" },
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    write: false,
    alias: { "image-sources": at(alias) },
    plugins,
    logLevel: "error",
  });
  return outputFiles[0].contents;
}

/** The minimal program without those generated files whose names hold one of `parts`, to see what they cost. */
const without = (parts, of = MINIMAL) => bundled(of, "pkg-template/src/index.ts", [modules("inline", (name) => parts.some((part) => name.includes(part)))]);

/** All sizes in bytes. */
export async function sizes() {
  const minimal = await bundled(MINIMAL);
  const typescript = await without(["inline", "glue", "tables"]);
  const withGlue = await without(["inline", "tables"]);
  const withTables = await without(["inline"]);
  const clients = await without(["inline", "glue", "tables"], CLIENTS);
  const wasm = readFileSync(at("target/npm/generated/client.wasm"));
  const page = await buildConsole(at("target/console"));
  return {
    bundle: brotli(minimal),
    whole: brotli(await bundled(WHOLE)),
    typescript: gzipSync(clients, { level: 9 }).length,
    wasm: { raw: wasm.length, brotli: brotli(wasm) },
    parts: {
      "hand-written TypeScript": brotli(typescript),
      "glue of wasm-bindgen": brotli(withGlue) - brotli(typescript),
      "table of operations": brotli(withTables) - brotli(withGlue),
      "module as text": brotli(minimal) - brotli(withTables),
    },
    console: page.brotli.total,
  };
}

export const kilo = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;

if (import.meta.url == new URL(process.argv[1], "file:").href) {
  const found = await sizes();
  console.log(`minimal program, minified, brotli   ${kilo(found.bundle)}  (must 32, 40 with everything; limit here ${kilo(LIMITS.bundle)})`);
  for (const [name, bytes] of Object.entries(found.parts)) console.log(`  ${name.padEnd(34)}${kilo(bytes)}`);
  console.log(`everything the entry exports        ${kilo(found.whole)}`);
  console.log(`hand-written TypeScript, gzip       ${kilo(found.typescript)}  (must 8, aim 5)`);
  console.log(`module                              ${kilo(found.wasm.raw)}, brotli ${kilo(found.wasm.brotli)}`);
  console.log(`console without the module, brotli  ${kilo(found.console)}  (must 60, aim 40)`);
  const over = Object.entries(LIMITS).filter(([name, limit]) => found[name] > limit);
  for (const [name, limit] of over) console.error(`${name} is over its limit of ${kilo(limit)}`);
  if (process.argv.includes("--check") && over.length) process.exit(1);
}
