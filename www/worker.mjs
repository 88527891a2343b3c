// The deployment: the console's files, and the gateway that holds the keys. `npm start` runs this very Worker on this machine.
import { Audit, gateway, Jobs as LongJobs, RateLimits } from "image-sources/cloudflare";
import { securityHeaders } from "./headers.mjs";
import { originsOf } from "./policy.mjs";
import { allows, settings } from "./settings.mjs";

export { Audit, RateLimits };

/** Goes on only as long as the deployment allows what a job does. */
export class Jobs extends LongJobs {
  allows(operation) {
    return allows(this.env, operation);
  }
}

const api = gateway(settings);

export default {
  async fetch(request, env, ctx) {
    const { pathname } = new URL(request.url);
    return /^\/api(\/|$)/.test(pathname) ? api.fetch(request, env, ctx) : page(request, env);
  },
};

/** A file of the console. They hold no secret; whoever may see them is for Access to say, which stands before the Worker. */
async function page(request, env) {
  const headers = securityHeaders({ connect: originsOf(env.CONSOLE_CONNECT) });
  if (request.method !== "GET" && request.method !== "HEAD") return new Response(null, { status: 405, headers: { allow: "GET, HEAD", ...headers } });
  const found = await env.ASSETS.fetch(request);
  const answer = new Response(found.body, found);
  for (const [name, value] of Object.entries(headers)) answer.headers.set(name, value);
  return answer;
}
