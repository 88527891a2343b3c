/**
 * The local server: the console, the sandbox over HTTP, and the gateway that keeps keys out of the browser.
 * For one person on one machine; for more than that there is the Worker.
 */

import { createReadStream } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import { securityHeaders } from "./headers.mjs";
import { PROVIDERS as providers, sandboxImagePath, sandboxPath } from "./providers.mjs";

/** By name. */
const PROVIDERS = Object.fromEntries(
  providers.map((provider) => [
    provider.name,
    {
      baseUrl: provider.baseUrl,
      imageBaseUrl: provider.imageBaseUrl,
      sandboxPath: sandboxPath(provider),
      sandboxImagePath: sandboxImagePath(provider),
      authorize: (key) => [provider.header, provider.prefix + key],
    },
  ]),
);

const MEDIA_TYPES = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".map": "application/json",
  ".mjs": "text/javascript; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2",
};

const BODY_LIMIT = 1024 * 1024;
const FAULTS_LIMIT = 64 * 1024;
/** For files. The sandbox refuses what imgix would refuse; this only keeps the process from growing without end. */
const FILE_LIMIT = 128 * 1024 * 1024;
const ANSWER_LIMIT = 32 * 1024 * 1024;
const UPSTREAM_TIMEOUT_MS = 120_000;
/** What the sandbox has beside the APIs: `images/HOST/...`, pre-signed addresses, files of reports. */
const SANDBOX_PLACES = ["images", "storage", "reports"];
const REQUEST_HEADERS = ["accept", "content-type"];
const RESPONSE_HEADERS = ["content-type", "date", "retry-after", "x-cloud-trace-context", "x-request-id"];
const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];

/**
 * @typedef {object} ServeOptions
 * @property {number} [port] 0 (default): any free one.
 * @property {string} [host] Default 127.0.0.1. With a real key it must be a loopback address.
 * @property {string} [staticDir] The console's files.
 * @property {typeof globalThis.fetch} [sandboxFetch] The sandbox; without it there is none.
 * @property {string} [origin] Where pages reach the sandbox, if something stands before this server: what it hands out leads there.
 * @property {(faults?: object) => void} [sandboxFaults] Replaces what goes wrong in it: then pages of this server can.
 * @property {string[]} [connect] Further origins the page may ask.
 * @property {string} [sandboxKey] The key the gateway uses there; default `sandbox`.
 * @property {{ provider: string, method: string, path: string, host?: "api" | "images" }[]} [operations] What the gateway lets through: `operations()` of the package.
 * @property {{ imgix?: { key: string, baseUrl?: string }, imageboss?: { key: string, baseUrl?: string, imageBaseUrl?: string } }} [upstreams] Real keys.
 * @property {typeof globalThis.fetch} [fetch] How the real hosts are reached.
 */

/**
 * Starts the server.
 *
 * @param {ServeOptions} options
 * @returns {Promise<{ url: string, port: number, close(): Promise<void> }>}
 */
