// From where it may be asked: the gateway's own pages, those that are listed, and programs that are no browsers. A sign-in by
// cookie goes along with whatever any page sends, so writes must also prove that a page meant them.
import { Refusal } from "./refuse.js";
import type { Settings } from "./settings.js";

/** Only scripts can set it, and scripts of other origins only after asking. */
export const OWN_HEADER = "x-image-sources";

/** What a form of any page can send without asking. */
const SIMPLE = /^\s*(application\/x-www-form-urlencoded|multipart\/form-data|text\/plain)\s*(;|$)/i;

/** The listed origin that asks; nothing for one's own pages and for programs. Throws for all others. */
export function origin({ origins }: Settings, request: Request, ambient: boolean): string | undefined {
  const { headers, method } = request;
  const own = new URL(request.url).origin;
  const given = headers.get("origin");
  const site = headers.get("sec-fetch-site");
  const listed = given !== null && origins.has(given) ? given : undefined;
  const refused = new Refusal("origin-refused", "pages of this origin may not ask");
  if (given !== null && given !== own && !listed) throw refused;
  // Old browsers do not say it; no page can make a browser say something else.
  if (site !== null && !listed && site != "same-origin" && !(site == "none" && method == "GET")) throw refused;
  if (!ambient || method == "GET") return listed;
  // A browser says its page's origin with whatever writes; a program that signs in to Access has the header instead.
  if (given === null && !headers.has(OWN_HEADER)) throw refused;
  const type = headers.get("content-type");
  const asked = headers.has(OWN_HEADER) || (method != "POST" && method != "GET") || (type !== null && !SIMPLE.test(type));
  if (!asked && (listed || site === null)) throw new Refusal("header-required", `writes need the header \`${OWN_HEADER}\``);
  return listed;
}

/** What pages of a listed origin are told. */
export const allowing = (listed: string | undefined): Record<string, string> => ({
  vary: "Origin",
  ...(listed && {
    "access-control-allow-origin": listed,
    "access-control-allow-credentials": "true",
    "access-control-expose-headers": "date, retry-after, x-request-id",
    "cross-origin-resource-policy": "cross-origin",
  }),
});

/** The answer to a browser that asks whether its page may ask. It carries no sign-in, so it is answered the same for every path. */
export function preflight({ origins }: Settings, { headers }: Request): Response {
  const given = headers.get("origin");
  if (given === null || !origins.has(given)) throw new Refusal("origin-refused", "pages of this origin may not ask");
  return new Response(null, {
    status: 204,
    headers: {
      ...allowing(given),
      "access-control-allow-methods": "GET, POST, PATCH, DELETE",
      "access-control-allow-headers": `accept, authorization, content-type, ${OWN_HEADER}, x-reveal-secrets`,
      "access-control-max-age": "600",
    },
  });
}
