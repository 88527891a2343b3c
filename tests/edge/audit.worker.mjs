// A gateway with a binding for the audit, whichever class it leads to.
import { DurableObject } from "cloudflare:workers";
import { Audit, gateway } from "image-sources/cloudflare";

export * from "image-sources/cloudflare";

/** Never tells that it has noted anything, or only never that something has ended. */
export class Hanging extends DurableObject {
  begin() {
    return new Promise(() => setTimeout(() => {}, 60_000));
  }
}
export class NeverEnding extends Audit {
  end() {
    return new Promise(() => setTimeout(() => {}, 60_000));
  }
}

export class Failing {
  constructor() {
    throw new Error("not today");
  }
}

export default gateway((env) => ({ ...env.OPTIONS, audit: env.AUDIT }));
