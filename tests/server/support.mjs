// A server with a sandbox that only remembers, and requests that no URL parser has touched.

import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { serve } from "../../www/server.mjs";

export const OPERATIONS = [
  { provider: "imgix", name: "sources.list", method: "GET", path: "sources" },
  { provider: "imgix", name: "sources.create", method: "POST", path: "sources" },
  { provider: "imgix", name: "sources.get", method: "GET", path: "sources/{id}" },
  { provider: "imgix", name: "sources.update", method: "PATCH", path: "sources/{id}" },
  { provider: "imageboss", name: "sources.list", method: "GET", path: "sources" },
  { provider: "imageboss", name: "sources.delete", method: "DELETE", path: "sources/{id}" },
];

/** A `fetch` that notes what it is asked and answers the same each time. */
export function recorder(answer = () => new Response("{}", { headers: { "content-type": "application/json" } })) {
  const seen = [];
  const fetch = async (url, init) => {
    const { method, headers, redirect, body } = init;
    seen.push({ url: String(url), method, redirect, headers: Object.fromEntries(headers), body: body === undefined ? "" : String(body) });
    return answer(url, init);
  };
  return { fetch, seen };
}

/** Runs with a server, and always stops it. */
export async function withServer(options, run) {
  const folder = await mkdtemp(join(tmpdir(), "console-"));
  const staticDir = join(folder, "dist");
  await mkdir(join(staticDir, "assets"), { recursive: true });
  await writeFile(join(folder, "outside.txt"), "outside");
  await writeFile(join(staticDir, "index.html"), "<!doctype html><title>console</title>");
  await writeFile(join(staticDir, ".env"), "hidden");
  await writeFile(join(staticDir, "assets", "app.wasm"), "wasm");
  await symlink(join(folder, "outside.txt"), join(staticDir, "link.txt"));
  const server = await serve({ staticDir, operations: OPERATIONS, ...options });
  try {
    await run({ ...server, ask: (...rest) => ask(server.port, ...rest) });
  } finally {
    await server.close();
    await rm(folder, { recursive: true });
  }
}

/** One request; the path is sent exactly as it is. */
export function ask(port, method, path, { headers = {}, body } = {}) {
  return new Promise((resolve, reject) => {
    const sent = request({ port, host: "127.0.0.1", method, path, headers, agent: false }, (response) => {
      const pieces = [];
      response.on("data", (piece) => pieces.push(piece));
      response.on("error", (error) => reject(Object.assign(error, { received: Buffer.concat(pieces).toString(), response })));
      response.on("end", () => resolve({ status: response.statusCode, headers: response.headers, text: Buffer.concat(pieces).toString() }));
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

/** The same with every byte in one's own hands. */
export function askRaw(port, text) {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => socket.end(text));
    let received = "";
    socket.on("data", (piece) => (received += piece));
    socket.on("error", () => resolve(received));
    socket.on("close", () => resolve(received));
  });
}

/** What a page of the server itself would send. */
export function sameOrigin(port, more = {}) {
  return { origin: `http://127.0.0.1:${port}`, "sec-fetch-site": "same-origin", "content-type": "application/json", ...more };
}
