// Builds the console into www/dist: one page, one style sheet, one script and what it loads when it is needed, with names that
// change with their contents.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { brotliCompressSync } from "node:zlib";
import { build } from "esbuild";
import { contentPolicy, originsOf } from "./policy.mjs";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const PACKAGE = "../target/npm/package/dist/";
const BUDGET_KB = 60;
/** What is loaded only where it is needed and is not the console's own: it is told apart from what the console weighs. */
const APART = { sandbox: /package\/dist\/sandbox/, charts: /node_modules\/uplot/ };

/** Templates without the indentation they are written with; elsewhere it means nothing. */
const unindented = {
  name: "unindented",
  setup: ({ onLoad }) => onLoad({ filter: /www\/src\/.*\.ts$/ }, ({ path }) => ({ contents: readFileSync(path, "utf8").replace(/\n[ \t]+/g, "\n"), loader: "ts" })),
};

/** What is loaded later can be asked for again (`src/again.ts`). Addresses of parts are the only texts that are imported. */
const retried = (contents) => Buffer.from(Buffer.from(contents).toString().replace(/\bimport\((?=["']\.\/[\w.-]+\.js["']\))/g, "importAgain("));

/** What is bundled; with `inline` the modules of the package are part of the scripts, as they are served. */
async function bundle(entry, { inline = true } = {}) {
  const kind = inline ? "js" : "edge.js";
  const { outputFiles, metafile } = await build({
    entryPoints: [at(`src/${entry}`)],
    entryNames: "console-[hash]",
    chunkNames: "[name]-[hash]",
    outdir: at("dist"),
    absWorkingDir: at("."),
    bundle: true,
    splitting: true,
    metafile: true,
    minify: true,
    write: false,
    format: "esm",
    target: ["chrome123", "firefox128", "safari17.5"],
    charset: "utf8",
    legalComments: "none",
    tsconfig: at("tsconfig.json"),
    alias: { "image-sources": at(`${PACKAGE}index.${kind}`), "image-sources/sandbox": at(`${PACKAGE}sandbox.${kind}`) },
    external: ["*.wasm", "*.wasm?module"],
    plugins: [unindented],
    logLevel: "warning",
  });
  const files = outputFiles.map(({ path, contents }) => ({ ...metafile.outputs[`dist/${basename(path)}`], name: basename(path), bytes: retried(contents) }));
  return { files, entry: files.find(({ entryPoint }) => entryPoint === `src/${entry}`) };
}

const compressed = (bytes) => brotliCompressSync(bytes).length;
const integrity = (bytes) => `sha384-${createHash("sha384").update(bytes).digest("base64")}`;

/** Whose a file is, by where most of it comes from. */
function ownerOf({ inputs }) {
  const [most] = Object.entries(inputs).sort(([, a], [, b]) => b.bytesInOutput - a.bytesInOutput);
  return Object.keys(APART).find((name) => most && APART[name].test(most[0]));
}

/** What the page loads at once. */
function loadedAtOnce(files, entry, found = new Set([entry])) {
  for (const { path, kind } of entry.imports) {
    const next = kind === "import-statement" && files.find(({ name }) => name === basename(path));
    if (next && !found.has(next)) loadedAtOnce(files, next, found.add(next));
  }
  return found;
}

/** Sizes by kind: what comes at once, what comes later, and what is not the console's own. */
function sizes({ files, entry }) {
  const sum = { js: 0, lazy: 0, ...Object.fromEntries(Object.keys(APART).map((name) => [name, 0])) };
  const first = loadedAtOnce(files, entry);
  for (const file of files) sum[ownerOf(file) ?? (first.has(file) ? "js" : "lazy")] += compressed(file.bytes);
  return sum;
}

/**
 * Writes the page to a folder, which is emptied first. Of the sizes, `total` is what the first list needs, and `lazy` what of the
 * console is loaded after it.
 *
 * @param {string} [folder]
 * @param {{ connect?: string[] }} [options] `connect`: further origins the page may ask, such as a gateway elsewhere.
 * @returns {Promise<{ folder: string, brotli: { html: number, css: number, js: number, total: number, lazy: number, sandbox: number, charts: number, wasm: number } }>}
 */
export async function buildConsole(folder = at("dist"), { connect } = {}) {
  const [js, bare, css, later] = await Promise.all([bundle("main.ts"), bundle("main.ts", { inline: false }), bundle("styles/main.css"), bundle("styles/later.css")]);
  const marks = { policy: contentPolicy({ connect }) };
  for (const [name, { entry }] of Object.entries({ js, css, later })) Object.assign(marks, { [name]: entry.name, [`${name}-integrity`]: integrity(entry.bytes) });
  const html = Buffer.from(
    readFileSync(at("src/index.html"), "utf8").replace(/\{\{([\w-]+)\}\}/g, (_, name) => marks[name]).replace(/\n\s+/g, "\n"),
  );
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const { name, bytes } of [...js.files, ...css.files, ...later.files, { name: "index.html", bytes: html }]) writeFileSync(join(folder, name), bytes);
  const brotli = { html: compressed(html), css: compressed(css.entry.bytes), ...sizes(bare) };
  brotli.lazy += compressed(later.entry.bytes);
  return { folder, brotli: { ...brotli, total: brotli.html + brotli.css + brotli.js, wasm: compressed(readFileSync(at(`${PACKAGE}client.wasm`))) } };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { brotli } = await buildConsole(undefined, { connect: originsOf(process.env.CONSOLE_CONNECT) });
  const kb = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
  console.log(`console: ${kb(brotli.total)} brotli at once (html ${kb(brotli.html)}, css ${kb(brotli.css)}, js ${kb(brotli.js)}) and ${kb(brotli.lazy)} later, without the wasm of ${kb(brotli.wasm)}`);
  console.log(`only where they are used, without wasm: sandbox ${kb(brotli.sandbox)}, charts ${kb(brotli.charts)}`);
  if (brotli.total > BUDGET_KB * 1000) {
    console.error(`that is more than the ${BUDGET_KB} kB it may weigh`);
    process.exitCode = 1;
  }
}
