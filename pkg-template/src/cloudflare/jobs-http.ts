// Jobs as the gateway's own resource: `jobs`, `jobs/ID`, `jobs/ID/start` and so on.
import type { Caller } from "./auth.js";
import { readText, tooDeep, tooSlow } from "./body.js";
import type { Answer, Jobs, Progress } from "./jobs.js";
import { mask } from "./mask.js";
import type { ObjectNamespace } from "./platform.js";
import { inTime, json, Refusal } from "./refuse.js";
import { note } from "./recorder.js";
import type { Settings } from "./settings.js";
import { isProvider, type OperationInfo, operationsOf } from "./tables.js";

const JSON_BYTES = 4 << 20;
const LINES_BYTES = 256 << 20;
const LINE_BYTES = 64 << 10;
/** How many items go to the object and come from it at a time, and how long they may be together: a request may ask it only so often. */
const CHUNK = 5_000;
const CHUNK_LENGTH = 1 << 20;

/** What can be asked of a job; to go on is to start again. */
const VERBS = { start: "start", resume: "start", pause: "pause", cancel: "cancel", retry: "retry" } as const;

/** The one object that holds all jobs of a gateway. */
export const jobsOf = (namespace: ObjectNamespace): Jobs => namespace.get(namespace.idFromName("v1"));

type Permit = (row: OperationInfo, ending?: boolean) => void;

const given = <T>(answer: Answer<T>): T => {
  if ("value" in answer) return answer.value;
  throw new Refusal(answer.declined.code, answer.declined.message);
};

const rowOf = (provider: unknown, operation: unknown): OperationInfo => {
  const row = isProvider(provider) ? operationsOf(provider).find(({ name }) => name === operation) : undefined;
  if (!row) throw new Refusal("bad-request", "`provider` and `operation` must name an operation");
  return row;
};

/** Lines of a stream, each a JSON value; nothing is held but the line that is read. Nobody is waited for who sends nothing for a while, or little for long. */
async function* lines(body: ReadableStream<Uint8Array> | null, { bodyMs, uploadMs }: Settings): AsyncGenerator<unknown> {
  if (!body) return;
  const reader = body.pipeThrough(new TextDecoderStream("utf-8", { fatal: true }) as any as ReadableWritablePair<string, Uint8Array>).getReader();
  let rest = "";
  let length = 0;
  let number = 0;
  /** Of waiting, and not of what is done with the lines here. */
  let left = uploadMs;
  const parse = (line: string): unknown => {
    number++;
    if (line.length > LINE_BYTES) throw new Refusal("too-large", `line ${number} is too long`);
    if (tooDeep(line)) throw new Refusal("bad-request", `line ${number} is nested too deep`);
    try {
      return JSON.parse(line);
    } catch {
      throw new Refusal("bad-request", `line ${number} is no JSON`);
    }
  };
  for (;;) {
    const read = reader.read().catch(() => {
      throw new Refusal("bad-request", "the body broke off, or is no UTF-8");
    });
    const asked = Date.now();
    const { done, value } = await inTime(read, Math.max(1, Math.min(bodyMs, left)), () => {
      reader.cancel().catch(() => {});
      return tooSlow();
    });
    left -= Date.now() - asked;
    if (done) break;
    length += value.length;
    if (length > LINES_BYTES) throw new Refusal("too-large", "the body is too large");
    const parts = (rest + value).split("\n");
    rest = parts.pop()!;
    if (rest.length > LINE_BYTES) throw new Refusal("too-large", `line ${number + parts.length + 1} is too long`);
    for (const line of parts) if (line.trim()) yield parse(line);
  }
  if (rest.trim()) yield parse(rest);
}

