// The deployment on this machine: the very Worker, in workerd, with the sandbox behind it where no key is given.
import { generateKeyPairSync, randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { PROVIDERS, sandboxImagePath, sandboxPath, variablesOf } from "./providers.mjs";
import { serve } from "./server.mjs";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const PACKAGE = at("../target/npm/package/dist/");
/** Who that is; nobody else can get here. */
const NAME = "you@this-machine";

/** What the deployment says, without the words between. */
export const settings = () => JSON.parse(readFileSync(at("wrangler.jsonc"), "utf8").replace(/^\s*\/\/.*$/gm, ""));

/** Throws with the code EADDRINUSE if the port is taken; gives a free one for 0. */
const claim = (port) =>
  new Promise((resolve, reject) => {
    const probe = createServer().once("error", reject);
    probe.listen(port, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });

/** Variables for the account at a provider: the real one, or the sandbox. */
function accountOf(provider, key, behind) {
  const { apiKey, baseUrl, imageBaseUrl } = variablesOf(provider);
  if (key) return { [apiKey]: key };
  // No word that people write: wherever it stands in an answer it is masked, as any key is.
  return { [apiKey]: "ak_sandbox", [baseUrl]: behind + sandboxPath(provider), [imageBaseUrl]: provider.imageBaseUrl && behind + sandboxImagePath(provider) };
}

async function bundle() {
  const { outputFiles } = await build({
    entryPoints: [at("worker.mjs")], bundle: true, write: false, format: "esm", target: "es2022", legalComments: "none", logLevel: "warning",
    alias: { "image-sources/cloudflare": `${PACKAGE}cloudflare.js` }, external: ["*.wasm", "cloudflare:workers"],
  });
  const wanted = readdirSync(PACKAGE).filter((name) => name.endsWith(".wasm") && outputFiles[0].text.includes(`"./${name}"`));
  const wasm = wanted.map((name) => ({ type: "CompiledWasm", path: PACKAGE + name, contents: readFileSync(PACKAGE + name) }));
  return [{ type: "ESModule", path: `${PACKAGE}worker.js`, contents: outputFiles[0].text }, ...wasm];
}

/**
 * Starts it.
 *
 * @param {{ port?: number, staticDir: string, sandboxFetch: typeof fetch, sandboxFaults?: Function, keys?: Record<string, string>, connect?: string[], persist?: string }} options
 *   `keys` by the name of their variable; `persist` is a folder for what outlives a restart.
 * @returns {Promise<{ url: string, port: number, close(): Promise<void> }>}
 */
export async function serveWorker({ port: wanted = 0, staticDir, sandboxFetch, sandboxFaults, keys = {}, connect = [], persist }) {
  const port = await claim(wanted);
  const own = new URL(`http://127.0.0.1:${port}`).origin;
  const sandbox = await serve({ sandboxFetch, sandboxFaults, origin: own });
  const behind = sandbox.url.replace(/\/$/, "");
  const accounts = Object.assign({}, ...PROVIDERS.map((provider) => accountOf(provider, keys[provider.variable], behind)));
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const access = { TEAM: own, AUDIENCE: randomUUID() };
  const { name, compatibility_date: compatibilityDate, vars, durable_objects: objects, ratelimits, assets } = settings();
  // Items of jobs lie in it as long as they are not done, and may hold secrets.
  if (persist) mkdirSync(persist, { recursive: true, mode: 0o700 });
  const flare = new Miniflare({
    host: "127.0.0.1",
    port,
    // Otherwise it asks the network where this machine is.
    cf: false,
    ...(persist && { durableObjectsPersist: persist }),
    workers: [
      {
        name: "access", compatibilityDate,
        modules: [{ type: "ESModule", path: at("access.mjs"), contents: readFileSync(at("access.mjs"), "utf8") }], modulesRoot: at("."),
        bindings: { ...access, NAME, OWN: own, SANDBOX: behind, SANDBOX_PLACES: ["/images/", "/storage/", "/reports/", ...PROVIDERS.map((provider) => `${sandboxPath(provider)}/`)], PRIVATE_KEY: privateKey.export({ format: "jwk" }), PUBLIC_KEY: { ...publicKey.export({ format: "jwk" }), kid: "local", alg: "RS256", use: "sig" } },
        serviceBindings: { WORKER: name },
      },
      {
        name, compatibilityDate, modules: await bundle(), modulesRoot: PACKAGE,
        bindings: { ...vars, ...accounts, ACCESS_TEAM: access.TEAM, ACCESS_AUDIENCE: access.AUDIENCE, ALLOW_WRITE: "yes", ALLOW_DELETE: "yes", REVEAL_TO: NAME, CONSOLE_CONNECT: connect.join(" ") },
        durableObjects: Object.fromEntries(objects.bindings.map(({ name, class_name: className }) => [name, { className, useSQLite: true }])),
        ratelimits: Object.fromEntries(ratelimits.map(({ name, simple }) => [name, { simple }])),
        assets: { directory: staticDir, binding: assets.binding, routerConfig: { invoke_user_worker_ahead_of_assets: true, has_user_worker: true } },
      },
    ],
  });
  const close = async () => {
    await flare.dispose();
    await sandbox.close();
  };
  try {
    await flare.ready;
  } catch (failure) {
    await close().catch(() => {});
    throw failure;
  }
  return { url: `${own}/`, port, close };
}
