// Jobs of a gateway: thousands of calls of one operation that go on without this page.
import type { Job as EdgeJob, JobItem } from "image-sources/cloudflare";
import type { Connection } from "../model/connection.js";
import type { Json, ProviderName } from "../types.js";
import { askedFor } from "./answers.js";
import { noting } from "./noting.js";

export type { EdgeJob };

export type EdgeItem = JobItem & { args: Json[]; value?: { id?: Json } };

export type Verb = "start" | "resume" | "pause" | "cancel" | "retry?state=failed" | "retry?state=unknown";

/** Is nothing sent because of it? */
export const isCalm = (verb: Verb): boolean => verb === "pause" || verb === "cancel";

export const doVerb = (connection: Connection, { id, provider }: EdgeJob, verb: Verb): Promise<EdgeJob> =>
  askedFor(noting(connection, { provider, operation: `jobs.${verb.split("?")[0]}`, isCalm: isCalm(verb) }), `jobs/${encodeURIComponent(id)}/${verb}`, { method: "POST" });

const PART = 1_000;

/** Hands calls of one operation over. Nothing is sent before the job is started; one wrong item refuses all. */
export function handOver(connection: Connection, provider: ProviderName, operation: string, items: readonly Json[][], signal: AbortSignal): Promise<EdgeJob> {
  const parts: string[] = [];
  for (let at = 0; at < items.length; at += PART) parts.push(items.slice(at, at + PART).map((item) => `${JSON.stringify(item)}\n`).join(""));
  const query = new URLSearchParams({ provider, operation });
  return askedFor(noting(connection, { provider, operation: "jobs.create", isCalm: true }), `jobs?${query}`, { method: "POST", headers: { "content-type": "application/x-ndjson" }, body: new Blob(parts), signal });
}

/** What an item is called: the arguments that name it. */
export const labelOf = ({ args }: EdgeItem): string =>
  (Array.isArray(args) ? args : [args])
    .filter((one) => typeof one !== "object" || one === null)
    .map((one) => (typeof one === "string" ? one : JSON.stringify(one)))
    .join(" ") || JSON.stringify(args);

