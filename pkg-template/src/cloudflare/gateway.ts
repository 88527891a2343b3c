// A Worker that holds the keys: it lets those who are signed in do what the package's own clients do, and nothing else.
import { auditHttp } from "./audit-http.js";
import { authentication, type Authenticate, type Caller } from "./auth.js";
import { bytesOf, type Json, jsonOf, type Passing, tooSlow } from "./body.js";
import { counted, networkOf } from "./callers.js";
import { type Answered, forward, passOn, type Sending } from "./forward.js";
import { jobsHttp } from "./jobs-http.js";
import { allowing, origin, preflight } from "./origin.js";
import type { Environment, Execution } from "./platform.js";
import { begunOf, changesSource, endOf, failedEnd, note } from "./recorder.js";
import { ALWAYS, json, Refusal, refusal } from "./refuse.js";
import { deletes, operationAt, pathOf, queryOf, type Route, writes } from "./route.js";
import { isProvider, operationsOf, providerNames } from "./tables.js";
import { sourceOf } from "./sources.js";
import { type Gate, gateOf } from "./slots.js";
import { check, type GatewayOptions, type Place, type Settings, SettingsError } from "./settings.js";

export interface Gateway {
  fetch(request: Request, env?: any, ctx?: Execution): Promise<Response>;
}

/** What is checked once, for as long as the environment stays the same. */
interface Ready {
  settings: Settings;
  authenticate: Authenticate;
  gate: Gate;
}

const ready = (options: GatewayOptions): Ready => {
  const settings = check(options);
  return { settings, authenticate: authentication(settings), gate: gateOf(settings) };
};

/**
 * Makes a gateway. Wrong options throw here; if they are made from the environment, every request is refused until they are
 * right, and the log says what is wrong.
 */
export function gateway(options: GatewayOptions | ((env: any) => GatewayOptions)): Gateway {
  const fixed = typeof options == "function" ? undefined : ready(options);
  const made = new WeakMap<object, Ready>();
  const readyFor = (env: Environment = {}): Ready => {
    let found = fixed ?? made.get(env);
    if (!found) made.set(env, (found = ready((options as (env: Environment) => GatewayOptions)(env))));
    return found;
  };
  return {
    async fetch(request, env, ctx) {
      let headers: Record<string, string> = { vary: "Origin" };
      let answer: Response;
      try {
        const ready = readyFor(env);
        const { settings, authenticate } = ready;
        await counted(settings, networkOf(request));
        if (request.method == "OPTIONS") answer = preflight(settings, request);
        else {
          const caller = await authenticate(request);
          headers = allowing(origin(settings, request, caller.kind == "access"));
          await counted(settings, `${caller.kind} ${caller.name}`);
          // Whoever goes away leaves a write whose end is still to be noted.
          const done = handle(ready, caller, request);
          ctx?.waitUntil(done.then(() => {}, () => {}));
          answer = await done;
        }
      } catch (failure) {
        if (failure instanceof SettingsError) {
          console.error(failure.message);
          answer = refusal(new Refusal("not-configured", "the gateway is not set up; its log says what is missing"));
        } else if (failure instanceof Refusal) answer = refusal(failure);
        else {
          // Whatever it was may hold a key, so it is told nowhere but in kind.
          console.error(`the gateway failed: ${(failure as any)?.name ?? typeof failure}`);
          answer = refusal(new Refusal("internal", "the gateway failed"));
        }
      }
      for (const [name, value] of Object.entries({ ...ALWAYS, ...headers })) answer.headers.set(name, value);
      return answer;
    },
  };
}

const nothing = () => new Refusal("not-found", "there is nothing here");

async function handle(ready: Ready, caller: Caller, request: Request): Promise<Response> {
  const { settings } = ready;
  const { segments, query } = pathOf(request.url);
  const base = settings.base.split("/").filter(Boolean);
  if (!base.every((segment, at) => segments[at] === segment)) throw nothing();
  const [first, ...rest] = segments.slice(base.length);
  if (first === "status" && !rest.length && request.method == "GET") return json(status(settings, caller));
  if (first === "limits" && !rest.length && request.method == "GET") return json({ source: settings.rateLimits ? "object" : "isolate", providers: await ready.gate.counts() });
  if (first === "audit") return auditHttp({ settings, caller, permit: (row) => permit(settings, caller, row), limiterOf: ready.gate.limiterOf }, request, rest, query);
  if (first === "jobs") return jobsHttp(settings, caller, (row, ending) => permit(ending ? { write: true, delete: true } : settings, caller, row), request, rest, query);
  const place = Object.hasOwn(settings.places, first ?? "") ? settings.places[first!] : undefined;
  const found = first !== undefined && isProvider(first) ? operationAt(first, request.method, rest) : undefined;
  if (!found) throw nothing();
  if (!place) throw new Refusal("provider-off", "no account is set up for this provider");
  return relay(ready, caller, request, place, { provider: first!, query: queryOf(query, found.row), ...found });
}