export async function serve(options = {}) {
  const { port = 0, host = "127.0.0.1", staticDir, sandboxFetch, sandboxFaults, origin, sandboxKey = "sandbox", connect } = options;
  const { operations = [], upstreams = {}, fetch = globalThis.fetch } = options;
  const isLive = Object.keys(PROVIDERS).some((provider) => upstreams[provider]?.key);
  if (isLive && !LOOPBACK.includes(bracketed(host))) throw new Error("a server that holds a real key listens on a loopback address only");
  const root = staticDir === undefined ? undefined : await realpath(staticDir);
  const headers = securityHeaders({ connect });
  const context = { host, root, headers, sandboxFetch, sandboxFaults, origin, faults: {}, sandboxKey, operations, upstreams, fetch };

  const server = createServer((request, response) => {
    answer(context, request, response).catch(() => {
      // Whatever it was may hold a key or a path of this machine, so it is not told.
      if (response.headersSent) response.destroy();
      else refuse(response, 500, "internal error");
    });
  });
  await new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  const bound = server.address().port;
  return {
    url: `http://${bracketed(host)}:${bound}/`,
    port: bound,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(context, request, response) {
  for (const [name, value] of Object.entries(context.headers)) response.setHeader(name, value);
  if (!isOwnHost(context.host, request)) return refuse(response, 421, "this host is not served here");
  const target = parse(request.url);
  if (target === undefined) return refuse(response, 404, "not found");
  const [first, second, ...rest] = target.segments;
  if (first === "api") {
    response.setHeader("cache-control", "no-store");
    if (!isSameOrigin(request)) return refuse(response, 403, "only pages of this server may ask");
    if (second === "status" && rest.length === 0 && request.method === "GET") return send(response, 200, status(context));
    if (second === "sandbox" && rest.join("/") === "faults" && context.sandboxFaults) return faults(context, request, response);
    if (Object.hasOwn(PROVIDERS, second ?? "")) return gateway(context, request, response, second, rest, target.query);
    return refuse(response, 404, "not found");
  }
  const isApi = Object.values(PROVIDERS).some(({ sandboxPath }) => sandboxPath.slice(1).split("/").every((segment, i) => target.segments[i] === segment));
  const sandboxed = isApi || (SANDBOX_PLACES.includes(first) && target.segments.length > 1);
  if (sandboxed && context.sandboxFetch) return rawSandbox(context, request, response, target.segments);
  return page(context, request, response, target.segments);
}

/** Another name for this address would mean that a page of some other site has been pointed here (DNS rebinding). */
function isOwnHost(host, request) {
  const given = request.headersDistinct.host;
  const { localAddress = "", localPort } = request.socket;
  const own = [...LOOPBACK, host, localAddress.replace(/^::ffff:(?=[\d.]+$)/, "")].map(bracketed);
  const port = localPort === 80 ? ["", ":80"] : [`:${localPort}`];
  return given?.length === 1 && own.some((name) => port.some((suffix) => given[0].toLowerCase() === name + suffix));
}

/** Who writes must say where it comes from; who reads must not come from elsewhere. */
function isSameOrigin(request) {
  const isRead = request.method === "GET";
  const { origin, host, "sec-fetch-site": site } = request.headers;
  const sites = isRead ? ["same-origin", "none"] : ["same-origin"];
  if (site !== undefined && !sites.includes(site)) return false;
  return origin === undefined ? isRead : origin.toLowerCase() === `http://${host.toLowerCase()}`;
}

/**
 * The decoded segments of a request target and its raw query. What others might read as another path does not get through: no
 * dot segments, no backslashes or control characters, nothing empty but the last.
 */
function parse(target) {
  const at = target.indexOf("?");
  const path = at < 0 ? target : target.slice(0, at);
  if (!path.startsWith("/") || target.includes("#")) return undefined;
  let segments;
  try {
    segments = path.slice(1).split("/").map(decodeURIComponent);
  } catch {
    return undefined;
  }
  const odd = (segment) => segment === "" || segment === "." || segment === ".." || /[\u0000-\u001f\u007f\\]/.test(segment);
  if (segments.slice(0, -1).some(odd) || (segments.at(-1) !== "" && odd(segments.at(-1)))) return undefined;
  return { segments, query: at < 0 ? "" : target.slice(at + 1) };
}

/** Separators that were encoded, and escapes that were encoded twice, are for nobody here. */
function isPlain(segment) {
  return !/[/%;]/.test(segment);
}

function status(context) {
  return Object.fromEntries(Object.keys(PROVIDERS).map((provider) => [provider, { mode: mode(context, provider) }]));
}

function mode({ upstreams, sandboxFetch }, provider) {
  if (upstreams[provider]?.key) return "live";
  return sandboxFetch ? "sandbox" : "off";
}

/** What goes wrong in the sandbox on purpose: told, and replaced. */
async function faults(context, request, response) {
  if (request.method === "GET") return send(response, 200, context.faults);
  if (request.method !== "PUT") {
    response.setHeader("allow", "GET, PUT");
    return refuse(response, 405, "method not allowed");
  }
  const body = await read(request, response, FAULTS_LIMIT);
  if (body === undefined) return undefined;
  let wanted;
  try {
    wanted = JSON.parse(body.toString());
    context.sandboxFaults(wanted);
  } catch (mistake) {
    return refuse(response, 400, mistake instanceof SyntaxError ? "the body is not JSON" : mistake.message);
  }
  context.faults = wanted;
  return send(response, 200, wanted);
}

/**
 * The console's way to the providers: no key in the browser, and only what the package itself would ask. What is asked of the
 * host that serves images has `images` in front.
 */
async function gateway(context, request, response, provider, allSegments, query) {
  const host = allSegments[0] === "images" ? "images" : "api";
  const segments = host === "images" ? allSegments.slice(1) : allSegments;
  const known = context.operations.some(
    (operation) =>
      operation.provider === provider && operation.method === request.method && (operation.host ?? "api") === host && fits(operation.path, segments),
  );
  const where = mode(context, provider);
  if (!known) return refuse(response, 404, "not found");
  if (where === "off") return refuse(response, 503, "neither a key nor a sandbox is set up for this provider");
  const body = await read(request, response, isFile(segments) ? FILE_LIMIT : BODY_LIMIT);
  if (body === undefined) return undefined;

  const { authorize, ...places } = PROVIDERS[provider];
  const upstream = context.upstreams[provider];
  const key = where === "live" ? upstream.key : context.sandboxKey;
  const [option, path] = host === "images" ? ["imageBaseUrl", "sandboxImagePath"] : ["baseUrl", "sandboxPath"];
  const [real, offline] = [upstream?.[option] ?? places[option], places[path]];
  const base = where === "live" ? real.replace(/\/+$/, "") : `${ownOrigin(request)}${offline}`;
  const url = `${base}/${segments.map(encodeURIComponent).join("/")}${query === "" ? "" : `?${query}`}`;
  const headers = REQUEST_HEADERS.filter((name) => request.headers[name] !== undefined).map((name) => [name, request.headers[name]]);
  headers.push(authorize(key));
  if (where === "sandbox") return relay(response, () => context.sandboxFetch(url, init(request, response, headers, body)), true);

  let text;
  let answered;
  try {
    answered = await context.fetch(url, init(request, response, headers, body));
    text = await readAll(answered);
  } catch {
    return refuse(response, 502, "the provider did not answer");
  }
  if (isRedirect(answered)) return refuse(response, 502, "the provider answered with a redirect, which is not followed");
  // An answer that repeats the key would bring it into the browser.
  const answer = text.includes(key) ? Buffer.from(text.toString("latin1").replaceAll(Buffer.from(key).toString("latin1"), "****"), "latin1") : text;
  for (const name of RESPONSE_HEADERS) {
    const value = answered.headers.get(name);
    if (value !== null && !value.includes(key)) response.setHeader(name, value);
  }
  response.writeHead(answered.status, { "content-length": answer.length });
  return response.end(request.method === "HEAD" ? undefined : answer);
}

/** A parameter in braces stands for exactly one segment; one with a plus, which comes last, for one or more. */
function fits(template, segments) {
  const parts = template.split("/");
  const several = /^\{[^{}]+\+\}$/.test(parts.at(-1)) ? segments.slice(parts.length - 1) : undefined;
  const one = several ? parts.slice(0, -1) : parts;
  const fit = (part, segment = "") => (/^\{[^{}]+\}$/.test(part) ? segment !== "" && isPlain(segment) : part === segment);
  const isWhole = several ? several.length > 0 && several.every((segment) => segment !== "" && !segment.includes("/")) : parts.length === segments.length;
  return isWhole && one.every((part, i) => fit(part, segments[i]));
}

/** The sandbox as it is, for clients that bring their key. No page of another site can reach it: nothing here speaks CORS. */
async function rawSandbox(context, request, response, segments) {
  response.setHeader("cache-control", "no-store");
  const body = await read(request, response, isFile(segments) ? FILE_LIMIT : BODY_LIMIT);
  if (body === undefined) return undefined;
  const hop = ["connection", "content-length", "expect", "host", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade"];
  const headers = Object.entries(request.headers).filter(([name, value]) => !hop.includes(name) && typeof value === "string");
  return relay(response, () => context.sandboxFetch((context.origin ?? ownOrigin(request)) + request.url, init(request, response, headers, body)), false);
}

/** What the sandbox hands out must lead back here, so it is told where it is. The name of the host has been checked. */
function ownOrigin(request) {
  return `http://${request.headers.host}`;
}

/** Does a file come with a request to this place? */
function isFile(segments) {
  const [id, verb] = segments.slice(segments.indexOf("sources") + 1);
  return segments[0] === "storage" || verb === "upload" || id === "upload";
}

function init(request, response, headers, body) {
  const gone = new AbortController();
  const late = setTimeout(() => gone.abort(), UPSTREAM_TIMEOUT_MS);
  response.once("close", () => {
    clearTimeout(late);
    gone.abort();
  });
  return {
    method: request.method,
    headers,
    redirect: "manual",
    signal: gone.signal,
    ...(body.length > 0 && !["GET", "HEAD"].includes(request.method) ? { body } : {}),
  };
}

/** Passes on what the sandbox answers, broken connections included. */
async function relay(response, ask, isGateway) {
  let answered;
  try {
    answered = await ask();
  } catch {
    return response.socket?.resetAndDestroy();
  }
  if (isGateway && isRedirect(answered)) return refuse(response, 502, "the provider answered with a redirect, which is not followed");
  const wanted = [...RESPONSE_HEADERS, "content-length"];
  const headers = [...answered.headers].filter(([name]) => !isGateway || wanted.includes(name));
  response.writeHead(answered.status, Object.fromEntries(headers));
  response.flushHeaders();
  if (answered.body === null) return response.end();
  try {
    for await (const piece of answered.body) await new Promise((done) => response.write(piece, done));
  } catch {
    return response.socket?.destroySoon();
  }
  return response.end();
}

function isRedirect({ status, type }) {
  return type === "opaqueredirect" || (status >= 300 && status < 400);
}

async function readAll(answered) {
  const pieces = [];
  let length = 0;
  for await (const piece of answered.body ?? []) {
    length += piece.length;
    if (length > ANSWER_LIMIT) throw new Error("too large");
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** The body of a request, or `undefined` if it is over the limit and has been refused. */
async function read(request, response, limit) {
  const pieces = [];
  let length = 0;
  const announced = Number(request.headers["content-length"] ?? 0);
  if (announced <= limit) {
    for await (const piece of request.iterator({ destroyOnReturn: false })) {
      length += piece.length;
      if (length > limit) break;
      pieces.push(piece);
    }
  }
  if (announced <= limit && length <= limit) return Buffer.concat(pieces);
  response.setHeader("connection", "close");
  refuse(response, 413, `the body is larger than ${limit < 1024 * 1024 ? `${limit / 1024} KiB` : `${limit / 1024 / 1024} MiB`}`);
  // Reads on for a moment, so that the answer arrives before the connection breaks.
  request.resume();
  setTimeout(() => request.destroy(), 1000).unref();
  return undefined;
}

/** A file of the console. */
async function page({ root }, request, response, segments) {
  if (root === undefined) return refuse(response, 404, "not found");
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.setHeader("allow", "GET, HEAD");
    return refuse(response, 405, "method not allowed");
  }
  const names = segments.at(-1) === "" ? [...segments.slice(0, -1), "index.html"] : segments;
  const file = names.some((name) => name.startsWith(".") || !isPlain(name)) ? undefined : await find(root, names);
  if (file === undefined) return refuse(response, 404, "not found");
  response.writeHead(200, {
    "cache-control": "no-cache",
    "content-length": file.size,
    "content-type": MEDIA_TYPES[extname(file.path).toLowerCase()] ?? "application/octet-stream",
  });
  if (request.method === "HEAD") return response.end();
  return pipeline(createReadStream(file.path), response);
}

/** A regular file that really lies below the root, links resolved. */
async function find(root, names) {
  try {
    const path = await realpath(join(root, ...names));
    const found = await stat(path);
    return path.startsWith(root + sep) && found.isFile() ? { path, size: found.size } : undefined;
  } catch {
    return undefined;
  }
}

function refuse(response, code, message) {
  send(response, code, { error: message });
}

function send(response, code, body) {
  const text = JSON.stringify(body);
  response.writeHead(code, { "content-length": Buffer.byteLength(text), "content-type": "application/json" });
  response.end(response.req.method === "HEAD" ? undefined : text);
}

function bracketed(host) {
  return host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
}
