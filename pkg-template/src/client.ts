// Clients. Their methods are made from the table of operations: a new operation needs no line here.
import { bulk } from "./bulk.js";
import { bytesOf, copy, encode, parse } from "./encode.js";
import { invalid, toError, unreadable } from "./errors.js";
import { Listing } from "./listing.js";
import { coreOf, run, type State } from "./run.js";
import { type OperationRow, operationsOf, ratesOf } from "./tables.js";
import { describeBody, upload } from "./upload.js";

const callable = (value: unknown) => (typeof value == "function" ? value : undefined);

/** The caller's listener, told with every event what is common to all. */
const listener = (provider: string, tell: unknown) =>
  typeof tell == "function"
    ? (event: object, call: number, operation: string) => tell({ ...event, call, provider, operation, at: Date.now() })
    : undefined;

function connect(provider: string, options: any): State {
  try {
    const { gateway, limiter } = options ?? {};
    const state: State = {
      provider,
      options: encode(options ?? {}),
      fetch: callable(options?.fetch),
      tell: listener(provider, options?.onEvent),
      token: gateway?.token,
      credentials: gateway?.credentials,
      limiter,
      limits: copy({ ...options?.limits }),
      closed: new Set(),
      keep: (token) => state.core!.keep(token),
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
  const count = row.parameters;
  // Most calls are this simple, and plain strings need not be looked through.
  if (given.length == count && given.every((value) => typeof value == "string")) return bytesOf(JSON.stringify([given]));
  const input = row.input == "bytes" ? describeBody(given[count]) : row.input == "json" ? given[count] : null;
  return encode([Array.from({ length: count }, (_, index) => given[index]), input, given[optionsAt(row)], new Date()]);
};

const optionsAt = (row: OperationRow) => row.parameters + +(row.input != "none");

/** Notes what an answer tells of sources: into some of them nothing can be uploaded. */
const note = ({ closed }: State, source: any) => {
  const of = source?.deployment;
  if (of?.allows_upload === false || /^web/.test(of?.type)) closed.add(source.id);
  else if (of?.type) closed.delete(source.id);
  // This only saves requests: it may as well begin anew.
  if (closed.size > 1000) closed.clear();
};

/** Refuses an upload that is known to fail. */
const refuseClosed = ({ closed, provider }: State, { name: operation }: OperationRow, [id]: unknown[]) => {
  if (/^(assets.upload|uploadSessions.create)$/.test(operation) && closed.has(id as string))
    throw invalid("sourceId", "mismatch", "is a source that takes no uploads", { provider, operation });
};

const signalOf = (given: any) => (typeof given?.signal?.addEventListener == "function" ? given.signal : undefined);

/** The arguments, and the caller's signal; throws what cannot be looked at. */
const packed = ({ provider }: State, row: OperationRow, given: unknown[], aborts: boolean) => {
  try {
    const signal = signalOf(given[optionsAt(row)]);
    return { signal, bytes: aborts && signal?.aborted ? undefined : pack(row, given) };
  } catch (cause) {
    throw unreadable(cause, { provider, operation: row.name });
  }
};

/** Calls an operation. A body of bytes is `sent` in place of the one that is given. */
async function call(state: State, row: OperationRow, given: unknown[], sent?: unknown, once?: boolean): Promise<any> {
  const { signal, bytes } = packed(state, row, given, true);
  if (!bytes) throw signal.reason;
  refuseClosed(state, row, given);
  const value = await run(state, row, bytes, signal, sent, once);
  if (row.name.startsWith("sources.")) for (const source of row.answer == "list" ? value[0] : [value]) note(state, source);
  return value;
}

const dryRun = async (state: State, row: OperationRow, given: unknown[]) => {
  const { bytes } = packed(state, row, given, false);
  try {
    const shown = parse(coreOf(state).dryRun(row.index, bytes!));
    if (shown.error) throw shown.error;
    refuseClosed(state, row, given);
    return shown;
  } catch (failure) {
    throw toError(failure);
  }
};

function list(state: State, row: OperationRow, given: unknown[]) {
  const at = optionsAt(row);
  const { provider } = state;
  // What the caller changes afterwards changes no page, and what cannot be read fails when it is awaited.
  let options: any;
  let fail: (() => unknown) | undefined;
  try {
    const signal = (given[at] as any)?.signal;
    if (signal?.aborted) fail = () => signal.reason;
    else {
      options = given[at] && typeof given[at] == "object" ? copy(given[at]) : given[at];
      // A list or an instance is no object of options, and refused as what it is.
      if (signal !== undefined && options && typeof options == "object" && !Array.isArray(options)) options.signal = signal;
    }
  } catch (cause) {
    fail = () => unreadable(cause, { provider, operation: row.name });
  }
  return new Listing(provider, row.name, options, async (options) => {
    if (fail) throw fail();
    return call(state, row, [...given.slice(0, at), ...(options === undefined ? [] : [options])]);
  });
}

/** Puts a method for each operation where its name says: `sources.get` becomes `target.sources.get`. */
function methods(target: any, rows: OperationRow[], make: (row: OperationRow) => (...given: any[]) => unknown, suffix = "") {
  for (const row of rows) {
    const path = row.name.split(".");
    const last = path.pop()!;
    const group = path.reduce((group, name) => (group[name] ??= {}), target);
    group[last + suffix] = make(row);
  }
}

class Client {
  dryRun = {};
  bulk: (operation: string, items: any, options?: any) => any;

  constructor(provider: string, options: unknown) {
    const state = connect(provider, options);
    const deadline = (options as any).deadlineMs ?? 1_800_000;
    const rows = operationsOf(provider);
    const named = (name: string, given: unknown[], sent?: unknown, once?: boolean) =>
      call(state, rows.find((row) => row.name == name)!, given, sent, once);
    const shown = rows.filter((row) => !row.hidden);
    const run = (row: OperationRow) => (...given: unknown[]) => {
      if (row.answer == "list") return list(state, row, given);
      if (row.input == "bytes") return upload(named, () => dryRun(state, row, given), given, deadline);
      return call(state, row, given);
    };
    methods(this, shown, run);
    // Operations that people do to many things at once.
    const many = (row: OperationRow) => (items: unknown, options?: any) => {
      const own = (state.limits as any)?.[row.rateClass];
      const limit = own === null ? own : own ? [own.requests, own.perMs] : ratesOf(provider)[row.rateClass];
      return bulk((given, options) => run(row)(...Array.from({ length: optionsAt(row) }, (_, at) => given[at]), options), row, limit, items, options);
    };
    const often = shown.filter((row) => /(^|\.)(purge|refresh|update)$/.test(row.name));
    methods(this, often, many, "All");
    this.bulk = (name, items, options) => {
      const row = shown.find((row) => row.name === name && row.answer != "list");
      return row ? many(row)(items, options) : bulk(undefined, { name: String(name) } as OperationRow, null, items, options);
    };
    const single = shown.filter((row) => !row.several);
    methods(this.dryRun, single, (row) => (...given) => dryRun(state, row, given));
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
