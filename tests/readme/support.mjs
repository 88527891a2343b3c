// Reads the README, and puts its programs where they can run.
import { execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { MissingError, ROOT, environment } from "../../pkg-template/tools/setup.mjs";

export const place = join(ROOT, "target/readme");
const tarball = join(ROOT, "target/npm/image-sources.tgz");
const programs = fileURLToPath(new URL("programs", import.meta.url));
const LIMIT_MS = 120_000;

/** What the programs need beside the package. Wrangler is the newest that takes Node 20. */
const TOOLS = { wrangler: "4.86.0" };

/**
 * The code blocks of a page. A comment before a block says what it is: a file (`file: PATH`) or what one prints
 * (`prints: PATH`).
 */
export function blocksOf(text) {
  const pattern = /(?:<!-- (file|prints): (\S+) -->\n)?```(\w*)\n([^]*?)```/g;
  return [...text.matchAll(pattern)].map(([, is, path, language, code]) => ({ is, path, language, code }));
}

/** What stands between a pair of markers. */
export function between(text, name) {
  return text.match(new RegExp(`<!-- ${name}: begin -->\n([^]*?)<!-- ${name}: end -->`))?.[1];
}

/** Addresses of a page's links and images. */
export const linksOf = (text) => [...text.replace(/```[^]*?```/g, "").matchAll(/\]\(([^)\s]+)\)/g)].map(([, address]) => address);

/** The anchors of a page's headings, as code hosts make them. */
export const anchorsOf = (text) =>
  [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading.toLowerCase().replace(/[^\w\s-]/g, "").trim().replaceAll(" ", "-"));

/** A test that is started here is a program of its own, and no part of this run. */
const environmentOf = (env) => ({ ...environment(), NODE_TEST_CONTEXT: undefined, ...env });

/** Runs a command to its end and gives what it printed. */
export async function run(command, args, { cwd = ROOT, env = {}, timeout = LIMIT_MS } = {}) {
  try {
    const options = { cwd, env: environmentOf(env), timeout, maxBuffer: 1 << 24 };
    return await promisify(execFile)(command, args, options);
  } catch (error) {
    if (error.code === "ENOENT") throw new MissingError(`\`${command}\` is missing: is it on the PATH?`, { cause: error });
    const why = error.killed ? `no end after ${timeout} ms` : `ended with ${error.signal ?? error.code}`;
    throw new Error(`\`${command} ${args.join(" ")}\`: ${why}\n${error.stderr ?? ""}${error.stdout ?? ""}`, { cause: error });
  }
}

/** Starts a program that stays, and gives the first line that it prints. */
export async function start(args, { cwd, env }) {
  const child = spawn(process.execPath, args, { cwd, env: environmentOf(env), stdio: ["ignore", "pipe", "pipe"] });
  let printed = "";
  let complaints = "";
  child.stderr.on("data", (piece) => (complaints += piece));
  const line = await new Promise((resolve, reject) => {
    child.stdout.on("data", (piece) => {
      printed += piece;
      if (printed.includes("\n")) resolve(printed.slice(0, printed.indexOf("\n")));
    });
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`${args.at(-1)} ended with ${code}\n${complaints}`)));
  });
  const stop = () => new Promise((done) => (child.once("exit", done), child.kill()));
  return { line, stop };
}

/** Installs the packed package and the tools, and writes the README's files beside them. */
export async function install(files) {
  if (!existsSync(tarball)) throw new MissingError("target/npm/image-sources.tgz is missing: npm run pack");
  const bytes = await readFile(tarball);
  // npm takes a tarball of another content but the same name for the one it knows.
  const name = `image-sources-${createHash("sha256").update(bytes).digest("hex").slice(0, 12)}.tgz`;
  await mkdir(place, { recursive: true });
  for (const entry of await readdir(place)) {
    if (!["node_modules", "package-lock.json"].includes(entry)) await rm(join(place, entry), { recursive: true });
  }
  await writeFile(join(place, name), bytes);
  const manifest = { name: "readme", private: true, type: "module", dependencies: { "image-sources": `file:${name}`, ...TOOLS } };
  await writeFile(join(place, "package.json"), JSON.stringify(manifest, null, 2));
  await run("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error", "--prefer-offline"], { cwd: place, timeout: 300_000 });
  await cp(programs, place, { recursive: true });
  for (const { path, code } of files) {
    await mkdir(dirname(join(place, path)), { recursive: true });
    await writeFile(join(place, path), code);
  }
}
