// Modules of the console without a browser: bundled with the package as it is built.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const at = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const folder = await mkdtemp(join(tmpdir(), "console-modules-"));
after(() => rm(folder, { recursive: true, force: true }));

/**
 * What some modules export, together: they share their state.
 *
 * @param {...string} paths Below `www/src`.
 */
export async function load(...paths) {
  const outfile = join(folder, `${paths.join("-").replace(/\W/g, "_")}.mjs`);
  await build({
    stdin: { contents: paths.map((path) => `export * from "./${path}";`).join("\n"), resolveDir: at("www/src"), loader: "ts" },
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    tsconfig: at("www/tsconfig.json"),
    alias: { "image-sources": at("target/npm/package/dist/index.js"), "image-sources/sandbox": at("target/npm/package/dist/sandbox.js") },
    logLevel: "warning",
  });
  return import(pathToFileURL(outfile).href);
}
