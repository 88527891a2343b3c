// A gateway with jobs, as a deployment has it: keys and places come from the environment, for the object as well.
import { gateway, Jobs as LongJobs } from "image-sources/cloudflare";

export { Audit, RateLimits } from "image-sources/cloudflare";

export class Jobs extends LongJobs {
  /** What stands in the journal, secrets included. */
  stored() {
    return this.ctx.storage.sql.exec("SELECT * FROM items").toArray();
  }
}

const gate = gateway((env) => ({
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

export default {
  async fetch(request, env, ctx) {
    if (new URL(request.url).pathname !== "/stored") return gate.fetch(request, env, ctx);
    return Response.json(await env.JOBS.get(env.JOBS.idFromName("v1")).stored());
  },
};
