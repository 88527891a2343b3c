// Rollup itself resolves no packages: the plugin is part of every project that uses some.
import resolve from "@rollup/plugin-node-resolve";
import { rollup } from "rollup";

const bundle = await rollup({ input: "main.js", plugins: [resolve()] });
await bundle.write({ file: "dist/main.js" });
