// A gateway with a binding for the audit, whichever class it leads to.
import { gateway } from "image-sources/cloudflare";

export * from "image-sources/cloudflare";

export class Failing {
  constructor() {
    throw new Error("not today");
  }
}

export default gateway((env) => ({ ...env.OPTIONS, audit: env.AUDIT }));
