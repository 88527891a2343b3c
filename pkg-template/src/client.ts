// Clients. Their methods are made from the table of operations: a new operation needs no line here.
import { bulk } from "./bulk.js";
import { told, What } from "./core.js";
import { bytesOf, encode, parse, tagOf } from "./encode.js";
import { invalid, looked } from "./errors.js";
import { Listing } from "./listing.js";
import { askOf, run, type State } from "./run.js";
import { type OperationRow, operationsOf, ratesOf } from "./tables.js";
import { describeBody, upload } from "./upload.js";

const connect = (provider: string, options: any): State =>
  looked(() => {
    const { fetch, onEvent: tell, gateway, limiter } = options ?? {};
    const state: State = { provider, options: encode(options ?? {}), fetch, tell, token: gateway?.token, limiter, closed: new Set() };
    askOf(state);
    if (limiter && typeof limiter.reserve != "function") throw invalid("limiter", "type", "has no `reserve`", { provider });
    return state;
  }, { provider });

/** Arguments of a method as the core takes them: parameters, input, options. */
const pack = ({ parameters, input, at }: OperationRow, given: unknown[]) => {
  const count = +parameters;
  // Most calls are this simple, and plain strings need not be looked through.
  if (given.length == count && given.every((value) => typeof value == "string")) return bytesOf(JSON.stringify([given]));
  const body = input == "bytes" ? describeBody(given[count]) : input == "json" ? given[count] : null;
  return encode([given.slice(0, count), body, given[at], new Date()]);
};

/** Calls an operation, or shows what it would send: `1` for somebody who is going to send it. A body of bytes is `sent` in place of the one that is given. */
async function call(state: State, row: OperationRow, given: any[], dry?: boolean | 1, sent?: unknown): Promise<any> {
  const { closed } = state;
  const { from, name } = row;
  let signal: any;
  const bytes = looked(() => {
    const stated = given[row.at]?.signal;
    if (typeof stated?.addEventListener == "function") signal = stated;
    return (dry === true || !signal?.aborted) && pack(row, given);
  }, from);
  if (!bytes) throw signal.reason;
  // An upload that is known to fail.
  if (/ts.upload|ns.create/.test(name) && closed.has(given[0])) throw invalid("sourceId", "mismatch", "takes no uploads", from);
  if (dry) return told(askOf(state)(What.Show, row.index, bytes));
  const value = await run(state, row, bytes, signal, sent);
  // Into some sources nothing can be uploaded.
  if (/^sources/.test(name))
    for (const source of [value].flat(2)) {
      const { allows_upload, type } = source?.deployment ?? {};
      if (allows_upload === false || /^web/.test(typeof type == "string" ? type : "")) closed.add(source.id);
      else if (type && closed.size) closed.delete(source.id);
      // This only saves requests: it may as well begin anew.
      if (closed.size > 1000) closed.clear();
    }
  return value;
}

function list(state: State, row: OperationRow, given: any[]) {
  let options = given[row.at];
  try {
    // What the caller changes afterwards changes no page; what is no object of options is refused as what it is.
    if (tagOf(options) == "Object") options = { ...parse(encode(options)), signal: options.signal };
  } catch {
    // What cannot be copied is none, or is refused when it is awaited.
  }
  return new Listing(row.from, options, (options) => call(state, row, [...given.slice(0, row.at), options]));
}

/** Puts a method for each operation where its name says: `sources.get` becomes `target.sources.get`. */
function methods(target: any, rows: OperationRow[], make: (row: OperationRow) => (...given: any[]) => unknown, suffix = "") {
  for (const row of rows) {
    const [group, name] = row.name.split(".") as [string, string?];
    (name ? (target[group] ??= {}) : target)[(name ?? group) + suffix] = make(row);
  }
}

class Client {
  dryRun = {};
  declare bulk: (operation: string, items: any, options?: any) => any;

  constructor(provider: string, options: unknown) {
    const state = connect(provider, options);
    const own = parse(state.options);
    const rows = operationsOf(provider);
    const named = (name: string, ...rest: [any[], (boolean | 1)?, unknown?]) => call(state, rows.find((row) => row.name == name)!, ...rest);
    const method = (row: OperationRow, dry?: boolean) => (...given: unknown[]) =>
      row.input == "bytes" ? upload(named, row, given, dry ? 0 : own.deadlineMs ?? 1_800_000)
        : row.answer == "list" && !dry ? list(state, row, given)
        : call(state, row, given, dry);
    methods(this, rows, (row) => method(row));
    methods(this.dryRun, rows.filter((row) => !/s/.test(row.flags)), (row) => method(row, true));
    // Operations that people do to many things at once.
    const many = (row?: OperationRow) => (items: unknown, options?: any) => {
      const { name, rateClass = "", at = 0 } = row ?? {};
      const stated = own.limits?.[rateClass];
      const limit = stated === undefined ? ratesOf(provider)[rateClass] : [stated?.requests, stated?.perMs];
      const one = (given: unknown[], options: object) => {
        const all = [...given];
        all[at] = looked(() => ({ deadlineMs: 86_400_000, ...(given[at] as object), ...options }), row!.from);
        return method(row!)(...all);
      };
      return bulk(one, name, rateClass, limit, items, options);
    };
    methods(this, rows.filter((row) => /(^|\.)(purge|refresh|update)$/.test(row.name)), many, "All");
    // What is counted in no class is no request of the API.
    this.bulk = (name, items, options) => many(rows.find((row) => row.name === name && row.rateClass && row.answer != "list"))(items, options);
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
