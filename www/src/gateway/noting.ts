// What is changed at a gateway itself passes the lock and stands among the requests, like what clients send.
import type { Connection } from "../model/connection.js";
import type { ProviderName } from "../types.js";
import type { Ask } from "./gateway.js";

/** Numbers that calls of clients do not have. */
let calls = 0;

export interface Writing {
  provider: ProviderName;
  operation: string;
  /** The body as it may be noted; without it none is. */
  body?: string;
  /** Nothing is sent to the provider because of it, so a lock does not stand in its way. */
  isCalm?: boolean;
}

/** A way to the gateway for one request that changes something. */
export const noting = ({ gateway, lock, log }: Connection, { provider, operation, body, isCalm }: Writing): Ask => {
  const { ask, url } = gateway!;
  const send = isCalm ? ask : (lock.guarding(provider, ask as typeof fetch) as Ask);
  return async (path, init) => {
    const call = (calls -= 1);
    const at = Date.now();
    const of = { call, provider, operation };
    const end = (outcome: "ok" | "failed" | "aborted", mayHaveHappened: boolean) => log.note({ ...of, type: "end", at: Date.now(), outcome, mayHaveHappened, attempts: 1, ms: Date.now() - at });
    log.note({ ...of, type: "request", at, attempt: 1, method: "POST", url: `${url}/${path}` });
    try {
      const answer = await log.watching(() => send(path, init))(url, { headers: init?.headers, ...(body !== undefined && { body }) });
      log.note({ ...of, type: "response", at: Date.now(), attempt: 1, status: answer.status, ms: Date.now() - at });
      end(answer.ok ? "ok" : "failed", answer.status >= 500);
      return answer;
    } catch (thrown) {
      end(init?.signal?.aborted ? "aborted" : "failed", true);
      throw thrown;
    }
  };
};
