// The console as it is built, behind the local server with a sandbox, for browsers other than that of `support.mjs`.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { operations } from "../../../target/npm/package/dist/index.js";
import { createSandbox } from "../../../target/npm/package/dist/sandbox.js";
import { buildConsole } from "../../../www/build.mjs";
import { serve } from "../../../www/server.mjs";

/**
 * Runs with a server that is there as long as that takes.
 *
 * @param {{ sandboxFetch?: Function }} options As for `withConsole`.
 * @param {(given: { url: string, sandbox: object, folder: string }) => Promise<void>} run `folder` is empty and goes away.
 */
export async function withServer(options, run) {
  const folder = await mkdtemp(join(tmpdir(), "console-"));
  const sandbox = createSandbox({ settleMs: 0, deployMs: 300 });
  const { folder: staticDir } = await buildConsole(join(folder, "dist"));
  const server = await serve({ staticDir, sandboxFetch: options.sandboxFetch?.(sandbox) ?? sandbox.fetch, operations: operations() });
  try {
    await run({ url: server.url, sandbox, folder });
  } finally {
    await server.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
