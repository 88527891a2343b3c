// What tools say about the tarball: publint, "are the types wrong", and a list of what may be in it.
//   node tests/package/lint.mjs [TARBALL]
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { publint } from "publint";
import { formatMessage } from "publint/utils";

const root = fileURLToPath(new URL("../../", import.meta.url));
const tarball = process.argv[2] ?? join(root, "target/npm/image-sources.tgz");

/** Everything that is published, and nothing else. */
const FILES = [
  "CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT", "README.md", "package.json",
  "dist/client.wasm", "dist/cloudflare.LICENSE-jose.md", "dist/cloudflare.d.ts", "dist/cloudflare.js", "dist/index.cjs", "dist/index.d.cts", "dist/index.d.ts", "dist/index.edge.js", "dist/index.js", "dist/index.workerd.js", "dist/plan.wasm",
  "dist/redis.d.ts", "dist/redis.js",
  "dist/sandbox.d.ts", "dist/sandbox.edge.js", "dist/sandbox.js", "dist/sandbox.wasm", "dist/sandbox.workerd.js", "dist/tools.wasm",
];

/** What attw finds, by entry point and way of resolving. `node10` knows no `exports`; nothing is promised for it. */
const TYPES = {
  ".": { "node16-cjs": [], "node16-esm": [], bundler: [] },
  // ESM only, and it says so: `require` of it is what this finding is about.
  "./sandbox": { "node16-cjs": ["CJSResolvesToESM"], "node16-esm": [], bundler: [] },
  "./redis": { "node16-cjs": ["CJSResolvesToESM"], "node16-esm": [], bundler: [] },
  "./cloudflare": { "node16-cjs": ["CJSResolvesToESM"], "node16-esm": [], bundler: [] },
};

const faults = [];
const expectEqual = (what, found, expected) => {
  if (JSON.stringify(found) !== JSON.stringify(expected)) faults.push(`${what}: ${JSON.stringify(found)}, expected ${JSON.stringify(expected)}`);
};

async function lintManifest() {
  const bytes = readFileSync(tarball);
  const { messages, pkg } = await publint({ pack: { tarball: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) }, strict: true, level: "suggestion" });
  for (const message of messages) faults.push(`publint: ${message.type}: ${formatMessage(message, pkg)}`);
}

function lintTypes() {
  let printed;
  try {
    printed = execFileSync(process.execPath, [join(root, "node_modules/@arethetypeswrong/cli/dist/index.js"), tarball, "--format", "json"], { encoding: "utf8", maxBuffer: 1 << 26, stdio: ["ignore", "pipe", "ignore"] });
  } catch (failure) {
    // It ends with 1 if it finds anything; what it finds is judged here.
    printed = failure.stdout;
  }
  const { analysis } = JSON.parse(printed);
  if (!analysis.types) return faults.push("attw: there are no types");
  const found = {};
  const add = (entry, way, kind) => (found[entry]?.[way] ?? ((found[entry] ??= {})[way] = [])).push(kind);
  for (const [entry, ways] of Object.entries(TYPES)) for (const way of Object.keys(ways)) (found[entry] ??= {})[way] = [];
  for (const problem of analysis.problems) {
    if (problem.resolutionKind === "node10") continue;
    const ways = problem.resolutionKind ? [problem.resolutionKind] : problem.resolutionOption === "bundler" ? ["bundler"] : ["node16-cjs", "node16-esm"];
    const entries = problem.entrypoint ? [problem.entrypoint] : Object.keys(TYPES);
    if (problem.resolutionOption === "node10") continue;
    for (const entry of entries) for (const way of ways) add(entry, way, problem.kind);
  }
  for (const entry of new Set([...Object.keys(TYPES), ...Object.keys(found)])) {
    for (const way of Object.keys(found[entry])) expectEqual(`attw: ${entry} in ${way}`, found[entry][way], TYPES[entry]?.[way] ?? []);
  }
  for (const entry of Object.keys(analysis.entrypoints)) {
    if (!TYPES[entry] && entry !== "./package.json" && !entry.endsWith("package.json")) faults.push(`attw: ${entry} is no entry point that is known here`);
  }
}

function lintFiles() {
  const folder = mkdtempSync(join(tmpdir(), "lint-"));
  try {
    execFileSync("tar", ["-xzf", tarball, "-C", folder]);
    const place = join(folder, "package");
    const files = readdirSync(place, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => relative(place, join(entry.parentPath, entry.name)));
    expectEqual("files in the tarball", files.sort(), [...FILES].sort());
    for (const file of files) {
      const bytes = readFileSync(join(place, file));
      if (!bytes.length) faults.push(`${file} is empty`);
      const text = bytes.toString("latin1");
      // Whose machine it was built on is nobody's business, and its length decides the size of the module.
      for (const path of [root, homedir() + "/", ".cargo/registry"]) if (text.includes(path)) faults.push(`${file} holds the path ${path}`);
      if (/\.(js|cjs)$/.test(file)) {
        for (const [what, pattern] of Object.entries({ "a source map": /sourceMappingURL/, eval: /\beval\(|new Function\(/, "a Node module": /(from|import\(|require\() ?["'](node:|fs|path|crypto)/, "a global of Node": /\b(process|Buffer|__dirname|__filename)\b(?!["'`])/, "a top-level await": /^await |^(const|let|var) \w+ = await /m })) {
          const hit = text.match(pattern);
          if (hit) faults.push(`${file} holds ${what}: ${text.slice(Math.max(0, hit.index - 30), hit.index + 50).replaceAll("\n", " ")}`);
        }
      }
    }
    const manifest = JSON.parse(readFileSync(join(place, "package.json"), "utf8"));
    for (const field of ["dependencies", "peerDependencies", "optionalDependencies", "devDependencies", "scripts"]) {
      if (manifest[field]) faults.push(`package.json has ${field}`);
    }
    expectEqual("sideEffects", manifest.sideEffects, false);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

await lintManifest();
lintTypes();
lintFiles();
for (const fault of faults) console.log(`not ok ${fault}`);
console.log(faults.length ? `lint: ${faults.length} faults` : "lint: the tarball is clean");
process.exitCode = faults.length ? 1 : 0;
