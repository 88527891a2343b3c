// The rate meter, in virtual time: what counts, how long, and when the next request may leave.
import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { load } from "./bundled.mjs";

const { RateMeter, rateClasses, classOf } = await load("model/meter.ts", "model/limits.ts");

const START = Date.UTC(2026, 0, 1);
let meter;
let changes = 0;
let calls = 0;

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: START });
  changes = 0;
  meter = new RateMeter(undefined, () => (changes += 1));
});

const event = (type, more = {}) => meter.note({ type, call: calls, provider: "imgix", operation: "purge", at: Date.now(), ...more });
const request = (more = {}) => {
  calls += 1;
  event("request", { attempt: 1, method: "POST", url: "https://api.imgix.com/api/v1/purge", ...more });
};
const purge = () => meter.gauge("imgix", "purge");

test("classes and limits are those of the package", () => {
  const table = Object.fromEntries(rateClasses().map(({ provider, name, requests, perMs }) => [`${provider} ${name}`, `${requests} in ${perMs}`]));

  assert.deepEqual(table, {
    "imgix default": "4 in 1000",
    "imgix sources.create": "60 in 3600000",
    "imgix sources.update": "60 in 3600000",
    "imgix assets.get": "10 in 1000",
    "imgix assets.refresh": "10 in 60000",
    "imgix assets.upload": "2 in 1000",
    "imgix purge": "10 in 1000",
    "imageboss imageboss": "4 in 1000",
    "imageboss imageboss.purge": "4 in 1000",
  });
});

test("a request is counted in the class of its operation, and a read before it in its own", () => {
  const api = "https://api.imgix.com/api/v1";
  for (const [provider, operation, method, url, rateClass] of [
    ["imgix", "sources.update", "PATCH", `${api}/sources/1`, "sources.update"],
    ["imgix", "sources.update", "GET", `${api}/sources/1`, "default"],
    ["imgix", "sources.list", "GET", `${api}/sources?page%5Bsize%5D=100`, "default"],
    ["imgix", "assets.update", "GET", "http://127.0.0.1:1/api/imgix/sources/1/assets/a/b.jpg", "assets.get"],
    ["imgix", "assets.upload", "POST", `${api}/sources/1/upload/a.jpg`, "assets.upload"],
    ["imageboss", "purge", "DELETE", "https://img.imageboss.me/cinder/sources/1", "imageboss.purge"],
    ["imageboss", "sources.create", "GET", "https://api.imageboss.me/v1/sources", "imageboss"],
    ["imgix", "uploads", "PUT", "https://bucket.store.example/file", undefined],
  ])
    assert.equal(classOf(provider, operation, method, url), rateClass, `${operation} ${method} ${url}`);
});

test("a request counts for as long as its window, with a margin", () => {
  request();
  assert.deepEqual([purge().used, purge().nextMs], [1, 0]);
  mock.timers.tick(1024);
  assert.equal(purge().used, 1);
  mock.timers.tick(2);

  assert.equal(purge().used, 0);
  assert.equal(meter.gauge("imgix", "default").used, 0);
});

test("with all slots used it is said when the first one is free", () => {
  for (let count = 0; count < 10; count += 1) {
    request();
    mock.timers.tick(10);
  }

  assert.deepEqual([purge().used, purge().nextMs], [10, 1025 - 100]);
  mock.timers.tick(925);
  assert.deepEqual([purge().used, purge().nextMs], [9, 0]);
});

test("who waits is counted until its request leaves, or it ends", () => {
  calls += 1;
  event("wait", { rateClass: "purge", ms: 500 });
  assert.equal(purge().waiting, 1);
  assert.equal(meter.busiest().name, "purge");
  event("request", { attempt: 1, method: "POST", url: "https://api.imgix.com/api/v1/purge" });
  assert.equal(purge().waiting, 0);
  calls += 1;
  event("wait", { rateClass: "purge", ms: 500 });
  event("end", { outcome: "aborted", mayHaveHappened: false, attempts: 0, ms: 1 });

  assert.equal(purge().waiting, 0);
});

test("a 429 is counted, and closes its class until the call is sent again", () => {
  request();
  event("response", { attempt: 1, status: 429, ms: 5 });
  event("retry", { attempt: 1, afterMs: 30_000, because: "429" });

  assert.deepEqual([purge().refused, purge().nextMs], [1, 30_000]);
  assert.equal(meter.gauge("imgix", "default").nextMs, 0);
  mock.timers.tick(30_000);
  assert.deepEqual([purge().refused, purge().nextMs], [1, 0]);
});

test("another failure that is sent again closes nothing", () => {
  request();
  event("response", { attempt: 1, status: 503, ms: 5 });
  event("retry", { attempt: 1, afterMs: 30_000, because: "503" });

  assert.deepEqual([purge().refused, purge().nextMs], [0, 0]);
});

test("what has left is remembered beyond its own window, for whoever counts in another one", () => {
  for (let count = 0; count < 3; count += 1) {
    request();
    mock.timers.tick(60_000);
  }

  const sent = (after, until = Date.now()) => meter.sent(purge(), after, until);
  assert.equal(purge().used, 0);
  assert.deepEqual([sent(0), sent(START), sent(START - 1, START + 60_000), sent(START, START + 59_999)].map(({ here }) => here), [3, 2, 2, 0]);
  assert.equal(sent(0).elsewhere, 0);
  assert.deepEqual(meter.sent(meter.gauge("imgix", "default"), 0, Date.now()), { here: 0, elsewhere: 0 });
});

test("not everything is remembered for ever", () => {
  for (let count = 0; count < 1_200; count += 1) request();
  assert.equal(meter.sent(purge(), 0, Date.now()).here, 1_000);
  mock.timers.tick(4_000_000);
  request();

  assert.equal(meter.sent(purge(), 0, Date.now()).here, 1);
});

test("it tells when something counts no more, so that it is drawn", () => {
  request();
  const before = changes;
  mock.timers.tick(1030);

  assert.ok(changes > before);
});

test("a class nobody knows, and events of nothing, are no harm", () => {
  event("wait", { rateClass: "no-such-class", ms: 5 });
  event("response", { status: 429 });
  event("request", { operation: "x", method: "PUT", url: "nonsense" });
  event("drift", { path: "a" });

  assert.ok(meter.gauges().every(({ used, waiting, refused }) => used === 0 && waiting === 0 && refused === 0));
});
