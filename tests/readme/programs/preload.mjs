// Loaded before a program: puts the sandbox in the place of the network. What it was asked is written to SANDBOX_LOG; with
// SANDBOX_CRASH_AFTER the program dies when so many requests have arrived.
import { writeFileSync } from "node:fs";
import { createSandbox } from "image-sources/sandbox";

const { SANDBOX_LOG, SANDBOX_CRASH_AFTER } = process.env;
const sandbox = createSandbox();
let requests = 0;
globalThis.fetch = async (...given) => {
  const answer = await sandbox.fetch(...given);
  if (++requests === Number(SANDBOX_CRASH_AFTER)) process.exit(0);
  return answer;
};

if (SANDBOX_LOG) {
  process.on("exit", () => {
    const asked = sandbox.log.map(({ provider, method, path, status, operation, body }) =>
      `${provider} ${method} ${path} ${status}${operation === "purge" ? ` ${body}` : ""}`,
    );
    writeFileSync(SANDBOX_LOG, JSON.stringify(asked));
  });
}
