// What stands behind each provider at a gateway: the sandbox, a live account, or nothing.
import { perProvider, PROVIDERS } from "../package.js";
import type { Mode, Modes } from "../types.js";

const MODES: Mode[] = ["sandbox", "live", "off"];

export interface Status {
  modes: Modes;
  /** What the gateway lets this person do, if it tells: `write`, `delete` and so on. */
  may?: Record<string, boolean>;
}

/** Asks a gateway. Throws sentences that say what to do. */
export async function readStatus(url: string, { token, signal }: { token?: string; signal?: AbortSignal } = {}): Promise<Status> {
  let answer: Response;
  try {
    answer = await fetch(`${url}/status`, { signal, ...(token ? { headers: { authorization: `Bearer ${token}` } } : { credentials: "include" }) });
  } catch (cause) {
    throw new Error("it does not answer pages of this address: see that it runs, that it allows this page's origin, and that the content policy of this page names it", { cause });
  }
  if (answer.status === 401) throw new Error(token ? "it does not accept the token" : "it wants a token");
  const told: unknown = answer.ok ? await answer.json().catch(() => undefined) : undefined;
  const modes = modesOf(told);
  if (!modes) throw new Error(answer.ok ? "there is no gateway at this address: it does not say what stands behind it" : `it answered ${answer.status}`);
  return { modes, may: (told as { gateway?: { may?: Record<string, boolean> } }).gateway?.may };
}

/** A provider of which nothing is told is not there; if none is told of, this is no gateway. */
function modesOf(told: unknown): Modes | undefined {
  const modeOf = (name: string) => MODES.find((known) => known === (told as Record<string, { mode?: unknown } | undefined> | null | undefined)?.[name]?.mode);
  return PROVIDERS.some(modeOf) ? perProvider((name) => modeOf(name) ?? "off") : undefined;
}
