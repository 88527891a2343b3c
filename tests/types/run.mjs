// Type-checks the declarations as users meet them: the package as it is laid out on disk, each way of finding it, lines
// that must compile and lines that must not, and the fixtures as values of what is read and written.
//
//     node tests/types/run.mjs
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { fixtures } from "./fixtures.mjs";
import { tables } from "./tables.mjs";

const root = new URL("../../", import.meta.url);
const at = (path) => fileURLToPath(new URL(path, root));
const out = at("target/types-test/");

const strict = { target: "es2022", strict: true, skipLibCheck: false, noEmit: true, types: [] };
const browser = ["es2022", "dom", "dom.iterable", "dom.asynciterable"];

/** Name, what is checked, and how. */
const modes = [
  ["bundler", ["*.ts"], { module: "esnext", moduleResolution: "bundler", lib: browser }],
  ["node16", ["*.ts", "*.cts"], { module: "node16", moduleResolution: "node16", lib: browser }],
  ["nodenext", ["*.ts", "*.cts"], { module: "nodenext", moduleResolution: "nodenext", lib: browser }],
  ["strictest", ["*.ts"], {
    module: "esnext", moduleResolution: "bundler", lib: browser,
    exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, noPropertyAccessFromIndexSignature: true,
  }],
  // Without the browser's library: what is used of it comes from Node's types.
  ["no-dom", ["*.ts", "*.cts"], {
    module: "nodenext", moduleResolution: "nodenext", lib: ["es2022"], types: ["node"], typeRoots: [at("node_modules/@types")],
  }],
];

rmSync(out, { recursive: true, force: true });
const installed = `${out}node_modules/image-sources/`;
mkdirSync(`${installed}dist`, { recursive: true });
copyFileSync(at("pkg-template/package.json"), `${installed}package.json`);
for (const name of ["index", "sandbox", "cloudflare", "redis"]) copyFileSync(at(`pkg-template/types/${name}.d.ts`), `${installed}dist/${name}.d.ts`);
copyFileSync(at("pkg-template/types/index.d.ts"), `${installed}dist/index.d.cts`);
writeFileSync(`${out}package.json`, JSON.stringify({ type: "module" }));

const here = at("tests/types/");
for (const name of readdirSync(here)) if (/\.c?ts$/.test(name)) copyFileSync(here + name, out + name);
writeFileSync(`${out}fixtures.ts`, fixtures(at("tests/fixtures/")));
const printed = at("target/npm/generated/tables.js");
if (existsSync(printed)) writeFileSync(`${out}tables.ts`, await tables(printed));
else console.log("the package is not built: its tables are not checked (npm run pack)");

let failed = false;
const check = (name, config) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [at("node_modules/typescript/bin/tsc"), "-p", config], { encoding: "utf8" });
  if (status !== 0) failed = true;
  console.log(`${status === 0 ? "ok    " : "FAILED"} ${name}`);
  // Copies stand for the files they were made of.
  if (status !== 0) console.log((stdout + stderr).replaceAll("target/types-test/", "tests/types/"));
};

for (const [name, include, options] of modes) {
  const config = `${out}tsconfig.${name}.json`;
  writeFileSync(config, JSON.stringify({ compilerOptions: { ...strict, ...options }, include }));
  check(name, config);
}
check("implementation", at("pkg-template/tsconfig.json"));
process.exit(failed ? 1 : 0);
