/**
 * The sandbox as a `fetch`: both APIs, offline and deterministic. What is answered is decided by the core; here it only travels:
 * latency, aborts, broken connections.
 */

/** The core as the wasm module exports it. @internal */
export interface SandboxCoreLike {
  handle(method: string, url: string, headersJson: string, body: Uint8Array, nowMs: number): SandboxReplyLike;
  configure(faultsJson: string): void;
  log(): string;
  stored(provider: string, id: string): string | undefined;
  reset(): void;
}

/** One answer of the core. @internal */
export interface SandboxReplyLike {
  status(): number;
  headersJson(): string;
  takeBody(): Uint8Array;
  delayMs(): number;
  cutAfter(): number | undefined;
  reset(): boolean;
  free(): void;
}

/** How a sandbox is set up. */
export interface SandboxOptions {
  /** Begin with about 60 sources (default), or with none. */
  seed?: boolean;
  /** What ids and tokens are drawn from; default 1. */
  random?: number;
  /** The keys that are let in. Default: `ak_sandbox` and `sandbox` may do everything, `ak_sandbox_assets` only what concerns assets. */
  keys?: { key: string; provider?: SandboxProvider; permissions?: string[] }[];
  /** Count calls and answer 429; default false. */
  rateLimits?: boolean;
  /** How the windows of rate limits move; default `sliding`. */
  window?: "sliding" | "fixed";
  /** The limits by class; default those imgix documents. */
  limits?: Partial<Record<SandboxRateClass, { requests: number; perMs: number }>>;
  /** How long an imgix source keeps its old status after a write; default 1500. */
  settleMs?: number;
  /** How long it is `deploying` then; default 3000. */
  deployMs?: number;
  /** Are secrets kept that a new imgix `deployment` leaves out (default), or is it refused? */
  keepOmittedSecrets?: boolean;
  /** How many requests the log holds; default 1000. */
  logLimit?: number;
  /** What goes wrong on purpose. */
  faults?: SandboxFaults;
  /** The clock, in milliseconds since 1970; default `Date.now`. With a clock of your own time is virtual. */
  now?: () => number;
  /** How latency is waited for; default `setTimeout`. Called only for more than 0; the signal tells that nobody waits any more. */
  sleep?: (ms: number, signal?: AbortSignal) => Promise<void>;
}

export type SandboxProvider = "imgix" | "imageboss";
export type SandboxRateClass = "imgix.default" | "imgix.sources.create" | "imgix.sources.update" | "imageboss";

/** What goes wrong on purpose. */
export interface SandboxFaults {
  /** Added to every answer. */
  latencyMs?: number;
  /** The first rule that hits a request wins. */
  rules?: SandboxRule[];
}

/** Which requests are hit, and what happens to them. */
export interface SandboxRule {
  kind:
    | "429" | "500-html" | "502-html" | "503" | "status" | "redirect" | "reset"
    | "truncate" | "empty" | "not-json" | "drift" | "slow";
  provider?: SandboxProvider;
  method?: string;
  /** Found anywhere in path and query. */
  path?: string;
  /** At most so many requests are hit. */
  times?: number;
  /** Only every n-th request that matches is hit. */
  every?: number;
  /** From 0 to 1. */
  probability?: number;
  /** Added to the latency. */
  delayMs?: number;
  /** Does the request take effect all the same, as when only its answer is lost? */
  applied?: boolean;
  /** The `Retry-After` of `429`, `503` and `status`, exactly as it shall be. */
  retryAfter?: string | number;
  /** For `status`: 200 to 599. */
  status?: number;
  /** For `truncate`: how many bytes come through; default 40. */
  bytes?: number;
  /** For `redirect`; default another host. */
  location?: string;
}

/** One request the sandbox has seen. */
export interface SandboxLogEntry {
  provider: SandboxProvider | null;
  method: string;
  /** Path and query as they were sent. */
  path: string;
  /** 0: there was no answer. */
  status: number;
  /** Milliseconds since 1970. */
  at: number;
  /** Names in lower case; the values of keys are left out. */
  headers: Record<string, string>;
  /** The body as text, cloud secrets included: for tests, not for printing. */
  body: string;
}

/** Both APIs, offline. */
export interface Sandbox {
  /** A `fetch` that only ever reaches this sandbox; may be called without its object. */
  readonly fetch: typeof globalThis.fetch;
  /** The same for a request that is there already. */
  handle(request: Request): Promise<Response>;
  /** The newest requests, oldest first. */
  readonly log: readonly SandboxLogEntry[];
  /** Replaces what goes wrong; without an argument nothing does. Throws on mistakes. */
  faults(faults?: SandboxFaults): void;
  /** All that is kept of one source, secrets included. */
  stored(provider: SandboxProvider, id: string): unknown;
  /** Begins anew, as the options said. */
  reset(): void;
}

