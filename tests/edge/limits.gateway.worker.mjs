// A gateway with a binding for limits, whichever class it leads to.
import { gateway, RateLimits } from "image-sources/cloudflare";

export * from "image-sources/cloudflare";

export class Failing {
  constructor() {
    throw new Error("not today");
  }
}

/** Never answers how things stand, or fails at it; slots are to be had all the same. */
export class Silent extends RateLimits {
  counts() {
    return new Promise(() => setTimeout(() => {}, 60_000));
  }
}
export class Blind extends RateLimits {
  counts() {
    throw new Error("not today");
  }
}

export default gateway((env) => ({ ...env.OPTIONS, rateLimits: env.RATE_LIMITS }));
