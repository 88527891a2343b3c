// Installs the packed tarball into small real consumers and runs each of them against the sandbox over HTTP.
//   node tests/consumers/run.mjs [NAME ...]
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { findChromium } from "../../pkg-template/tools/setup.mjs";
import { serve } from "./sandbox-server.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../..");
const place = join(root, "target/consumers");
const tarball = join(root, "target/npm/image-sources.tgz");
const LIMIT_MS = 90_000;

/** Everything that consumers need, exactly these versions. Wrangler is the newest that takes Node 20. */
const TOOLS = {
  "@rollup/plugin-node-resolve": "16.0.3",
  bun: "1.4.5",
  deno: "2.9.6",
  esbuild: "0.28.2",
  node22: "npm:node@22.23.0",
  node24: "npm:node@24.21.0",
  rollup: "4.68.7",
  vite: "8.3.8",
  webpack: "5.112.2",
  wrangler: "4.86.0",
};

const bin = (path) => join(place, "node_modules", path);
const node = process.execPath;
const deno = ["run", "--no-prompt", "--no-remote", "--no-lock", "--allow-net=127.0.0.1", "main.mjs"];

/** Runs a program in the consumer's folder; its last arguments are the sandbox's origin and the consumer's name. */
const program = (folder, command, ...rest) => ({ folder, start: [command, ...rest], version: [command, "--version"] });
/** Builds in the consumer's folder, then opens its page. */
const page = (folder, at = "") => ({ folder, build: at && "build.mjs", page: `${folder}/${at == "dist" ? "dist/" : ""}`, tool: folder });

const CONSUMERS = {
  "node-esm": program("node-esm", node, "main.mjs"),
  "node-cjs": program("node-cjs", node, "main.cjs"),
  "node22-esm": program("node-esm", bin("node22/bin/node"), "main.mjs"),
  "node22-cjs": program("node-cjs", bin("node22/bin/node"), "main.cjs"),
  "node24-esm": program("node-esm", bin("node24/bin/node"), "main.mjs"),
  "node24-cjs": program("node-cjs", bin("node24/bin/node"), "main.cjs"),
  deno: program("deno", bin(".bin/deno"), ...deno),
  bun: program("bun", bin(".bin/bun"), "main.mjs"),
  workerd: { ...program("workerd", node, "run.mjs"), version: undefined, tool: "workerd" },
  "edge-light": { ...program("edge-light", node, "run.mjs"), version: undefined, tool: "esbuild" },
  vite: page("vite", "dist"),
  webpack: page("webpack", "built"),
  esbuild: page("esbuild", "built"),
  rollup: page("rollup", "built"),
  "import-map": page("import-map"),
  // The browser must refuse here, and the error must say why.
  "csp-refused": { ...page("import-map"), page: "import-map/?strict", refused: true },
};

const run = async (command, options = {}) => {
  const [file, ...rest] = command;
  try {
    const { stdout } = await promisify(execFile)(file, rest, { timeout: LIMIT_MS, maxBuffer: 1 << 24, ...options });
    return stdout;
  } catch (error) {
    if (error.code === "ENOENT") throw new Error(`${file} is missing: ${hint(file)}`);
    throw new Error([error.killed ? `no end after ${LIMIT_MS} ms` : "", error.stderr, error.stdout].filter(Boolean).join("\n").trim() || error.message);
  }
};

const hint = (file) => (file.startsWith(place) ? `remove ${place} and run this again, npm installs it there` : "is it on the PATH?");

