// A gateway with jobs, as a deployment has it: keys and places come from the environment, for the object as well.
import { gateway, Jobs as LongJobs, RateLimits } from "image-sources/cloudflare";

export { RateLimits };
export { Audit } from "image-sources/cloudflare";

export class Jobs extends LongJobs {
  /** What stands in the journal, secrets included. */
  stored() {
    return this.ctx.storage.sql.exec("SELECT * FROM items").toArray();
  }
}

/** Its alarm fails each second time: before its work, or after it. */
export class Stumbling extends Jobs {
  rung = 0;

  async alarm() {
    const time = ++this.rung % 4;
    if (time == 1) throw new Error("not yet");
    await super.alarm();
    if (time == 3) throw new Error("not well");
  }
}

/** Each fifth slot is not to be had. */
export class Gone extends RateLimits {
  asked = 0;

  reserve(asked) {
    if (++this.asked % 5 == 2) throw new Error("gone");
    return super.reserve(asked);
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