/** Makes a sandbox of a core. @internal */
export function makeSandbox(createCore: (optionsJson: string) => SandboxCoreLike, options: SandboxOptions = {}): Sandbox {
  const { now = Date.now, sleep = pause, ...settings } = options;
  const core = createCore(JSON.stringify(settings));

  const answer: typeof globalThis.fetch = async (input, init) => {
    const { request, signal } = read(input, init);
    signal?.throwIfAborted();
    const body = new Uint8Array(await abortable(request.arrayBuffer(), signal));
    const headers = JSON.stringify([...request.headers]);
    const reply = unpack(core.handle(request.method, request.url, headers, body, now()));
    if (reply.delayMs > 0) await abortable(sleep(reply.delayMs, signal), signal);
    signal?.throwIfAborted();
    if (reply.reset) throw new TypeError("fetch failed");
    // These have no body, not even an empty one.
    const bodyless = [101, 204, 205, 304].includes(reply.status) || request.method === "HEAD";
    const stream = bodyless ? null : bodyStream(reply.body, reply.cutAfter, signal);
    // The length of the whole, also when it does not come through as a whole: that is how one notices.
    if (!bodyless) reply.headers.push(["content-length", String(reply.body.length)]);
    return new Response(stream, { status: reply.status, headers: reply.headers });
  };

  return {
    fetch: answer,
    handle: (request) => answer(request),
    get log() {
      return JSON.parse(core.log()) as SandboxLogEntry[];
    },
    faults: (faults = {}) => core.configure(JSON.stringify(faults)),
    stored: (provider, id) => {
      const json = core.stored(provider, id);
      return json === undefined ? undefined : (JSON.parse(json) as unknown);
    },
    reset: () => core.reset(),
  };
}

interface Unpacked {
  status: number;
  headers: [string, string][];
  body: Uint8Array<ArrayBuffer>;
  delayMs: number;
  cutAfter: number | undefined;
  reset: boolean;
}

function unpack(reply: SandboxReplyLike): Unpacked {
  try {
    return {
      status: reply.status(),
      headers: JSON.parse(reply.headersJson()) as [string, string][],
      body: reply.takeBody() as Uint8Array<ArrayBuffer>,
      delayMs: reply.delayMs(),
      cutAfter: reply.cutAfter(),
      reset: reply.reset(),
    };
  } finally {
    reply.free();
  }
}

/** The signal is taken out first: the platform's own `Request` refuses signals of another realm. */
function read(input: RequestInfo | URL, init: RequestInit | undefined): { request: Request; signal: AbortSignal | undefined } {
  const { signal: own, ...rest } = init ?? {};
  const inherited = typeof input === "object" && "signal" in input ? input.signal : undefined;
  return { request: new Request(input, rest), signal: (own === undefined ? inherited : own) ?? undefined };
}

/** Settles as the work does, or rejects with the signal's reason, whichever comes first. Leaves no listener behind. */
async function abortable<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
  });
  if (signal.aborted) stop();
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** Waits, unless aborted; then the timer is gone at once. */
function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener("abort", done, { once: true });
  });
}

const PIECE = 16_384;

/** The body in pieces as it is read; it breaks off after `cutAfter` bytes, and when it is aborted. */
function bodyStream(
  body: Uint8Array<ArrayBuffer>,
  cutAfter: number | undefined,
  signal: AbortSignal | undefined,
): ReadableStream<Uint8Array> {
  const end = Math.min(cutAfter ?? body.length, body.length);
  let at = 0;
  let abort = (): void => undefined;
  const release = (): void => signal?.removeEventListener("abort", abort);
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        abort = () => controller.error(signal?.reason);
        signal?.addEventListener("abort", abort, { once: true });
      },
      pull(controller) {
        if (at < end) {
          const next = Math.min(at + PIECE, end);
          controller.enqueue(body.subarray(at, next));
          at = next;
          // Breaking off would also take back what nobody has read yet, so it waits for the next read.
          if (at < end || cutAfter !== undefined) return;
        }
        if (cutAfter === undefined) controller.close();
        else controller.error(new TypeError("terminated"));
        release();
      },
      cancel: release,
    },
    { highWaterMark: 0 },
  );
}
