// `image-sources/cloudflare`: for Workers. The gateway that holds the keys, and what many isolates share.
export { Audit } from "./cloudflare/audit.js";
export { gateway } from "./cloudflare/gateway.js";
export { Jobs } from "./cloudflare/jobs.js";
export { durableLimiter } from "./cloudflare/limiter.js";
export { RateLimits } from "./cloudflare/rate-limits.js";
