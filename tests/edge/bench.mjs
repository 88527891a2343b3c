// What the edge costs and keeps, as ratios of one run: `node tests/edge/bench.mjs`, after `npm run pack` and `node tests/edge/run.mjs`.
import { pathToFileURL } from "node:url";
import { deploy } from "./deployed.mjs";
import { fleet, strict } from "./fleet.mjs";
import { dist, KEYS, reply, SECRET, upstream } from "./support.mjs";

const { Imgix, operations } = await import(pathToFileURL(`${dist}index.js`).href);
const median = (values) => values.sort((one, other) => one - other)[values.length >> 1];
const none = Object.fromEntries(operations().filter(({ provider }) => provider === "imgix").map(({ rateClass }) => [rateClass, null]));

async function cost() {
  const source = { data: { type: "sources", id: "s1", attributes: { name: "x", deployment: { type: "s3" } } } };
  const up = await upstream(reply(200, source));
  const here = await deploy(up.origin, { limits: none });
  const direct = new Imgix({ apiKey: KEYS.imgix, baseUrl: `${up.origin}/imgix/api/v1`, limits: none });
  const through = new Imgix({ gateway: { url: `${here.url}/api/imgix`, token: SECRET }, limits: none });
  const timed = async (run) => {
    const began = performance.now();
    await run();
    return performance.now() - began;
  };
  const times = { "direct read": [], "read through the gateway": [], "direct write": [], "write through the gateway, with audit": [] };
  // They take turns, so that what else the machine does hits all of them.
  for (let round = 0; round < 110; round++) {
    const took = [
      await timed(() => direct.sources.get("s1")), await timed(() => through.sources.get("s1")),
      await timed(() => direct.sources.update("s1", { name: "y" })), await timed(() => through.sources.update("s1", { name: "y" })),
    ];
    if (round >= 10) Object.values(times).forEach((list, at) => list.push(took[at]));
  }
  await here.close();
  await up.close();
  const [read, readThrough, write, writeThrough] = Object.values(times).map(median);
  console.log(`a read through the gateway    ${(readThrough / read).toFixed(1)} x a direct one (${readThrough.toFixed(1)} ms, ${read.toFixed(1)} ms)`);
  console.log(`a write through the gateway   ${(writeThrough / write).toFixed(1)} x a direct one, with the read before it and its audit (${writeThrough.toFixed(1)} ms, ${write.toFixed(1)} ms)`);
}

async function limits() {
  const limit = { requests: 4, perMs: 1_000 };
  const up = await upstream();
  const counter = strict(limit);
  up.set(counter.answer);
  const workers = await fleet(4);
  const options = { baseUrl: `${up.origin}/api/v1`, limits: { purge: limit }, retries: 0 };
  await Promise.all(workers.names.map((name, worker) => workers.run(name, { calls: Array.from({ length: 10 }, (_, at) => `https://a.imgix.net/${worker}-${at}.jpg`), options })));
  const total = counter.times.at(-1) - counter.times[0];
  await workers.close();
  await up.close();
  // Four at once, then four a second: what a single process would need at best.
  console.log(`4 Workers x 10 calls at 4/s   ${counter.refused} x 429, worst window ${counter.worst()}, ${(total / 1000).toFixed(2)} s: ${(total / 9_000).toFixed(2)} x ideal`);
}

await cost();
await limits();
