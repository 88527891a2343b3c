// `npm start`: builds everything, and runs the deployment's own Worker on this machine, with the sandbox behind it. A key in the
// environment puts the real service in the sandbox's place; it goes to the Worker and nowhere else.
import { createHash } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildPackage, checkNode, MissingError, setUp } from "./setup.mjs";

const DEFAULT_PORT = 8787;
const PORTS_TRIED = 20;

const digest = (value) => createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 16);

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

/**
 * Serves what has been built.
 *
 * @param {{ port: number, env?: Record<string, string | undefined>, kept?: string }} options Of `env` the keys are taken; `kept` is the folder for what outlives it.
 * @returns {Promise<{ url: string, port: number, behind: string[], close(): Promise<void> }>} `behind` says what stands behind each provider.
 */
export async function start({ port, env = process.env, kept = fileURLToPath(at("target/local")) }) {
  const { buildConsole } = await import(at("www/build.mjs"));
  const { originsOf } = await import(at("www/policy.mjs"));
  const { serveWorker } = await import(at("www/local.mjs"));
  const { PROVIDERS } = await import(at("www/providers.mjs"));
  const { createSandbox } = await import(at("target/npm/package/dist/sandbox.js"));
  const connect = originsOf(env.CONSOLE_CONNECT);
  const { folder } = await buildConsole(undefined, { connect });
  const live = PROVIDERS.filter(({ variable }) => env[variable]);
  const sandbox = createSandbox();
  const server = await listen(
    serveWorker,
    {
      staticDir: folder,
      sandboxFetch: sandbox.fetch,
      sandboxFaults: sandbox.faults,
      keys: Object.fromEntries(live.map(({ variable }) => [variable, env[variable]])),
      connect,
      // What is done to the sandbox ends with it; what is noted of real accounts stays, and no job goes on with another account.
      ...(live.length && { persist: join(kept, digest(live.map(({ variable }) => [variable, env[variable]]))) }),
    },
    port,
  );
  const behind = PROVIDERS.map(({ title, variable }) => `${title.padEnd(24)}${env[variable] ? `LIVE account, by ${variable}` : `sandbox (set ${variable} for the real service)`}`);
  return { ...server, behind };
}

async function main() {
  checkNode();
  const port = wantedPort();
  const env = await setUp();
  console.log("building the package …");
  await buildPackage(env);
  console.log("building the console …");
  const server = await start({ port });

  console.log(`\nThe console is at ${server.url}\n\n  ${server.behind.join("\n  ")}\n\nCtrl-C ends it.`);

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
