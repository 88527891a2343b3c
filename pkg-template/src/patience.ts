// Waiting for a slot that somebody else keeps. The slot has a time; who sends much later than that would be one too many in a
// window that others count on, so a slot that is heard of late, or woken up for late, is exchanged for a new one.

/** What is told of a call besides its limit; who gives a slot back gives the same object. */
export interface Asking {
  /** Does the call change nothing? */
  reads?: boolean;
  /** Nobody waits longer than this. */
  deadlineMs?: number;
}

/** A slot as its keeper gives it: milliseconds from the keeper's own time. */
export interface Given<Ticket> {
  ticket: Ticket;
  ms: number;
  now: number;
}

/** A slot by the clock of this place. */
export interface Held<Ticket> {
  ticket: Ticket;
  at: number;
  /** Until when it may be used. */
  until: number;
}

export interface Keeper<Ticket> {
  /** Takes the next slot, in place of one that was not used. */
  take(lateMs: number, instead: Ticket | undefined): Promise<Held<Ticket>>;
  /** When a slot is due, as it is known now; nothing if it cannot be said. */
  again(ticket: Ticket): Promise<number | undefined>;
}

/** Who waits longer asks again before the end: a refusal meanwhile may have moved the slot. */
const AGAIN_MS = 1_000;
/** A place that is always late sends late in the end. */
const MOST_EXCHANGES = 4;

export const sleep = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

/** A slot by this clock: the keeper gave it some time between the question and its answer. */
export function held<Ticket>({ ticket, ms, now }: Given<Ticket>, asked: number, lateMs: number, perMs: number): Held<Ticket> {
  const given = Math.min(Date.now(), Math.max(asked, now));
  return { ticket, at: given + ms, until: Math.max(given + ms, given + lateMs) + slack(perMs) };
}

/** What a busy place may be late by: to exchange slots for less would cost more of them than it saves. */
const slack = (perMs: number) => Math.max(20, Math.min(1_000, perMs / 10));

/** Waits for a slot. Gives what is left to wait: nothing, unless the slot lies beyond the deadline. */
export async function patiently<Ticket>({ take, again }: Keeper<Ticket>, { deadlineMs = Infinity }: Asking, perMs: number, lateMs: number, taken: (ticket: Ticket) => void): Promise<number> {
  const end = Date.now() + deadlineMs;
  let instead: Ticket | undefined;
  for (let exchanged = 0; ; exchanged++) {
    const slot = await take(lateMs, instead);
    taken(slot.ticket);
    for (let left = slot.at - Date.now(); left > 0; left = slot.at - Date.now()) {
      // What lies beyond the deadline is told at once.
      if (slot.at >= end) return left;
      if (left <= AGAIN_MS) await sleep(left);
      else {
        await sleep(left - AGAIN_MS / 2);
        const at = await again(slot.ticket);
        if (at !== undefined) Object.assign(slot, { at, until: at + slack(perMs) });
      }
    }
    const late = Date.now() - slot.until;
    if (late <= 0 || exchanged >= MOST_EXCHANGES) return 0;
    instead = slot.ticket;
    lateMs = Math.min(5_000, lateMs + 2 * late);
  }
}
