// Every item is checked as the client would check it, without sending anything.
import { USER_INFO } from "../../jobs/secrets.js";
import { withoutUser } from "../../model/secrets.js";
import type { Clients } from "../../package.js";
import type { Json, Problem } from "../../types.js";
import { argumentsOf, labelOf } from "./items.js";
import type { Kind } from "./kinds.js";
import { breathe, type Format, MOST_LETTERS, type Raw } from "./parse.js";

export type Status = "ready" | "invalid" | "twice";

export interface Item {
  line: number;
  label: string;
  arguments: Json[];
  status: Status;
  problems: Problem[];
}

const BATCH = 250;

/** What would be called, only prepared. */
function prepared(clients: Clients, { provider, operation }: Kind): (...given: Json[]) => Promise<unknown> {
  const path = operation!.name.split(".");
  return path.reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], clients[provider].dryRun) as (...given: Json[]) => Promise<unknown>;
}

async function problemsOf(call: Promise<unknown>): Promise<Problem[]> {
  try {
    await call;
    return [];
  } catch (thrown) {
    return (thrown as { problems?: Problem[] }).problems ?? [{ field: "", code: "type", message: String(thrown), level: "error" }];
  }
}

/** Checks all rows; `progress` is told how many are done. */
export async function check(clients: Clients, kind: Kind, rows: readonly Raw[], format: Format, progress: (done: number) => void, signal: AbortSignal): Promise<Item[]> {
  const prepare = prepared(clients, kind);
  const seen = new Set<string>();
  const items: Item[] = [];
  for (let at = 0; at < rows.length; at += BATCH) {
    const batch = await Promise.all(
      rows.slice(at, at + BATCH).map(async (raw): Promise<Item> => {
        const given = argumentsOf(kind, raw, format !== "JSON");
        const count = kind.operation!.parameters.length + (kind.operation!.input === "json" ? 1 : 0);
        const names = given.slice(0, kind.operation!.parameters.length);
        const problems = names.some((one) => typeof one === "string" && one.length > MOST_LETTERS)
          ? [{ field: "", code: "value", message: `is longer than ${MOST_LETTERS.toLocaleString("en")} characters`, level: "error" } as Problem]
          : names.some((one) => typeof one === "string" && USER_INFO.test(one))
          ? [{ field: "", code: "value", message: "is an address with a name or a password in it: take them out", level: "error" } as Problem]
          : given.length > count ? [{ field: "", code: "value", message: `has ${given.length} values, and ${count} are expected`, level: "error" } as Problem] : await problemsOf(prepare(...given));
        return { line: raw.line, label: withoutUser(labelOf(kind, given)), arguments: given, status: problems.some(({ level }) => level === "error") ? "invalid" : "ready", problems };
      }),
    );
    for (const item of batch) {
      const key = JSON.stringify(item.arguments);
      if (item.status === "ready" && seen.has(key)) item.status = "twice";
      seen.add(key);
      items.push(item);
    }
    progress(items.length);
    await breathe();
    signal.throwIfAborted();
  }
  return items;
}
