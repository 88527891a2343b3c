// A whole deployment in workerd: gateway, limits, jobs and audit, with storage on disk, that can be killed.
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { workerds } from "./processes.mjs";
import { KEYS, SECRET, start } from "./support.mjs";

const objects = (names, classes) => Object.fromEntries(Object.entries({ RATE_LIMITS: "RateLimits", JOBS: "Jobs", AUDIT: "Audit", ...classes }).filter(([name]) => names.includes(name)).map(([name, className]) => [name, { className, useSQLite: true }]));

/** Starts it in front of an upstream. */
export async function deploy(origin, { persist, limits, options, bindings = ["RATE_LIMITS", "JOBS", "AUDIT"], classes, worker, workers } = {}) {
  const gate = await start(
    { write: true, delete: true, tokens: [{ name: "tests", secret: SECRET }, { name: "reader", secret: `${SECRET}-reader`, roles: [] }, { name: "writer", secret: `${SECRET}-writer`, roles: ["write", "audit"] }], ...options },
    {
      file: "jobs.worker.mjs",
      flare: persist && { durableObjectsPersist: persist },
      bindings: {
        IMGIX_API_KEY: KEYS.imgix, IMGIX_BASE_URL: `${origin}/imgix/api/v1`,
        IMAGEBOSS_API_KEY: KEYS.imageboss, IMAGEBOSS_BASE_URL: `${origin}/imageboss/v1`, IMAGEBOSS_IMAGE_BASE_URL: `${origin}/images`,
        LIMITS: limits ?? {},
      },
      worker: { durableObjects: objects(bindings, classes), ...worker },
      workers,
    },
  );
  const asked = async (method, path, body, more = {}) => {
    const answer = await gate.ask(method, `/api${path}`, { ...more, headers: { ...(body !== undefined && { "content-type": "application/json" }), ...more.headers }, body: body === undefined || typeof body == "string" ? body : JSON.stringify(body) });
    return answer;
  };
  const job = {
    create: (body, more) => asked("POST", "/jobs", body, more),
    get: async (id) => (await asked("GET", `/jobs/${id}`)).json,
    do: (id, verb, more) => asked("POST", `/jobs/${id}/${verb}`, undefined, more),
    items: async (id) => (await asked("GET", `/jobs/${id}/export`)).text.split("\n").filter(Boolean).map((line) => JSON.parse(line)),
    /** Waits until a job is as it should be: longer than a call waits for its answer. */
    until: async (id, fits, what = "as it should be", ms = 60_000) => {
      const end = Date.now() + ms;
      for (;;) {
        const told = await job.get(id);
        if (fits(told)) return told;
        if (Date.now() > end) throw new Error(`the job is never ${what}: ${JSON.stringify(told)}`);
        await sleep(50);
      }
    },
  };
  return {
    ...gate,
    asked,
    job,
    /** Ends workerd as a power cut would. */
    kill: async () => {
      for (const pid of workerds()) process.kill(pid, "SIGKILL");
      await gate.close().catch(() => {});
    },
    /** Bytes of memory that workerd holds. */
    memory: () => Math.max(...workerds().map((pid) => 1024 * Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]))),
  };
}
