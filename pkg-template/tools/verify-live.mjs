// `npm run verify-live`: what do the real services do that is not known for certain? For a person with keys in the environment.
// It reads and never writes, and its report can be shown to anybody: keys, ids, names and addresses are replaced in it.
//   IMGIX_API_KEY=… IMAGEBOSS_API_KEY=… npm run verify-live
//   node pkg-template/tools/verify-live.mjs [--imgix-base URL] [--imageboss-base URL] [--pause-ms N]
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";

import { buildPackage, checkNode, MissingError, ROOT, setUp } from "./setup.mjs";

const READS = ["GET", "HEAD", "OPTIONS"];
const TIMEOUT_MS = 30_000;
const PAGE_SIZES = [1, 100, 1_000, 10_000];
const ORIGIN = "https://example.com";
const NO_ID = "000000000000000000000000";
const NO_KEY = "not-a-key";
/** Headers whose values tell something and hold nothing of the account. */
const TELLING = /^(content-type|retry-after|vary|cache-control|allow|access-control-.*|.*ratelimit.*)$/;
/** Attributes whose values are words of the provider, and no account's. */
const VOCABULARY = ["type", "deployment_status", "cache_ttl_behavior", "source_type", "service_type", "media_kind", "storage_provider", "report_type", "robots.txt"];
/** Objects whose members are named by the account. */
const FREE = ["custom_fields", "tags", "colors", "default_params"];

/** Stands before and behind what a provider said, until the report is scrubbed. */
const SAID = "\u0001";
/** Values of this length are not met by chance within other words. */
const LONG = 8;

/** Replaces what is the account's by names that stay the same through the report. */
class Placeholders {
  #known = new Map();
  #counts = {};
  #words;

  constructor(words) {
    this.#words = new Set(words);
  }

