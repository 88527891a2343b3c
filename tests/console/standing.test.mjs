// How much of a limit is whose, of what a gateway tells and what this page knows.
import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { load } from "./bundled.mjs";

const { RateMeter, lineOf } = await load("model/meter.ts", "gateway/limits.ts");

const START = Date.UTC(2026, 0, 1);
const HOUR = { requests: 60, perMs: 3_600_000, used: 0, waiting: 0, nextMs: 0 };
let meter;
let tabs;
let calls = 0;

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: START });
  tabs = [];
  globalThis.BroadcastChannel = class {
    constructor() {
      tabs.push(this);
    }
    postMessage() {}
  };
  meter = new RateMeter("account", () => {});
});

const update = () => meter.note({ type: "request", call: (calls += 1), provider: "imgix", operation: "sources.update", at: Date.now(), attempt: 1, method: "PATCH", url: "https://api.imgix.com/api/v1/sources/1" });
const elsewhere = () => tabs[0].onmessage({ data: { account: "account", key: "imgix sources.update", at: Date.now() } });
const line = (standing, { source = "object", asked = Date.now(), heard = asked } = {}) =>
  lineOf(meter.gauge("imgix", "sources.update"), meter, standing && { source, providers: { imgix: { "sources.update": standing } }, asked, heard });
const shares = ({ used, here, elsewhere, others }) => [used, here, elsewhere, others];

test("what is not of this page or its tabs is of others", () => {
  for (let count = 0; count < 3; count += 1) update();
  for (let count = 0; count < 2; count += 1) elsewhere();

  assert.deepEqual(shares(line({ ...HOUR, used: 9 })), [9, 3, 2, 4]);
  assert.deepEqual(shares(line({ ...HOUR, used: 5 })), [5, 3, 2, 0]);
});

test("no share is less than nothing, and together they are what is used", () => {
  for (let count = 0; count < 3; count += 1) update();
  for (let count = 0; count < 2; count += 1) elsewhere();

  // Some of it may still wait at the gateway.
  assert.deepEqual(shares(line({ ...HOUR, used: 4 })), [4, 3, 1, 0]);
  assert.deepEqual(shares(line({ ...HOUR, used: 2 })), [2, 2, 0, 0]);
  assert.deepEqual(shares(line(HOUR)), [0, 0, 0, 0]);
});

test("where a part of a gateway counts alone, what this page knows is not less", () => {
  for (let count = 0; count < 3; count += 1) update();

  assert.deepEqual(shares(line({ ...HOUR, used: 1 }, { source: "isolate" })), [3, 3, 0, 0]);
  assert.deepEqual(shares(line({ ...HOUR, used: 7 }, { source: "isolate" })), [7, 3, 0, 4]);
});

test("own requests count for the gateway's window, and not those that left after its answer", () => {
  const second = { requests: 4, perMs: 1_000, used: 3, waiting: 0, nextMs: 0 };
  update();
  mock.timers.tick(1_300);
  assert.deepEqual(shares(line(second)), [3, 0, 0, 3]);
  update();
  mock.timers.tick(1_200);
  assert.deepEqual(shares(line(second)), [3, 1, 0, 2]);
  const told = { asked: Date.now() - 50, heard: Date.now() };
  mock.timers.tick(10);
  update();

  assert.deepEqual(shares(line(second, told)), [3, 1, 0, 2]);
});

test("the limit is the gateway's, and the next slot is free when both let it go", () => {
  const told = line({ requests: 7, perMs: 60_000, used: 7, waiting: 2, nextMs: 5_000 });
  assert.deepEqual([told.requests, told.perMs, told.nextMs, told.waiting], [7, 60_000, 5_000, 2]);
  const asked = Date.now();
  mock.timers.tick(1_500);
  assert.equal(line({ ...HOUR, nextMs: 5_000 }, { asked }).nextMs, 3_500);
  mock.timers.tick(60_000);
  assert.equal(line({ ...HOUR, nextMs: 5_000 }, { asked }).nextMs, 0);
  assert.equal(line({ ...HOUR, nextMs: null }).nextMs, Infinity);
  for (let count = 0; count < 60; count += 1) update();
  assert.equal(line({ ...HOUR, nextMs: 5_000 }).nextMs, 3_690_000);
});

test("without an answer, and of a class that it does not have or limit, only this page tells", () => {
  update();
  elsewhere();
  for (const standing of [undefined, null]) {
    const { here, elsewhere, others, used, requests } = line(standing);
    assert.deepEqual([used, here, elsewhere, others, requests], [2, 1, 1, undefined, 60]);
  }
  const { others } = lineOf(meter.gauge("imgix", "purge"), meter, { source: "object", providers: { imageboss: {} }, asked: START, heard: START });
  assert.equal(others, undefined);
});
