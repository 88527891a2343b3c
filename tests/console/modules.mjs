// Modules of the console without a page around them: what is pure can be asked directly.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

import { build } from "esbuild";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const folder = await mkdtemp(join(tmpdir(), "modules-"));
after(() => rm(folder, { recursive: true, force: true }));

let count = 0;

/** Loads modules below `www/src` as one. */
export async function load(...paths) {
  const outfile = join(folder, `${(count += 1)}.mjs`);
  await build({
    stdin: { contents: paths.map((path) => `export * from "./${path}";`).join("\n"), resolveDir: at("../../www/src") },
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    tsconfig: at("../../www/tsconfig.json"),
    alias: { "image-sources": at("../../target/npm/package/dist/index.js") },
    logLevel: "warning",
  });
  return import(pathToFileURL(outfile).href);
}
