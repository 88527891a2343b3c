//! From sources to a tarball.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::run::{Result, copy, read, run, run_with, write};
use crate::{bindgen, encode, tables};

/// What `wasm-opt` may use: everything that Node 20 and the browsers named in the README have, by name. Never `-all`,
/// whose output older engines refuse.
const WASM_OPT: &[&str] = &[
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
    "--strip-debug",
    "--strip-producers",
    "--strip-target-features",
    "--converge",
    // The stack lies lowest and grows downwards: its last kilobyte is never reached, as the depth of every recursion has a cap.
    // So no address that is computed lies there, and offsets can be folded into loads.
    "--low-memory-unused",
    // Cutting the data at every run of zeros makes it smaller raw, and larger compressed.
    "--skip-pass=memory-packing",
    // What the compiler nested is taken apart and put together anew; a second round finds more. In all modules alike: what they have
    // in common then looks the same, and a program that carries two of them compresses better.
    "--flatten",
    "--rereloop",
    "-Oz",
    "-Oz",
    // The most called get the shortest numbers.
    "--reorder-functions",
];

/// The modules: the feature that makes it, and how hard to shrink it.
const MODULES: &[(&str, &str)] = &[("client", "-Oz"), ("tools", "-Oz"), ("plan", "-Oz"), ("sandbox", "-O2")];

/// The standard library is compiled along with us, for size, and with panics that end in a trap at once: nobody could read
/// their words, which with what prints them are a tenth of the module.
const SMALL_STD: &[&str] = &["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"];
const SMALL_STD_FLAGS: &str = "-Zunstable-options -Cpanic=immediate-abort";

/// Our own name for this build, the small form of a hash, a stack that ends where addresses of data are a byte shorter, and no
/// code doubled to calculate something only once.
const FLAGS: &str =
    "--cfg=npm_module --cfg=sha2_backend_soft=\"compact\" -Clink-arg=-zstack-size=983040 -Cllvm-args=-enable-pre=false";

/// Builds everything and packs it.
pub(crate) fn pack(root: &Path) -> Result<()> {
    let made = root.join("target/npm/generated");
    for (name, level) in MODULES {
        module(root, &made, name, level)?;
    }
    write(&made.join("tables.js"), tables::module())?;
    run(root, "node", &["pkg-template/tools/bundle.mjs"])
}

/// Builds one module, to see what a change makes of it.
pub(crate) fn one(root: &Path, name: &str) -> Result<()> {
    let Some((name, level)) = MODULES.iter().find(|(known, _)| *known == name) else {
        return Err(format!("there is no module `{name}`"));
    };
    module(root, &root.join("target/npm/generated"), name, level)
}

/// Compiles one module, binds it, shrinks it and writes it in both forms: as a file and as text.
fn module(root: &Path, made: &Path, name: &str, level: &str) -> Result<()> {
    let target = "wasm32-unknown-unknown";
    let features = ["--no-default-features", "--features", name];
    // Named here and not in Cargo.toml: a crate that is also an rlib is compiled without link-time optimisation.
    let common = [
        "rustc",
        "--quiet",
        "--crate-type",
        "cdylib",
        "--release",
        "--lib",
        "--package",
        "image-sources",
        "--target",
        target,
    ];
    let (switches, std_flags) = if sysroot(root).join("lib/rustlib/src/rust/library/std").is_dir() {
        (SMALL_STD, SMALL_STD_FLAGS)
    } else {
        eprintln!("the module becomes a tenth larger: `rustup component add rust-src` is missing");
        (&[][..], "")
    };
    let flags = [&anonymous(root), FLAGS, std_flags].join(" ");
    // Some of the switches are not stable; the compiler is pinned, so they cannot change under us.
    let environment = [("RUSTFLAGS", flags.as_str()), ("RUSTC_BOOTSTRAP", "1")];
    run_with(root, "cargo", &[&common[..], switches, &features[..]].concat(), &environment)?;
    let compiled = root.join("target").join(target).join("release/image_sources.wasm");
    let bound = bindgen::bind(&compiled, name, &made.join("bindgen"))?;

    let raw = made.join(format!("{name}.raw.wasm"));
    let small = made.join(format!("{name}.wasm"));
    write(&raw, &bound.wasm)?;
    let optimiser = root.join("node_modules/binaryen/bin/wasm-opt");
    let paths = [optimiser.display().to_string(), raw.display().to_string(), small.display().to_string()];
    let [optimiser, raw, out] = &paths;
    run(root, "node", &[&[optimiser.as_str(), raw, "-o", out, level], WASM_OPT].concat())?;

    let joiner = made.join("join.wasm");
    let paths = [root.join("pkg-template/build/src/join.wat").display().to_string(), joiner.display().to_string()];
    let [source, out] = &paths;
    run(root, "node", &[optimiser, source, "-o", out, "-Oz", "--enable-bulk-memory", "--enable-bulk-memory-opt"])?;

    write(&made.join(format!("{name}.glue.js")), &bound.glue)?;
    write(&made.join(format!("{name}.inline.js")), encode::module(&read(&small)?, &read(&joiner)?)?)?;
    copy(&small, &root.join("target/npm/package/dist").join(format!("{name}.wasm")))
}

/// Compiler flags that keep the paths of this machine out of the module: they would make it larger, and different on
/// every machine.
fn anonymous(root: &Path) -> String {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| std::env::home_dir().map(|home| home.join(".cargo"))).unwrap_or_default();
    let registries =
        std::fs::read_dir(home.join("registry/src")).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut flags: Vec<String> = registries.map(|path| format!("--remap-path-prefix={}=", path.display())).collect();
    flags.push(format!("--remap-path-prefix={}/lib/rustlib/src/rust/=", sysroot(root).display()));
    flags.sort();
    flags.push(format!("--remap-path-prefix={}=", root.display()));
    flags.join(" ")
}

/// Where the toolchain lies.
fn sysroot(root: &Path) -> PathBuf {
    let output = Command::new("rustc").args(["--print", "sysroot"]).current_dir(root).output();
    PathBuf::from(output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default())
}
