// The last step of the build: bundles the TypeScript for each way of loading, and packs the folder into a tarball.
// Run by the build tool, which has put glue, modules and tables into target/npm/generated.
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { modules } from "./modules.mjs";

const root = new URL("../../", import.meta.url);
const at = (path) => fileURLToPath(new URL(path, root));
const out = at("target/npm/package/");

const entries = [
  { name: "index", entry: "index.ts", cjs: true },
  { name: "sandbox", entry: "sandbox.entry.ts", cjs: false },
];

/** File name suffix, module format, how the module is loaded. */
const forms = [
  [".js", "esm", "inline"],
  [".workerd.js", "esm", "workerd"],
  [".edge.js", "esm", "edge"],
  [".cjs", "cjs", "inline"],
];

// What a program makes of the text must be the module, byte for byte.
for (const name of ["client", "tools", "sandbox"]) {
  const { bytes } = await import(at(`target/npm/generated/${name}.inline.js`));
  if (!readFileSync(at(`target/npm/generated/${name}.wasm`)).equals(bytes())) throw new Error(`the text of ${name}.wasm gives another module`);
}

for (const { name, entry, cjs } of entries)
  for (const [suffix, format, kind] of forms) {
    if (format == "cjs" && !cjs) continue;
    await build({
      entryPoints: [at(`pkg-template/src/${entry}`)],
      outfile: `${out}dist/${name}${suffix}`,
      bundle: true,
      format,
      target: "es2022",
      // The published files are meant to be read; whoever bundles them minifies them. Only comments go.
      minifyWhitespace: false,
      legalComments: "none",
      external: ["*.wasm", "*.wasm?module"],
      plugins: [modules(kind)],
      logLevel: "warning",
    });
  }

mkdirSync(`${out}dist`, { recursive: true });
copyFileSync(at("pkg-template/package.json"), `${out}package.json`);
for (const name of ["README.md", "CHANGELOG.md", "LICENSE-MIT", "LICENSE-APACHE"]) copyFileSync(at(name), out + name);
for (const name of ["index", "sandbox"]) copyFileSync(at(`pkg-template/types/${name}.d.ts`), `${out}dist/${name}.d.ts`);
writeFileSync(`${out}dist/index.d.cts`, readFileSync(`${out}dist/index.d.ts`));

const [{ filename }] = JSON.parse(execFileSync("npm", ["pack", "--json", "--pack-destination", at("target/npm")], { cwd: out, stdio: ["ignore", "pipe", "ignore"] }));
rmSync(at("target/npm/image-sources.tgz"), { force: true });
renameSync(at(`target/npm/${filename}`), at("target/npm/image-sources.tgz"));
console.log("target/npm/image-sources.tgz is written");
