// Every request of the clients, with what became of it. Nothing secret is kept: what is noted is masked before it is stored.
import type { ClientEvent } from "image-sources";
import type { Problem, ProviderName } from "../types.js";
import { maskedBody, maskedHeaders } from "./masking.js";

/** One request that left, and its answer. */
export interface Attempt {
  at: number;
  method: string;
  url: string;
  headers: Record<string, string>;
  /** Masked; absent if there is none, or if it is a file. */
  body?: string;
  status?: number;
  ms?: number;
  requestId?: string;
}

/** One call of a client: one operation with all its attempts. */
export interface Entry {
  readonly id: number;
  readonly provider: ProviderName;
  readonly operation: string;
  readonly at: number;
  readonly attempts: Attempt[];
  readonly waits: { rateClass: string; ms: number }[];
  readonly retries: { afterMs: number; because: string }[];
  readonly warnings: Problem[];
  readonly drift: { path: string; expected: string; found: string }[];
  /** How many drifts there were, also those that are not kept. */
  drifts: number;
  outcome?: string;
  mayHaveHappened?: boolean;
  ms?: number;
  /** The call as a program would write it. */
  code?: string;
}

const MOST_ENTRIES = 500;
const MOST_OF_EACH = 30;

export class RequestLog {
  #entries: Entry[] = [];
  readonly #running = new Map<number, Entry>();
  readonly #listeners = new Set<(event: ClientEvent) => void>();
  readonly #lists = new Map<string, string>();
  #begun: { operation: string; code: string } | undefined;
  #leaving: Attempt | undefined;
  #leavingCall = 0;
  /** Told of a request that a gateway refused before it took a slot. */
  refused?: (call: number) => void;
  /** How many entries had to make room for newer ones. */
  dropped = 0;

  /** Oldest first; the same array as long as no call is added. */
  get entries(): readonly Entry[] {
    return this.#entries;
  }

  /** Calls with every event, after it has been noted. */
  listen(tell: (event: ClientEvent) => void): void {
    this.#listeners.add(tell);
  }

  clear(): void {
    this.#entries = [];
    this.dropped = 0;
  }

  /** A method is called now; the events of its call follow in the same turn, those of a list when it is awaited. */
  begins(operation: string, code: string, isList: boolean): void {
    if (isList) this.#lists.set(operation, code);
    else this.#begun = { operation, code };
  }

  begun(): void {
    this.#begun = undefined;
  }

  /** What a client is given as `onEvent`. */
  readonly note = (event: ClientEvent): void => {
    const entry = this.#running.get(event.call) ?? this.#start(event);
    switch (event.type) {
      case "request":
        this.#leavingCall = event.call;
        this.#leaving = { at: event.at, method: event.method, url: event.url, headers: {} };
        add(entry.attempts, this.#leaving);
        break;
      case "response":
        Object.assign(entry.attempts.at(-1) ?? {}, { status: event.status, ms: event.ms, requestId: event.requestId });
        break;
      case "wait":
        add(entry.waits, event);
        break;
      case "retry":
        add(entry.retries, event);
        break;
      case "warning":
        for (const problem of event.problems) add(entry.warnings, problem);
        break;
      case "drift":
        entry.drifts += 1;
        if (entry.drift.length < MOST_OF_EACH) entry.drift.push(event);
        break;
      case "end":
        Object.assign(entry, { outcome: event.outcome, mayHaveHappened: event.mayHaveHappened, ms: event.ms });
        this.#running.delete(event.call);
    }
    for (const tell of this.#listeners) tell(event);
  };

  /** A client's way to the network: sees what no event tells. A request leaves in the same turn in which its event is told. */
  watching(send: typeof fetch): typeof fetch {
    return (input, init) => {
      const attempt = this.#leaving;
      const call = this.#leavingCall;
      this.#leaving = undefined;
      if (attempt) {
        attempt.headers = maskedHeaders(init?.headers as Record<string, string> | undefined);
        if (typeof init?.body === "string") attempt.body = maskedBody(init.body);
      }
      const answer = send(input, init);
      if (attempt) void answer.then(async (response) => response.ok || (isUnsent(await response.clone().json()) && this.refused?.(call))).catch(() => {});
      return answer;
    };
  }

  #start({ call, provider, operation, at }: ClientEvent): Entry {
    const key = `${provider} ${operation}`;
    const code = this.#begun?.operation === key ? this.#begun.code : this.#lists.get(key);
    this.#begun = undefined;
    const entry: Entry = { id: call, provider, operation, at, attempts: [], waits: [], retries: [], warnings: [], drift: [], drifts: 0, code };
    this.#running.set(call, entry);
    if (this.#entries.length >= MOST_ENTRIES) this.dropped += 1;
    this.#entries = [...this.#entries.slice(1 - MOST_ENTRIES), entry];
    return entry;
  }
}

/** A gateway says its code twice; only some are of what was on its way to the provider already. */
const isUnsent = ({ code, errors }: { code?: string; errors?: { code?: string }[] }): boolean => code !== undefined && errors?.[0]?.code === code && !/^(provider|key|audit)-/.test(code);

/** The newest are kept. */
function add<Item>(items: Item[], item: Item): void {
  items.push(item);
  if (items.length > MOST_OF_EACH) items.shift();
}

export const lastOf = (entry: Entry): Attempt | undefined => entry.attempts.at(-1);

/** How long it waited for slots before its requests. */
export const waitedMs = (entry: Entry): number => entry.waits.reduce((sum, { ms }) => sum + ms, 0);

export const isFailed = ({ outcome }: Entry): boolean => outcome !== undefined && outcome !== "ok";
