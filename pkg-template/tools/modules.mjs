// How the parts of the package that are made by the build tool come into a bundle: glue, tables, and the modules, each in the
// way the runtime takes it.
import { fileURLToPath } from "node:url";

const generated = fileURLToPath(new URL("../../target/npm/generated/", import.meta.url));

/** `#module/NAME` as program text, by the way a module is loaded. */
const LOADERS = {
  // Text inside the bundle: works by plain import wherever WebAssembly may be compiled from bytes.
  inline: (name) => `
    import { bytes } from "#generated/${name}.inline.js";
    let compiled;
    export const getModule = () => (compiled ??= new WebAssembly.Module(bytes()));`,
  // Workers refuse to compile bytes while a request is handled; they take modules as static imports.
  workerd: (name) => `
    import compiled from "./${name}.wasm";
    export const getModule = () => compiled;`,
  // Vercel's edge runtime wants its own mark on such imports.
  edge: (name) => `
    import compiled from "./${name}.wasm?module";
    export const getModule = () => compiled;`,
};

/** A plugin for esbuild. What `isEmpty` says yes to is left out, to see what it costs. */
export const modules = (kind, isEmpty = () => false) => ({
  name: "modules",
  setup(build) {
    build.onResolve({ filter: /^#module\// }, ({ path }) => ({ path: path.slice(8), namespace: "module", sideEffects: false }));
    build.onLoad({ filter: /./, namespace: "module" }, ({ path }) => ({ contents: LOADERS[kind](path), loader: "js", resolveDir: generated }));
    build.onResolve({ filter: /^#generated\// }, ({ path }) => {
      const name = path.slice(11);
      return isEmpty(name) ? { path: name, namespace: "empty" } : { path: generated + name, sideEffects: false };
    });
    build.onLoad({ filter: /./, namespace: "empty" }, ({ path }) => {
      const names = path.endsWith("tables.js") ? ["calls", "documented", "forms", "printing"] : path.endsWith("glue.js") ? ["createGlue"] : ["bytes"];
      // Called, and marked as free of effects: what nobody asks for goes, as it does from the real file.
      return { contents: names.map((name) => `export const ${name} = /* @__PURE__ */ globalThis.${name}();`).join("\n"), loader: "js" };
    });
  },
});
