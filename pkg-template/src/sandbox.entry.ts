// `image-sources/sandbox`: the offline imitation of both APIs, with a module of its own.
import { createGlue } from "#generated/sandbox.glue.js";
import { getModule } from "#module/sandbox";
import { makeSandbox, type Sandbox, type SandboxOptions } from "./sandbox.js";

export type * from "./sandbox.js";

/** A sandbox with a state of its own. */
export function createSandbox(options: SandboxOptions = {}): Sandbox {
  return makeSandbox((settings) => {
    // Each sandbox is an instance: what one test does to its sandbox, no other sees.
    const glue = createGlue();
    const { exports } = new WebAssembly.Instance(getModule(), { "./sandbox_bg.js": glue });
    glue.__wbg_set_wasm(exports);
    (exports.__wbindgen_start as Function | undefined)?.();
    return new glue.SandboxCore(settings);
  }, options);
}