  add(value, kind) {
    if (typeof value !== "string" || value.length < 3 || this.#words.has(value) || this.#known.has(value)) return;
    this.#counts[kind] = (this.#counts[kind] ?? 0) + 1;
    this.#known.set(value, `<${kind}-${this.#counts[kind]}>`);
    for (const form of [encodeURIComponent(value), JSON.stringify(value).slice(1, -1), Buffer.from(value).toString("base64")])
      if (form.length > 3 && !this.#known.has(form)) this.#known.set(form, this.#known.get(value));
  }

  /** Notes every string below, whatever its place; only words of the provider's are none of the account's. */
  addAll(value, kind, name = "") {
    if (Array.isArray(value)) for (const item of value) this.addAll(item, kind, name);
    else if (value !== null && typeof value === "object")
      for (const [key, inner] of Object.entries(value)) {
        if (FREE.includes(name)) this.add(key, "key");
        this.addAll(inner, FREE.includes(name) ? "value" : key.replaceAll("_", "-").toLowerCase(), key);
      }
    else if (!VOCABULARY.includes(name) || !/^[A-Za-z][\w -]{0,23}$/.test(String(value))) this.add(value, kind);
  }

  /** Scrubs a report: thoroughly where a provider speaks, and where we do of everything that cannot be one of our words. */
  scrubReport(text) {
    const own = [...this.#known].filter(([value]) => value.length >= LONG);
    const parts = text.split(SAID).map((part, place) => (place % 2 ? this.#scrub(part) : replaced(part, own)));
    return parts.join("");
  }

  #scrub(text) {
    let clean = replaced(text, [...this.#known]);
    // What no answer has shown as a value of its own.
    const patterns = { email: /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g, url: /\bhttps?:\/\/[^\s"'<>`)]+/g, key: /\bak_\w+/g, hex: /\b(?=[0-9a-f-]*\d)[0-9a-f][0-9a-f-]{15,}\b/gi };
    for (const [kind, pattern] of Object.entries(patterns))
      clean = clean.replace(pattern, (found) => {
        if (found === ORIGIN || found === NO_ID) return found;
        this.add(found, kind);
        return this.#known.get(found) ?? `<${kind}>`;
      });
    return clean;
  }
}

/** Replaces values by their names, in one go so that no name is taken for a value. Short ones are whole words only. */
function replaced(text, known) {
  if (!known.length) return text;
  const patterns = known
    .sort(([a], [b]) => b.length - a.length)
    .map(([value]) => {
      const literal = value.replace(/[$()*+.?[\\\]^{|}]/g, "\\$&");
      return value.length >= LONG ? literal : `(?<![A-Za-z0-9])${literal}(?![A-Za-z0-9])`;
    });
  const names = new Map(known);
  return text.replace(new RegExp(patterns.join("|"), "g"), (found) => names.get(found));
}

/** The attributes that the package declares, by the name of its interface. */
function declared(types) {
  const found = {};
  for (const [, name, body] of types.matchAll(/^export interface (\w+)[^{]*\{\n([^]*?)^\}/gm))
    found[name] = [...body.matchAll(/^ {2}(?:readonly )?"?([\w.]+)"?\??:/gm)].map(([, attribute]) => attribute);
  return found;
}

const said = (text) => SAID + text.replaceAll(SAID, "") + SAID;
const kindOf = (value) => (value === null ? "null" : Array.isArray(value) ? "list" : typeof value);
const count = (number, one) => `${number} ${one}${number === 1 ? "" : "s"}`;
const list = (items) => (items.length ? items.map((item) => `\`${item}\``).join(", ") : "none");

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The names and kinds in a value: what can be told of it without telling it. */
function shape(value, depth = 2) {
  if (Array.isArray(value)) return value.length ? `[${shape(value[0], depth - 1)}]` : "[]";
  if (value === null || typeof value !== "object") return kindOf(value);
  if (depth === 0) return "{…}";
  return `{${Object.entries(value).map(([name, inner]) => `${name}: ${FREE.includes(name) ? "{…}" : shape(inner, depth - 1)}`).join(", ")}}`;
}

class Service {
  lines = [];
  drift = new Set();
  headers = new Set();
  telling = new Map();

  constructor({ base, key, authorize, placeholders, pauseMs }) {
    Object.assign(this, { base, key, authorize, placeholders, pauseMs });
  }

  say(line) {
    this.lines.push(`- ${line}`);
  }

  heading(text) {
    this.lines.push("", `### ${text}`, "");
  }

  /** The only way out: whatever asks, nothing but a read leaves. */
  fetch = async (url, init = {}) => {
    const method = (init.method ?? "GET").toUpperCase();
    if (!READS.includes(method)) throw new Error(`${method} is no read`);
    await pause(this.pauseMs);
    const answer = await fetch(url, { ...init, method, redirect: "manual", signal: init.signal ?? AbortSignal.timeout(TIMEOUT_MS) });
    for (const [name, value] of answer.headers) {
      this.headers.add(name);
      if (TELLING.test(name) && !name.startsWith("access-control")) this.telling.set(name, value);
    }
    return answer;
  };

  /** Asks for a path below the base address, or for a whole address; a failure of the network is told and not thrown. */
  async ask(path, { key = this.key, method = "GET", headers = {} } = {}) {
    const url = /^https?:/.test(path) ? path : `${this.base}/${path}`;
    const given = key === null ? {} : Object.fromEntries([this.authorize(key)]);
    try {
      const answer = await this.fetch(url, { method, headers: { accept: this.accept, ...given, ...headers } });
      const text = await answer.text();
      if (answer.status === 200) this.placeholders.addAll(parsed(text)?.meta?.authentication ?? {}, "account");
      return { status: answer.status, headers: answer.headers, text, json: parsed(text), type: answer.headers.get("content-type") ?? "none" };
    } catch (failure) {
      return { status: 0, headers: new Headers(), text: "", json: undefined, type: "none", failure: failure.cause?.code ?? failure.name };
    }
  }

  /** A refusal, as far as it can be told. */
  told({ status, json, text, type, failure }) {
    if (failure) return `no answer (${failure})`;
    const words = json === undefined ? said(JSON.stringify(text.replace(/<[^>]*>/g, " ").trim().slice(0, 120))) : shape(json, 4);
    const errors = [json?.errors ?? json?.error ?? json?.message ?? []].flat();
    const told = errors.map((error) => (typeof error === "string" ? error : [error?.title, error?.detail].filter(Boolean).join(": "))).filter(Boolean);
    return `${status}, ${type}, ${words}${told.length ? `, says ${said(JSON.stringify(told.join("; ").slice(0, 300)))}` : ""}`;
  }

  onEvent = (event) => {
    if (event.type === "drift") this.drift.add(`\`${event.path.replace(/\d+/g, "#")}\` is declared as ${event.expected} and comes as ${event.found}`);
  };

  /** Attributes that no table declares, with the kinds that came. */
  strange(resources, known, where, within = (resource) => resource) {
    const found = new Map();
    for (const resource of resources)
      for (const [name, value] of Object.entries(within(resource) ?? {}))
        if (!known.includes(name)) found.set(name, new Set([...(found.get(name) ?? []), kindOf(value)]));
    for (const [name, kinds] of found) this.say(`unknown attribute of ${where}: \`${name}\` (${[...kinds].join(", ")})`);
    if (!found.size) this.say(`no unknown attribute of ${where}, in ${count(resources.length, "answer")}`);
  }

  values(resources, name, get) {
    const all = new Set(resources.map(get).filter((value) => typeof value === "string" && /^[A-Za-z][\w -]{0,23}$/.test(value)));
    this.say(`values of \`${name}\`: ${list([...all].sort())}`);
  }

  async cors(path, headers) {
    this.heading("CORS: can a page ask?");
    for (const method of ["GET", "POST", "PATCH", "DELETE"]) {
      const asked = { origin: ORIGIN, "access-control-request-method": method, "access-control-request-headers": headers };
      const answer = await this.ask(path, { key: null, method: "OPTIONS", headers: asked });
      const allows = [...answer.headers].filter(([name]) => name.startsWith("access-control-")).map(([name, value]) => `\`${name}: ${said(value)}\``);
      this.say(`OPTIONS for ${method}: ${answer.failure ? `no answer (${answer.failure})` : answer.status}, ${allows.join(", ") || "allows nothing"}`);
    }
    const answer = await this.ask(path, { headers: { origin: ORIGIN } });
    this.say(`GET of another origin: allowed origin ${said(answer.headers.get("access-control-allow-origin") ?? "none")}, exposed headers ${said(answer.headers.get("access-control-expose-headers") ?? "none")}`);
  }

  async refusals(path) {
    this.heading("Refusals");
    const without = await this.ask("sources", { key: null });
    const wrong = await this.ask("sources", { key: NO_KEY });
    this.say(`without a key: ${this.told(without)}`);
    this.say(`with a wrong key: ${this.told(wrong)}`);
    this.say(`an id that is not there: ${this.told(await this.ask(`sources/${NO_ID}`))}`);
    this.say(`no id at all: ${this.told(await this.ask("sources/x"))}`);
    this.say(`no such path: ${this.told(await this.ask(path))}`);
  }

  end() {
    this.heading("Headers and drift");
    this.say(`names of the headers that came: ${list([...this.headers].sort())}`);
    for (const [name, value] of [...this.telling].sort()) this.say(`\`${name}: ${said(value)}\``);
    if (!["retry-after", ...this.headers].some((name) => /ratelimit/.test(name))) this.say("no header tells of rate limits");
    for (const line of this.drift) this.say(`drift: ${line}`);
    if (!this.drift.size) this.say("no drift: every declared attribute has its declared type");
  }
}

/** The first answer decides whether there is anything to verify; words for a person if there is not. */
async function reach(service, name, variable) {
  const first = await service.ask("sources");
  if (first.failure) return `${name} cannot be reached (${first.failure}): is this machine online, and is the address right?`;
  if (first.status === 401) return `${name} answers 401: the key in ${variable} is not valid there`;
  if (first.status === 403) service.say("the key may not read sources (403): what follows is little");
  else if (first.status >= 500) return `${name} answers ${first.status}: try again later`;
  return undefined;
}

/** A question whose answer fails says so, and the next one is asked. */
async function attempt(service, what, work) {
  try {
    await work();
  } catch (failure) {
    service.say(`${what}: not found out (${failure.name}${failure.status ? ` ${failure.status}` : ""})`);
  }
}

async function imgix(service, { Imgix, known }) {
  const client = new Imgix({ apiKey: service.key, baseUrl: service.base, fetch: service.fetch, onEvent: service.onEvent, retries: 0 });
  const { placeholders } = service;
  service.accept = "application/vnd.api+json";
  const trouble = await reach(service, "imgix", "IMGIX_API_KEY");
  if (trouble) return trouble;
  let sources = [];

  service.heading("Sources");
  await attempt(service, "the list", async () => {
    const page = await client.sources.list({ page: { size: 100 } });
    sources = page.items;
    placeholders.addAll(sources, "source");
    service.say(`the list is read: ${count(sources.length, "source")} on the first page, ${page.total === undefined ? "no total" : "a total"}, ${page.hasMore ? "more follow" : "no more"}`);
    service.strange(sources, [...known.ImgixSource, "id", "relationships", "attributes"], "sources");
    for (const type of [...new Set(sources.map((source) => source.deployment?.type))].filter((type) => /^\w{1,24}$/.test(type ?? "")).sort())
      service.strange(sources.filter((source) => source.deployment?.type === type), known.ImgixDeployment, `deployments of type \`${type}\``, (source) => source.deployment);
    service.values(sources, "deployment.type", (source) => source.deployment?.type);
    service.values(sources, "deployment.storage_provider", (source) => source.deployment?.storage_provider);
    service.values(sources, "deployment_status", (source) => source.deployment_status);
  });
  await attempt(service, "one source", async () => {
    if (!sources.length) return service.say("no source to read alone");
    const one = await client.sources.get(sources[0].id);
    placeholders.addAll(one, "source");
    return service.say(`a source read alone ${Object.keys(one).sort().join() === Object.keys(sources[0]).sort().join() ? "has the same attributes as" : "has other attributes than"} in the list`);
  });

  service.heading("Pages");
  for (const size of PAGE_SIZES) {
    const { status, json } = await service.ask(`sources?page[size]=${size}`);
    placeholders.addAll(json?.data ?? [], "source");
    const { pageSize, ...rest } = json?.meta?.pagination ?? {};
    service.say(`\`page[size]=${size}\`: ${status}, ${count(json?.data?.length ?? 0, "source")}, says \`pageSize\` ${Number.isFinite(pageSize) ? pageSize : "not"}${size === 1 ? `, beside ${shape(rest)}` : ""}`);
    if (size === 1) service.say(`shape of \`meta\`: ${shape(json?.meta ?? null, 2)}`);
  }
  const beyond = await service.ask("sources?page[number]=99999&page[size]=1");
  service.say(`a page beyond the last: ${beyond.status}, ${shape(beyond.json?.meta?.pagination ?? null)}`);

  service.heading("Assets");
  // Web proxies have none.
  const holder = sources.find((source) => source.enabled && source.deployment?.type !== "webproxy") ?? sources[0];
  if (!holder) service.say("no source, so no assets");
  else
    await attempt(service, "the list", async () => {
      const path = `sources/${encodeURIComponent(holder.id)}/assets`;
      const one = await service.ask(`${path}?page[limit]=1`);
      placeholders.addAll(one.json?.data ?? [], "asset");
      placeholders.addAll(one.json?.meta?.cursor ?? {}, "cursor");
      if (one.status !== 200) return service.say(`the list: ${service.told(one)}`);
      service.say(`cursor in \`meta\`: ${shape(one.json.meta?.cursor ?? null)}; beside it: ${shape(one.json.cursor ?? null)}`);
      const { current, next, hasMore } = one.json.meta?.cursor ?? one.json.cursor ?? {};
      service.say(`the mark of the next page is ${kindOf(next)}, ${/^\d+$/.test(String(next)) ? "looks like a number" : "does not look like a number"}, ${next === current ? "is that of this page" : "is another than that of this page"}; \`hasMore\` is ${kindOf(hasMore)} ${String(hasMore) === "true" ? "true" : String(hasMore) === "false" ? "false" : ""}`);
      const numbered = await service.ask(`${path}?page[number]=0&page[size]=1`);
      service.say(`pages by number: ${numbered.status}, ${count(numbered.json?.data?.length ?? 0, "asset")}`);
      for (const limit of [100, 10_000]) {
        const { status, json } = await service.ask(`${path}?page[limit]=${limit}`);
        placeholders.addAll(json?.data ?? [], "asset");
        const last = json?.meta?.cursor;
        service.say(`\`page[limit]=${limit}\`: ${status}, ${count(json?.data?.length ?? 0, "asset")}${last && String(last.hasMore) === "false" ? `; on the last page \`next\` is ${kindOf(last.next)}${last.next === last.current ? ", that of this page" : ""}` : ""}`);
      }
      for (const filter of ["keyword", "keywords", "or:keywords", "media_kind"]) {
        const { status } = await service.ask(`${path}?page[limit]=1&filter[${filter}]=x`);
        service.say(`\`filter[${filter}]\`: ${status}`);
      }
      const { items } = await client.assets.list(holder.id, { page: { limit: 100 } });
      service.strange(items, [...known.ImgixAsset, "id", "relationships", "attributes"], "assets");
      service.values(items, "media_kind", (asset) => asset.media_kind);
      const missing = await service.ask(`${path}/no-such-asset-here.png`);
      return service.say(`an asset that is not there: ${service.told(missing)}`);
    });

  service.heading("Reports");
  await attempt(service, "the list", async () => {
    const answer = await service.ask("reports?page[size]=20");
    const reports = answer.json?.data ?? [];
    placeholders.addAll(reports, "report");
    if (answer.status !== 200) return service.say(`the list: ${service.told(answer)}`);
    const { items } = await client.reports.list({ page: { size: 20 } });
    service.strange(items, [...known.ImgixReport, "id", "type", "relationships"], "reports");
    return service.values(items, "report_type", (report) => report.report_type);
  });

  await service.refusals("no-such-path");
  await service.cors("sources", "authorization,content-type");
  service.end();
  return undefined;
}

async function imageboss(service, { ImageBoss, known }) {
  const client = new ImageBoss({ apiKey: service.key, baseUrl: service.base, fetch: service.fetch, onEvent: service.onEvent, retries: 0 });
  const { placeholders } = service;
  service.accept = "application/json";
  const trouble = await reach(service, "ImageBoss", "IMAGEBOSS_API_KEY");
  if (trouble) return trouble;

  service.heading("Sources");
  for (const path of ["v1/sources", "api/v1/sources"]) {
    const root = service.base.replace(/\/(?:api\/)?v1$/, "");
    const answer = await service.ask(`${root}/${path}`);
    if (answer.status === 200) placeholders.addAll(answer.json ?? [], "source");
    service.say(`\`/${path}\`: ${answer.failure ? `no answer (${answer.failure})` : `${answer.status}, ${answer.type}, ${kindOf(answer.json)}`}`);
  }
  let sources = [];
  await attempt(service, "the list", async () => {
    const page = await client.sources.list();
    sources = page.items;
    placeholders.addAll(sources, "source");
    service.say(`the list is read: ${count(sources.length, "source")}, ${page.hasMore ? "more follow" : "no more"}`);
    service.strange(sources, known.ImageBossSource, "sources");
    for (const type of [...new Set(sources.map((source) => source.source_type))].filter((type) => /^\w{1,24}$/.test(type ?? "")).sort())
      service.strange(sources.filter((source) => source.source_type === type), known.ImageBossCredentials, `credentials of type \`${type}\``, (source) => source.credentials);
    service.values(sources, "source_type", (source) => source.source_type);
    const tokens = new Set(sources.map(({ credentials }) => `${kindOf(credentials?.require_token)} ${String(credentials?.require_token) === "true"}`.replace(/ false$/, "").replace("undefined", "not there")));
    service.say(`\`require_token\` comes as: ${list([...tokens].sort())}`);
    const open = sources.filter(({ credentials }) => String(credentials?.require_token) !== "true");
    service.say(`of ${count(open.length, "source")} without \`require_token\` ${open.filter(({ credentials }) => credentials?.secret_token).length} have a \`secret_token\``);
  });
  await attempt(service, "one source", async () => {
    if (!sources.length) return service.say("no source to read alone");
    const one = await service.ask(`sources/${encodeURIComponent(sources[0].id)}`);
    if (one.status === 200) placeholders.addAll(one.json ?? {}, "source");
    return service.say(`a source read alone: ${one.status}, ${one.json?.id === sources[0].id ? "not wrapped" : shape(one.json ?? null, 1)}`);
  });

  await service.refusals("no-such-path");
  await service.cors("sources", "imageboss-api-key,content-type");
  service.end();
  return undefined;
}

/** What is asked of each provider. */
const SERVICES = { imgix, imageboss };

function settings() {
  const options = { "imgix-base": { type: "string" }, "imageboss-base": { type: "string" }, "pause-ms": { type: "string", default: "300" } };
  let values;
  try {
    ({ values } = parseArgs({ options }));
  } catch (failure) {
    throw new MissingError(failure.message);
  }
  for (const name of ["imgix-base", "imageboss-base"])
    if (values[name] !== undefined && !/^https?:\/\/[^@?#\s]+$/.test(values[name])) throw new MissingError(`--${name} must be an address with http:// or https://`);
  if (!/^\d+$/.test(values["pause-ms"])) throw new MissingError("--pause-ms must be a number");
  return values;
}

async function main() {
  checkNode();
  const given = settings();
  const dist = join(ROOT, "target/npm/package/dist");
  if (!existsSync(join(dist, "index.js"))) await buildPackage(await setUp({ say: console.error }));
  const at = (path) => import(new URL(path, `file://${ROOT}`).href);
  const { PROVIDERS } = await at("www/providers.mjs");
  const keys = PROVIDERS.map(({ name, variable }) => [name, process.env[variable]?.trim()]);
  if (!keys.some(([, key]) => key)) throw new MissingError(`no key is given: set ${PROVIDERS.map(({ variable }) => variable).join(" or ")}, or both, in the environment`);
  const library = await at("target/npm/package/dist/index.js");
  const known = declared(readFileSync(join(dist, "index.d.ts"), "utf8"));
  for (const name of ["ImgixSource", "ImgixDeployment", "ImgixAsset", "ImgixReport", "ImageBossSource", "ImageBossCredentials"])
    if (!known[name]?.length) throw new MissingError(`the package declares no ${name}: build it anew with \`npm run pack\``);

  const placeholders = new Placeholders([...Object.values(known).flat(), "sources", "assets", "reports", "true", "false"]);
  for (const [name, key] of keys) if (key) placeholders.add(key, `${name}-key`);
  const report = ["# What the services do", "", "Made by reading only. Keys, ids, names and addresses of the account are replaced."];
  let failed = false;
  for (const [name, key] of keys) {
    const { title, variable, header, prefix, baseUrl: base } = PROVIDERS.find((provider) => provider.name === name);
    const authorize = (key) => [header, prefix + key];
    report.push("", `## ${title}`, "");
    if (!key) {
      report.push(`- not asked: ${variable} is not set`);
      continue;
    }
    const own = given[`${name}-base`];
    if (own) placeholders.add(new URL(own).host, "host");
    const service = new Service({ base: (own ?? base).replace(/\/+$/, ""), key, authorize, placeholders, pauseMs: Number(given["pause-ms"]) });
    report.push(`- asked at ${own ? "an address of the caller's" : base.replace(/^https:\/\//, "")}`);
    const trouble = await SERVICES[name](service, { ...library, known });
    report.push(...service.lines);
    if (trouble) report.push(`- ${trouble}`);
    failed ||= trouble !== undefined;
  }
  console.log(placeholders.scrubReport(report.join("\n")));
  if (failed) process.exitCode = 1;
}

main().catch((failure) => {
  // Neither an address nor a key is in these words; of anything else only its name is told.
  console.error(failure instanceof MissingError ? failure.message : `verify-live itself failed: ${failure?.name}`);
  process.exitCode = 1;
});
