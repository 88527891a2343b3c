// The audit from the gateway's side: before a write goes on it is noted, and what came of it afterwards.
import type { Audit, Begun, Ended, Field, Outcome } from "./audit.js";
import type { Caller } from "./auth.js";
import type { Answered } from "./forward.js";
import type { ObjectNamespace } from "./platform.js";
import { inTime, Refusal } from "./refuse.js";
import type { Route } from "./route.js";
import type { OperationInfo } from "./tables.js";
import { attributesOf, fieldsOf, sourceOf } from "./sources.js";

/** An object that does not answer within this time is not there. */
const PATIENCE_MS = 3_000;

/** The one object that holds a gateway's audit. */
export const auditOf = (namespace: ObjectNamespace): Audit => namespace.get(namespace.idFromName("v1"));

/** Does it change a source that is there? Then it is read first, so that it can be put back. */
export const changesSource = ({ name }: OperationInfo): boolean => /^sources\.(update|enable|disable|delete)$/.test(name);

/** What an operation is done to: its parameters, or what its body names. */
const targetOf = ({ parameters, row }: Route, body: unknown): string => {
  const values = Object.values(parameters);
  if (values.length) return values.join("/");
  const given = attributesOf(body);
  const name = row.parameters.map((name) => given[name]).find((value) => typeof value == "string");
  return String(name ?? given.name ?? given.source ?? given.url ?? "");
};

export interface Note {
  end(ended: Ended): Promise<void>;
}

/** Notes that something is about to be written. What cannot be noted is not done. */
export async function note(namespace: ObjectNamespace, begun: Begun): Promise<Note> {
  const inPatience = <T>(told: T) => inTime(Promise.resolve(told), PATIENCE_MS, () => new Error("no answer in time"));
  let seq: number;
  try {
    seq = await inPatience(auditOf(namespace).begin(begun));
  } catch {
    throw new Refusal("audit-unreachable", "the audit cannot be reached, so nothing is written; try again", 5_000);
  }
  return {
    async end(ended) {
      try {
        await inPatience(auditOf(namespace).end(seq, ended));
      } catch (failure: any) {
        // It has been noted that it began; that is what can be said.
        console.error(`the end of a write could not be noted: ${failure?.name}`);
      }
    },
  };
}

/** What is noted of a write; a body of which not everything can be noted is refused. */
export const begunOf = (caller: Caller, route: Route, body: unknown): Begun => ({
  who: caller.name,
  kind: caller.kind,
  provider: route.provider,
  operation: route.row.name,
  target: targetOf(route, body),
  fields: noted(body),
});

function noted(body: unknown): Field[] {
  try {
    return fieldsOf(body);
  } catch (failure) {
    throw failure instanceof RangeError ? new Refusal("bad-request", failure.message) : failure;
  }
}

const outcomeOf = (status: number): Outcome => (status < 400 ? "ok" : status == 408 || status >= 500 ? "unknown" : "declined");

export function endOf(answered: Answered, route: Route): Ended {
  const { status, headers, text } = answered;
  const ended: Ended = { outcome: outcomeOf(status), status, ...(headers["x-request-id"] && { requestId: headers["x-request-id"] }) };
  if (ended.outcome != "ok" || !route.row.name.startsWith("sources.")) return ended;
  try {
    const after = sourceOf(JSON.parse(text));
    if (after) Object.assign(ended, { after, target: String(after.id) });
  } catch {
    // An answer that is no source says nothing of one.
  }
  return ended;
}

/** Nothing came back: it may have happened, unless it was refused before it was sent. */
export const failedEnd = (failure: unknown): Ended => ({ outcome: failure instanceof Refusal && failure.code == "key-refused" ? "declined" : "unknown" });