/** What stands behind each provider, and what who asks may do. */
function status({ places, write, delete: deleting }: Settings, { kind, name, roles }: Caller) {
  const modes = providerNames().map((name) => [name, { mode: places[name] ? (places[name].live ? "live" : "sandbox") : "off" }]);
  const may = { write: write && roles.has("write"), delete: write && deleting && roles.has("delete"), reveal: roles.has("reveal"), audit: roles.has("audit") };
  return { ...Object.fromEntries(modes), gateway: { who: { kind, name }, may } };
}

/** Throws unless the caller may do it here. */
export function permit({ write, delete: deleting }: Pick<Settings, "write" | "delete">, { roles }: Caller, row: Route["row"]) {
  if (!writes(row)) return;
  if (!write) throw new Refusal("writing-not-allowed", "this gateway only reads");
  if (!roles.has("write")) throw new Refusal("role-missing", "writing needs the role `write`");
  if (!deletes(row)) return;
  if (!deleting) throw new Refusal("deleting-not-allowed", "this gateway deletes nothing");
  if (!roles.has("delete")) throw new Refusal("role-missing", "deleting needs the role `delete`");
}

async function relay(ready: Ready, caller: Caller, request: Request, place: Place, route: Route): Promise<Response> {
  const { settings, gate } = ready;
  const { row } = route;
  permit(settings, caller, row);
  const revealed = request.headers.has("x-reveal-secrets");
  if (revealed && !caller.roles.has("reveal")) throw new Refusal("role-missing", "seeing secrets needs the role `reveal`");
  const accept = /^application\/vnd\.api\+json/i.test(request.headers.get("accept") ?? "") ? "application/vnd.api+json" : "application/json";
  const sending: Sending = { accept, ms: settings.timeoutMs };
  let passing: Passing | undefined;
  let given: Json | undefined;
  if (row.input == "bytes") {
    const stop = new AbortController();
    passing = bytesOf(request, settings, () => stop.abort());
    Object.assign(sending, { body: passing.body, type: passing.type, stop, ms: settings.uploadMs });
  } else {
    given = await jsonOf(request, settings);
    if (given && (!writes(row) || row.method == "DELETE")) throw new Refusal("bad-request", "a read has no body, nor has a deletion");
    if (given) Object.assign(sending, { body: given.text, type: request.headers.get("content-type")!.split(";")[0]!.trim() });
  }
  const begun = settings.audit && writes(row) ? begunOf(caller, route, given?.value) : undefined;
  const before = settings.audit && changesSource(row) ? await stateOf(ready, place, route) : undefined;
  await gate.slot(route.provider, row);
  const noted = begun && (await note(settings.audit!, { ...begun, ...(before !== undefined && { before }) }));
  let answered: Answered;
  try {
    answered = await forward(settings, place, route, sending);
  } catch (failure) {
    const slow = failure instanceof Refusal && failure.code == "provider-too-slow" && passing?.waiting();
    const told = passing?.broken() ?? (slow ? tooSlow() : failure);
    await noted?.end(failedEnd(told));
    throw told;
  }
  await noted?.end(endOf(answered, route));
  if (answered.status == 429) await gate.refused(route.provider, row, answered.headers["retry-after"]);
  return passOn(answered, revealed);
}

/** A source as it is before it is changed. If it cannot be read, the change goes on without. */
async function stateOf({ settings, gate }: Ready, place: Place, { provider, parameters }: Route): Promise<unknown> {
  const row = operationsOf(provider).find(({ name }) => name == "sources.get")!;
  try {
    await gate.slot(provider, row);
    const { status, text } = await forward(settings, place, { provider, row, segments: ["sources", parameters.id!], query: "" }, { accept: "application/vnd.api+json, application/json", ms: settings.timeoutMs });
    return status == 200 ? sourceOf(JSON.parse(text)) : undefined;
  } catch {
    return undefined;
  }
}
