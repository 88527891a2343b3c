// Installs what the tests of the edge need beside the build, and runs them, in real workerd through Miniflare and with a real Redis.
//   node tests/edge/run.mjs [FILE ...]
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const place = join(here, "../../target/edge");

/** Exactly these versions. Wrangler is the newest that takes Node 20. */
const TOOLS = { ioredis: "6.0.0", redis: "6.3.1", wrangler: "4.86.0" };

if (!existsSync(join(here, "../../target/npm/package/dist/cloudflare.js"))) {
  console.error("target/npm/package is missing: npm run pack");
  process.exit(1);
}
const manifest = JSON.stringify({ name: "edge", private: true, type: "module", dependencies: TOOLS }, null, 2);
const file = join(place, "package.json");
if (!existsSync(join(place, "node_modules")) || !existsSync(file) || readFileSync(file, "utf8") !== manifest) {
  mkdirSync(place, { recursive: true });
  writeFileSync(file, manifest);
  execFileSync("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: place, stdio: "inherit" });
}
const wanted = process.argv.slice(2);
const files = readdirSync(here).filter((name) => name.endsWith(".test.mjs") && (!wanted.length || wanted.some((part) => name.startsWith(part))));
// One after the other: each has processes of its own, and some count what comes in which second. On a busy machine that may go
// wrong: what fails is run once more, alone, and must not fail again.
const fails = (name) => spawnSync(process.execPath, ["--test", "--test-reporter=spec", join(here, name)], { stdio: "inherit" }).status !== 0;
const failed = files.filter(fails);
if (failed.length) console.log(`\nonce more: ${failed.join(", ")}`);
process.exit(failed.filter(fails).length ? 1 : 0);
