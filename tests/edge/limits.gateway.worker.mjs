// A gateway with a binding for limits, whichever class it leads to.
import { gateway } from "image-sources/cloudflare";

export * from "image-sources/cloudflare";

export class Failing {
  constructor() {
    throw new Error("not today");
  }
}

export default gateway((env) => ({ ...env.OPTIONS, rateLimits: env.RATE_LIMITS }));
