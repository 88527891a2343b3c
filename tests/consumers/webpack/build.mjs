import { fileURLToPath } from "node:url";
import webpack from "webpack";

const path = fileURLToPath(new URL("dist", import.meta.url));
await new Promise((resolve, reject) => {
  webpack({ entry: "./main.js", output: { path } }, (failure, stats) => {
    if (failure || stats.hasErrors()) reject(failure ?? new Error(stats.toString("errors-only")));
    else resolve();
  });
});
