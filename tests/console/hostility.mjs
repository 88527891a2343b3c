// A provider all of whose texts are hostile, and what must hold of a page that shows them.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { ALL } from "./payloads.mjs";

const KEPT = new Set(["id", "type", "source_type", "deployment_status", "status", "created_at", "updated_at", "media_kind"]);

/** All texts of a value are one text; where there are names of the provider's choice, it is a name as well. */
function poisoned(value, text, name = "") {
  if (typeof value === "string") return KEPT.has(name) ? value : text;
  if (Array.isArray(value)) return value.length === 0 ? [text] : value.map((one) => poisoned(one, text));
  if (value === null || typeof value !== "object") return value === null && name ? text : value;
  const inner = Object.entries(value).map(([key, one]) => [key, poisoned(one, text, key)]);
  return Object.fromEntries([...inner, [text, text], ["javascript:x", { [text]: [text, { [text]: text }] }]]);
}

const idOf = (at) => at.toString(16).padStart(24, "0");
const numberOf = (id) => Number.parseInt(id, 16);
const json = (body) => new Response(JSON.stringify(body), { headers: { "content-type": "application/json" } });

/** For each text one source at each provider, one asset and one report. Writes go to the sandbox. */
export const hostile = (sandbox) => {
  const shapes = new Map();
  const shape = async (url, init) => {
    const { pathname, origin, searchParams } = new URL(url);
    for (const name of [...searchParams.keys()]) searchParams.delete(name);
    const key = pathname.replace(/[0-9a-f]{24}/, "65b7704ee553fe668319d940");
    if (!shapes.has(key)) shapes.set(key, JSON.parse(await (await sandbox.fetch(`${origin}${key}`, init)).text()));
    return shapes.get(key);
  };
  return async (url, init = {}) => {
    const { host, pathname, searchParams } = new URL(url);
    const place = host + pathname;
    if ((init.method ?? "GET") !== "GET") return sandbox.fetch(url, init);
    if (/imageboss.*\/sources$/.test(place)) {
      const all = await shape(url, init);
      return json(ALL.map((text, at) => ({ ...poisoned(all[at % all.length], text), id: `b${idOf(at)}` })));
    }
    const one = /imgix.*\/sources\/([0-9a-f]{24})$/.exec(place);
    const list = /imgix.*\/(sources|sources\/[0-9a-f]{24}\/assets|assets\/[0-9a-f]{24}|reports)$/.exec(place);
    if (!one && !list) return sandbox.fetch(url, init);
    const body = await shape(one ? url.replace(/\/[0-9a-f]{24}.*$/, "") : url, init);
    const resource = (at) => {
      const { attributes, ...rest } = body.data[at % body.data.length];
      const isAsset = rest.type === "assets";
      const id = isAsset ? `${rest.id.slice(0, 24)}/${at} ${ALL[at]}` : idOf(at);
      return { ...rest, id, attributes: { ...poisoned(attributes, ALL[at]), ...(isAsset && { origin_path: `/${at} ${ALL[at]}` }) } };
    };
    if (one) return json({ ...body, data: resource(numberOf(one[1])) });
    const size = Number(searchParams.get("page[size]") ?? searchParams.get("page[limit]") ?? 100);
    const from = Number(searchParams.get("page[cursor]") ?? size * Number(searchParams.get("page[number]") ?? 0));
    const to = Math.min(from + size, ALL.length);
    const hasNextPage = to < ALL.length;
    const data = Array.from({ length: Math.max(0, to - from) }, (_, at) => resource(from + at));
    const pagination = { currentPage: from / size, hasNextPage, hasPreviousPage: from > 0, nextPage: hasNextPage ? from / size + 1 : null, pageSize: size, totalPages: Math.ceil(ALL.length / size), totalRecords: ALL.length };
    const cursor = { current: String(from), next: hasNextPage ? String(to) : null, hasMore: hasNextPage, totalRecords: ALL.length };
    return json({ ...body, data, meta: { ...body.meta, ...(list[1].includes("assets") ? { cursor } : { pagination }) } });
  };
};

