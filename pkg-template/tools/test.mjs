// `npm test`: everything there is to test, step by step; the first failure ends it.
//   npm test             all steps
//   npm test -- NAME ... these steps only, without building what they need
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { buildPackage, findChromium, MissingError, ROOT, run, setUp } from "./setup.mjs";

const node = process.execPath;
const files = (...folders) =>
  folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder))
      .filter((name) => name.endsWith(".test.mjs"))
      .map((name) => `${folder}/${name}`),
  );

/** The boundary tests, in Node and in a browser, with wasm-bindgen's runner of the version that Cargo.lock pins. */
async function boundary(env) {
  findChromium();
  const driver = process.env.CHROMEDRIVER ?? "/usr/bin/chromedriver";
  if (!existsSync(driver)) throw new MissingError("chromedriver is missing: `apt-get install chromium-driver`, or name another one in CHROMEDRIVER");
  // A folder of its own: with another set of features, cargo would compile half of the other programs again.
  const tools = join(ROOT, "target/tools");
  const runner = join(tools, "debug/build-package");
  await run("cargo", ["build", "--quiet", "--package", "build-package", "--features", "test-runner"], { ...env, CARGO_TARGET_DIR: tools });
  const flags = ["--no-default-features", "--features", "client,tools,fetch", "--target", "wasm32-unknown-unknown"];
  const withRunner = {
    ...env,
    CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER: `${runner} test-runner`,
    CHROMEDRIVER: driver,
    WASM_BINDGEN_TEST_WEBDRIVER_JSON: join(ROOT, "tests/wasm/webdriver.json"),
  };
  // The example of the transport is compiled for the only target that has it.
  await run("cargo", ["test", ...flags, "--doc", "--", "src/wasm/"], withRunner);
  await run("cargo", ["test", ...flags, "--test", "wasm", "--test", "wasm_browser"], withRunner);
}

/** As many as a small machine runs without making them slow. */
const AT_ONCE = 2;

/**
 * Files with browsers, some at a time; what each says is printed when it ends. They depend on how busy the machine is: what fails is run
 * once more, alone and at the end, and must not fail again. Both are seen.
 */
async function twice(paths, env) {
  const one = (path, options) => run(node, ["--test", "--test-reporter=spec", path], env, options);
  const left = [...paths];
  const failed = [];
  const worker = async () => {
    for (let path = left.shift(); path; path = left.shift()) await one(path, { isWhole: true }).catch(() => failed.push(path));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  if (failed.length) console.log(`\nonce more: ${failed.join(", ")}`);
  for (const path of failed) await one(path);
}

/** In the order of what needs what; each is given the environment in which cargo is found. */
const STEPS = {
  native: (env) => run("cargo", ["test", "--workspace"], env),
  fuzz: (env) => run(node, ["tests/fuzz/run.mjs"], env),
  declarations: (env) => run("cargo", ["run", "--quiet", "--package", "build-package", "--", "types-check"], env),
  pack: (env) => buildPackage(env),
  types: (env) => run(node, ["tests/types/run.mjs"], env),
  lint: (env) => run(node, ["tests/package/lint.mjs"], env),
  package: (env) => run(node, ["--test", "--test-reporter=spec", ...files("tests/package")], env),
  server: (env) => run(node, ["--test", "--test-reporter=spec", ...files("tests/server")], env),
  edge: (env) => run(node, ["tests/edge/run.mjs"], env),
  console: (env) => twice(files("tests/console"), env),
  consumers: (env) => run(node, ["tests/consumers/run.mjs"], env),
  boundary,
  readme: (env) => run(node, ["--test", "--test-reporter=spec", ...files("tests/readme")], env),
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(STEPS, name));
if (unknown.length) {
  console.error(`there is no step ${unknown.join(", ")}; there are ${Object.keys(STEPS).join(", ")}`);
  process.exit(2);
}

const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(1)} s`;
const done = [];

async function step(name, work) {
  const began = Date.now();
  console.log(`\n== ${name}`);
  try {
    const given = await work();
    done.push(`${name} ${seconds(began)}`);
    console.log(`== ${name}: ok, ${seconds(began)}`);
    return given;
  } catch (failure) {
    console.error(failure instanceof MissingError ? failure.message : failure);
    console.error(`== ${name}: FAILED after ${seconds(began)}`);
    process.exit(1);
  }
}

const began = Date.now();
const env = await step("setup", () => setUp());
for (const [name, work] of Object.entries(STEPS)) if (!wanted.length || wanted.includes(name)) await step(name, () => work(env));
console.log(`\nall steps passed in ${seconds(began)}: ${done.join(", ")}`);
