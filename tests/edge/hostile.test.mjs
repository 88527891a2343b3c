// Callers and providers that mean no good, or behave as if: bodies that hide something, that come slowly or never end, answers that
// drip, swell, reflect and lead elsewhere. What is refused is told in JSON with a code, and nothing of it goes on.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";

import { JSON_API, KEYS, optionsFor, reply, SECRET, start, upstream } from "./support.mjs";

const NO_LIMITS = Object.fromEntries(["default", "assets.get", "assets.upload", "sources.create", "sources.update", "purge", "imageboss", "imageboss.purge"].map((name) => [name, null]));

let up;
let gate;
before(async () => {
  up = await upstream();
  gate = await start(optionsFor(up.origin, { write: true, delete: true, bodyMs: 400, timeoutMs: 1_000, uploadMs: 1_500, limits: NO_LIMITS, tokens: [{ name: "tests", secret: SECRET, roles: ["write", "delete", "reveal"] }] }));
});
after(async () => {
  await gate?.close();
  await up?.close();
});

/** It is refused as it should be, and nothing of what is behind is told. */
function refused(answer, status, code, what = "") {
  assert.deepEqual([answer.status, answer.json.code], [status, code], `${what} ${answer.text}`);
  assert.match(answer.headers["content-type"], /^application\/json/);
  assert.equal(answer.headers["cache-control"], "no-store");
  assert.doesNotMatch(answer.text, /127\.0\.0\.1|CANARY|imgix\.com|imageboss\.me|stack|Error/);
}
const write = (body, headers = JSON_API) => gate.ask("POST", "/api/imgix/sources", { headers, body });
const nothingForwarded = async (run) => {
  const before = up.seen.length;
  await run();
  assert.equal(up.seen.length, before);
};

