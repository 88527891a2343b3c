// The last step of the build: bundles the TypeScript for each way of loading, and packs the folder into a tarball.
// Run by the build tool, which has put glue, modules and tables into target/npm/generated.
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { modules } from "./modules.mjs";

const root = new URL("../../", import.meta.url);
const at = (path) => fileURLToPath(new URL(path, root));
const out = at("target/npm/package/");

const entries = [
  { name: "index", entry: "index.ts", cjs: true },
  { name: "sandbox", entry: "sandbox.entry.ts", cjs: false },
  // For Workers alone, so in one form; what it needs of the client it takes from the client's own file.
  { name: "cloudflare", entry: "cloudflare.entry.ts", cjs: false, only: "workerd" },
  // Holds no module at all.
  { name: "redis", entry: "redis.entry.ts", cjs: false, only: "inline" },
];

/** File name suffix, module format, how the module is loaded. */
const forms = [
  [".js", "esm", "inline"],
  [".workerd.js", "esm", "workerd"],
  [".edge.js", "esm", "edge"],
  [".cjs", "cjs", "inline"],
];

// What a program makes of the text must be the module, byte for byte.
for (const name of ["client", "tools", "plan", "sandbox"]) {
  const { bytes } = await import(at(`target/npm/generated/${name}.inline.js`));
  if (!readFileSync(at(`target/npm/generated/${name}.wasm`)).equals(bytes())) throw new Error(`the text of ${name}.wasm gives another module`);
}

for (const { name, entry, cjs, only = undefined } of entries)
  for (const [usual, format, kind] of forms) {
    if ((format == "cjs" && !cjs) || (only && only != kind)) continue;
    const suffix = only ? ".js" : usual;
    await build({
      entryPoints: [at(`pkg-template/src/${entry}`)],
      outfile: `${out}dist/${name}${suffix}`,
      bundle: true,
      format,
      target: "es2022",
      // The published files are meant to be read; whoever bundles them minifies them. Only comments go.
      minifyWhitespace: false,
      legalComments: "none",
      external: ["*.wasm", "*.wasm?module", "cloudflare:workers", "./index.workerd.js"],
      ...(only && { alias: { "#client": "./index.workerd.js" } }),
      loader: { ".lua": "text" },
      plugins: [modules(kind)],
      logLevel: "warning",
    });
  }

mkdirSync(`${out}dist`, { recursive: true });
copyFileSync(at("pkg-template/package.json"), `${out}package.json`);
for (const name of ["README.md", "CHANGELOG.md", "LICENSE-MIT", "LICENSE-APACHE"]) copyFileSync(at(name), out + name);
for (const name of ["index", "sandbox", "cloudflare", "redis"]) copyFileSync(at(`pkg-template/types/${name}.d.ts`), `${out}dist/${name}.d.ts`);
// Of others' work there is one library in the package, and its licence wants to go with it.
copyFileSync(new URL("LICENSE.md", pathToFileURL(createRequire(at("pkg-template/src/")).resolve("jose/package.json"))), `${out}dist/cloudflare.LICENSE-jose.md`);
writeFileSync(`${out}dist/index.d.cts`, readFileSync(`${out}dist/index.d.ts`));

const [{ filename }] = JSON.parse(execFileSync("npm", ["pack", "--json", "--pack-destination", at("target/npm")], { cwd: out, stdio: ["ignore", "pipe", "ignore"] }));
rmSync(at("target/npm/image-sources.tgz"), { force: true });
renameSync(at(`target/npm/${filename}`), at("target/npm/image-sources.tgz"));
console.log("target/npm/image-sources.tgz is written");
