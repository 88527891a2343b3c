// What programs made of this package weigh. `node pkg-template/tools/sizes.mjs --check` fails above the limits.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build } from "esbuild";
import { buildConsole } from "../../www/build.mjs";

const root = new URL("../../", import.meta.url);
const at = (path) => fileURLToPath(new URL(path, root));
const brotli = (bytes) => brotliCompressSync(bytes).length;

/** Bytes above which the check fails: a growth nobody decided on. The budgets of the design are beside them. */
const LIMITS = { bundle: 71_000, typescript: 8_500, console: 60_000 };

const MINIMAL = `
  import { ImageBoss, Imgix } from "image-sources";
  const imgix = new Imgix({ apiKey: process.env.IMGIX_API_KEY });
  const boss = new ImageBoss({ apiKey: process.env.IMAGEBOSS_API_KEY });
  console.log(await imgix.sources.list(), await boss.sources.list());
  await imgix.sources.create({ name: "a", deployment: { type: "webfolder", webfolder_base_url: "https://a.example", imgix_subdomains: ["a"] } });
  await boss.sources.create({ source: "a", source_type: "url", credential_attributes: { url: "https://a.example" } });
`;

/** A program bundled and minified by esbuild; `empty` names generated files that are left out, to see what they cost. */
async function bundled(contents, empty = []) {
  const blank = {
    name: "blank",
    setup: (build) =>
      build.onResolve({ filter: /^#(module|generated\/)/ }, ({ path }) => {
        const name = path == "#module" ? "pkg-template/src/modules/inline.ts" : "target/npm/generated/" + path.slice(11);
        return empty.some((part) => name.includes(part)) ? { path: name, namespace: "blank" } : { path: at(name) };
      }) ||
      build.onLoad({ filter: /./, namespace: "blank" }, () => ({ contents: "export const bytes = 0, tables = 0, createGlue = 0", loader: "js" })),
  };
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: at("."), loader: "js" },
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    write: false,
    alias: { "image-sources": at("pkg-template/src/index.ts") },
    plugins: [blank],
    logLevel: "error",
  });
  return outputFiles[0].contents;
}

/** All sizes in bytes. */
export async function sizes() {
  const whole = await bundled(MINIMAL);
  const typescript = await bundled(MINIMAL, ["inline.js", "glue.js", "tables.js"]);
  const withGlue = await bundled(MINIMAL, ["inline.js", "tables.js"]);
  const withTables = await bundled(MINIMAL, ["inline.js"]);
  const wasm = readFileSync(at("target/npm/generated/client.wasm"));
  const page = await buildConsole(at("target/console"));
  return {
    bundle: brotli(whole),
    typescript: gzipSync(typescript, { level: 9 }).length,
    wasm: { raw: wasm.length, brotli: brotli(wasm) },
    parts: {
      "hand-written TypeScript": brotli(typescript),
      "glue of wasm-bindgen": brotli(withGlue) - brotli(typescript),
      "tables of operations and forms": brotli(withTables) - brotli(withGlue),
      "module as text": brotli(whole) - brotli(withTables),
    },
    console: page.brotli.total,
  };
}

export const kilo = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;

if (import.meta.url == new URL(process.argv[1], "file:").href) {
  const found = await sizes();
  console.log(`minimal program, minified, brotli   ${kilo(found.bundle)}  (must 32, 40 with everything; limit here ${kilo(LIMITS.bundle)})`);
  for (const [name, bytes] of Object.entries(found.parts)) console.log(`  ${name.padEnd(34)}${kilo(bytes)}`);
  console.log(`hand-written TypeScript, gzip       ${kilo(found.typescript)}  (must 8, aim 5)`);
  console.log(`module                              ${kilo(found.wasm.raw)}, brotli ${kilo(found.wasm.brotli)}`);
  console.log(`console without the module, brotli  ${kilo(found.console)}  (must 60, aim 40)`);
  const over = Object.entries(LIMITS).filter(([name, limit]) => found[name] > limit);
  for (const [name, limit] of over) console.error(`${name} is over its limit of ${kilo(limit)}`);
  if (process.argv.includes("--check") && over.length) process.exit(1);
}
