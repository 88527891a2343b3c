// Many Workers that share one account's Durable Object, each in an isolate of its own, in one workerd.
import { workerds } from "./processes.mjs";
import { reply, COMPATIBILITY, dist, miniflare, modulesOf } from "./support.mjs";

/** Starts so many Workers. */
export async function fleet(size, { persist, className = "RateLimits" } = {}) {
  const names = Array.from({ length: size }, (_, at) => `w${at}`);
  const binding = (owner) => ({ RATE_LIMITS: { className, useSQLite: true, ...(owner ? {} : { scriptName: "w0" }) } });
  const flare = miniflare({
    ...(persist && { durableObjectsPersist: persist }),
    workers: names.map((name, at) => ({ name, compatibilityDate: COMPATIBILITY, modulesRoot: dist, modules: modulesOf("limits.worker.mjs"), durableObjects: binding(at == 0) })),
  });
  await flare.ready;
  const post = async (name, body) => {
    const worker = await flare.getWorker(name);
    const answer = await worker.fetch("http://worker/", { method: "POST", body: JSON.stringify(body) });
    return answer.json();
  };
  return {
    names,
    flare,
    /** Does calls in one of them. */
    run: async (name, work) => {
      const told = await post(name, work);
      if (told.error) throw new Error(`${told.error.name}: ${told.error.message}`);
      return told;
    },
    /** Asks the object itself. */
    direct: async (method, ...args) => {
      const told = await post("w0", { method, args });
      if (told.error) throw new Error(`${told.error.name}: ${told.error.message}`);
      return told.value;
    },
    close: () => flare.dispose(),
    /** Ends workerd as a power cut would. */
    kill: async () => {
      for (const pid of workerds()) process.kill(pid, "SIGKILL");
      // What was asked of it gets no answer any more, and is not waited for.
      await Promise.race([flare.dispose().catch(() => {}), new Promise((done) => setTimeout(done, 2_000).unref())]);
    },
  };
}

/**
 * A provider that counts for itself and refuses what is too much. Its windows are a tenth shorter than what is agreed: on a busy
 * machine requests do not all travel equally fast, and what is tested is not the machine.
 */
export function strict({ requests, perMs: agreed }) {
  const perMs = agreed * 0.9;
  const times = [];
  const counter = {
    times,
    refused: 0,
    answer: (asked, response) => {
      const now = performance.now();
      const held = times.filter((at) => at > now - perMs).length;
      if (held >= requests) {
        counter.refused++;
        return reply(429, { errors: [{ detail: "too many" }] })(asked, response);
      }
      times.push(now);
      return reply(200, { data: { type: "purges", id: String(times.length) } })(asked, response);
    },
    /** The largest number in any window. */
    worst: () => Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + perMs).length)),
  };
  return counter;
}
