// A gateway in real workerd, and a provider behind it that remembers what it is asked.
import { readFileSync, readdirSync } from "node:fs";
import { createServer, request } from "node:http";
import { createRequire } from "node:module";
import { connect } from "node:net";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Miniflare } from "miniflare";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

/** What `run.mjs` has installed beside the build. */
export const dependency = (name) => import(pathToFileURL(createRequire(at("../../target/edge/package.json")).resolve(name)).href);

/** workerd, and nothing asked of the network: by itself it would ask where this machine is. */
export const miniflare = (options) => new Miniflare({ cf: false, ...options });

export const dist = at("../../target/npm/package/dist/");

export const SECRET = "CANARY-token-of-the-gateway-0123456789";
export const KEYS = { imgix: "ak_CANARY_imgix_key_0123", imageboss: "CANARY-boss-key-4567" };
export const COMPATIBILITY = "2026-04-01";

/** The modules of a Worker: its own file, and those of the package. */
export const modulesOf = (file = "worker.mjs") => {
  const specifier = /"image-sources(\/cloudflare)?"/g;
  const own = readFileSync(at(file), "utf8").replace(specifier, (_, cloudflare) => (cloudflare ? '"./cloudflare.js"' : '"./index.workerd.js"'));
  const wasm = readdirSync(dist).filter((name) => name.endsWith(".wasm") && name != "sandbox.wasm");
  return [
    { type: "ESModule", path: `${dist}own.js`, contents: own },
    ...["cloudflare.js", "index.workerd.js"].map((name) => ({ type: "ESModule", path: dist + name, contents: readFileSync(dist + name, "utf8") })),
    ...wasm.map((name) => ({ type: "CompiledWasm", path: dist + name, contents: readFileSync(dist + name) })),
  ];
};

/** How a Worker with these options is started. */
export const workerWith = (options, more = {}) => ({
  name: "gateway",
  compatibilityDate: COMPATIBILITY,
  modulesRoot: dist,
  modules: modulesOf(more.file),
  bindings: { OPTIONS: options, ...more.bindings },
  ...more.worker,
});

/** A provider: answers as it is told, remembers everything. */
export async function upstream(answer = (_, response) => response.writeHead(200, { "content-type": "application/json" }).end("{}")) {
  const seen = [];
  const state = { answer };
  const server = createServer(async (asked, response) => {
    const one = { method: asked.method, url: asked.url, headers: asked.headers, at: performance.now(), body: "", bytes: 0, first: undefined };
    seen.push(one);
    try {
      if (state.stream) return await state.stream(asked, response, one);
      const pieces = [];
      for await (const piece of asked) {
        one.first ??= performance.now();
        pieces.push(piece);
      }
      one.body = Buffer.concat(pieces).toString();
      one.bytes = Buffer.concat(pieces).length;
      await state.answer(asked, response, one);
    } catch {
      response.destroy();
    }
  });
  server.keepAliveTimeout = 60_000;
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const origin = `http://127.0.0.1:${server.address().port}`;
  return {
    origin,
    seen,
    /** Answers otherwise from now on. */
    set: (answer) => (state.answer = answer),
    stream: (take) => (state.stream = take),
    /** Waits until everything has been read that was sent by clients which are gone. */
    async settled() {
      const open = () => new Promise((resolve, reject) => server.getConnections((failure, count) => (failure ? reject(failure) : resolve(count))));
      while (await open()) await new Promise((done) => setTimeout(done, 20));
    },
    close: () => new Promise((done) => (server.close(done), server.closeAllConnections())),
  };
}

export const reply = (status, body, headers = {}) => (_, response) =>
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(typeof body == "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body));

/** Options of a gateway in front of an upstream. */
export const optionsFor = (origin, more = {}) => ({
  providers: {
    imgix: { apiKey: KEYS.imgix, baseUrl: `${origin}/imgix/api/v1` },
    imageboss: { apiKey: KEYS.imageboss, baseUrl: `${origin}/imageboss/v1`, imageBaseUrl: `${origin}/images` },
  },
  tokens: [{ name: "tests", secret: SECRET }],
  ...more,
});

/** Starts a gateway in workerd; gives what it takes to ask it, and to end it. */
export async function start(options, more = {}) {
  const flare = miniflare({ ...more.flare, workers: [workerWith(options, more), ...(more.workers ?? [])] });
  try {
    const url = await flare.ready;
    const port = Number(url.port);
    return { flare, url: url.origin, port, ask: (...rest) => ask(port, ...rest), raw: (text) => askRaw(port, text), close: () => flare.dispose() };
  } catch (failure) {
    await flare.dispose().catch(() => {});
    throw failure;
  }
}

/** One request over a socket of its own; the path is sent exactly as it is. */
export function ask(port, method, path, { headers = {}, body, token = SECRET } = {}) {
  return new Promise((resolve, reject) => {
    const all = { ...(token && { authorization: `Bearer ${token}` }), ...headers };
    const sent = request({ port, host: "127.0.0.1", method, path, headers: all, agent: false }, (response) => {
      const pieces = [];
      response.on("data", (piece) => pieces.push(piece));
      response.on("error", reject);
      response.on("end", () => {
        const text = Buffer.concat(pieces).toString();
        resolve({ status: response.statusCode, headers: response.headers, text, get json() { return JSON.parse(text); } });
      });
    });
    sent.on("error", reject);
    if (typeof body == "function") body(sent);
    else sent.end(body);
  });
}

/** The same with every byte in one's own hands. */
export function askRaw(port, text) {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(text));
    let received = "";
    socket.setTimeout(3_000, () => socket.destroy());
    socket.on("data", (piece) => {
      received += piece;
      socket.end();
    });
    socket.on("error", () => resolve(received));
    socket.on("close", () => resolve(received));
  });
}

/** The sandbox as upstream: it knows the gateway's keys, and keeps what is done to it. */
export async function sandboxed(options = {}) {
  const { createSandbox } = await import(pathToFileURL(`${dist}sandbox.js`).href);
  const sandbox = createSandbox({ keys: Object.values(KEYS).map((key) => ({ key })), ...options });
  const places = [["/imgix/api/v1", "https://api.imgix.com/api/v1"], ["/imageboss/v1", "https://api.imageboss.me/v1"], ["/images", "https://img.imageboss.me"]];
  const up = await upstream(async (asked, response, one) => {
    const [from, to] = places.find(([from]) => asked.url.startsWith(from)) ?? [asked.url, "https://nowhere.example/"];
    const hop = ["connection", "host", "content-length", "transfer-encoding"];
    const headers = Object.fromEntries(Object.entries(asked.headers).filter(([name]) => !hop.includes(name)));
    const answered = await sandbox.fetch(to + asked.url.slice(from.length), { method: asked.method, headers, ...(one.bytes && { body: one.body }) });
    const own = [...answered.headers].filter(([name]) => name !== "content-length");
    response.writeHead(answered.status, Object.fromEntries(own)).end(Buffer.from(await answered.arrayBuffer()));
  });
  return { ...up, sandbox };
}

export const JSON_API = { "content-type": "application/vnd.api+json", accept: "application/vnd.api+json" };