describe("a body of JSON", () => {
  test("that holds a name twice is refused: the provider might take the one that nobody looked at", async () => {
    await nothingForwarded(async () => {
      for (const body of ['{"a":1,"a":2}', '{"data":{"attributes":{"name":"x"}},"data":{}}', '{"data":{"attributes":{"name":"x","n\\u0061me":"y"}}}', '{"a":[{"b":1,"c":{"d":1,"d":1}}]}', '{"__proto__":1,"__proto__":2}', '{"a":"****","a":"x"}'])
        refused(await write(body), 400, "bad-request", body);
    });
    for (const body of ['{"a":{"b":1},"c":{"b":2},"d":[{"b":1},{"b":1}]}', '{"a:":"x:y","b\\"":"{\\"a\\":1,\\"a\\":2}"}', '{"__proto__":1,"toString":2}', '{ "a" : [ ] , "b" : { } }']) {
      assert.equal((await write(body)).status, 200, body);
      assert.equal(up.seen.at(-1).body, body);
    }
  });

  test("that asks a framework for another method, or for a deletion, is refused, and so is such a query", async () => {
    await nothingForwarded(async () => {
      for (const body of ['{"_method":"DELETE"}', '{"source":{"_destroy":true}}', '{"data":{"attributes":{"a":[{"_DELETE":"1"}]}}}', '{"\u005fmethod":"PUT"}']) refused(await write(body), 400, "bad-request", body);
      for (const query of ["_method=DELETE", "%5Fmethod=delete", "a=1&_Method=PUT"]) refused(await gate.ask("POST", `/api/imgix/sources?${query}`, { headers: JSON_API, body: "{}" }), 400, "bad-request", query);
    });
    assert.equal((await write('{"a":"_method","methods":1,"_methods":2}')).status, 200);
  });

  test("is all that a write says: of a query goes on what its operation has, and nothing else", async () => {
    await nothingForwarded(async () => {
      for (const [method, path, query] of [["PATCH", "imageboss/sources/1", "source[source_type]=url"], ["POST", "imgix/sources", "name=x"], ["DELETE", "imageboss/sources/1", "a=b"], ["POST", "imgix/purge", "url=x"], ["POST", "imgix/sources/1/upload/a.png", "path=b.png"], ["POST", "imgix/sources/1/upload/a.png", "overwrite=true&x=1"]])
        refused(await gate.ask(method, `/api/${path}?${query}`, { headers: path.endsWith("png") ? { "content-type": "image/png" } : JSON_API, body: "{}" }), 400, "bad-request", `${method} ${path}?${query}`);
    });
    assert.equal((await gate.ask("POST", "/api/imgix/sources/1/upload/a.png?overwrite=true", { headers: { "content-type": "image/png" }, body: "x" })).status, 200);
    assert.equal(up.seen.at(-1).url, "/imgix/api/v1/sources/1/upload/a.png?overwrite=true");
    assert.equal((await gate.ask("GET", "/api/imgix/sources?page[size]=1&sort=name")).status, 200);
  });

  test("that is nested without end is refused, and is no failure of the gateway's", async () => {
    const deep = (open, close, count) => `{"a":${open.repeat(count)}1${close.repeat(count)}}`;
    await nothingForwarded(async () => {
      for (const count of [128, 5_000, 30_000]) refused(await write(deep("[", "]", count)), 400, "bad-request", String(count));
      refused(await write(deep('{"a":', "}", 10_000)), 400, "bad-request");
    });
    assert.equal((await write(deep("[", "]", 127))).status, 200);
    assert.equal((await write('{"a":"[[[[{{{{"}'.replace("[[[[", "[".repeat(1_000)))).status, 200);
  });

  test("that comes slowly, stops or breaks off is not waited for", async () => {
    await nothingForwarded(async () => {
      const headers = { ...JSON_API, "content-length": "100" };
      refused(await write((sent) => sent.write("{"), headers), 408, "too-slow");
      refused(await write((sent) => sent.write("{"), JSON_API), 408, "too-slow");
      refused(await write(async (sent) => {
        for (let at = 0; at < 30 && !sent.destroyed; at++) {
          sent.write(" ");
          await sleep(50);
        }
        sent.end();
      }, JSON_API), 408, "too-slow");
      await assert.rejects(write((sent) => sent.write("{", () => sent.destroy()), headers));
      await sleep(100);
    });
  });

  test("whose length or coding is odd is read as one request or none, and goes on as one or none", async () => {
    const head = (more, body) => `POST /api/imgix/sources HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${SECRET}\r\nContent-Type: application/json\r\n${more}\r\n\r\n${body}`;
    const inner = `GET /api/imgix/account HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${SECRET}\r\n\r\n`;
    const cases = {
      "a length below nothing": head("Content-Length: -1", "{}"), "a length with a sign": head("Content-Length: +2", "{}"), "a length of another base": head("Content-Length: 0x2", "{}"), "a length with a point": head("Content-Length: 2.0", "{}"), "two lengths": head("Content-Length: 2, 2", "{}"), "an endless length": head(`Content-Length: ${"9".repeat(30)}`, "{}"),
      "no length": head("X: y", "{}"), "an unknown coding": head("Transfer-Encoding: gzip", "{}"), "two codings": head("Transfer-Encoding: chunked, identity", "2\r\n{}\r\n0\r\n\r\n"), "a coding with a tab": head("Transfer-Encoding:\tchunked", "2\r\n{}\r\n0\r\n\r\n"), "a coding twice": head("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "2\r\n{}\r\n0\r\n\r\n"), "a coding before a length": head("Transfer-Encoding: chunked\r\nContent-Length: 2", `0\r\n\r\n${inner}`),
      "a coding with a space before its colon": head("Transfer-Encoding : chunked", "2\r\n{}\r\n0\r\n\r\n"), "a coding that is folded": head("X: y\r\n Transfer-Encoding: chunked", "2\r\n{}\r\n0\r\n\r\n"), "a chunk of odd length": head("Transfer-Encoding: chunked", "zz\r\n{}\r\n0\r\n\r\n"), "a chunk below nothing": head("Transfer-Encoding: chunked", "-2\r\n{}\r\n0\r\n\r\n"), "an endless chunk": head("Transfer-Encoding: chunked", `${"f".repeat(17)}\r\n{}`), "a bare line feed": head("Content-Length: 2", "{}").replaceAll("\r\n", "\n"),
    };
    for (const [what, text] of Object.entries(cases)) {
      const before = up.seen.length;
      const answer = await gate.raw(text);
      const gone = up.seen.slice(before);

      assert.ok(gone.length <= 1, what);
      for (const { method, url, body } of gone) assert.deepEqual([method, url, ["{}", ""].includes(body)], ["POST", "/imgix/api/v1/sources", true], what);
      assert.doesNotMatch(answer, /CANARY|stack|\/work|node_modules/, what);
    }
  });
});

describe("a file", () => {
  const path = "/api/imgix/sources/1/upload/a.png";
  test("that comes slowly is who sends it's trouble and not the provider's, and never looks whole", async () => {
    for (const more of [{}, { "content-length": "100" }]) {
      let broken;
      const aborted = new Promise((resolve) => (broken = resolve));
      up.stream((asked) => new Promise(() => asked.on("data", () => {}).on("end", () => broken("whole")).on("aborted", () => broken("broken")).on("error", () => {})));
      refused(await gate.ask("POST", path, { headers: { "content-type": "image/png", ...more }, body: (sent) => sent.write("123") }), 408, "too-slow");
      assert.equal(await aborted, "broken");
    }
    up.stream(undefined);
  });

  test("that the provider takes without an answer is the provider's trouble", async () => {
    up.set(() => {});
    refused(await gate.ask("POST", path, { headers: { "content-type": "image/png" }, body: "123" }), 504, "provider-too-slow");
  });
});

describe("an answer", () => {
  test("that drips, or swells when it is unpacked, is cut off", async () => {
    up.set(async (_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      while (!response.destroyed) {
        response.write(" ");
        await sleep(50);
      }
    });
    refused(await gate.ask("GET", "/api/imgix/sources"), 504, "provider-too-slow");
    // 64 MiB of blanks in 64 KiB.
    const bomb = gzipSync(Buffer.alloc(64 << 20, " "));
    assert.ok(bomb.length < 128 << 10);
    up.set((_, response) => response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" }).end(bomb));
    refused(await gate.ask("GET", "/api/imgix/sources"), 502, "provider-too-large");
    up.set((_, response) => response.writeHead(200, { "content-type": "application/json", "content-length": String(33 << 20) }).end());
    refused(await gate.ask("GET", "/api/imgix/sources"), 502, "provider-too-large");
  });

  test("that repeats what it was asked brings no key and no header along", async () => {
    up.set((asked, response) => {
      const told = Object.fromEntries(Object.entries(asked.headers).map(([name, value]) => [`x-${name}`, value]));
      response.writeHead(200, { ...asked.headers, ...told, "content-type": "application/json", "content-length": undefined, "transfer-encoding": "chunked" }).end(JSON.stringify({ headers: asked.headers, raw: asked.rawHeaders.join("\n"), url: asked.url }));
    });
    for (const provider of ["imgix", "imageboss"]) {
      const { text, headers } = await gate.ask("GET", `/api/${provider}/sources`, { headers: { "x-reveal-secrets": "1" } });

      for (const secret of [KEYS[provider], SECRET]) assert.ok(!(text + JSON.stringify(headers)).includes(secret), text);
      assert.deepEqual(Object.keys(headers).filter((name) => /^x-(?!content-type-options$)|auth|api-key|host/.test(name)), []);
    }
  });

  test("that repeats the key escaped, by whatever means, brings it along in no form", async () => {
    const key = "aK/9+z=b&C<d>'e\"f~0123.xyz";
    const each = (make) => [...key].map((letter) => make(letter, letter.charCodeAt(0))).join("");
    const hex = (code, length = 2) => code.toString(16).padStart(length, "0");
    const forms = {
      "as it is": key, "for an address": encodeURIComponent(key), "for an address in small letters": encodeURIComponent(key).replace(/%../g, (code) => code.toLowerCase()), "twice for an address": encodeURIComponent(encodeURIComponent(key)), "for a query of a form": new URLSearchParams({ a: key }).toString().slice(2),
      "each letter for an address": each((_, code) => `%${hex(code)}`), "for a page": key.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;").replaceAll("'", "&#39;"), "each letter for a page": each((_, code) => `&#x${hex(code)};`), "each for a page, in tens": each((_, code) => `&#${code};`), "for a script": each((letter, code) => (/\w/.test(letter) ? letter : `\\x${hex(code)}`)), "in small letters": key.toLowerCase(), "in digits": each((_, code) => hex(code)), "in base64": btoa(key),
    };
    const json = (text) => JSON.stringify({ told: text });
    const bodies = Object.entries(forms).map(([what, form]) => [what, json(form)]);
    bodies.push(["each letter for JSON", `{"told":"${each((_, code) => `\\u${hex(code, 4)}`)}"}`], ["each letter for JSON, in capitals", `{"told":"${each((_, code) => `\\u${hex(code, 4).toUpperCase()}`)}"}`], ["slashes for JSON", json(key).replaceAll("/", "\\/")], ["for JSON in a page", json(key).replace(/[<>&'=+]/g, (letter) => `\\u${hex(letter.charCodeAt(0), 4)}`)], ["JSON in JSON", json(json(key).replaceAll("/", "\\/"))]);
    const other = await start(optionsFor(up.origin, { limits: NO_LIMITS, providers: { imgix: { apiKey: key, baseUrl: `${up.origin}/imgix/api/v1` } }, tokens: [{ name: "tests", secret: SECRET, roles: ["reveal"] }] }));
    try {
      for (const [what, body] of bodies) {
        up.set(reply(200, body));
        const { json, text } = await other.ask("GET", "/api/imgix/sources", { headers: { "x-reveal-secrets": "1" } });
        assert.match(JSON.stringify(json.told), /^"(\*{4}.{0,2}|\{.*\*{4}.*\})"$/, `${what}: ${text}`);
      }
      up.set(reply(200, '{"told":"a\\/b aK/9"}'));
      assert.equal((await other.ask("GET", "/api/imgix/sources")).text, '{"told":"a\\/b aK/9"}');
    } finally {
      await other.close();
    }
    up.set(reply(200, '{"url":"https://user:CANARY\\u0040host/"}'));
    assert.doesNotMatch((await gate.ask("GET", "/api/imgix/sources")).text, /CANARY/);
  });

  test("with secrets of any kind is masked whole: not one letter, digit or bracket of them is left", async () => {
    const long = "9".repeat(200);
    const body = `{"my_password":${long},"a":1,"other_password" :\n-1.5e300\t,"x_key":[[["CANARY"]],{"b":"CANARY}]"}],"pin_key":true,"y_key":{},"secret":"CANARY\\\\","z_key":"\\"CANARY"}`;
    up.set(reply(200, body));
    const { text, json } = await gate.ask("GET", "/api/imgix/sources");

    assert.deepEqual(json, { my_password: "****", a: 1, other_password: "****", x_key: "****", pin_key: true, y_key: "****", secret: "****", z_key: "****" });
    assert.doesNotMatch(text, /999|CANARY|1\.5/);
  });

  test("of a shape that no provider has is passed on or refused, and the gateway lives on", async () => {
    for (const body of ["", "null", "5", '"x"', "[]", "[".repeat(100_000), `${"[".repeat(50_000)}${"]".repeat(50_000)}`, '{"secret":', '"\\', "\ufeff{}", "{}\u0000", "\u2028", `"${"\\\\".repeat(1 << 20)}"`, `"${"%25".repeat(1 << 18)}${"&amp;".repeat(1 << 18)}"`]) {
      up.set(reply(200, body));
      const answer = await gate.ask("GET", "/api/imgix/sources");
      assert.equal(answer.status, 200, body.slice(0, 20));
    }
    for (const status of [100, 101, 199, 204, 205, 206, 226, 299]) {
      up.set((_, response) => (status < 200 ? response.socket.end(`HTTP/1.1 ${status} X\r\n\r\n`) : response.writeHead(status).end()));
      const answer = await gate.ask("GET", "/api/imgix/sources");
      assert.ok(answer.status < 300 || [502, 504].includes(answer.status), String(status));
      if (answer.status >= 300) assert.match(answer.json.code, /^provider-/);
    }
    up.set(reply(200, "{}"));
    assert.equal((await gate.ask("GET", "/api/imgix/sources")).status, 200);
  });

  test("that leads elsewhere is followed by nobody: not for reads, not for writes, not for files", async () => {
    for (const [method, path, body, headers] of [["GET", "/api/imgix/sources"], ["POST", "/api/imgix/sources", "{}", JSON_API], ["DELETE", "/api/imageboss/sources/1"], ["POST", "/api/imgix/sources/1/upload/a.png", "x", { "content-type": "image/png" }]])
      for (const status of [301, 302, 303, 307, 308]) {
        const before = up.seen.length;
        up.set((_, response) => response.writeHead(status, { location: "https://evil.example/" }).end());
        refused(await gate.ask(method, path, { headers, body }), 502, "provider-redirect", `${method} ${status}`);
        assert.equal(up.seen.length, before + 1);
      }
  });
});

test("methods that are none of the table's are refused as what is not there, in JSON, and tell nothing", async () => {
  await nothingForwarded(async () => {
    for (const method of ["PUT", "PROPFIND", "PURGE", "COPY", "LOCK"]) refused(await gate.ask(method, "/api/imgix/sources", { body: "x" }), 404, "not-found", method);
    const head = await gate.ask("HEAD", "/api/imgix/sources");
    assert.deepEqual([head.status, head.text, head.headers["content-type"], head.headers["cache-control"]], [404, "", "application/json", "no-store"]);
    for (const token of [SECRET, ""]) refused(await gate.ask("OPTIONS", "/api/imgix/sources", { token, headers: { origin: "https://evil.example" } }), 403, "origin-refused");
    assert.equal((await gate.ask("HEAD", "/api/imgix/sources", { token: "" })).status, 401);
  });
});
