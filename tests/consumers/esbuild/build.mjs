import { build } from "esbuild";

await build({ entryPoints: ["main.js"], outfile: "dist/main.js", bundle: true });
