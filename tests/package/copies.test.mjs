// Copies and bundles of the package: errors recognise each other, names survive, nothing runs on import.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { after, describe, test } from "node:test";
import { build } from "esbuild";
import { CODES, failure, instances, json, library as esm, packageUrl, thrown } from "./support.mjs";

const cjs = createRequire(import.meta.url)(fileURLToPath(new URL("dist/index.cjs", packageUrl)));
const CLASSES = Object.keys(esm).filter((name) => name.endsWith("Error") && /^[A-Z]/.test(name));

/** An error of each class that an answer can cause. */
async function errorsOf(library) {
  const answered = (status, body = "{}") => failure(new library.Imgix({ apiKey: "k", retries: 0, limits: { default: null }, fetch: async () => json(body, status) }).sources.get("s"));
  const errors = await Promise.all([401, 403, 404, 409, 418, 429, 500, 301].map((status) => answered(status)));
  errors.push(await answered(200, "nonsense"));
  const failing = (fetch) => failure(new library.Imgix({ apiKey: "k", retries: 0, fetch, timeoutMs: 1 }).sources.get("s"));
  errors.push(await failing(() => Promise.reject(new Error("x"))), await failing(() => new Promise(() => {})));
  errors.push(thrown(() => new library.Imgix()));
  return errors;
}

describe("two copies in one process", () => {
  test("the CommonJS twin has the same exports", () => {
    assert.deepEqual(Object.keys(cjs).filter((name) => name !== "default" && name !== "__esModule").sort(), Object.keys(esm).filter((name) => name !== "default").sort());
    assert.equal(CLASSES.length, 13);
  });

  test("errors of each are errors of the other, class by class", async () => {
    for (const [own, other] of [[esm, cjs], [cjs, esm]]) {
      const errors = await errorsOf(own);
      assert.deepEqual(new Set(errors.map(({ name }) => name)), new Set(CLASSES.filter((name) => !["ImageSourcesError", "InternalError"].includes(name))));
      for (const error of errors) {
        assert.ok(other.isImageSourcesError(error));
        for (const name of CLASSES) assert.equal(error instanceof other[name], name === error.name || name === "ImageSourcesError", `${error.name} instanceof ${name}`);
      }
    }
  });

  test("nothing else is one of ours", () => {
    for (const value of [new Error("x"), new TypeError("x"), {}, null, undefined, 7, "x", { name: "NotFoundError" }, { kind: "declined", problems: [] }, () => {}, Object.create(null)]) {
      assert.equal(esm.isImageSourcesError(value), false);
      for (const name of CLASSES) assert.equal(value instanceof esm[name], false);
    }
  });

  test("a class that a caller derives has only its own instances", () => {
    class Mine extends esm.NotFoundError {}
    const mine = new Mine("x");
    assert.ok(mine instanceof Mine && mine instanceof esm.NotFoundError && mine instanceof esm.ImageSourcesError && mine instanceof Error);
    assert.ok(!(new esm.NotFoundError("x") instanceof Mine));
  });

  test("class names and the brand cannot be lost by enumeration or cloning of the message", () => {
    for (const name of CLASSES) {
      assert.equal(esm[name].name, name);
      const error = new esm[name]("m");
      assert.equal(error.name, name);
      assert.equal(`${error}`, `${name}: m`);
      assert.ok(error.problems.length > 0);
    }
  });

  test("both copies work side by side", async () => {
    const answers = await Promise.all([esm, cjs, esm, cjs].map(({ ImageBoss }, index) => new ImageBoss({ apiKey: "k", fetch: async () => json({ id: String(index) }) }).sources.get("s")));
    assert.deepEqual(answers.map(({ id }) => id), ["0", "1", "2", "3"]);
  });
});

describe("bundles", () => {
  let folder;
  after(() => folder && rm(folder, { recursive: true }));
  const bundle = async (code, options) => {
    folder ??= await mkdtemp(join(tmpdir(), "bundle-"));
    const { outputFiles } = await build({
      stdin: { contents: code, resolveDir: fileURLToPath(packageUrl) }, alias: { "image-sources": fileURLToPath(new URL("dist/index.js", packageUrl)) },
      bundle: true, format: "esm", write: false, logLevel: "silent", ...options,
    });
    const path = join(folder, `bundle${Math.random()}.mjs`);
    await writeFile(path, outputFiles[0].text);
    return { text: outputFiles[0].text, module: await import(pathToFileURL(path)) };
  };

  test("names survive minification, and errors of a bundle are errors of the package", async () => {
    const { module } = await bundle('export * from "image-sources";', { minify: true });
    for (const error of await errorsOf(module)) {
      assert.ok(CLASSES.includes(error.name));
      assert.ok(error instanceof module[error.name]);
      assert.ok(error instanceof esm[error.name]);
      assert.match(error.stack, new RegExp(error.name));
    }
    for (const name of CLASSES) assert.equal(module[name].name, name);
  });

  test("what is not used is not bundled: the package has no side effects", async () => {
    const { text } = await bundle('import "image-sources"; export const x = 1;', { minify: true, ignoreAnnotations: false });
    const { text: errors } = await bundle('import { NotFoundError } from "image-sources"; export { NotFoundError };', { minify: true });
    // esbuild does not read `sideEffects` of an aliased file, so this is what remains by the code alone.
    assert.ok(errors.length < 20_000, `errors alone take ${errors.length} bytes`);
    assert.ok(text.length < 20_000, `nothing takes ${text.length} bytes`);
  });

  test("importing compiles nothing", async () => {
    const { execFileSync } = await import("node:child_process");
    const script = `
      for (const name of ["Module", "Instance", "instantiate", "compile"]) WebAssembly[name] = class { constructor() { throw new Error(name); } };
      await import(${JSON.stringify(new URL("dist/index.js", packageUrl).href)});
      console.log("quiet");`;
    assert.equal(execFileSync(process.execPath, ["--input-type=module", "-e", script]).toString(), "quiet\n");
  });

  test("one instance for all clients", () => {
    const before = instances.length;
    for (let count = 0; count < 20; count++) new esm.Imgix({ apiKey: "k" });
    assert.equal(instances.length, before);
  });
});

test("the codes of problems are the documented list", async () => {
  const codes = new Set((await errorsOf(esm)).flatMap(({ problems }) => problems.map(({ code }) => code)));
  for (const code of codes) assert.ok(CODES.includes(code), code);
});
