// How the limits of a gateway stand: asked again and again while somebody looks.
import type { Gauge, RateMeter } from "../model/meter.js";
import type { Failure } from "../types.js";
import { askedFor, Refused, refusalOf } from "./answers.js";
import type { Gateway } from "./gateway.js";

const EVERY_MS = 2_000;
const AFTER_FAILURE_MS = 5_000;
/** A gateway gives up sooner. */
const PATIENCE_MS = 10_000;
/** How long a request is on its way to its slot at most, if it need not wait for it. */
const LATE_MS = 250;

/** A window as a gateway keeps it: longer than the provider's, because requests do not travel equally fast. */
const spanOf = (perMs: number): number => perMs + Math.min(1_000, perMs / 20);

/** One class of an account; times are in milliseconds. */
export interface Standing {
  requests: number;
  perMs: number;
  /** Requests that still count, whoever sent them. */
  used: number;
  /** Slots that lie ahead. */
  waiting: number;
  /** Until who asks now might send; `null`: too many wait. */
  nextMs: number | null;
}

interface Answer {
  /** Is it counted for all who use the account, or only where the gateway's answer came from? */
  source: "object" | "isolate";
  /** By provider and class; a class without a limit is `null`. */
  providers: Record<string, Record<string, Standing | null>>;
}

export interface Told extends Answer {
  /** The gateway counted between these times of this page. */
  asked: number;
  heard: number;
}

const isCount = (value: unknown): boolean => typeof value === "number" && value >= 0;

const isStanding = (value: Standing | null): boolean =>
  value === null || (isCount(value.used) && isCount(value.waiting) && isCount(value.perMs) && value.requests >= 1 && (value.nextMs === null || isCount(value.nextMs)));

const isAnswer = (value: Answer | null): boolean => {
  const providers = Object.values(Object(value?.providers) as Answer["providers"]);
  return providers.length > 0 && providers.every((classes) => Object.values(Object(classes) as Answer["providers"][string]).every(isStanding));
};

export class Standings {
  readonly #gateway: Gateway;
  readonly #changed: () => void;
  /** The last answer, and why there is none. */
  told: Told | undefined;
  failure: Failure | undefined;
  #asking: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(gateway: Gateway, changed: () => void) {
    this.#gateway = gateway;
    this.#changed = changed;
    document.addEventListener("visibilitychange", this.#turn);
    addEventListener("online", this.#turn);
    addEventListener("offline", this.#turn);
    this.#turn();
  }

  /** Is there something to ask? */
  get isThere(): boolean {
    return this.#gateway.offers.has("limits");
  }

  end(): void {
    document.removeEventListener("visibilitychange", this.#turn);
    removeEventListener("online", this.#turn);
    removeEventListener("offline", this.#turn);
    this.#rest();
  }

  #rest(): void {
    clearTimeout(this.#timer);
    this.#asking?.abort();
    this.#asking = undefined;
  }

  /** Nobody looks at a page that is hidden, and nobody answers one that is offline: what was told is soon old. */
  readonly #turn = (): void => {
    this.#rest();
    if (!document.hidden && navigator.onLine) return void this.#look();
    this.told = this.failure = undefined;
    this.#changed();
  };

  async #look(): Promise<void> {
    // It may be found later that there is something.
    if (this.isThere) await this.#ask((this.#asking = new AbortController()).signal);
    else this.#again(EVERY_MS);
  }

  #again(ms: number): void {
    this.#timer = setTimeout(() => void this.#look(), ms);
  }

  /** The next question waits for the answer to this one. */
  async #ask(signal: AbortSignal): Promise<void> {
    const asked = Date.now();
    try {
      const answer = await askedFor<Answer>(this.#gateway.ask, "limits", { signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]) });
      if (!isAnswer(answer)) throw new Refused("unreadable", "its answer is not what was expected");
      if (signal.aborted) return;
      this.told = { ...answer, asked, heard: Date.now() };
      this.failure = undefined;
    } catch (thrown) {
      if (signal.aborted) return;
      this.told = undefined;
      this.failure = refusalOf((thrown as Error).name === "TimeoutError" ? new Refused("unreachable", "it did not answer in time") : thrown);
    }
    this.#changed();
    this.#again(this.failure ? AFTER_FAILURE_MS : EVERY_MS);
  }
}

/** A class as it is shown: of what is used, how much is whose. */
export interface Line extends Gauge {
  here: number;
  /** Nothing where only this page counts. */
  others: number | undefined;
  /** `Infinity`: nobody can tell. */
  nextMs: number;
}

/** An answer tells how many, not whose. What left here while it came may be in it or not, so nobody else is blamed for it. */
export function lineOf(gauge: Gauge, meter: RateMeter, told: Told | undefined): Line {
  const standing = told?.providers[gauge.provider]?.[gauge.name];
  if (!told || !standing) return { ...gauge, here: gauge.used - gauge.elsewhere, others: undefined };
  const { requests, perMs, waiting, nextMs } = standing;
  const own = meter.sent(gauge, told.asked - spanOf(perMs) - LATE_MS, told.heard);
  // What still waits at the gateway has left here, and is not used yet. Where only a part counts, this page may know of more.
  const used = told.source === "isolate" ? Math.max(standing.used, own.here + own.elsewhere) : standing.used;
  const here = Math.min(own.here, used);
  const elsewhere = Math.min(own.elsewhere, used - here);
  const left = nextMs === null ? Infinity : nextMs - (Date.now() - told.heard);
  return { ...gauge, requests, perMs, used, here, elsewhere, others: used - here - elsewhere, waiting: gauge.waiting + waiting, nextMs: Math.max(gauge.nextMs, left, 0) };
}
