// A gateway with jobs, as a deployment has it: keys and places come from the environment, for the object as well.
import { gateway } from "image-sources/cloudflare";

export * from "image-sources/cloudflare";

export default gateway((env) => ({
  providers: {
    imgix: { apiKey: env.IMGIX_API_KEY, baseUrl: env.IMGIX_BASE_URL },
    imageboss: { apiKey: env.IMAGEBOSS_API_KEY, baseUrl: env.IMAGEBOSS_BASE_URL, imageBaseUrl: env.IMAGEBOSS_IMAGE_BASE_URL },
  },
  limits: env.LIMITS,
  rateLimits: env.RATE_LIMITS,
  jobs: env.JOBS,
  audit: env.AUDIT,
  ...env.OPTIONS,
}));
