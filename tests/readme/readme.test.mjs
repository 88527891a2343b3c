// Runs every program of the README, and holds its tables, outputs and links against what is there.
//     UPDATE=1 node --test tests/readme/    writes the table and the outputs anew
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";

import { MissingError, ROOT, checkRust, findChromium } from "../../pkg-template/tools/setup.mjs";
import { anchorsOf, between, blocksOf, install, linksOf, place, run, start } from "./support.mjs";
import { journalPlaces } from "../../target/npm/package/dist/index.js";

const read = (name) => readFile(join(ROOT, name), "utf8");
const readme = await read("README.md");
const blocks = blocksOf(readme);
const files = blocks.filter(({ is }) => is === "file");
const codeOf = (path) => files.find((file) => file.path === path)?.code;
const updates = [];

/** Compares what the README says with what is, or notes what it should say. */
function says(said, is) {
  if (process.env.UPDATE) updates.push([said, is]);
  else assert.equal(said, is, "the README says something else; UPDATE=1 writes it anew");
}

before(() => install(files), { timeout: 300_000 });

after(async () => {
  if (updates.length === 0) return;
  await writeFile(join(ROOT, "README.md"), updates.reduce((text, [said, is]) => text.replace(said, () => is), readme));
});

/** Runs one of the README's programs on the sandbox; gives what it printed and what the sandbox was asked. */
async function program(path, { flags = [], cwd, crashAfter } = {}) {
  const log = join(place, `${path}.log`);
  const preload = pathToFileURL(join(place, "preload.mjs")).href;
  const env = { IMGIX_API_KEY: "sandbox", IMAGEBOSS_API_KEY: "sandbox", SANDBOX_LOG: log, SANDBOX_CRASH_AFTER: crashAfter };
  // A folder of its own for every run: programs leave files behind.
  const folder = cwd ?? (await mkdtemp(join(place, "run-")));
  const { stdout } = await run(process.execPath, ["--import", preload, ...flags, join(place, path)], { cwd: folder, env });
  return { stdout, asked: JSON.parse(await readFile(log, "utf8")) };
}

test("every block of code is a file that is run, or what one prints", () => {
  const loose = blocks.filter(({ is, language }) => is === undefined && language !== "sh");

  assert.deepEqual(loose, []);
  assert.deepEqual(files.map(({ path }) => path), [
    "node/sources.mjs", "web/page.js", "web/dist/index.html", "web/gateway.mjs", "worker/worker.js", "worker/wrangler.jsonc", "rust/main.rs",
    "node/deploy.mjs", "node/assets.mjs", "node/upload.mjs", "node/purge.mjs", "node/plan.mjs", "node/events.mjs", "node/limiter.mjs", "node/signing.mjs",
    "node/errors.mjs", "node/lists.mjs", "node/dry-run.mjs", "node/validation.mjs", "node/own.test.mjs",
  ]);
});

test("the quick start for Node lists the sources of both", async () => {
  const { stdout, asked } = await program("node/sources.mjs");

  assert.match(stdout, /provider.*name.*type.*location/);
  assert.match(stdout, /'imgix' .*'webfolder'/);
  assert.match(stdout, /'imageboss' .*'s3'/);
  assert.match(asked.join("\n"), /^imgix GET .+sort=name 200\nimgix GET .+ 200\nimageboss GET \/v1\/sources 200$/);
});

for (const { path, code } of blocks.filter(({ is }) => is === "prints")) {
  test(`${path} prints what the README says`, async () => {
    const { stdout } = await program(path);

    says(`<!-- prints: ${path} -->\n\`\`\`text\n${code}\`\`\``, `<!-- prints: ${path} -->\n\`\`\`text\n${stdout}\`\`\``);
  });
}

test("mistakes, validation, dry runs and signing send nothing", async () => {
  for (const path of ["node/errors.mjs", "node/validation.mjs", "node/dry-run.mjs", "node/signing.mjs"]) {
    const { asked } = await program(path);

    assert.deepEqual(asked, [], path);
  }
});

