// Runs a built Worker in workerd, with the sandbox in the place of the network, and prints what it answers.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { createSandbox } from "image-sources/sandbox";
import { Miniflare, Response } from "miniflare";

const [folder, compatibilityDate, apiKey] = process.argv.slice(2);
const types = { ".js": "ESModule", wasm: "CompiledWasm" };
const modules = readdirSync(folder).flatMap((name) => {
  const type = types[name.slice(-3)] ?? types[name.slice(-4)];
  return type ? [{ type, path: join(folder, name) }] : [];
});
// workerd starts with the first one.
modules.sort((a) => (a.type === "ESModule" ? -1 : 1));

const sandbox = createSandbox();
const worker = new Miniflare({
  compatibilityDate,
  modules,
  bindings: { IMGIX_API_KEY: apiKey },
  outboundService: async ({ method, url, headers }) => {
    const answer = await sandbox.fetch(url, { method, headers: [...headers] });
    return new Response(await answer.arrayBuffer(), { status: answer.status, headers: [...answer.headers] });
  },
});
try {
  const answer = await worker.dispatchFetch("http://localhost/");
  console.log(JSON.stringify({ status: answer.status, body: await answer.json(), asked: sandbox.log.map(({ path }) => path) }));
} finally {
  await worker.dispose();
}
