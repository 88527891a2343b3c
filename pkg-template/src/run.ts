// Running calls: the core says what to do next, and here it is done. The core decides; the platform waits and sends.
import { type Core, DEAD, type Instance, instance } from "./core.js";
import { bytesOf, mix, parse, textOf } from "./encode.js";
import { InternalError, quietly, toError } from "./errors.js";
import { describe, exchange, LOST, type News, SLOT, TIME, TIMED_OUT } from "./fetch.js";
import type { OperationRow } from "./tables.js";

/** What a client knows. */
export interface State {
  provider: string;
  options: Uint8Array;
  fetch: Function | undefined;
  tell: ((event: object, call: number, operation: string) => void) | undefined;
  token: unknown;
  credentials: string | undefined;
  limiter: any;
  limits: unknown;
  /** Sources of which an answer said that they cannot take uploads. */
  closed: Set<string>;
  instance?: Instance;
  core?: Core;
  keep(token: Uint8Array): void;
}

/** The core's client in the living instance; throws the record of what is wrong with the options. */
export function coreOf(state: State): Core {
  const living = instance();
  if (state.instance !== living) {
    const core = new living.glue.Core(bytesOf(state.provider), state.options, !!state.tell);
    const problem = core.problem();
    if (problem.length) throw parse(problem);
    state.core = core;
    state.instance = living;
  }
  return state.core!;
}

const EMPTY = new Uint8Array();
let calls = 0;
/** Those who wait for a slot, to be told when it may have come earlier. */
const waiting = new Set<() => void>();
let looking: Promise<void> | undefined;
/** Once for all that moved in this turn, or a thousand calls that end together would wake each other a million times. */
const lookAgain = () =>
  (looking ??= Promise.resolve().then(() => {
    looking = undefined;
    for (const look of [...waiting]) look();
  }));

/** By signal: who wants to know that a request leaves. */
export const leaving = new WeakMap<object, () => void>();

/** A clock that never goes back. */
export const now = () => performance.now();

