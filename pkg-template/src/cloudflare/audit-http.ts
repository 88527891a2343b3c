// The audit as the gateway's own resource: `audit`, `audit/export`, `audit/SEQ`, `audit/SEQ/restore`.
import { formOf } from "../tables.js";
import { clientOf, limitsOf } from "./accounts.js";
import type { Audit, Entry, Filter } from "./audit.js";
import type { Caller } from "./auth.js";
import { jsonOf } from "./body.js";
import { type DurableLimiter } from "./limiter.js";
import { masked } from "./mask.js";
import { auditOf, note } from "./recorder.js";
import { json, Refusal } from "./refuse.js";
import { type Plan, planFor, withSecrets } from "./restore.js";
import type { Place, Settings } from "./settings.js";
import { fieldsOf } from "./sources.js";
import { isProvider, type OperationInfo, operationsOf } from "./tables.js";

const PAGE = 200;

export interface Asking {
  settings: Settings;
  caller: Caller;
  permit: (row: OperationInfo) => void;
  limiterOf: (provider: string) => DurableLimiter;
}

const time = (given: string | null, name: string): number | undefined => {
  if (given === null) return undefined;
  const value = /^\d{1,15}$/.test(given) ? Number(given) : Date.parse(given);
  if (!Number.isFinite(value)) throw new Refusal("bad-request", `\`${name}\` must be milliseconds since 1970 or a date`);
  return value;
};

const count = (given: string | null, name: string): number | undefined => {
  if (given !== null && !/^[1-9]\d{0,14}$/.test(given)) throw new Refusal("bad-request", `\`${name}\` must be a whole number above 0`);
  return given === null ? undefined : Number(given);
};

function filterOf(query: URLSearchParams): { filter: Filter; limit: number } {
  const known = ["who", "provider", "operation", "target", "outcome", "since", "until", "before", "limit"];
  for (const name of query.keys()) if (!known.includes(name)) throw new Refusal("bad-request", `\`${name.slice(0, 40)}\` is no filter; there are ${known.join(", ")}`);
  for (const name of known) if (query.getAll(name).length > 1) throw new Refusal("bad-request", `\`${name}\` comes twice`);
  const words = Object.fromEntries(["who", "provider", "operation", "target", "outcome"].map((name) => [name, query.get(name) ?? undefined]));
  return {
    filter: { ...words, since: time(query.get("since"), "since"), until: time(query.get("until"), "until"), before: count(query.get("before"), "before") },
    limit: Math.min(1_000, count(query.get("limit"), "limit") ?? 100),
  };
}

function exported(audit: Audit, filter: Filter): Response {
  let { before } = filter;
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const page = await audit.list({ ...filter, before }, PAGE);
      if (!page.length) return controller.close();
      before = page.at(-1)!.seq;
      controller.enqueue(encoder.encode(page.map((entry) => `${JSON.stringify(entry)}\n`).join("")));
    },
  });
  return new Response(body, { headers: { "content-type": "application/x-ndjson", "content-disposition": 'attachment; filename="audit.ndjson"' } });
}

/** The package's client for the account that the gateway holds. */
const clientFor = ({ settings, limiterOf }: Asking, provider: string, { apiKey, api, images }: Place) =>
  clientOf(provider, { apiKey, baseUrl: api, ...(images && { imageBaseUrl: images }), limits: limitsOf(settings.limits, provider), limiter: limiterOf(provider) }, { fetch: settings.fetch, timeoutMs: settings.timeoutMs, deadlineMs: settings.waitMs + settings.timeoutMs });

/** What a failure of a client means for who asked the gateway. */
const failed = (failure: any): Refusal => {
  if (failure?.name == "RateLimitError") return new Refusal("rate-limited", "the account's limit is used up for now", failure.retryAfterMs ?? 1_000);
  return new Refusal("conflict", `the provider was asked in vain: ${String(failure?.message).slice(0, 500)}`);
};

