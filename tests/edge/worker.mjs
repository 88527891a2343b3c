// A Worker as a user writes it, with its options from a binding.
import { gateway } from "image-sources/cloudflare";

export * from "image-sources/cloudflare";

export default gateway((env) => ({ ...env.OPTIONS, rateLimits: env.RATE_LIMITS, audit: env.AUDIT, jobs: env.JOBS, callers: env.CALLERS }));
