// The sandbox over HTTP, and the pages of the consumers beside it, under a strict Content-Security-Policy.
// By hand: node sandbox-server.mjs FOLDER [PORT]
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { extname, join, normalize } from "node:path";
import { pathToFileURL } from "node:url";

const APIS = { "/imgix/api/v1/": "https://api.imgix.com/api/v1/", "/imageboss/v1/": "https://api.imageboss.me/v1/" };
const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css" };

/** Serves `folder`, in whose node_modules the package is installed. */
export async function serve(folder, port = 0) {
  const resolve = createRequire(join(folder, "package.json")).resolve;
  const { createSandbox } = await import(pathToFileURL(resolve("image-sources/sandbox")));
  const sandbox = createSandbox();
  const server = createServer((request, response) => {
    answer(folder, sandbox, request, response).catch((error) => {
      response.writeHead(500).end(String(error));
    });
  });
  await new Promise((done, failed) => server.on("error", failed).listen(port, "127.0.0.1", done));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    sandbox,
    close: () => new Promise((done) => (server.close(done), server.closeAllConnections())),
  };
}

async function answer(folder, sandbox, request, response) {
  const prefix = Object.keys(APIS).find((prefix) => request.url.startsWith(prefix.slice(0, -1)));
  if (!prefix) return page(folder, request, response);
  const pieces = [];
  for await (const piece of request) pieces.push(piece);
  const { method, headers } = request;
  const given = Object.fromEntries(Object.entries(headers).filter(([name]) => !["connection", "host", "content-length", "transfer-encoding"].includes(name)));
  const body = pieces.length ? Buffer.concat(pieces) : undefined;
  const answered = await sandbox.fetch(APIS[prefix].slice(0, -1) + request.url.slice(prefix.length - 1), { method, headers: given, body });
  const own = [...answered.headers].filter(([name]) => name !== "content-length");
  response.writeHead(answered.status, Object.fromEntries(own)).end(Buffer.from(await answered.arrayBuffer()));
}

async function page(folder, request, response) {
  const path = normalize(decodeURIComponent(new URL(request.url, "http://x").pathname));
  const body = await readFile(join(folder, path.endsWith("/") ? `${path}index.html` : path)).catch(() => undefined);
  if (!body) return response.writeHead(404).end();
  // Without a hash no inline script may run, and an import map is one.
  const map = String(body).match(/<script type="importmap">([^]*?)<\/script>/)?.[1];
  const hash = map ? ` 'sha256-${createHash("sha256").update(map).digest("base64")}'` : "";
  const wasm = request.url.includes("?strict") ? "" : " 'wasm-unsafe-eval'";
  response
    .writeHead(200, {
      "content-type": TYPES[extname(path)] ?? (path.endsWith("/") ? TYPES[".html"] : "application/octet-stream"),
      "content-security-policy": `default-src 'none'; connect-src 'self'; script-src 'self'${wasm}${hash}`,
    })
    .end(body);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { origin } = await serve(process.argv[2], Number(process.argv[3] ?? 0));
  console.log(origin);
}
