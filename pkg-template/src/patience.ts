// Waiting for a slot that somebody else keeps: most of it is done here, and before the end it is asked again, because a refusal
// meanwhile may have moved the slot.

/** What is told of a call besides its limit; who gives a slot back gives the same object. */
export interface Asking {
  /** Does the call change nothing? */
  reads?: boolean;
  /** Nobody waits longer than this. */
  deadlineMs?: number;
}

/** Who waits longer asks again. */
const AGAIN_MS = 1_000;

export const sleep = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

/** Milliseconds that are left to wait for a slot at a time; `again` gives them anew, or nothing if it cannot be said. */
export async function patiently(at: number, { deadlineMs = Infinity }: Asking, again: () => Promise<number | undefined>): Promise<number> {
  const end = Date.now() + deadlineMs;
  let left = at - Date.now();
  // What lies beyond the deadline is told at once.
  while (left > AGAIN_MS && at < end) {
    await sleep(left - AGAIN_MS / 2);
    const ms = await again();
    if (ms !== undefined) at = Date.now() + ms;
    left = at - Date.now();
  }
  return Math.max(0, left);
}
