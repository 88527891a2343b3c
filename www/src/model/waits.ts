// Calls that stand still for a while: for a slot of their limit, or because the provider asked for it.
import type { ClientEvent } from "image-sources";
import { duration } from "../text/duration.js";
import { brand } from "./capabilities.js";
import type { RequestLog } from "./log.js";

/** Shorter ones nobody would notice. */
const WORTH_SAYING_MS = 1000;

export class Waits {
  readonly #calls = new Map<number, { operation: string; words: string }>();
  readonly #changed: () => void;

  constructor(log: RequestLog, changed: () => void) {
    this.#changed = changed;
    log.listen((event) => this.#note(event));
  }

  /** Why nothing seems to happen to an operation just now; empty if nothing keeps it. */
  words(operation: string): string {
    return [...this.#calls.values()].find((one) => one.operation === operation)?.words ?? "";
  }

  #note(event: ClientEvent): void {
    const { call, operation, provider } = event;
    const words = (ms: number, why: string): void => {
      if (ms < WORTH_SAYING_MS) return;
      this.#calls.set(call, { operation, words: `${why}: goes on by itself in ${duration(ms)}` });
      this.#changed();
    };
    if (event.type === "wait") words(event.ms, "Waits for its limit");
    else if (event.type === "retry") words(event.afterMs, /429/.test(event.because) ? `${brand(provider)} asks to wait` : "Failed, and is tried again");
    else if ((event.type === "request" || event.type === "end") && this.#calls.delete(call)) this.#changed();
  }
}
