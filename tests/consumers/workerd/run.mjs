// Bundles the Worker as `wrangler deploy` would, and runs it in workerd.
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Miniflare } from "miniflare";

const wrangler = fileURLToPath(import.meta.resolve("wrangler/package.json").replace("package.json", "bin/wrangler.js"));
const deploy = ["deploy", "worker.mjs", "--name", "consumer", "--compatibility-date", "2026-04-01", "--dry-run", "--outdir", "dist"];
execFileSync(process.execPath, [wrangler, ...deploy], {
  stdio: ["ignore", "ignore", "inherit"],
  env: { ...process.env, WRANGLER_SEND_METRICS: "false", CI: "true", WRANGLER_LOG_PATH: "dist" },
});
const types = { ".js": "ESModule", wasm: "CompiledWasm" };
const modules = readdirSync("dist").flatMap((name) => {
  const type = types[name.slice(-3)] ?? types[name.slice(-4)];
  return type ? [{ type, path: `dist/${name}` }] : [];
});
const wasm = modules.filter(({ type }) => type === "CompiledWasm");
// The modules of what is used stand beside the Worker as files, and not in it as text.
if (wasm.length < 1) throw new Error("no module stands beside the Worker");

const worker = new Miniflare({
  compatibilityDate: "2026-04-01",
  modules: [...modules.filter(({ type }) => type === "ESModule"), ...wasm],
});
try {
  const query = new URLSearchParams({ origin: process.argv[2], label: process.argv[3] });
  const answer = await worker.dispatchFetch(`http://localhost/?${query}`);
  if (!answer.ok) throw new Error(await answer.text());
  console.log(await answer.text());
} finally {
  await worker.dispose();
}
