/**
 * The sandbox as a `fetch`: both APIs, offline and deterministic. What is answered is decided by the core; here it only travels:
 * latency, aborts, broken connections.
 */
/** How a sandbox is set up. */
export interface SandboxOptions {
    /** Begin with about 60 sources (default), or with none. */
    seed?: boolean;
    /** How many assets those of imgix hold together; default 5000, at most 200,000. */
    assets?: number;
    /** What ids, tokens and chance are drawn from; default 1. */
    random?: number;
    /** The keys that are let in. Default: `ak_sandbox` and `sandbox` may do everything, `ak_sandbox_assets` only what concerns assets. */
    keys?: {
        key: string;
        provider?: SandboxProvider;
        permissions?: SandboxPermission[];
    }[];
    /** Count calls and answer 429, and how; default `off`. `true` is what `window` says. */
    rateLimits?: boolean | "off" | "fixed" | "sliding" | "token-bucket";
    /** What `rateLimits: true` stands for; default `sliding`. */
    window?: "sliding" | "fixed";
    /** How such an answer says how long to wait; default `none`. */
    retryAfter?: "none" | "seconds" | "date";
    /** The limits by class; default those imgix documents. */
    limits?: Partial<Record<SandboxRateClass, {
        requests: number;
        perMs: number;
    }>>;
    /** How long an imgix source keeps its old status after a write; default 1500. */
    settleMs?: number;
    /** How long it is `deploying` then; default 3000. */
    deployMs?: number;
    /** Are secrets kept that a new imgix `deployment` leaves out (default), or is it refused? */
    keepOmittedSecrets?: boolean;
    /** The largest body imgix takes in one upload, in bytes; default 30 MiB. Larger ones get 413. */
    uploadLimit?: number;
    /** How long the address of an upload session is good; default 8 hours. */
    sessionMs?: number;
    /** How long a closed upload session takes to be complete; default 1500. */
    completeMs?: number;
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
/** The names of imgix's documentation; the longer ones of assets may leave out `Manager`. */
export type SandboxPermission = "Sources" | "Purge" | "Analytics" | "Asset Manager Browse" | "Asset Manager Edit" | "Asset Purge" | (string & {});
export type SandboxRateClass = "imgix.default" | "imgix.sources.create" | "imgix.sources.update" | "imgix.assets.get" | "imgix.assets.refresh" | "imgix.assets.upload" | "imgix.purge" | "imageboss" | "imageboss.purge";
/** What can be asked for. The last three are no calls to an API: pictures, pre-signed addresses, files of reports. */
export type SandboxOperation = "sources.list" | "sources.create" | "sources.get" | "sources.update" | "sources.delete" | "assets.list" | "assets.get" | "assets.update" | "assets.add" | "assets.refresh" | "assets.upload" | "uploadSessions.create" | "uploadSessions.status" | "uploadSessions.close" | "uploadSessions.cancel" | "purge" | "publish" | "unpublish" | "reports.list" | "reports.get" | "images.get" | "storage.put" | "files.get";
/** What goes wrong on purpose. */
export interface SandboxFaults {
    /** Added to every answer. */
    latencyMs?: number;
    /** The first rule that hits a request wins. */
    rules?: SandboxRule[];
}
/** Which requests are hit, and what happens to them. */
export interface SandboxRule {
    kind: "429" | "500-html" | "502-html" | "503" | "status" | "redirect" | "reset" | "hang" | "truncate" | "empty" | "not-json" | "invalid-utf8" | "repeated-cursor" | "drift" | "slow";
    provider?: SandboxProvider;
    operation?: SandboxOperation;
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
    /** The `Retry-After` of `429`, `503` and `status`. In a list: one after the other. */
    retryAfter?: SandboxRetryAfter | SandboxRetryAfter[];
    /** For `status`: 200 to 599; for `redirect`: default 302. */
    status?: number;
    /** For `truncate`: how many bytes come through; default 40. */
    bytes?: number;
    /** For `redirect`; default another host. */
    location?: string;
}
/** Text or a number exactly as it is, or a date so many seconds from now; `"hostile"` goes through values no client should follow. */
export type SandboxRetryAfter = string | number | {
    inSeconds: number;
};
/** One request the sandbox has seen. */
export interface SandboxLogEntry {
    provider: SandboxProvider | null;
    operation: SandboxOperation | null;
    method: string;
    /** Path and query as they were sent. */
    path: string;
    /** 0: there was no answer. */
    status: number;
    /** Milliseconds since 1970. */
    at: number;
    /** Names in lower case; the values of keys are left out. */
    headers: Record<string, string>;
    /** The body as text, cloud secrets included: for tests, not for printing. Of a file the first 64 bytes, of others 64 KiB. */
    body: string;
    /** How many bytes the whole body had. */
    bodyLength: number;
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
    /** All that is kept of one source, secrets included, or of one imgix asset: `<source id>/<path>`. */
    stored(provider: SandboxProvider, id: string): unknown;
    /** Begins anew, as the options said. */
    reset(): void;
}
