// One of many Workers that use the same account: does as many calls as it is told, all at once or `atOnce` of them, through the shared limiter.
import { DurableObject } from "cloudflare:workers";
import { ImageBoss, Imgix } from "image-sources";
import { durableLimiter, RateLimits } from "image-sources/cloudflare";

export * from "image-sources/cloudflare";

const describe = (error) => ({ name: error.name, message: error.message, outcome: error.outcome, sent: error.sent, retryAfterMs: error.retryAfterMs });

/** Tells what it has stored, and when. */
export class Open extends RateLimits {
  stored() {
    return this.ctx.storage.sql.exec("SELECT name, used, hex(state) AS state FROM classes ORDER BY name").toArray();
  }

  /** Stores another class whose log holds the last slot of one so many times. */
  crowd(of, name, times) {
    const { sql } = this.ctx.storage;
    const state = new Uint8Array(sql.exec("SELECT state FROM classes WHERE name = ?", of).one().state);
    const slot = state.slice(-24);
    const crowded = new Uint8Array(state.length + (times - 1) * slot.length);
    crowded.set(state);
    for (let at = 0; at < times - 1; at++) crowded.set(slot, state.length + at * slot.length);
    sql.exec("INSERT INTO classes (name, state, used) VALUES (?, ?, ?)", name, crowded, Date.now());
  }
}

/** An object that never answers, and one that always fails. */
export class Hanging extends DurableObject {
  reserve() {
    return new Promise(() => setTimeout(() => {}, 60_000));
  }
}
export class Failing {
  constructor() {
    throw new Error("not today");
  }
}

export default {
  async fetch(request, env) {
    const { method, args, calls, atOnce = calls?.length, options, deadlineMs, provider = "imgix", key = "ak_shared_account", operation = "purge" } = await request.json();
    try {
      const namespace = env.RATE_LIMITS;
      if (method) return Response.json({ value: (await namespace.get(namespace.idFromName("v1:direct"))[method](...args)) ?? null });
      const waits = [];
      const onEvent = (event) => event.type == "wait" && waits.push(event.ms);
      const client = new { imgix: Imgix, imageboss: ImageBoss }[provider]({ apiKey: key, limiter: durableLimiter(namespace, key), onEvent, ...options });
      const given = (at) => [at].flat();
      const run = (at) => operation.split(".").reduce((of, name, place, all) => (place + 1 < all.length ? of[name] : of[name].bind(of)), client)(...given(at), { ...(deadlineMs && { deadlineMs }) });
      const outcomes = [];
      const left = calls.entries();
      const lane = async () => {
        for (const [place, at] of left) outcomes[place] = await run(at).then(() => ({ ok: true }), (error) => ({ ok: false, error: describe(error) }));
      };
      await Promise.all(Array.from({ length: atOnce }, lane));
      return Response.json({ outcomes, waits });
    } catch (error) {
      return Response.json({ error: describe(error) }, { status: 500 });
    }
  },
};
