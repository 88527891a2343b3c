// What stands behind each provider at a gateway: the sandbox, a live account, or nothing.
import type { Mode, Modes } from "../types.js";

const MODES: Mode[] = ["sandbox", "live", "off"];

export async function readModes(signal: AbortSignal): Promise<Modes> {
  const answer = await fetch("/api/status", { signal });
  if (!answer.ok) return {};
  const told = (await answer.json()) as Record<string, { mode?: string }>;
  return Object.fromEntries(Object.entries(told).map(([name, { mode }]) => [name, MODES.find((known) => known === mode)]));
}
