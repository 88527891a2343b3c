// A gateway for each set of options; a header says which.
import { gateway } from "image-sources/cloudflare";

export default { fetch: (request, env, ctx) => gateway(() => env.OPTIONS[request.headers.get("x-case")]).fetch(request, env, ctx) };
