// One process of a fleet: three purges at once, through the limiter that all share.
import { pathToFileURL } from "node:url";
import { dependency, dist } from "./support.mjs";

const [socket, baseUrl, number, limit] = process.argv.slice(2);
const { Imgix } = await import(pathToFileURL(`${dist}index.js`).href);
const { redisLimiter } = await import(pathToFileURL(`${dist}redis.js`).href);
const { createClient } = await dependency("redis");
const redis = await createClient({ socket: { path: socket } }).connect();
const imgix = new Imgix({ apiKey: "k", baseUrl, limits: { purge: JSON.parse(limit) }, limiter: redisLimiter(redis, "k"), retries: 0 });
const outcomes = await Promise.allSettled(Array.from({ length: 3 }, (_, at) => imgix.purge(`https://a.imgix.net/${number}-${at}.jpg`)));
await redis.close();
process.send({ ok: outcomes.filter(({ status }) => status == "fulfilled").length, failed: outcomes.filter(({ status }) => status == "rejected").length });
process.disconnect();