/** To be run in the page before anything else: notes every element and attribute that is ever in it. */
export function watchNodes() {
  const seen = (globalThis.seen = { kinds: new Set(), attributes: new Set(), addresses: new Set() });
  const note = (node) => {
    if (!(node instanceof Element)) return;
    seen.kinds.add(node.parentElement?.localName === "head" ? "" : node.localName);
    for (const { name, value } of node.attributes) noteAttribute(node, name, value);
    for (const child of node.children) note(child);
  };
  const noteAttribute = (node, name, value) => {
    seen.attributes.add(name === "style" ? `style ${node.localName} ${value}` : name);
    if (/^(href|src|action|formaction|data|poster|xlink:href|srcset|background|ping)$/i.test(name)) seen.addresses.add(`${node.localName} ${name} ${URL.canParse(value, location.href) ? new URL(value, location.href).protocol : value.slice(0, 40)}`);
  };
  new MutationObserver((records) => {
    for (const { type, target, attributeName, addedNodes } of records)
      if (type === "attributes") noteAttribute(target, attributeName, target.getAttribute(attributeName) ?? "");
      else addedNodes.forEach(note);
  }).observe(document, { childList: true, subtree: true, attributes: true });
}

const src = fileURLToPath(new URL("../../www/src/", import.meta.url));

/** The kinds of elements that templates of the console hold. */
const ours = new Set(
  readdirSync(src, { recursive: true })
    .filter((name) => /\.(ts|html)$/.test(name))
    .flatMap((name) => [...readFileSync(src + name, "utf8").matchAll(/<([a-z][\w-]*)/g)].map(([, kind]) => kind)),
);
// What uPlot makes is its own.
for (const kind of ["", "canvas", "div", "table", "tbody", "tr", "th", "td"]) ours.add(kind);
for (const kind of ["script", "iframe", "style", "base", "template", "math", "object", "embed", "video", "audio", "marquee", "frame"]) assert.ok(kind === "script" || !ours.has(kind), kind);
ours.delete("script");

/** Nothing has run, and nothing has been made of what was text. Works in every browser. */
export async function assertPlain(tab, where) {
  const { kinds, attributes, addresses, pwned, strays } = await tab.evaluate(() => ({
    kinds: [...globalThis.seen.kinds],
    attributes: [...globalThis.seen.attributes],
    addresses: [...globalThis.seen.addresses],
    pwned: String(globalThis.pwned),
    // Kinds that are used, in places where they are not.
    strays: [...document.querySelectorAll("img, form[action], [formaction], a[href^='javascript' i], [autofocus], [contenteditable], [srcdoc]")].filter((one) => !one.closest("asset-thumb")).map(({ outerHTML }) => outerHTML.slice(0, 200)),
  }));
  assert.equal(pwned, "undefined", where);
  assert.deepEqual(kinds.filter((kind) => !ours.has(kind)), [], where);
  // Lengths that scripts set are no text of anybody.
  const isMeasure = (name) => /^style \w+ (?:[\w-]+: [-\d.px ]+; ?)+$/.test(name);
  assert.deepEqual(attributes.filter((name) => !isMeasure(name)).filter((name) => /^on|^style|^srcdoc$|[^\w:.-]/i.test(name)), [], where);
  assert.deepEqual(addresses.filter((address) => !/ (https?|data|blob):$/.test(address)), [], where);
  assert.deepEqual(strays, [], where);
}

/** Scrolls through all of the list, and gives the names that were seen. */
export const sweepList = (tab) =>
  tab.evaluate(async () => {
    const names = new Set();
    const frame = () => new Promise(requestAnimationFrame);
    for (let top = 0; top < document.documentElement.scrollHeight; top += 500) {
      scrollTo(0, top);
      for (let count = 0; count < 4; count += 1) await frame();
      for (const link of document.querySelectorAll(".row-link")) names.add(link.textContent);
    }
    return [...names];
  });

/** Shows one source after the other, and gives the headings that were seen. */
export const sweepDetails = (tab, keys) =>
  tab.evaluate(async (keys) => {
    const headings = [];
    const frame = () => new Promise(requestAnimationFrame);
    for (const key of keys) {
      history.replaceState(null, "", `?api=${key.split(":")[0]}&sel=${encodeURIComponent(key)}`);
      dispatchEvent(new PopStateEvent("popstate"));
      await frame();
      await frame();
      headings.push(document.querySelector("#details-heading")?.textContent);
    }
    return headings;
  }, keys);

export const KEYS = { imgix: ALL.map((_, at) => `imgix:${idOf(at)}`), imageboss: ALL.map((_, at) => `imageboss:b${idOf(at)}`) };
