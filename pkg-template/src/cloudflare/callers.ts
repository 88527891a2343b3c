// How often somebody may ask, whatever it is: a guard against floods, by where they come from and by who they are. The limits of
// the providers are kept elsewhere.
import { Refusal } from "./refuse.js";
import type { Settings } from "./settings.js";

/** The shorter of the two windows that the platform counts in. */
const AFTER_MS = 10_000;

/** Where a request comes from; nothing where the platform does not say it. Who has one address of version 6 has the other half of its digits too. */
export function networkOf({ headers }: Request): string | undefined {
  const address = headers.get("cf-connecting-ip");
  if (!address?.includes(":")) return address ?? undefined;
  const [head, tail] = address.split("::").map((part) => part.split(":").filter(Boolean)) as [string[], string[]?];
  const groups = tail ? [...head, ...Array(Math.max(0, 8 - head.length - tail.length)).fill("0"), ...tail] : head;
  return groups.slice(0, 4).map((group) => group.toLowerCase().replace(/^0+(?=.)/, "")).join(":");
}

/** Counts a request. If it cannot be counted it goes on: what the guard protects has limits of its own. */
export async function counted({ callers }: Settings, key: string | undefined): Promise<void> {
  if (!callers || key === undefined) return;
  let success = true;
  try {
    ({ success } = await callers.limit({ key }));
  } catch (failure: any) {
    console.error(`requests could not be counted: ${failure?.name}`);
  }
  if (!success) throw new Refusal("too-many-requests", "too many requests; try again later", AFTER_MS);
}
