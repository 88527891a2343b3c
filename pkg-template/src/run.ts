// Running calls: the core says what to do next, and here it is done. The core decides; the platform waits and sends.
import { type Ask, asker, DEAD, type Instance, instance, now, told, What } from "./core.js";
import { bytesOf, mix, tagOf } from "./encode.js";
import { describe, InternalError, quietly, toError } from "./errors.js";
import { ANSWER, exchange, type Far, LOST, lost, type News, SLOT, TIME, TIMED_OUT } from "./fetch.js";
import type { OperationRow } from "./tables.js";

/** What a client knows. */
export interface State {
  provider: string;
  options: Uint8Array;
  fetch: Function | undefined;
  tell: Function | undefined;
  token: unknown;
  limiter: any;
  /** Sources of which an answer said that they cannot take uploads. */
  closed: Set<string>;
  instance?: Instance;
  /** Its name there. */
  client?: number;
  ask?: Ask;
}

/** Asks the core's client in the living instance; throws what is wrong with the options. */
export function askOf(state: State): Ask {
  const living = instance();
  if (state.instance !== living || !living.glue.keeps(state.client!)) {
    const { client } = told(asker(living)(What.Open, 0, state.options, +!!state.tell, state.provider));
    state.ask = asker(living, client);
    Object.assign(state, { instance: living, client });
  }
  return state.ask!;
}

let calls = 0;
/** Those who wait for a slot, to be told when it may have come earlier. */
const waiting = new Set<() => void>();
let looking: Promise<void> | undefined;
/** Once for all that moved in this turn, or a thousand calls that end together would wake each other a million times. */
const lookAgain = () =>
  (looking ??= Promise.resolve().then(() => {
    looking = undefined;
    [...waiting].forEach((look) => look());
  }));

/** The signals of calls that may have changed something. */
export const gone = new WeakSet<object>();

