// What `npm start` says when something is missing.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { checkNode, checkRust, environment, findChromium, hasDependencies, hasWasmTarget, MissingError } from "../../pkg-template/tools/setup.mjs";

test("an old Node is refused by name", () => {
  checkNode("20.0.0");
  checkNode("24.1.0");
  assert.throws(() => checkNode("18.20.4"), /Node 20 or newer is needed, this is 18\.20\.4/);
});

test("a missing cargo is said with what to install", () => {
  assert.throws(() => checkRust({ PATH: "/nowhere" }), (error) => error instanceof MissingError && /cargo is missing: install Rust with https:\/\/rustup\.rs/.test(error.message));
});

test("what is there is found", () => {
  checkRust();
  assert.ok(hasWasmTarget());
  assert.ok(hasDependencies());
});

test("commands of rustup are found beside the path", () => {
  const home = mkdtempSync(join(tmpdir(), "home-"));
  try {
    mkdirSync(join(home, ".cargo", "bin"), { recursive: true });
    assert.equal(environment({ PATH: "/bin" }, home).PATH, `/bin:${join(home, ".cargo", "bin")}`);
    assert.equal(environment({ PATH: "/bin" }, "/nowhere").PATH, "/bin");
  } finally {
    rmSync(home, { recursive: true });
  }
});

test("dependencies older than the lock are installed again", () => {
  const root = mkdtempSync(join(tmpdir(), "root-"));
  try {
    mkdirSync(join(root, "node_modules"));
    writeFileSync(join(root, "package-lock.json"), "{}");
    assert.equal(hasDependencies(root), false);
    writeFileSync(join(root, "node_modules", ".package-lock.json"), "{}");
    assert.equal(hasDependencies(root), true);
    utimesSync(join(root, "node_modules", ".package-lock.json"), 1, 1);
    assert.equal(hasDependencies(root), false);
  } finally {
    rmSync(root, { recursive: true });
  }
});

test("a missing chromium is said with what to install", () => {
  assert.ok(findChromium());
  assert.throws(() => findChromium({}, () => false), /apt-get install chromium/);
});
