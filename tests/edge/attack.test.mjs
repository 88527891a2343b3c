// Whatever is asked, only what the table holds goes on: paths, methods and headers made to get past it.
import assert from "node:assert/strict";
import { Agent, request } from "node:http";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";

import { dist, KEYS, optionsFor, reply, SECRET, start, upstream } from "./support.mjs";

const { operations } = await import(pathToFileURL(`${dist}index.js`).href);
const TABLE = operations().filter(({ host }) => host !== "given");
const PREFIX = { imgix: { api: "/imgix/api/v1" }, imageboss: { api: "/imageboss/v1", images: "/images" } };

/** Does a segment lead nowhere else, however often it is decoded, and whatever is folded in it? */
function harmless(segment) {
  const text = decodeURIComponent(segment);
  if (text.normalize("NFKC").replace(/\p{Cf}/gu, "").split(/[/\\]/).some((part) => ["", ".", ".."].includes(part.split(/[;?#]/)[0].trim())) || /[\\\u0000-\u001f]/.test(text)) return false;
  try {
    return decodeURIComponent(text) === text || harmless(text);
  } catch {
    return true;
  }
}

/** Of what the provider was asked: is it an operation of the table? An account of its own, not the gateway's. */
function isKnown({ method, url }) {
  const [path] = url.split("?");
  return TABLE.some((row) => {
    const prefix = PREFIX[row.provider][row.host];
    if (row.method !== method || !prefix || !path.startsWith(`${prefix}/`)) return false;
    const pattern = row.path.split("/").map((part) => (/^\{.*\+\}$/.test(part) ? "[^/]+(?:/[^/]+)*" : /^\{/.test(part) ? "[^/]+" : part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")));
    const rest = path.slice(prefix.length + 1);
    if (!new RegExp(`^${pattern.join("/")}$`).test(rest)) return false;
    return rest.split("/").every(harmless);
  });
}

let up;
let gate;
const agent = new Agent({ keepAlive: true, maxSockets: 16 });
before(async () => {
  up = await upstream(reply(200, "{}"));
  const limits = Object.fromEntries([...new Set(TABLE.map(({ rateClass }) => rateClass))].map((name) => [name, null]));
  gate = await start(optionsFor(up.origin, { write: true, delete: true, limits }));
});
after(async () => {
  agent.destroy();
  await gate?.close();
  await up?.close();
});

/** Sends a path as it is; gives the status, or nothing where the client or the server would have none of it. */
const send = (method, path, headers = {}, body) =>
  new Promise((resolve) => {
    let sent;
    try {
      sent = request({ port: gate.port, host: "127.0.0.1", agent, method, path, headers: { authorization: `Bearer ${SECRET}`, ...(body && { "content-type": "application/json", "content-length": String(body.length) }), ...headers } });
    } catch {
      return resolve(undefined);
    }
    sent.on("response", (response) => response.resume().on("end", () => resolve(response.statusCode)).on("error", () => resolve(undefined)));
    // A connection that was kept may have been closed meanwhile: then nothing has arrived.
    sent.on("error", ({ code }) => resolve(sent.reusedSocket && code === "ECONNRESET" ? send(method, path, headers, body) : undefined));
    sent.end(body);
  });

const each = async (list, width, run) => {
  let at = 0;
  await Promise.all(Array.from({ length: width }, async () => { while (at < list.length) await run(list[at++]); }));
};

let seed = 20261126;
const random = (below) => {
  seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
  return Math.floor((seed / 0x80000000) * below);
};
const pick = (list) => list[random(list.length)];

test("every method on every path: the table passes, and nothing else", async () => {
  const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "PURGE"];
  const paths = [...new Set(TABLE.map(({ provider, host, path }) => `/api/${provider}/${host == "images" ? "images/" : ""}${path.replace(/\{[^}]+\+\}/g, "a/b.jpg").replace(/\{[^}]+\}/g, "id1")}`)), "/api/imgix", "/api/imgix/account", "/api/imgix/sources/1/unknown", "/api/imageboss/images/x", "/api/imgix/images/x/y.jpg"];
  const passed = new Set();
  for (const method of methods)
    for (const path of paths) {
      const before = up.seen.length;
      const status = await send(method, path, {}, ["GET", "HEAD", "OPTIONS", "TRACE", "DELETE"].includes(method) ? undefined : "{}");
      const forwarded = up.seen.length - before;
      if (forwarded) passed.add(`${method} ${path}`);
      assert.equal(forwarded === 1, status === 200, `${method} ${path}: ${status}`);
      for (const one of up.seen.slice(before)) assert.ok(isKnown(one), `${one.method} ${one.url}`);
    }
  const asked = (path) => path.replace("/api/imageboss/images/", "/images/").replace("/api/imageboss/", "/imageboss/v1/").replace("/api/imgix/", "/imgix/api/v1/");
  const expected = methods.flatMap((method) => paths.filter((path) => isKnown({ method, url: asked(path) })).map((path) => `${method} ${path}`));
  assert.ok(TABLE.every((row) => expected.some((known) => known.startsWith(`${row.method} /api/${row.provider}/`))) && expected.length < 40);
  assert.deepEqual([...passed].sort(), expected.sort());
});

test("ten thousand paths made to escape: none does", async () => {
  const dots = ["..", ".", "%2e%2e", "%2E.", ".%2e", "%252e%252e", "%25252e%25252e", "%2525252e.", "a%2500b", "a%25252fb", "..%3f", "..%23x", "%252e%252e%3bx", "..%e2%80%8b", ".%c2%ad.", "%25e2%2580%25a5", "..;", "..;x=1", "%c0%ae%c0%ae", "%uff0e%uff0e", "．．", "‥", "%e2%80%a5", "...", "....", " ..", "..%20", "..%00", "%00", "..%0d%0a", "..\\", "..%5c", "%2e%2e%2f", "..%2f..", "%2f", "%5c", "\\", ";", "", "#", "?", "%", "%zz", "*", "~", "@", "evil.example", "http:", "https:%2f%2fevil.example", "//evil.example", "127.0.0.1", "[::1]"];
  const words = ["api", "imgix", "imageboss", "images", "sources", "assets", "upload", "purge", "publish", "reports", "status", "jobs", "audit", "v1", "account", "id1", "__proto__", "constructor", "toString", "add", "refresh", "upload-sessions", "%73ources", "SOURCES", "sources%20", "sources;x"];
  const methods = ["GET", "POST", "PATCH", "DELETE"];
  const count = Number(process.env.ATTACKS ?? 10_000);
  // Some are so odd that no client sends them, or that workerd itself has none of them.
  const attacks = Array.from({ length: Math.ceil(count * 1.35) }, () => {
    const start = pick(["/api/imgix/", "/api/imageboss/", "/api/imageboss/images/", "/api/imgix/sources/", "/api/imgix/sources/id1/", "/api/", "/", "//", "/api//imgix/", "http://evil.example/api/imgix/", `/api/imgix/sources/id1/assets/`]);
    const parts = Array.from({ length: 1 + random(5) }, () => (random(3) ? pick(dots) : pick(words)));
    if (random(2)) parts.splice(random(parts.length), 0, pick(words));
    const query = random(4) ? "" : `?${pick(["", "a=b", "../x", "page[size]=1", "x=%0d%0aHost:evil", "url=http://evil.example", "a=1&a=2", "%00"])}`;
    // What Node's own client refuses to send is sent by byte elsewhere.
    return [pick(methods), encodeURI(decodeURI(encodeURI(start + parts.join(pick(["/", "/", "//", "/./"])) + query))).replaceAll("%25", "%")];
  });
  const before = up.seen.length;
  let answered = 0;
  await each(attacks, 16, async ([method, path]) => {
    const status = await send(method, path.replace(/[^\u0021-\u00ff]/g, (letter) => encodeURIComponent(letter)), {}, method == "GET" ? undefined : "{}");
    if (status !== undefined) answered++;
  });

  // Decoding has an end.
  for (const path of [`images/a/%${"25".repeat(3_900)}2e`, `images/a/%${"25".repeat(20)}2e/b`]) assert.equal(await send("DELETE", `/api/imageboss/${path}`), 404);

  assert.ok(answered >= count, `${answered} were answered`);
  for (const one of up.seen.slice(before)) assert.ok(isKnown(one), `${one.method} ${one.url}`);
  for (const { headers } of up.seen) assert.ok(up.origin.endsWith(headers.host));
});

test("requests that no client sends are refused or read as one", async () => {
  const bearer = `Authorization: Bearer ${SECRET}\r\n`;
  const before = up.seen.length;
  for (const text of [
    `GET /api/imgix/../../imgix/purge HTTP/1.1\r\nHost: x\r\n${bearer}\r\n`,
    `GET http://evil.example/api/imgix/sources HTTP/1.1\r\nHost: evil.example\r\n${bearer}\r\n`,
    `POST /api/imgix/sources HTTP/1.1\r\nHost: x\r\n${bearer}Content-Type: application/json\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /api/imgix/account HTTP/1.1\r\nHost: x\r\n\r\n`,
    `POST /api/imgix/sources HTTP/1.1\r\nHost: x\r\n${bearer}Content-Type: application/json\r\nContent-Length: 2\r\nContent-Length: 40\r\n\r\n{}`,
    `GET /api/imgix/sources\tHTTP/1.1\r\nHost: x\r\n${bearer}\r\n`,
    `GET /api/imgix/sources HTTP/1.1\r\nHost: x\r\nHost: y\r\n${bearer}\r\n`,
    `GET /api/imgix/sources HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer wrong\r\n${bearer}\r\n`,
    `CONNECT evil.example:443 HTTP/1.1\r\nHost: x\r\n${bearer}\r\n`,
    `GET /api/imgix/sources/a\\b HTTP/1.1\r\nHost: x\r\n${bearer}\r\n`,
  ])
    await gate.raw(text);
  for (const one of up.seen.slice(before)) {
    assert.ok(isKnown(one), `${one.method} ${one.url}`);
    assert.ok(up.origin.endsWith(one.headers.host), one.headers.host);
  }
});

test("headers made to be taken for others change nothing", async () => {
  const names = ["x-forwarded-host", "x-original-url", "x-rewrite-url", "x-http-method-override", "x-http-method", "x-method-override", "forwarded", "x-host", "x-forwarded-server", "x-forwarded-for", "cf-connecting-ip", "x-real-ip", "true-client-ip", "x-forwarded-proto", "x-override-url", "destination", "translate", "te", "upgrade-insecure-requests", "x-api-key", "imageboss-api-key", "proxy", "origin-override", "x-wap-profile", "cookie", "if-match", "range", "expect-ct", "x-_internal", "authorization-2", "x-reveal-secret"];
  const before = up.seen.length;
  for (const name of names) {
    for (const value of ["evil.example", "/imgix/api/v1/purge", "DELETE", "__proto__", `Bearer ${KEYS.imgix}`]) await send("GET", "/api/imgix/sources", { [name]: value });
  }
  const asked = up.seen.slice(before);
  assert.equal(asked.length, names.length * 5);
  for (const { method, url, headers } of asked) {
    assert.deepEqual([method, url, headers.authorization], ["GET", "/imgix/api/v1/sources", `Bearer ${KEYS.imgix}`]);
    assert.deepEqual(Object.keys(headers).filter((name) => !["host", "accept", "authorization", "cf-worker", "content-length", "connection"].includes(name)), []);
  }
});
