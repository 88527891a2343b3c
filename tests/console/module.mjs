// A module of the console on its own, for tests of what needs no page.
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const at = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** @param {string} path Below `www/src`. */
export async function load(path) {
  const { outputFiles } = await build({
    entryPoints: [at(`www/src/${path}`)],
    bundle: true,
    write: false,
    format: "esm",
    charset: "utf8",
    tsconfig: at("www/tsconfig.json"),
    alias: { "image-sources": at("target/npm/package/dist/index.js") },
    logLevel: "warning",
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);
}
