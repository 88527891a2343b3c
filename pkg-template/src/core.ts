// One instance of the module for every client of this process. It is made at the first use, synchronously; if it ever
// traps, the calls that were running fail, and the next call gets a new instance with fresh glue.
import { createGlue } from "#generated/client.glue.js";
import { getModule } from "#module";
import { InternalError } from "./errors.js";

export const DEAD = "the WebAssembly core has failed; the next call gets a new one";

/** What the module exports, as the glue gives it. */
export interface Glue {
  Core: new (
    provider: string,
    options: Uint8Array,
    fetch: Function | undefined,
    onEvent: Function | undefined,
    token: unknown,
  ) => {
    call(operation: number, input: Uint8Array, cancelled: Promise<void> | undefined): Promise<any>;
    dryRun(operation: number, input: Uint8Array): any;
  };
  checkSource(provider: string, input: Uint8Array): any;
  __wbg_set_wasm(exports: unknown): void;
}

export interface Instance {
  glue: Glue;
  dead: boolean;
  /** Ends of the calls that are running. */
  running: Set<(cause: unknown) => void>;
}

let live: Instance | undefined;

export const instance = (): Instance => (live && !live.dead ? live : (live = start()));

function start(): Instance {
  const timers = new Set<any>();
  const glue = createGlue({
    setTimeout: (done: () => void, ms: number) => {
      const timer = setTimeout(done, ms);
      timers.add(timer);
      return timer;
    },
    clearTimeout: (timer: any) => {
      timers.delete(timer);
      clearTimeout(timer);
    },
  });
  const made: Instance = { glue, dead: false, running: new Set() };
  // Whatever is thrown inside wasm, a trap or an exception of the platform, leaves its state broken: the instance is
  // dead from then on. A callback must not throw on to the platform, where nobody could catch it; what it gives instead
  // is what the glue takes for "nothing".
  const guard =
    (call: Function, callback: boolean) =>
    (...input: unknown[]) => {
      if (made.dead && callback) return [];
      try {
        return call(...input);
      } catch (cause) {
        made.dead = true;
        for (const timer of timers) clearTimeout(timer);
        for (const end of made.running) end(cause);
        if (callback) return [];
        throw new InternalError(DEAD, { cause });
      }
    };
  try {
    const { exports } = new WebAssembly.Instance(getModule(), { "./client_bg.js": glue as any });
    const guarded: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(exports))
      guarded[name] = typeof value == "function" ? guard(value, /closure|func_elem/.test(name)) : value;
    glue.__wbg_set_wasm(guarded);
    (guarded.__wbindgen_start as Function | undefined)?.();
  } catch (cause) {
    throw new InternalError(
      "WebAssembly could not be started: if the page has a Content-Security-Policy, its script-src needs 'wasm-unsafe-eval'",
      { cause },
    );
  }
  return made;
}
