// What must be there before anything can be built, and what is done about it if it is not.
import { execFileSync, spawn } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const NODE_MAJOR = 20;
const WASM_TARGET = "wasm32-unknown-unknown";

/** Something is missing that only a person can install. The message says what, and how. */
export class MissingError extends Error {
  name = "MissingError";
}

/** Throws unless this Node is new enough. */
export function checkNode(version = process.versions.node) {
  if (Number(version.split(".")[0]) < NODE_MAJOR)
    throw new MissingError(`Node ${NODE_MAJOR} or newer is needed, this is ${version}: https://nodejs.org/`);
}

/** Where rustup puts its commands may not be on the path of this shell yet. */
export function environment(env = process.env, home = homedir()) {
  const cargoHome = join(env.CARGO_HOME ?? join(home, ".cargo"), "bin");
  const paths = (env.PATH ?? "").split(delimiter);
  return paths.includes(cargoHome) || !existsSync(cargoHome) ? env : { ...env, PATH: [...paths, cargoHome].join(delimiter) };
}

/** What a command prints, or `undefined` if there is no such command. */
function output(command, args, env) {
  try {
    return execFileSync(command, args, { cwd: ROOT, encoding: "utf8", env, stdio: ["ignore", "pipe", "ignore"] });
  } catch (failure) {
    if (failure.code === "ENOENT") return undefined;
    throw new MissingError(`\`${command} ${args.join(" ")}\` fails: run it to see why`, { cause: failure });
  }
}

/** Throws unless Rust is there. */
export function checkRust(env = environment()) {
  const install = "install Rust with https://rustup.rs/ (on Debian: `apt-get install rustup build-essential`), then try again";
  if (output("cargo", ["--version"], env) === undefined) throw new MissingError(`cargo is missing: ${install}`);
}

/** Is this part of the toolchain there? */
function hasPart(env, ...path) {
  const sysroot = output("rustc", ["--print", "sysroot"], env)?.trim();
  return sysroot !== undefined && existsSync(join(sysroot, "lib", "rustlib", ...path));
}

/** Does Rust know how to compile for WebAssembly? */
export const hasWasmTarget = (env = environment()) => hasPart(env, WASM_TARGET);

/** Is the standard library's source there, which is compiled along to make the module small? */
export const hasStandardSource = (env = environment()) => hasPart(env, "src", "rust", "library", "std");

/** Are the development dependencies there, and as new as the lock? */
export function hasDependencies(root = ROOT) {
  const installed = join(root, "node_modules", ".package-lock.json");
  return existsSync(installed) && statSync(installed).mtimeMs >= statSync(join(root, "package-lock.json")).mtimeMs;
}

/** Where a Chromium is, for tests that need one. Throws if there is none. */
export function findChromium(env = process.env, isThere = existsSync) {
  const places = [env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
  const found = places.find((place) => place && isThere(place));
  if (!found) throw new MissingError("chromium is missing: `apt-get install chromium`, or name another one in CHROMIUM");
  return found;
}

/** Runs a command; what it prints is seen, with `isWhole` in one piece at the end. */
export function run(command, args, env = environment(), { isWhole = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: ROOT, env, stdio: isWhole ? ["inherit", "pipe", "pipe"] : "inherit", shell: process.platform === "win32" });
    const said = [];
    for (const stream of isWhole ? [child.stdout, child.stderr] : []) stream.on("data", (chunk) => said.push(chunk));
    child.once("error", reject);
    child.once("close", (code, signal) => {
      process.stdout.write(Buffer.concat(said));
      if (code === 0) resolve();
      else reject(new MissingError(`\`${command} ${args.join(" ")}\` ended with ${signal ?? code}`));
    });
  });
}

/** Checks everything, and installs what needs no person. */
export async function setUp({ say = console.log } = {}) {
  checkNode();
  const env = environment();
  checkRust(env);
  if (!hasDependencies()) {
    say("installing the development dependencies …");
    await run("npm", ["ci", "--no-audit", "--no-fund"], env);
  }
  if (!hasWasmTarget(env)) {
    if (output("rustup", ["--version"], env) === undefined)
      throw new MissingError(`the Rust target ${WASM_TARGET} is missing, and there is no rustup to add it: see https://rustup.rs/`);
    say(`adding the Rust target ${WASM_TARGET} …`);
    await run("rustup", ["target", "add", WASM_TARGET], env);
  }
  if (!hasStandardSource(env)) {
    say("adding the source of Rust's standard library …");
    // Without it the module works as well and is larger; the build says so.
    await run("rustup", ["component", "add", "rust-src"], env).catch(() => say("it could not be added"));
  }
  return env;
}

/** Builds target/npm/package. */
export const buildPackage = (env = environment()) => run("cargo", ["run", "--quiet", "--package", "build-package", "--", "pack"], env);