async function create(settings: Settings, jobs: Jobs, caller: Caller, permit: Permit, request: Request, query: URLSearchParams): Promise<Response> {
  const type = request.headers.get("content-type") ?? "";
  let [provider, operation]: unknown[] = [query.get("provider"), query.get("operation")];
  let items: AsyncIterable<unknown> | Iterable<unknown>;
  if (/^application\/(x-ndjson|jsonl)\b/i.test(type)) items = lines(request.body, settings);
  else if (/^application\/json\b/i.test(type)) {
    let told: any;
    try {
      const text = await readText(request.body, JSON_BYTES, settings.bodyMs);
      if (tooDeep(text)) throw new Refusal("bad-request", "the body is nested too deep");
      told = JSON.parse(text);
    } catch (failure) {
      throw failure instanceof Refusal ? failure : new Refusal("bad-request", "the body is no JSON");
    }
    ({ provider, operation, items } = Object(told));
    if (!Array.isArray(items)) throw new Refusal("bad-request", "`items` must be a list");
  } else throw new Refusal("media-type", "a job comes as JSON, or as lines of JSON (application/x-ndjson)");
  permit(rowOf(provider, operation));
  const id = given(await jobs.create(provider as string, operation as string, caller.name));
  try {
    let chunk: unknown[] = [];
    let size = 0;
    for await (const item of items) {
      chunk.push(item);
      size += JSON.stringify(item).length;
      if (chunk.length < CHUNK && size < CHUNK_LENGTH) continue;
      given(await jobs.add(id, chunk));
      [chunk, size] = [[], 0];
    }
    if (chunk.length) given(await jobs.add(id, chunk));
    return json(given(await jobs.seal(id)), 201);
  } catch (failure) {
    await Promise.resolve(jobs.drop(id)).catch(() => {});
    throw failure;
  }
}

/** Every item as it stands, line by line, page by page. */
function exported(jobs: Jobs, { id }: Progress): Response {
  let after = -1;
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const page = await jobs.page(id, after, CHUNK, CHUNK_LENGTH);
      if (!page.length) return controller.close();
      after = page.at(-1)!.seq;
      controller.enqueue(encoder.encode(page.map((item) => `${mask(JSON.stringify(item))}\n`).join("")));
    },
  });
  return new Response(body, { headers: { "content-type": "application/x-ndjson", "content-disposition": `attachment; filename="job-${id}.ndjson"` } });
}

/** Answers what is asked about jobs. */
export async function jobsHttp(settings: Settings, caller: Caller, permit: Permit, request: Request, segments: string[], query: string): Promise<Response> {
  const nothing = new Refusal("not-found", "there is nothing here");
  if (!settings.jobs) throw nothing;
  const jobs = jobsOf(settings.jobs);
  const { method } = request;
  const [id, verb, ...more] = segments;
  if (more.length) throw nothing;
  if (id === undefined) {
    if (method == "GET") return json({ jobs: await jobs.list() });
    if (method == "POST") return create(settings, jobs, caller, permit, request, new URLSearchParams(query));
    throw nothing;
  }
  const job = given(await jobs.get(id));
  if (verb === undefined && method == "GET") return json(job);
  if (verb === "export" && method == "GET") return exported(jobs, job);
  const wanted = Object.hasOwn(VERBS, verb ?? "") ? VERBS[verb as keyof typeof VERBS] : undefined;
  if (method != "POST" || !wanted) throw nothing;
  // Whoever may not do it may not have it done. To end it, the gateway's switches need not be on.
  permit(rowOf(job.provider, job.operation), wanted == "pause" || wanted == "cancel");
  const states = new URLSearchParams(query).getAll("state").filter((state): state is "failed" | "unknown" => state == "failed" || state == "unknown");
  if (wanted == "retry" && !states.length) throw new Refusal("bad-request", "say what to send again: `state=failed`, `state=unknown`");
  // What each call of a job did stands in its journal; who had it done stands in the audit.
  const noted = settings.audit && (await note(settings.audit, { who: caller.name, kind: caller.kind, provider: job.provider, operation: `jobs.${verb}`, target: id, fields: [{ path: "operation", value: job.operation }, { path: "total", value: job.total }] }));
  const answer = await (wanted == "retry" ? jobs.retry(id, states) : jobs[wanted](id));
  await noted?.end({ outcome: "value" in answer ? "ok" : "declined" });
  return json(given(answer));
}
