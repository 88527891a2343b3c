// A short run of every fuzz target: what is kept is replayed, then so many mutants of it are tried, found by coverage.
//   node tests/fuzz/run.mjs            all targets, as `npm test` does; the seed is fixed, and the number of runs too
//   RUNS=1000000 SEED=3 node tests/fuzz/run.mjs body
// It needs neither nightly nor cargo-fuzz: the flags are those of the compiler's own coverage. For long runs with more tools
// there is `cargo +nightly fuzz run --fuzz-dir tests/fuzz body`.
import { execFile } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

import { environment, MissingError, ROOT, run } from "../../pkg-template/tools/setup.mjs";

const RUNS = { body: 4_000, refusal: 4_000, retry: 8_000, paths: 8_000 };
const FIXTURES = ["tests/fixtures/imgix", "tests/fixtures/imageboss"];
const ALSO = { body: FIXTURES, refusal: FIXTURES };
const MANIFEST = "tests/fuzz/Cargo.toml";
const TARGET_DIR = join(ROOT, "target/fuzz");
const COVERAGE = ["--cfg=fuzzing", "-Cpasses=sancov-module", "-Ccodegen-units=1", "-Cllvm-args=-sanitizer-coverage-level=4"].concat(
  ["inline-8bit-counters", "pc-table", "trace-compares"].map((name) => `-Cllvm-args=-sanitizer-coverage-${name}`),
);

const { RUNS: runs, SEED: seed = "1" } = process.env;
const wanted = process.argv.slice(2);
const env = { ...environment(), CARGO_TARGET_DIR: TARGET_DIR };
const cargo = (command, ...args) => [command, "--quiet", "--manifest-path", MANIFEST, ...args];
// The target is named so that build scripts are compiled without the flags, and the folder is another one so that nothing else is compiled anew.
const covered = ["--release", "--target", "host-tuple", "--target-dir", join(TARGET_DIR, "coverage"), "--config", `build.rustflags=${JSON.stringify(COVERAGE)}`];

/** Runs one target; what libFuzzer says is only shown if something is found. */
async function fuzz(target) {
  const found = join(TARGET_DIR, "found", target);
  rmSync(found, { recursive: true, force: true });
  mkdirSync(found, { recursive: true });
  const flags = [`-runs=${runs ?? RUNS[target]}`, `-seed=${seed}`, "-max_len=65536", "-dict=tests/fuzz/words.dict", "-print_final_stats=1"];
  const args = [...flags, `-artifact_prefix=${TARGET_DIR}/${target}-`, found, `tests/fuzz/corpus/${target}`, ...(ALSO[target] ?? [])];
  try {
    const { stderr } = await promisify(execFile)("cargo", cargo("run", ...covered, "--bin", target, "--", ...args), { cwd: ROOT, env, maxBuffer: 1 << 28 });
    const executed = /number_of_executed_units: (\d+)/.exec(stderr)?.[1];
    if (!executed) throw new Error(`${target} tells no number of runs:\n${stderr}`);
    console.log(`${target}: ${executed} runs, nothing found`);
  } catch (failure) {
    console.error(failure.stderr ?? failure);
    throw new MissingError(`${target} fails; the input that does it is kept in ${TARGET_DIR}, as the lines above tell`);
  }
}

try {
  await run("cargo", cargo("test", "--no-default-features"), env);
  await run("cargo", cargo("build", ...covered, "--bins"), env);
  for (const target of wanted.length ? wanted : Object.keys(RUNS)) await fuzz(target);
} catch (failure) {
  console.error(failure instanceof MissingError ? failure.message : failure);
  process.exitCode = 1;
}
