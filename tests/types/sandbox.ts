// The sandbox is a `fetch` for the clients.
import { Imgix } from "image-sources";
import { createSandbox, type Sandbox, type SandboxOptions } from "image-sources/sandbox";

const options: SandboxOptions = {
  seed: false,
  limits: { "imgix.default": { requests: 1, perMs: 1000 } },
  faults: { latencyMs: 5, rules: [{ kind: "429", times: 1, retryAfter: 2 }] },
  now: () => 0,
  sleep: async () => {},
};
const sandbox: Sandbox = createSandbox(options);
new Imgix({ apiKey: "ak_sandbox", fetch: sandbox.fetch });
createSandbox().faults();
sandbox.log[0]?.status satisfies number | undefined;
// @ts-expect-error no such fault
sandbox.faults({ rules: [{ kind: "418" }] });
// @ts-expect-error no such option
createSandbox({ sources: 60 });
// @ts-expect-error the log is not for writing
sandbox.log.push();
