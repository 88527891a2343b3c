// Errors of calls, made ready to be shown.
import { isImageSourcesError } from "../package.js";
import type { Failure, Problem, ProviderName } from "../types.js";
import { brand } from "./capabilities.js";

interface Thrown {
  name: string;
  message: string;
  kind: string;
  problems: Problem[];
  outcome: string;
  provider?: ProviderName;
  operation?: string;
  status?: number;
  requestId?: string;
}

export const isAbort = (thrown: unknown): boolean => (thrown as { name?: string } | undefined)?.name === "AbortError";

export function failureOf(thrown: unknown): Failure {
  if (!isImageSourcesError(thrown)) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return { title: "Something went wrong", message, problems: [], unsure: false };
  }
  const error = thrown as Thrown;
  return {
    title: title(error),
    message: error.message,
    problems: error.problems,
    unsure: error.outcome === "unknown",
    status: error.status,
    requestId: error.requestId,
    operation: error.operation,
  };
}

/** In one line, for where nobody looks any more at what was asked for. */
export const inWords = (thrown: unknown): string => {
  const { title, message, unsure } = failureOf(thrown);
  return `${title}: ${message}${unsure ? "; it may have happened all the same" : ""}`;
};

function title({ kind, name, provider }: Thrown): string {
  const who = provider ? brand(provider) : "The provider";
  if (name === "PermissionError") return `${who} forbids this to the key`;
  if (name === "AuthenticationError") return `${who} does not accept the key`;
  const titles: Record<string, string> = {
    invalid: "Nothing was sent",
    declined: `${who} declined`,
    "rate-limited": `${who} asks to wait`,
    server: `${who} failed`,
    unreadable: `The answer of ${who} cannot be read`,
    network: `${who} cannot be reached`,
    timeout: `${who} did not answer in time`,
  };
  return titles[kind] ?? "Something went wrong";
}
