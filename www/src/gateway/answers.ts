// Answers of a gateway about itself, and what they mean if they are refusals.
import { failureOf } from "../model/failure.js";
import { isImageSourcesError } from "../package.js";
import { known } from "../text/given.js";
import type { Failure, Json } from "../types.js";
import type { Ask } from "./gateway.js";

/** Why a gateway did not do what it was asked for. */
export class Refused extends Error {
  /** Of the gateway's closed list, or `unreachable`. */
  readonly code: string;
  readonly status: number | undefined;

  constructor(code: string, message: string, status?: number) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/** Throws `Refused` for everything but an answer that says yes, and what an abort throws. */
export async function asked(ask: Ask, path: string, init?: RequestInit): Promise<Response> {
  let answer: Response;
  try {
    answer = await ask(path, init);
  } catch (thrown) {
    init?.signal?.throwIfAborted();
    throw new Refused("unreachable", "it did not answer: see that it runs, that the network is there, and that you are still signed in");
  }
  if (answer.ok) return answer;
  const told = (await answer.json().catch(() => null)) as { code?: unknown; message?: unknown; error?: unknown } | null;
  const message = told?.message ?? told?.error;
  throw new Refused(String(told?.code ?? ""), typeof message === "string" ? message : `it answered ${answer.status}`, answer.status);
}

export async function askedFor<Value>(ask: Ask, path: string, init?: RequestInit): Promise<Value> {
  const answer = await asked(ask, path, init);
  return (await answer.json().catch(() => {
    throw new Refused("unreadable", "its answer is no JSON");
  })) as Value;
}

export const jsonBody = (value: Json): RequestInit => ({ method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(value) });

/** Lines of JSON, as they come. */
export async function* linesOf<Value>(answer: Response): AsyncGenerator<Value> {
  const reader = answer.body!.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array<ArrayBuffer>>).getReader();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      const parts = done ? [rest] : (rest + value).split("\n");
      rest = done ? "" : parts.pop()!;
      for (const line of parts) if (line) yield JSON.parse(line) as Value;
      if (done) return;
    }
  } finally {
    void reader.cancel().catch(() => undefined);
  }
}

const TITLES: Record<string, string> = {
  unreachable: "The gateway cannot be reached",
  unauthenticated: "The gateway wants you to sign in again",
  unreadable: "The answer of the gateway cannot be read",
  "role-missing": "The gateway does not allow this to you",
  "writing-not-allowed": "The gateway does not allow this",
  "deleting-not-allowed": "The gateway does not allow this",
  "rate-limited": "The gateway asks to wait",
  "limits-unreachable": "The gateway asks to wait",
  "audit-unreachable": "The gateway asks to wait",
};

/** What a gateway puts in place of secrets. */
export const MASK = "****";

/** Ready to be shown, whoever failed. Of a write that nobody answered it is not known whether it happened. */
export function refusalOf(thrown: unknown, isWrite = false): Failure {
  if (isImageSourcesError(thrown)) return failureOf(thrown);
  const { code = "", status, message } = thrown instanceof Refused ? thrown : new Refused("unreadable", "it broke off, or is not what was expected");
  const isOurs = status !== undefined && status < 500;
  return { title: known(TITLES, code) ?? (isOurs ? "The gateway declined" : "The gateway failed"), message, problems: [], unsure: isWrite && !isOurs, status };
}
