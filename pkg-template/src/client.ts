// Clients. Their methods are made from the table of operations: a new operation needs no line here.
import { DEAD, type Instance, instance } from "./core.js";
import { copy, encode } from "./encode.js";
import { InternalError, toError, unreadable } from "./errors.js";
import { Listing } from "./listing.js";
import { type OperationRow, operationsOf } from "./tables.js";

interface State {
  provider: string;
  options: Uint8Array;
  fetch: Function | undefined;
  onEvent: Function | undefined;
  token: unknown;
  instance?: Instance;
  core?: InstanceType<Instance["glue"]["Core"]>;
}

/** The core's client in the living instance. */
function coreOf(state: State) {
  const living = instance();
  if (state.instance !== living) {
    state.core = new living.glue.Core(state.provider, state.options, state.fetch, state.onEvent, state.token);
    state.instance = living;
  }
  return state.core!;
}

const callable = (value: unknown) => (typeof value == "function" ? value : undefined);

/** The caller's listener, told with every event what is common to all. */
const listener = (provider: string, tell: unknown) =>
  typeof tell == "function"
    ? (event: object, call: number, operation: string) =>
        // A listener that fails later changes as little as one that fails at once.
        void Promise.resolve(tell({ ...event, call, provider, operation, at: Date.now() })).catch(() => {})
    : undefined;

function connect(provider: string, options: any): State {
  try {
    const token = options?.gateway?.token;
    const state: State = {
      provider,
      options: encode(options ?? {}),
      fetch: callable(options?.fetch),
      onEvent: listener(provider, options?.onEvent),
      token,
    };
    coreOf(state);
    return state;
  } catch (failure) {
    const error = toError(failure);
    throw error === failure && !(failure as any)?.kind ? unreadable(failure, { provider }) : error;
  }
}

/** Arguments of a method as the core takes them: parameters, input, options. */
const pack = (row: OperationRow, given: unknown[]) => {
  const count = row.parameters.length;
  return encode([Array.from({ length: count }, (_, index) => given[index]), row.input ? given[count] : null, given[count + +row.input], new Date()]);
};

function call(state: State, row: OperationRow, given: unknown[]): Promise<any> {
  return new Promise((resolve, reject) => {
    let signal: any;
    let bytes;
    try {
      signal = (given[row.parameters.length + +row.input] as any)?.signal;
      if (typeof signal?.addEventListener != "function") signal = undefined;
      if (signal?.aborted) return reject(signal.reason);
      bytes = pack(row, given);
    } catch (cause) {
      return reject(unreadable(cause, { provider: state.provider, operation: row.name }));
    }
    let stop: any;
    const cancelled = signal && new Promise<void>((done) => onAbort(signal, (stop = done)));
    const finish = () => {
      state.instance?.running.delete(died);
      if (!signal) return;
      offAbort(signal, stop);
      // The core waits for this promise; if it never settled, what waits would stay in memory.
      stop();
    };
    const fail = (failure: unknown) => {
      finish();
      reject(failure === undefined ? signal?.reason : toError(failure));
    };
    const died = (cause: unknown) => {
      const outcome = row.method == "GET" ? "none" : "unknown";
      fail(new InternalError(DEAD, { provider: state.provider, operation: row.name, sent: true, attempts: 1, outcome, cause }));
    };
    try {
      const core = coreOf(state);
      state.instance!.running.add(died);
      core.call(row.index, bytes, cancelled).then((value) => (finish(), resolve(value)), fail);
    } catch (failure) {
      fail(failure);
    }
  });
}

/** One listener per signal, however many calls share it: many listeners make a platform suspect a leak. */
const waiting = new WeakMap<object, { calls: Set<() => void>; listener: () => void }>();

function onAbort(signal: any, stop: () => void) {
  let entry = waiting.get(signal);
  if (!entry) {
    const calls = new Set<() => void>();
    entry = { calls, listener: () => calls.forEach((stop) => stop()) };
    waiting.set(signal, entry);
    signal.addEventListener("abort", entry.listener);
  }
  entry.calls.add(stop);
}

function offAbort(signal: any, stop: () => void) {
  const entry = waiting.get(signal);
  entry?.calls.delete(stop);
  if (entry && !entry.calls.size) {
    signal.removeEventListener("abort", entry.listener);
    waiting.delete(signal);
  }
}

const dryRun = async (state: State, row: OperationRow, given: unknown[]) => {
  let bytes;
  try {
    bytes = pack(row, given);
  } catch (cause) {
    throw unreadable(cause, { provider: state.provider, operation: row.name });
  }
  try {
    return coreOf(state).dryRun(row.index, bytes);
  } catch (failure) {
    throw toError(failure);
  }
};

/** Puts a method for each operation where its name says: `sources.get` becomes `target.sources.get`. */
function methods(target: any, provider: string, make: (row: OperationRow) => (...given: unknown[]) => unknown) {
  for (const row of operationsOf(provider)) {
    const path = row.name.split(".");
    const last = path.pop()!;
    const group = path.reduce((group, name) => (group[name] ??= {}), target);
    group[last] = make(row);
  }
}

class Client {
  dryRun = {};

  constructor(provider: string, options: unknown) {
    const state = connect(provider, options);
    methods(this, provider, (row) => {
      const at = row.parameters.length;
      return row.answer == "list"
        ? (...given) => {
            // What the caller changes afterwards changes no page, and what cannot be read fails when it is awaited.
            let options: any;
            let unread: { cause: unknown } | undefined;
            let aborted: any;
            try {
              const signal = (given[at] as any)?.signal;
              if (signal?.aborted) aborted = signal;
              const { signal: _, ...rest } = Object(aborted ? undefined : given[at]);
              options = given[at] == null ? undefined : typeof given[at] == "object" ? { ...copy(rest), ...(signal !== undefined && { signal }) } : given[at];
            } catch (cause) {
              unread = { cause };
            }
            return new Listing(provider, row.name, options, (options) =>
              aborted ? Promise.reject(aborted.reason) : unread ? Promise.reject(unreadable(unread.cause, { provider, operation: row.name })) : call(state, row, [...given.slice(0, at), options]),
            );
          }
        : (...given) => call(state, row, given);
    });
    methods(this.dryRun, provider, (row) => (...given) => dryRun(state, row, given));
  }
}

export class Imgix extends Client {
  constructor(options: unknown) {
    super("imgix", options);
  }
}

export class ImageBoss extends Client {
  constructor(options: unknown) {
    super("imageboss", options);
  }
}
