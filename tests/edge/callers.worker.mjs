// A gateway whose counter of requests is a binding, or one that always fails.
import { gateway } from "image-sources/cloudflare";

const failing = {
  limit: async () => {
    throw new Error("CANARY: not today");
  },
};

export default gateway((env) => ({ ...env.OPTIONS, callers: env.CALLERS ?? failing }));
