// Builds with the condition of Vercel's edge runtime, then does what that runtime does with `.wasm?module`.
import { readFileSync, writeFileSync } from "node:fs";
import { register } from "node:module";
import { build } from "esbuild";

await build({
  entryPoints: ["main.mjs"],
  outfile: "dist/main.mjs",
  bundle: true,
  format: "esm",
  conditions: ["edge-light"],
  external: ["*.wasm?module"],
  logLevel: "error",
});
const bundle = readFileSync("dist/main.mjs", "utf8");
const specifiers = [...bundle.matchAll(/from "(\.\/[\w.]+\.wasm\?module)"/g)].map(([, specifier]) => specifier);
if (!specifiers.includes("./client.wasm?module")) throw new Error("the import of the module did not stay as it was");
if (bundle.length > 200_000) throw new Error("the bundle holds the module although it imports it");

const folder = new URL(".", import.meta.resolve("image-sources")).pathname;
const hooks = `
  import { readFileSync } from "node:fs";
  export const resolve = (specifier, context, next) =>
    specifier.endsWith(".wasm?module") ? { url: "edge:" + specifier.slice(2, -7), shortCircuit: true } : next(specifier, context);
  export const load = (url, context, next) =>
    url.startsWith("edge:")
      ? { format: "module", shortCircuit: true, source: 'import { readFileSync } from "node:fs"; export default new WebAssembly.Module(readFileSync(' + JSON.stringify(${JSON.stringify(folder)} + url.slice(5)) + '));' }
      : next(url, context);`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
const { run } = await import(new URL("dist/main.mjs", `file://${process.cwd()}/`));
console.log(await run(process.argv[2], process.argv[3]));
writeFileSync("dist/specifier.txt", specifiers.join("\n"));