async function planned(client: any, entry: Entry, key: string): Promise<{ plan: Plan; is: any }> {
  let is: any;
  const id = (entry.before as any).id;
  try {
    is = await client.sources.get(String(id));
  } catch (failure: any) {
    if (failure?.name != "NotFoundError") throw failed(failure);
  }
  const plan = await planFor(formOf(entry.provider as "imgix"), entry, is && masked(is, key));
  return { plan, is };
}

async function restore(asking: Asking, entry: Entry, request: Request): Promise<Response> {
  const { settings, caller, permit } = asking;
  const place = settings.places[entry.provider];
  if (!isProvider(entry.provider) || !place) throw new Refusal("provider-off", "no account is set up for this provider");
  if (!entry.before) throw new Refusal("conflict", "this entry records no earlier state of a source");
  const client = clientFor(asking, entry.provider, place);
  const { plan, is } = await planned(client, entry, place.apiKey);
  if (request.method == "GET") return json(plan);
  const given = (await jsonOf(request, settings))?.value as { version?: unknown; secrets?: unknown } | undefined;
  if (plan.operation == "none") throw new Refusal("conflict", "the source is as it was");
  permit(operationsOf(entry.provider).find(({ name }) => name === plan.operation)!);
  if (given?.version !== plan.version) throw new Refusal("conflict", "read the plan first, and send its `version`: what will be done is what it says");
  const { changes, wrong } = withSecrets(plan, given.secrets);
  if (wrong !== undefined) throw new Refusal("bad-request", `\`secrets\` must hold exactly what the plan asks for: \`${wrong.slice(0, 100)}\``);
  const noted = await note(settings.audit!, {
    who: caller.name, kind: caller.kind, provider: entry.provider, operation: plan.operation, target: plan.id ?? String((entry.before as any).id),
    fields: fieldsOf(changes), restores: entry.seq, ...(is && { before: masked(is, place.apiKey) }),
  });
  try {
    const source = plan.operation == "sources.create" ? await client.sources.create(changes) : await client.sources.update(plan.id, changes);
    const after = masked(source, place.apiKey);
    await noted.end({ outcome: "ok", target: String(after.id), after });
    return json({ plan, source: after });
  } catch (failure: any) {
    await noted.end({ outcome: failure?.outcome == "unknown" ? "unknown" : "declined", ...(failure?.status && { status: failure.status }), ...(failure?.requestId && { requestId: failure.requestId }) });
    throw failed(failure);
  }
}

/** Answers what is asked about the audit. */
export async function auditHttp(asking: Asking, request: Request, segments: string[], query: string): Promise<Response> {
  const nothing = new Refusal("not-found", "there is nothing here");
  const { settings, caller } = asking;
  if (!settings.audit) throw nothing;
  if (!caller.roles.has("audit")) throw new Refusal("role-missing", "seeing the audit needs the role `audit`");
  const audit = auditOf(settings.audit);
  const { method } = request;
  const [which, verb, ...more] = segments;
  if (more.length) throw nothing;
  if (which === undefined || (which === "export" && verb === undefined)) {
    if (method != "GET") throw nothing;
    const { filter, limit } = filterOf(new URLSearchParams(query));
    if (which === "export") return exported(audit, filter);
    const entries = await audit.list(filter, limit);
    const before = entries.at(-1)?.seq;
    // A page of long entries is short.
    const more = before !== undefined && (entries.length == limit || (await audit.list({ ...filter, before }, 1)).length > 0);
    return json({ entries, ...(more && { before }) });
  }
  const entry = /^\d{1,15}$/.test(which) ? await audit.get(Number(which)) : undefined;
  if (!entry) throw nothing;
  if (verb === undefined && method == "GET") return json(entry);
  if (verb === "restore" && (method == "GET" || method == "POST")) return restore(asking, entry, request);
  throw nothing;
}
