// Builds the console into www/dist: one page, one style sheet, one script, with names that change with their contents.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { brotliCompressSync } from "node:zlib";
import { build } from "esbuild";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const PACKAGE = "../target/npm/package/dist/";
const BUDGET_KB = 60;

/** What is bundled; with `inline` the module of the package is part of the script, as it is served. */
async function bundle(entry, { inline = true } = {}) {
  const { outputFiles } = await build({
    entryPoints: [at(`src/${entry}`)],
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    target: ["chrome123", "firefox128", "safari17.5"],
    charset: "utf8",
    legalComments: "none",
    tsconfig: at("tsconfig.json"),
    alias: { "image-sources": at(PACKAGE + (inline ? "index.js" : "index.edge.js")) },
    external: ["*.wasm", "*.wasm?module"],
    logLevel: "warning",
  });
  return Buffer.from(outputFiles[0].contents);
}

const compressed = (bytes) => brotliCompressSync(bytes).length;
const hashed = (stem, bytes, ext) => `${stem}-${createHash("sha256").update(bytes).digest("hex").slice(0, 10)}.${ext}`;

/**
 * Writes the page to a folder, which is emptied first.
 *
 * @param {string} [folder]
 * @returns {Promise<{ folder: string, brotli: { html: number, css: number, js: number, total: number, wasm: number } }>}
 */
export async function buildConsole(folder = at("dist")) {
  const [js, bare, css] = await Promise.all([bundle("main.ts"), bundle("main.ts", { inline: false }), bundle("styles/main.css")]);
  const files = { js: hashed("console", js, "js"), css: hashed("console", css, "css") };
  const html = Buffer.from(
    readFileSync(at("src/index.html"), "utf8").replace(/\{\{(css|js)\}\}/g, (_, kind) => files[kind]).replace(/\n\s+/g, "\n"),
  );
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [name, bytes] of [[files.js, js], [files.css, css], ["index.html", html]]) writeFileSync(join(folder, name), bytes);
  const brotli = { html: compressed(html), css: compressed(css), js: compressed(bare) };
  return { folder, brotli: { ...brotli, total: brotli.html + brotli.css + brotli.js, wasm: compressed(readFileSync(at(`${PACKAGE}client.wasm`))) } };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { brotli } = await buildConsole();
  const kb = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
  console.log(`console: ${kb(brotli.total)} brotli (html ${kb(brotli.html)}, css ${kb(brotli.css)}, js ${kb(brotli.js)}) without the wasm of ${kb(brotli.wasm)}`);
  if (brotli.total > BUDGET_KB * 1000) {
    console.error(`that is more than the ${BUDGET_KB} kB it may weigh`);
    process.exitCode = 1;
  }
}
