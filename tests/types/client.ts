// Clients, calls, lists, dry runs.
import {
  ImageBoss,
  type ImageBossOptions,
  type ImageBossSource,
  Imgix,
  type ImgixOptions,
  type ImgixSource,
  type Limiter,
  type Page,
  type PreparedRequest,
} from "image-sources";

const imgix = new Imgix({ apiKey: "k" });
const boss = new ImageBoss({ apiKey: "k", imageBaseUrl: "https://img.example.com" });
const signal = new AbortController().signal;

// Access: a key, or a gateway that holds it; one of them.
new Imgix({ gateway: { url: "/api/imgix", credentials: "include", token: async () => "t" } });
new Imgix({ gateway: { url: "/api/imgix", token: "t" } });
// @ts-expect-error no access
new Imgix({});
// @ts-expect-error no options
new Imgix();
// @ts-expect-error both
new Imgix({ apiKey: "k", gateway: { url: "/api" } });
// @ts-expect-error the gateway's address is missing
new Imgix({ gateway: { token: "t" } });
// @ts-expect-error a value that `fetch` does not know
new Imgix({ gateway: { url: "/api", credentials: "always" } });
// @ts-expect-error only ImageBoss has an image host of its own
new Imgix({ apiKey: "k", imageBaseUrl: "https://img.example.com" });

const limiter: Limiter = { reserve: () => 0 };
({
  reserve: async (account, rateClass, { requests, perMs }) => (rateClass === account ? requests : perMs),
  release: (account, rateClass) => [account, rateClass],
  async close(_account, _rateClass, ms) {
    ms satisfies number;
  },
}) satisfies Limiter;
// @ts-expect-error a limiter gives slots
({ release() {} }) satisfies Limiter;
const options: ImgixOptions = {
  apiKey: "k",
  baseUrl: "http://localhost:8787",
  fetch: (input, init) => fetch(input, init),
  headers: { "x-trace": "1" },
  timeoutMs: 1000,
  deadlineMs: 5000,
  retries: 0,
  limits: { default: { requests: 2, perMs: 1000 }, "sources.create": null },
  limiter,
  responseCheck: "error",
  onEvent(event) {
    if (event.type === "wait") [event.rateClass, event.ms] satisfies [string, number];
    if (event.type === "retry") [event.attempt, event.afterMs, event.because] satisfies [number, number, string];
    if (event.type === "drift") [event.path, event.expected, event.found] satisfies string[];
    if (event.type === "end") event.mayHaveHappened satisfies boolean;
    if (event.type === "warning") event.problems[0]?.message satisfies string | undefined;
    // @ts-expect-error not every event has a URL
    event.url;
  },
};
options satisfies Omit<ImageBossOptions, "imageBaseUrl">;
// @ts-expect-error no such class
new Imgix({ apiKey: "k", limits: { sourcesCreate: null } });
// @ts-expect-error a limit needs a window
new Imgix({ apiKey: "k", limits: { default: { requests: 2 } } });
// @ts-expect-error not one of the known ways
new Imgix({ apiKey: "k", responseCheck: "strict" });
// @ts-expect-error no such option
new Imgix({ apiKey: "k", retry: 3 });

// Lists.
async function lists() {
  const first = await imgix.sources.list({
    filter: { "deployment.type": "s3", enabled: true },
    sort: ["-date_deployed"] as const,
    fields: ["name", "deployment.type"],
    page: { number: 0, size: 50 },
    prefetch: true,
    signal,
  });
  first satisfies Page<ImgixSource>;
  first.items[0]?.deployment?.type satisfies string | undefined;
  first.total satisfies number | undefined;
  const second = await first.next({ signal });
  second?.items satisfies ImgixSource[] | undefined;
  // @ts-expect-error there may be no second page
  second.items;

  for await (const source of imgix.sources.list()) source.id satisfies string;
  for await (const page of boss.sources.list().pages()) page.items satisfies ImageBossSource[];
  const [pages, mapped] = await Promise.all([imgix.sources.list(), imgix.sources.list().then((page) => page.items.length)]);
  pages satisfies Page<ImgixSource>;
  mapped satisfies number;
  (await imgix.sources.list().catch(() => null)) satisfies Page<ImgixSource> | null;
  imgix.sources.list().finally(() => {}) satisfies Promise<Page<ImgixSource>>;
  imgix.sources.list() satisfies PromiseLike<Page<ImgixSource>>;
  // @ts-expect-error a list is no array
  imgix.sources.list().length;
  // @ts-expect-error ImageBoss has one page only, without a query
  boss.sources.list({ page: { number: 1 } });
  // @ts-expect-error assets have cursors, sources have not
  imgix.sources.list({ page: { cursor: "0" } });
}

// Calls.
async function calls() {
  (await imgix.sources.get("id", { signal, timeoutMs: 1, deadlineMs: 1, retries: 1 })) satisfies ImgixSource;
  (await imgix.sources.enable("id")) satisfies ImgixSource;
  (await imgix.sources.disable("id")) satisfies ImgixSource;
  (await boss.sources.delete("id")) satisfies void;
  (await boss.sources.get("id")) satisfies ImageBossSource;
  await imgix.sources.update("id", { deployment: { cache_ttl_value: 60 } }, { replaceDeployment: true, extra: { "deployment.future": [1] } });
  await boss.sources.update("id", {}, { extra: { "credential_attributes.account_id": "a" } });
  // @ts-expect-error an id is a string
  imgix.sources.get(1);
  // @ts-expect-error the id is missing
  imgix.sources.get();
  // @ts-expect-error imgix cannot delete
  imgix.sources.delete("id");
  // @ts-expect-error ImageBoss cannot disable
  boss.sources.disable("id");
  // @ts-expect-error what is read sends no attributes
  imgix.sources.get("id", { extra: {} });
  // @ts-expect-error nothing is replaced at ImageBoss
  boss.sources.update("id", {}, { replaceDeployment: true });
  // @ts-expect-error not JSON
  imgix.sources.update("id", {}, { extra: { a: () => 1 } });
  // @ts-expect-error methods stay what they are
  imgix.sources = boss.sources;
}

// Dry runs take the same and give requests.
async function dry() {
  (await imgix.dryRun.sources.list({ sort: ["name"] })) satisfies PreparedRequest;
  (await boss.dryRun.sources.delete("id")) satisfies PreparedRequest;
  (await imgix.dryRun.sources.update("id", { name: "n" })).body satisfies string | undefined;
  // @ts-expect-error the same arguments
  imgix.dryRun.sources.get();
  // @ts-expect-error the same methods
  imgix.dryRun.sources.delete("id");
}

// What is read is open, and may be missing.
declare const source: ImgixSource;
source.deployment?.type === "something new";
if (source.deployment?.type === "s3") source.deployment.s3_bucket satisfies string | undefined;
source.deployment?.["robots.txt"] satisfies string | undefined;
source.deployment?.default_params?.["auto"] satisfies string | undefined;
source.date_deployed satisfies number | null | undefined;
// @ts-expect-error may be missing
source.name.length;
// @ts-expect-error secrets never come back
source.deployment?.s3_secret_key;
// @ts-expect-error no index signature
source.nonsense;
declare const stored: ImageBossSource;
stored.credentials?.secret satisfies string | undefined;
stored.credentials?.require_token satisfies boolean | "true" | "false" | undefined;
// @ts-expect-error write-only
stored.credential_attributes;

export { calls, dry, lists };
