// A gateway whose counter of requests is a binding, or one that fails in some way.
import { gateway } from "image-sources/cloudflare";

const FAILING = {
  late: async () => {
    throw new Error("CANARY: not today");
  },
  "at once": () => {
    throw new Error("CANARY: not today");
  },
  "with nothing": () => undefined,
};

export default gateway((env) => ({ ...env.OPTIONS, callers: env.CALLERS ?? { limit: FAILING[env.HOW] } }));
