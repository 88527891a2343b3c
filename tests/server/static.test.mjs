import assert from "node:assert/strict";
import { test } from "node:test";

import { recorder, withServer } from "./support.mjs";

test("pages and files are served with their types", async () => {
  await withServer({}, async ({ ask, url, port }) => {
    assert.equal(url, `http://127.0.0.1:${port}/`);
    const [page, wasm, head] = [await ask("GET", "/"), await ask("GET", "/assets/app.wasm?v=1"), await ask("HEAD", "/index.html")];

    assert.deepEqual([page.status, page.headers["content-type"], page.text.slice(0, 9)], [200, "text/html; charset=utf-8", "<!doctype"]);
    assert.deepEqual([wasm.headers["content-type"], wasm.text], ["application/wasm", "wasm"]);
    assert.deepEqual([head.status, head.text, head.headers["content-length"]], [200, "", String(page.text.length)]);
  });
});

test("nothing outside of the folder is served, nor what is hidden in it", async () => {
  await withServer({ sandboxFetch: recorder().fetch }, async ({ ask }) => {
    for (const path of [
      "/../outside.txt", "/%2e%2e/outside.txt", "/..%2foutside.txt", "/assets/../../outside.txt", "/assets/%2e%2e/%2e%2e/outside.txt", "/..\\outside.txt", "/%5c..%5coutside.txt",
      "//etc/passwd", "/%2fetc/passwd", "/link.txt", "/.env", "/assets", "/assets/", "/index.html%00", "/index.html/", "/missing", "/%", "/index.html;x",
    ]) {
      const answer = await ask("GET", path);

      assert.equal(answer.status, 404, path);
      assert.ok(!answer.text.includes("outside") && !answer.text.includes("hidden"));
    }
  });
});

test("files can only be read", async () => {
  await withServer({}, async ({ ask }) => {
    for (const method of ["POST", "PUT", "DELETE", "OPTIONS"]) assert.equal((await ask(method, "/")).status, 405, method);
  });
});

test("every answer carries the security headers", async () => {
  const broken = recorder(() => new Response("{}"));
  await withServer({ sandboxFetch: broken.fetch }, async ({ ask }) => {
    for (const path of ["/", "/assets/app.wasm", "/missing", "/api/status", "/api/imgix/sources", "/api/x", "/imgix/api/v1/sources", "/../x"]) {
      const { headers } = await ask("GET", path);

      assert.equal(
        headers["content-security-policy"],
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob: https:; " +
          "connect-src 'self' https://api.imgix.com https://api.imageboss.me https://img.imageboss.me http://localhost:* http://127.0.0.1:*; " +
          "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types lit-html; frame-ancestors 'none'",
        path,
      );
      assert.equal(headers["x-content-type-options"], "nosniff");
      assert.equal(headers["referrer-policy"], "no-referrer");
      assert.equal(headers["cross-origin-opener-policy"], "same-origin");
      assert.equal(headers["cross-origin-resource-policy"], "same-origin");
      assert.equal(headers["x-powered-by"], undefined);
    }
  });
});

test("answers of the interfaces are never stored", async () => {
  await withServer({ sandboxFetch: recorder().fetch }, async ({ ask }) => {
    for (const path of ["/api/status", "/api/imgix/sources", "/api/nowhere", "/imgix/api/v1/sources"]) {
      assert.equal((await ask("GET", path)).headers["cache-control"], "no-store", path);
    }
  });
});

test("further origins are asked only if they are origins", async () => {
  await withServer({ connect: ["https://gateway.example", "https://*.store.example:8443"] }, async ({ ask }) => {
    assert.match((await ask("GET", "/")).headers["content-security-policy"], /127\.0\.0\.1:\* https:\/\/gateway\.example https:\/\/\*\.store\.example:8443;/);
  });
  for (const origin of ["*", "https://", "gateway.example", "https://a.example; script-src *", "https://a.example/path", "data:", "https://a.example b"])
    await assert.rejects(withServer({ connect: [origin] }, async () => undefined), /is no origin/, origin);
});
