// `npm start`, or `npm start -- --worker` for the deployment's own Worker: builds everything and serves the console on this machine, with the sandbox behind it. A key in the
// environment puts the real service in the sandbox's place; it stays in this process.
import { fileURLToPath } from "node:url";
import { buildPackage, checkNode, MissingError, setUp } from "./setup.mjs";

const DEFAULT_PORT = 8787;
const PORTS_TRIED = 20;
const KEYS = { imgix: "IMGIX_API_KEY", imageboss: "IMAGEBOSS_API_KEY" };
const NAMES = { imgix: "imgix", imageboss: "ImageBoss" };

const at = (path) => new URL(`../../${path}`, import.meta.url).href;

/** The wanted port, or the next one that is free. */
async function listen(serve, options, wanted) {
  for (let port = wanted; ; port += 1) {
    try {
      return await serve({ ...options, port });
    } catch (failure) {
      if (failure.code !== "EADDRINUSE" || wanted === 0 || port >= wanted + PORTS_TRIED || port >= 65_535) throw failure;
    }
  }
}

function wantedPort(given = process.env.PORT) {
  const port = given ? Number(given) : DEFAULT_PORT;
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new MissingError(`PORT must be a number up to 65535, not \`${given}\``);
  return port;
}

/** The deployment's own Worker in workerd. What is done to the sandbox ends with it; what is noted of real accounts stays. */
async function worker({ upstreams, ...options }) {
  const { Miniflare } = await import("miniflare").catch(() => {
    throw new MissingError("miniflare is missing: `npm install --no-save miniflare@4.20260426.0`");
  });
  const { serveWorker } = await import(at("www/local.mjs"));
  const keys = Object.fromEntries(Object.entries(upstreams).map(([provider, { key }]) => [KEYS[provider], key]));
  const persist = Object.keys(keys).length ? fileURLToPath(at("target/local")) : undefined;
  return [serveWorker, { ...options, Miniflare, keys, persist }];
}

async function main() {
  checkNode();
  const port = wantedPort();
  const env = await setUp();
  console.log("building the package …");
  await buildPackage(env);
  console.log("building the console …");
  const { buildConsole } = await import(at("www/build.mjs"));
  const { originsOf } = await import(at("www/policy.mjs"));
  const connect = originsOf(process.env.CONSOLE_CONNECT);
  const { folder } = await buildConsole(undefined, { connect });

  const { serve } = await import(at("www/server.mjs"));
  const { operations } = await import(at("target/npm/package/dist/index.js"));
  const { createSandbox } = await import(at("target/npm/package/dist/sandbox.js"));
  const upstreams = {};
  for (const [provider, name] of Object.entries(KEYS)) if (process.env[name]) upstreams[provider] = { key: process.env[name] };
  const sandbox = createSandbox();
  const options = { staticDir: folder, sandboxFetch: sandbox.fetch, sandboxFaults: sandbox.faults, operations: operations(), upstreams, connect };
  const server = await listen(...(process.argv.includes("--worker") ? await worker(options) : [serve, options]), port);

  console.log(`\nThe console is at ${server.url}\n`);
  for (const [provider, name] of Object.entries(KEYS))
    console.log(`  ${NAMES[provider].padEnd(10)}${upstreams[provider] ? `LIVE account, by ${name}` : `sandbox (set ${name} for the real service)`}`);
  console.log("\nCtrl-C ends it.");

  const end = () => {
    process.removeListener("SIGINT", end);
    process.removeListener("SIGTERM", end);
    void server.close().then(() => process.exit(0));
  };
  process.once("SIGINT", end);
  process.once("SIGTERM", end);
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  main().catch((failure) => {
    // A stack helps nobody to install something.
    console.error(failure instanceof MissingError ? failure.message : failure);
    process.exitCode = 1;
  });