/** Runs an operation. `given` is a body of bytes, which never goes through the core. */
export function run(state: State, row: OperationRow, packed: Uint8Array, signal: any, given?: unknown): Promise<any> {
  return new Promise((resolve, reject) => {
    const ask = askOf(state);
    const { running } = state.instance!;
    const { limiter, tell, token: source } = state;
    const { from } = row;
    const number = ++calls;
    /** Has a call before this one, of the same whole, changed something? */
    const before = gone.has(signal);
    let token: any = source;
    let call = -1;
    let over = false;
    let halt = () => {};
    let off = halt;
    /** Give back slots that have not been used, by class. */
    const slots: Record<string, () => void> = {};
    let cause: { thrown: unknown } | undefined;
    /** How the limiter knows the account. */
    let account: string;

    const finish = () => {
      over = true;
      halt();
      running.delete(died);
      quietly(off);
      Object.values(slots).forEach((back) => back());
    };
    const hear = ({ events, closed, moved }: any) => {
      events?.forEach((event: object) => quietly(() => tell!(Object.assign(event, { call: number, ...from, at: Date.now() }))));
      if (closed) quietly(() => limiter?.close?.(account, ...closed));
      if (moved) lookAgain();
    };
    const abort = () => {
      if (over) return;
      finish();
      // A core that fails now cannot change how the call ends.
      if (call >= 0) quietly(() => hear(ask(What.Abort, call)));
      reject(signal.reason);
    };
    const died = (cause: unknown) => {
      if (over) return;
      finish();
      reject(new InternalError(DEAD, { ...from, sent: true, attempts: 1, outcome: /r/.test(row.flags) ? "none" : "unknown", cause }));
    };
    /** Waits for something that is not ours, and no longer than it may take; what comes too late is given back. */
    const wait = (step: any, question: (far: Far, signal: AbortSignal) => unknown, use?: (answer: any) => void, back = () => {}) => {
      const far: Far = { flags: LOST, status: -1, head: "" };
      const controller = new AbortController();
      let late = false;
      const tell = (...rest: any[]) => next(far.flags, far.status, far.head, ...rest);
      const timer = setTimeout(() => {
        far.flags |= TIMED_OUT;
        tell();
      }, step.timeoutMs);
      halt = () => {
        late = true;
        clearTimeout(timer);
        // What has been read to its end need not be ended.
        if (far.flags == ANSWER) return;
        controller.abort();
        // A `fetch` that was given the signal need not have looked at it.
        far.cancel?.();
      };
      new Promise((done) => done(question(far, controller.signal)))
        .then((answer) => (late ? back() : (use ?? tell)(answer)))
        .catch((thrown) => {
          const words = lost(far, thrown);
          if (!late) tell(words, { thrown });
        });
    };
    const next = (...[what, value, head, body, thrown]: News) => {
      if (over) return;
      halt();
      halt = () => {};
      cause = thrown;
      let step: any;
      try {
        // What has no number yet begins.
        step = ask(what, call < 0 ? row.index : call, body, value, head);
        if (step.own && token) {
          ask(What.Keep, step.call, bytesOf(token));
          step.init.headers.authorization = "Bearer " + token;
        }
      } catch (cause) {
        return died(cause);
      }
      call = step.call ?? -1;
      hear(step);
      // A listener may have ended the call.
      if (over) return;
      if (signal && !before && !step.error) gone[step.gone ? "add" : "delete"](signal);
      if (step.done) {
        finish();
        resolve(step.value);
      } else if (step.error) {
        finish();
        if (cause) step.error.cause = clean((text) => ask(What.Scrub, call, bytesOf(text)).text, cause.thrown);
        reject(toError(step.error));
        quietly(() => ask(What.Forget, call));
      } else if (step.wait !== undefined) {
        const look = () => next(TIME);
        const timer = setTimeout(look, step.wait);
        if (step.slot) waiting.add(look);
        halt = () => {
          clearTimeout(timer);
          waiting.delete(look);
        };
      } else if (step.reserve) {
        const { reserve, requests, perMs } = step;
        // Another slot is taken: the one before came to nothing.
        slots[reserve]?.();
        delete slots[reserve];
        // Enough to tell accounts apart, and of a key far too little to say anything of it.
        account = mix(step.account).toString(16).padStart(8, "0");
        const use = (ms: unknown) => {
          if (typeof ms != "number" || isNaN(ms)) throw new TypeError("it gave no number");
          slots[reserve] = back;
          next(SLOT, ms);
        };
        const asking = { reads: /r/.test(row.flags), deadlineMs: step.timeoutMs };
        const back = () => quietly(() => limiter.release?.(account, reserve, asking));
        wait(step, () => limiter.reserve(account, reserve, { requests, perMs }, asking), use, back);
      } else if (step.token) {
        const use = (found: any) => {
          token = found ?? "";
          if (typeof token != "string" || !/^[!-~]*$/.test(token)) throw new TypeError("it gave no token");
          next(TIME);
        };
        wait(step, source as () => unknown, use);
      } else {
        delete slots[step.class];
        wait(step, (far, signal) => exchange(state.fetch ?? fetch, step, given, far, signal));
      }
    };
    running.add(died);
    off = onAbort(signal, abort);
    next(What.Begin, 0, "", packed);
  });
}

/** What was thrown, or a scrubbed copy where it shows a secret. */
const clean = (scrub: (text: string) => string, thrown: unknown): unknown => {
  try {
    // A set is gone through to its end, however much is added on the way.
    const seen = new Set([thrown]);
    for (const value of seen) {
      const isObject = Object(value) === value;
      const members = isObject ? Reflect.ownKeys(value as object) : [];
      // What cannot be looked into, as requests and maps cannot, or is too large to look through counts as showing one.
      if (
        (isObject && !/^(Object|Array|Error|DOMException|(Async)?Function)$/.test(tagOf(value))) ||
        members.length > 200 || seen.size > 2000 || (typeof value == "string" && scrub(value) !== value)
      )
        return new Error(scrub(describe(thrown)));
      for (const member of members) {
        seen.add(member);
        try {
          seen.add((value as any)[member]);
        } catch {
          // A getter that throws shows nothing.
        }
      }
    }
    return thrown;
  } catch {
    return new Error(describe(undefined));
  }
};

/** One listener per signal, however many want to know: many listeners make a platform suspect a leak. */
const signals = new WeakMap<object, any>();

/** Calls `stop` when the signal aborts, at once if it has; gives what ends that. */
export function onAbort(signal: any, stop: () => void): () => void {
  if (!signal) return () => {};
  if (signal.aborted) return stop(), () => {};
  const stops: any = signals.get(signal) ?? new Set();
  signals.set(signal, stops.add(stop));
  signal.addEventListener("abort", (stops.listen ??= () => [...stops].forEach((look) => look())));
  return () => {
    stops.delete(stop);
    if (!stops.size) signal.removeEventListener("abort", stops.listen);
  };
}
