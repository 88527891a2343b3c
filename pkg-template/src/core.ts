// One instance of each module for this process: of the client's, and of those for stand-alone functions. It is made at
// the first use, synchronously; if it ever traps, the calls that were running fail, and the next call gets a new instance
// with fresh glue.
import { createGlue } from "#generated/client.glue.js";
import { createGlue as createPlans } from "#generated/plan.glue.js";
import { createGlue as createTools } from "#generated/tools.glue.js";
import { getModule } from "#module/client";
import { getModule as getPlans } from "#module/plan";
import { getModule as getTools } from "#module/tools";
import { bytesOf, parse } from "./encode.js";
import { InternalError, toError } from "./errors.js";

export const DEAD = "the WebAssembly core has failed; the next call gets a new one";

/** Asks about a call or an operation, with bytes, a status or milliseconds, and headers as lines. */
export type Ask = (what: number, number: number, body?: Uint8Array, value?: number, head?: string) => any;

/** What is asked beside the news of a call. */
export const enum What { Open = 62, Check, Abort, Begin, Show, Forget, Scrub, Keep }

interface Bound {
  __wbg_set_wasm(exports: unknown): void;
}

/** What the module exports, as the glue gives it. */
export interface Glue extends Bound {
  /** Answers with the address of two numbers: where in memory what it says lies until something else is asked, and its length. */
  ask(client: number, what: number, number: number, value: number, head: Uint8Array, body: Uint8Array, now: number, chance: number): number;
  /** Is the client still there? Of many that rest the oldest are forgotten, because nobody says when one is not used any more. */
  keeps(client: number): boolean;
}

/** The same of the module for stand-alone functions. */
export interface Tools extends Bound {
  imageUrl(provider: Uint8Array, what: Uint8Array): Uint8Array;
  Slots: new (state: Uint8Array) => Slots;
}

/** The log of one class of an account that many isolates share. Times are milliseconds. */
export interface Slots {
  readable(): boolean;
  grant(requests: number, perMs: number, late: number, now: number): number;
  ticket(): number;
  again(ticket: number, now: number): number;
  close(ms: number, now: number): void;
  cancel(ticket: number, now: number): boolean;
  waiting(late: number, now: number): number;
  used(requests: number, perMs: number, late: number, now: number): number;
  next(requests: number, perMs: number, late: number, now: number): number;
  state(): Uint8Array;
  free(): void;
}

/** The same of the module for plans of whole set-ups. */
export interface Plans extends Bound {
  planSetup(input: Uint8Array): Uint8Array;
  exportSetup(input: Uint8Array): Uint8Array;
}

export interface Instance<Of = Glue> {
  glue: Of;
  dead: boolean;
  memory: WebAssembly.Memory;
  /** Ends of the calls that are running. */
  running: Set<(cause: unknown) => void>;
}

/** Gives the living instance of a module. */
const keeper = <Of extends Bound>(name: string, createGlue: () => Of, getModule: () => WebAssembly.Module) => {
  let live: Instance<Of> | undefined;
  return () => (live && !live.dead ? live : (live = start(name, createGlue(), getModule)));
};

export const instance = /* @__PURE__ */ keeper("client", createGlue, getModule);
export const tools = /* @__PURE__ */ keeper("tools", createTools, getTools);
export const plans = /* @__PURE__ */ keeper("plan", createPlans, getPlans);

/** A clock that never goes back. */
export const now = () => performance.now();

const NOTHING = new Uint8Array();

/** Somebody to ask in an instance of the client's module, of a client or of none. */
export const asker = ({ glue, memory }: Instance, client = 0): Ask =>
  (what, number, body = NOTHING, value = 0, head = "") => {
    const place = glue.ask(client, what, number, value, head ? bytesOf(head) : NOTHING, body, now(), Math.random());
    // Read where it lies, and if it is large not kept until the next question.
    const [at, length] = new Uint32Array(memory.buffer, place, 2);
    const said = parse(new Uint8Array(memory.buffer, at, length));
    if (length! > 9_999) glue.ask(client, What.Forget, -1, 0, NOTHING, NOTHING, 0, 0);
    return said;
  };

/** The same; what is wrong is thrown. */
export const told = (said: any) => {
  if (said.error) throw toError(said.error);
  return said;
};

function start<Of extends Bound>(name: string, glue: Of, getModule: () => WebAssembly.Module): Instance<Of> {
  const made = { glue, dead: false, running: new Set() } as unknown as Instance<Of>;
  // Whatever is thrown inside wasm, a trap or an exception of the platform, leaves its state broken: the instance is
  // dead from then on.
  const guard =
    (call: Function) =>
    (...input: unknown[]) => {
      // What is still called then is clean-up, which has become needless.
      if (made.dead) return;
      try {
        return call(...input);
      } catch (cause) {
        made.dead = true;
        for (const end of made.running) end(cause);
        throw new InternalError(DEAD, { cause });
      }
    };
  try {
    const { exports } = new WebAssembly.Instance(getModule(), { [`./${name}_bg.js`]: glue as any });
    const guarded: any = { ...exports };
    for (const name in exports) if (typeof guarded[name] == "function") guarded[name] = guard(guarded[name]);
    made.memory = exports.memory as WebAssembly.Memory;
    glue.__wbg_set_wasm(guarded);
    guarded.__wbindgen_start?.();
  } catch (cause) {
    throw new InternalError(
      "WebAssembly could not start: a page's CSP needs 'wasm-unsafe-eval' in script-src",
      { cause },
    );
  }
  return made;
}