async function install() {
  if (!existsSync(tarball)) throw new Error("target/npm/image-sources.tgz is missing: npm run pack");
  const bytes = await readFile(tarball);
  // npm takes a tarball of another content but the same name for the one it knows.
  const name = `image-sources-${createHash("sha256").update(bytes).digest("hex").slice(0, 12)}.tgz`;
  await mkdir(place, { recursive: true });
  for (const entry of await readdir(place)) {
    if (!["node_modules", "package-lock.json"].includes(entry)) await rm(join(place, entry), { recursive: true });
  }
  await writeFile(join(place, name), bytes);
  const manifest = { name: "consumers", private: true, type: "module", dependencies: { "image-sources": `file:${name}`, ...TOOLS } };
  await writeFile(join(place, "package.json"), JSON.stringify(manifest, null, 2));
  for (const entry of await readdir(here)) await cp(join(here, entry), join(place, entry), { recursive: true });
  await run(["npm", "install", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: place, timeout: 300_000 });
}

async function openBrowser() {
  const executablePath = findChromium();
  const { default: puppeteer } = await import("puppeteer-core").catch(() => {
    throw new Error("puppeteer-core is missing: npm ci");
  });
  const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
  const userDataDir = await mkdtemp(join(tmpdir(), "chromium-"));
  const browser = await puppeteer.launch({ executablePath, headless: true, userDataDir, args: flags });
  return {
    version: await browser.version(),
    close: async () => {
      await browser.close();
      await rm(userDataDir, { recursive: true, force: true });
    },
    /** What `globalThis.outcome` of a page becomes. */
    open: async (address) => {
      const tab = await browser.newPage();
      const said = [];
      tab.on("console", (message) => said.push(message.text()));
      tab.on("pageerror", (error) => said.push(String(error)));
      try {
        await tab.goto(address, { timeout: LIMIT_MS });
        await tab.waitForFunction("globalThis.outcome", { timeout: 20_000 }).catch(() => {
          throw new Error(`the page never began: ${said.join("; ") || "it said nothing"}`);
        });
        return await tab.evaluate("outcome");
      } finally {
        await tab.close();
      }
    },
  };
}

async function consume(name, consumer, server, browser) {
  const cwd = join(place, consumer.folder);
  if (consumer.build) await run([node, consumer.build], { cwd });
  if (!consumer.page) return (await run([...consumer.start, server.origin, name], { cwd })).trim();
  const said = await (await browser()).open(`${server.origin}/${consumer.page}`);
  if (!consumer.refused) return said;
  if (!/InternalError.*'wasm-unsafe-eval'/.test(said)) throw new Error(`not the error that was expected: ${said}`);
  return `ok ${name}: refused, and the error says why`;
}

async function versionOf({ version, tool }) {
  if (version) return (await run(version).catch(() => "?")).split("\n")[0].replace(/ \(.*/, "");
  const manifest = join(place, "node_modules", tool, "package.json");
  return existsSync(manifest) ? JSON.parse(await readFile(manifest, "utf8")).version : "chromium";
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(CONSUMERS, name));
if (unknown.length) {
  console.error(`no such consumer: ${unknown.join(", ")}; there are ${Object.keys(CONSUMERS).join(", ")}`);
  process.exit(2);
}

const began = Date.now();
await install();
console.log(`installed in ${((Date.now() - began) / 1000).toFixed(1)} s`);
const server = await serve(place);
let opened;
const browser = () => (opened ??= openBrowser());
const failed = [];
let passed = 0;
for (const [name, consumer] of Object.entries(CONSUMERS)) {
  if (wanted.length && !wanted.includes(name)) continue;
  const started = Date.now();
  let outcome;
  try {
    outcome = await consume(name, consumer, server, browser);
    if (!outcome.startsWith("ok ")) throw new Error(outcome);
    passed++;
  } catch (error) {
    outcome = `FAILED ${error.message}`;
    failed.push(name);
  }
  const took = `${((Date.now() - started) / 1000).toFixed(1)} s`;
  console.log(`${name.padEnd(12)} ${(await versionOf(consumer)).padEnd(14)} ${took.padStart(7)}  ${outcome}`);
}
await (await opened?.catch(() => undefined))?.close();
await server.close();
console.log(`${passed} passed, ${failed.length} failed${failed.length ? `: ${failed.join(", ")}` : ""}`);
process.exitCode = failed.length ? 1 : 0;