test("a purge of many addresses goes on after a crash, and does none twice", async () => {
  const cwd = await mkdtemp(join(place, "run-"));
  const purged = ({ asked }) => asked.filter((line) => line.includes(" POST ")).map((line) => line.match(/https:[^"]+/)[0]);

  const first = purged(await program("node/purge.mjs", { cwd, crashAfter: 12 }));
  const open = journalPlaces(JSON.parse(await readFile(join(cwd, "purge.json"), "utf8")).open);
  const { stdout, asked } = await program("node/purge.mjs", { cwd });
  const second = purged({ asked });
  const third = await program("node/purge.mjs", { cwd });

  assert.ok(first.length >= 12 && first.length < 25, `${first.length}`);
  assert.equal(new Set([...first, ...second]).size, first.length + second.length, "one address was purged twice");
  assert.ok(open.length > 0 && stdout.includes(`unknown: ${open.length}`), stdout);
  const left = first.filter((url) => !open.includes(Number(/(\d+)\.jpg/.exec(url)[1])));
  assert.equal(left.length + open.length + second.length, 25);
  assert.deepEqual(third.asked, []);
});

test("a limiter of one's own is asked for every request", async () => {
  const { stdout, asked } = await program("node/limiter.mjs");

  assert.match(stdout, /^slots: default$/m);
  assert.equal(asked.length, 4);
});

test("the examples of tests pass, without the network", async () => {
  const { stdout, asked } = await program("node/own.test.mjs", { flags: ["--test-reporter=tap"] });

  assert.match(stdout, /^# pass 2$/m);
  assert.match(stdout, /^# fail 0$/m);
  assert.deepEqual(asked, []);
});

test("the quick start for a web app shows the sources through the gateway", async () => {
  const cwd = join(place, "web");
  const esbuild = join(ROOT, "node_modules/.bin/esbuild");
  if (!existsSync(esbuild)) throw new MissingError("esbuild is missing: npm ci");
  await run(esbuild, ["page.js", "--bundle", "--format=esm", "--outfile=dist/page.js", "--log-level=warning"], { cwd });
  // The gateway runs in a checkout of this repository.
  for (const name of ["www", "target"]) await symlink(join(ROOT, name), join(cwd, name), "dir");
  const preload = pathToFileURL(join(place, "preload.mjs")).href;
  const gateway = await start(["--import", preload, "gateway.mjs", "dist"], { cwd, env: { IMGIX_API_KEY: "ak_sandbox", PORT: "0" } });
  try {
    const shown = await open(gateway.line, () => {
      const items = [...document.querySelectorAll("li")].map((item) => item.textContent);
      return items.length > 30 ? items : undefined;
    });

    assert.ok(shown.length > 30, `${shown.length} sources`);
    assert.ok(shown.every((text) => /^.+: (deployed|deploying|disabled|deleted)$/.test(text)), shown.join("\n"));
  } finally {
    await gateway.stop();
  }
});

/** What a function gives in a page, as soon as it gives something. */
async function open(address, look) {
  const { default: puppeteer } = await import("puppeteer-core").catch((cause) => {
    throw new MissingError("puppeteer-core is missing: npm ci", { cause });
  });
  const userDataDir = await mkdtemp(join(tmpdir(), "chromium-"));
  const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
  const browser = await puppeteer.launch({ executablePath: findChromium(), headless: true, userDataDir, args: flags });
  const said = [];
  try {
    const tab = await browser.newPage();
    tab.on("console", (message) => said.push(message.text()));
    tab.on("pageerror", (error) => said.push(String(error)));
    await tab.goto(address, { timeout: 60_000 });
    const found = await tab.waitForFunction(look, { timeout: 30_000 }).catch((cause) => {
      throw new Error(`the page shows nothing: ${said.join("; ") || "it said nothing"}`, { cause });
    });
    return await found.jsonValue();
  } finally {
    await browser.close();
    await rm(userDataDir, { recursive: true, force: true });
  }
}

test("the quick start for a Worker runs in workerd", async () => {
  const cwd = join(place, "worker");
  const wrangler = join(place, "node_modules/wrangler/bin/wrangler.js");
  const env = { WRANGLER_SEND_METRICS: "false", CI: "true", WRANGLER_LOG_PATH: "logs" };
  await run(process.execPath, [wrangler, "deploy", "--dry-run", "--outdir", "dist"], { cwd, env });
  const { compatibility_date: date } = JSON.parse(codeOf("worker/wrangler.jsonc"));

  const { stdout } = await run(process.execPath, [join(place, "worker.mjs"), "worker/dist", date, "sandbox"], { cwd: place });
  const { status, body, asked } = JSON.parse(stdout);
  assert.equal(status, 200);
  assert.ok(body.deployed > 20 && body.disabled > 0, stdout);
  assert.equal(asked[0], "/api/v1/sources");

  const refused = JSON.parse((await run(process.execPath, [join(place, "worker.mjs"), "worker/dist", date, "wrong"], { cwd: place })).stdout);
  assert.equal(refused.status, 502);
  assert.match(refused.body.error, /^imgix answered 401/);
});

test("the quick start for Rust is the crate's own example, which is compiled and run", async () => {
  const head = (await read("src/lib.rs")).match(/^(\/\/!.*\n)+/)[0].replaceAll(/^\/\/! ?/gm, "");
  const [example] = blocksOf(head);
  checkRust();
  const { stdout } = await run("cargo", ["test", "--doc", "--quiet", "--package", "image-sources", "--", "src/lib.rs"], { timeout: 600_000 });

  assert.equal(codeOf("rust/main.rs"), example.code);
  assert.match(stdout, /test result: ok\. 1 passed/);
});

test("the table of operations is what the tables say", async () => {
  checkRust();
  const { stdout } = await run("cargo", ["run", "--quiet", "--package", "build-package", "--", "operations"], { timeout: 600_000 });

  const frame = (table) => `<!-- operations: begin -->\n${table}<!-- operations: end -->`;
  says(frame(between(readme, "operations")), frame(`\n${stdout}\n`));
});

test("everything that the package exports, and everything a sandbox can be told, is named", async () => {
  const { default: names } = await import(pathToFileURL(join(place, "exports.mjs")).href);
  const declared = await read("pkg-template/types/sandbox.d.ts");
  const members = (name) => [...declared.match(new RegExp(`interface ${name} \\{\n([^]*?)\n\\}`))[1].matchAll(/^  (?:readonly )?(\w+)\??[:(]/gm)].map(([, member]) => member);
  const kinds = [...declared.match(/kind: (.*);/)[1].matchAll(/"([\w-]+)"/g)].map(([, kind]) => kind);
  const wanted = [...names, ...["SandboxOptions", "SandboxFaults", "SandboxRule", "Sandbox"].flatMap(members), ...kinds];
  const words = new Set(readme.match(/[\w-]+/g));

  assert.ok(wanted.length > 60, `${wanted.length}`);
  assert.deepEqual(wanted.filter((name) => !words.has(name)), []);
});

test("every command is one that npm knows", async () => {
  const { scripts } = JSON.parse(await read("package.json"));
  for (const page of ["README.md", "CONTRIBUTING.md"]) {
    const named = [...(await read(page)).matchAll(/npm (?:run ([\w-]+)|(start|test)\b)/g)].map(([, one, other]) => one ?? other);

    assert.ok(named.length > 1, page);
    assert.deepEqual(named.filter((name) => !Object.hasOwn(scripts, name)), [], page);
  }
});

for (const page of ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "www/ARCHITECTURE.md", "pkg-template/src/cloudflare/ARCHITECTURE.md"]) {
  test(`every link of ${page} leads somewhere`, async () => {
    const text = await read(page);
    const dead = [];
    for (const address of linksOf(text).filter((address) => !/^https?:/.test(address))) {
      const [path, anchor] = address.split("#");
      const there = path === "" ? text : existsSync(join(ROOT, dirname(page), path)) ? await read(join(dirname(page), path)) : undefined;
      if (there === undefined || (anchor !== undefined && !anchorsOf(there).includes(anchor))) dead.push(address);
    }

    assert.deepEqual(dead, []);
  });
}