/** Runs an operation. `given` is a body of bytes, which never goes through the core; `once` says that it cannot be sent twice. */
export function run(state: State, row: OperationRow, packed: Uint8Array, signal: any, given?: unknown, once = false): Promise<any> {
  return new Promise((resolve, reject) => {
    const number = ++calls;
    let call = -1;
    let core: Core;
    let over = false;
    let halt = () => {};
    let cause: { thrown: unknown } | undefined;
    let reserved: any;
    /** How the limiter knows the account. */
    let account: string;

    const finish = () => {
      over = true;
      halt();
      running.delete(died);
      quietly(() => offAbort(signal, abort));
      if (reserved) giveBack(reserved);
    };
    const giveBack = ({ account, reserve, asking }: any) => quietly(() => state.limiter.release?.(account, reserve, asking));
    const tell = (out: any) => {
      for (const event of out.events ?? []) quietly(() => state.tell!(event, number, row.name));
      if (out.closed) quietly(() => state.limiter?.close?.(account, ...out.closed));
      if (out.moved) lookAgain();
    };
    const abort = () => {
      if (over) return;
      finish();
      try {
        if (call >= 0) tell(parse(core.abort(call, now())));
      } catch {
        // A core that fails now cannot change how the call ends.
      }
      reject(signal.reason);
    };
    const died = (cause: unknown) => {
      if (over) return;
      finish();
      const outcome = row.reads ? "none" : "unknown";
      reject(new InternalError(DEAD, { provider: state.provider, operation: row.name, sent: true, attempts: 1, outcome, cause }));
    };
    const next = (...[kind, value = -1, head = "", body = EMPTY, thrown]: News) => {
      if (over) return;
      halt();
      halt = () => {};
      cause = thrown;
      go(() => core.step(call, kind, value, head ? bytesOf(head) : EMPTY, body, now(), Math.random()));
    };
    const go = (ask: () => number) => {
      let step: any;
      try {
        const length = ask();
        // Read where it lies: an answer may be large.
        step = parse(new Uint8Array(memory.buffer, core.at(), length));
        core.clear();
      } catch (cause) {
        return died(cause);
      }
      call = step.call ?? -1;
      tell(step);
      // A listener may have ended the call.
      if (over) return;
      if (step.done) {
        finish();
        resolve(step.value);
      } else if (step.error) {
        finish();
        if (cause) step.error.cause = clean(core, call, cause.thrown);
        reject(toError(step.error));
        if (call >= 0) quietly(() => core.forget(call));
      } else if (step.wait !== undefined) {
        const timer = setTimeout(next, step.wait, TIME);
        const look = () => next(TIME);
        if (step.slot) waiting.add(look);
        halt = () => {
          clearTimeout(timer);
          waiting.delete(look);
        };
      } else if (step.reserve) {
        const { reserve, requests, perMs } = step;
        // Enough to tell accounts apart, and of a key far too little to say anything of it.
        account = step.account = mix(step.account).toString(16).padStart(8, "0");
        // A limiter that does not answer is not waited for beyond the deadline; a slot that comes later is given back.
        let late = false;
        const timer = setTimeout(() => {
          late = true;
          next(LOST | TIMED_OUT);
        }, step.timeoutMs);
        halt = () => clearTimeout(timer);
        Promise.resolve()
          .then(() => state.limiter.reserve(account, reserve, { requests, perMs }, (step.asking = { reads: row.reads, deadlineMs: step.timeoutMs })))
          .then((ms) => {
            if (typeof ms != "number" || Number.isNaN(ms)) throw new TypeError("it gave no number");
            if (over || late) return giveBack(step);
            reserved = step;
            next(SLOT, ms);
          })
          .catch((thrown) => late || next(LOST, -1, "", bytesOf("`limiter` failed: " + describe(thrown)), { thrown }));
      } else {
        reserved = undefined;
        leaving.get(signal)?.();
        halt = exchange(state, step, given, next);
      }
    };
    let running: Instance["running"];
    let memory: WebAssembly.Memory;
    try {
      core = coreOf(state);
      ({ running, memory } = state.instance!);
    } catch (failure) {
      return reject(toError(failure));
    }
    running.add(died);
    onAbort(signal, abort);
    go(() => core.start(row.index, packed, once, now(), Math.random()));
  });
}

/** What was thrown, or a scrubbed copy where it shows a secret. */
const clean = (core: Core, call: number, thrown: unknown): unknown => {
  const scrub = (text: string) => textOf(core.scrub(call, bytesOf(text)));
  const seen = new Set<unknown>();
  // What is too large to look through counts as showing one.
  const shows = (value: any, depth: number): boolean => {
    if (typeof value == "string") return scrub(value) !== value;
    if ((typeof value != "object" && typeof value != "function") || !value || seen.has(value)) return false;
    seen.add(value);
    if (!depth || seen.size > 300) return true;
    const keys = Reflect.ownKeys(value);
    return (
      keys.length > 200 ||
      keys.some((key) => {
        let member;
        try {
          member = value[key];
        } catch {
          // A getter that throws shows nothing.
        }
        return shows(member, depth - 1);
      })
    );
  };
  try {
    return shows(thrown, 30) ? new Error(scrub(describe(thrown))) : thrown;
  } catch {
    return new Error("the cause cannot be shown");
  }
};

/** One listener per signal, however many calls share it: many listeners make a platform suspect a leak. */
const signals = new WeakMap<object, { calls: Set<() => void>; listener: () => void }>();

function onAbort(signal: any, stop: () => void) {
  if (!signal) return;
  let entry = signals.get(signal);
  if (!entry) {
    const calls = new Set<() => void>();
    entry = { calls, listener: () => [...calls].forEach((stop) => stop()) };
    signals.set(signal, entry);
    signal.addEventListener("abort", entry.listener);
  }
  entry.calls.add(stop);
}

function offAbort(signal: any, stop: () => void) {
  const entry = signal && signals.get(signal);
  entry?.calls.delete(stop);
  if (entry && !entry.calls.size) {
    signal.removeEventListener("abort", entry.listener);
    signals.delete(signal);
  }
}
