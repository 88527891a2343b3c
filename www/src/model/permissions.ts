// What a key may do, found out by reads that change nothing. Which permissions there are is told by `operations()`.
import type { App } from "../app.js";
import { operations } from "../package.js";
import type { Operation, ProviderName } from "../types.js";
import { failureOf } from "./failure.js";

export interface Permission {
  name: string;
  /** What it lets one do. */
  operations: string[];
  /** `unknown`: nothing harmless needs it, or what was asked failed in another way. */
  found: "asking" | "yes" | "no" | "unknown";
  /** Why it is not known, or what the provider said. */
  because?: string;
}

const DENIED = ["PermissionError", "AuthenticationError"];
/** There is no such thing: which is only said to those who may ask. */
const ABSENT = "NotFoundError";
/** It is the way that is closed, for whatever is asked next as well. */
const OUT = ["NetworkError", "TimeoutError"];
const NOWHERE = "image-sources-probe";

/** The permissions of a provider, with nothing known of them yet. */
export function permissionsOf(provider: ProviderName): Permission[] {
  const found = new Map<string, Permission>();
  for (const { provider: of, permission, name } of operations()) {
    if (of !== provider) continue;
    const known = found.get(permission);
    if (known) known.operations.push(name);
    else found.set(permission, { name: permission, operations: [name], found: "asking" });
  }
  return [...found.values()];
}

/** Asks for one thing for each permission, one after the other; tells after each. */
export async function probe(app: Pick<App, "connection">, provider: ProviderName, tell: (permissions: Permission[]) => void, signal?: AbortSignal): Promise<void> {
  const permissions = permissionsOf(provider);
  let sourceId = NOWHERE;
  let isOut = false;
  tell(permissions);
  for (const permission of permissions) {
    if (signal?.aborted) return;
    Object.assign(permission, isOut ? { found: "unknown", because: "not asked, as the provider cannot be reached" } : await ask(permission));
    tell([...permissions]);
  }

  async function ask({ name }: Permission): Promise<Partial<Permission>> {
    const read = harmless(provider, name);
    if (!read) return { found: "unknown", because: "nothing harmless needs it" };
    try {
      const answer = await call(app, read, sourceId, signal);
      if (read.parameters.length === 0) sourceId = (answer as { items?: { id?: string }[] })?.items?.[0]?.id ?? sourceId;
      return { found: "yes" };
    } catch (thrown) {
      const error = (thrown as { name?: string }).name ?? "";
      isOut = OUT.includes(error);
      if (error === ABSENT) return { found: "yes" };
      return { found: DENIED.includes(error) ? "no" : "unknown", because: failureOf(thrown).message };
    }
  }
}

/** A read that needs the permission: a list rather than one thing, few parameters rather than many. */
const harmless = (provider: ProviderName, permission: string): Operation | undefined =>
  operations()
    .filter((one) => one.provider === provider && one.permission === permission && one.method === "GET" && one.host === "api" && !one.several)
    .sort((a, b) => a.parameters.length - b.parameters.length || Number(b.answer === "list") - Number(a.answer === "list"))[0];

/** Without further attempts: this is a question, and not work. */
function call({ connection }: Pick<App, "connection">, { provider, name, parameters }: Operation, sourceId: string, signal?: AbortSignal): PromiseLike<unknown> {
  const path = name.split(".");
  let method: unknown = connection.clients[provider];
  for (const part of path) method = (method as Record<string, unknown>)[part];
  const given = parameters.map((parameter) => (parameter === "sourceId" ? sourceId : NOWHERE));
  return (method as (...given: unknown[]) => PromiseLike<unknown>)(...given, { signal, retries: 0 });
}
