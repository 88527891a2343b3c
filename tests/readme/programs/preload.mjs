// Loaded before a program: puts the sandbox in the place of the network. What it was asked is written to SANDBOX_LOG.
import { writeFileSync } from "node:fs";
import { createSandbox } from "image-sources/sandbox";

const sandbox = createSandbox();
globalThis.fetch = sandbox.fetch;

if (process.env.SANDBOX_LOG) {
  process.on("exit", () => {
    const asked = sandbox.log.map(({ provider, method, path, status }) => `${provider} ${method} ${path} ${status}`);
    writeFileSync(process.env.SANDBOX_LOG, JSON.stringify(asked));
  });
}
