// Signed addresses through the package. For imgix the judge is `@imgix/js-core`, which nobody here wrote, over generated
// inputs; for ImageBoss Node's own HMAC.
import assert from "node:assert/strict";
import { createHmac, randomInt } from "node:crypto";
import { createRequire } from "node:module";
import { test } from "node:test";
import { expectError, fixture, library, thrown } from "./support.mjs";

const { signImgixUrl, imageBossUrl } = library;
const ImgixClient = createRequire(import.meta.url)("@imgix/js-core");

const ROUNDS = 10_000;
/** A run can be made again with SIGNING_SEED. */
const SEED = Number(process.env.SIGNING_SEED ?? randomInt(2 ** 32));

/** Numbers from 0 to 1 that follow from the seed (mulberry32). */
function chance(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const PIECES = [
  ..." !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~09azAZ", "http://", "https://", "HTTPS://", "https:/", "//", "../", "./", "%20", "%2F", "%", "\0", "\t", "\n", "\x7f",
  "\u0080", "é", "e\u0301", "ß", "で", "سا", "\u2028", "\ufeff", "\ufffd", "\uffff", "😀", "\u{10ffff}", "users", "image", ".png", "64", "&s=", "?w=1",
];

function generator(seed) {
  const random = chance(seed);
  const below = (count) => Math.floor(random() * count);
  const pick = (list) => list[below(list.length)];
  const list = (most, make) => Array.from({ length: below(most + 1) }, make);
  const string = (most = 8) => list(most, () => (random() < 0.02 ? pick(PIECES).repeat(60) : pick(PIECES))).join("");
  const number = () =>
    pick([
      () => below(4000), () => -below(100), () => random(), () => -random() * 1e6, () => below(1000) / 100, () => random() * 10 ** (below(620) - 320),
      () => pick([0, -0, 1e21, 123456789012345680000, 1e-7, 0.000001, 5e-324, 1.7976931348623157e308, Number.MAX_SAFE_INTEGER, 0.1 + 0.2, 2 ** 31, 2 ** 53]),
    ])();
  const scalar = () => pick([string, string, number, number, () => random() < 0.5, () => null, () => undefined])();
  const value = (deep = 0) => (random() < 0.15 && deep < 4 ? list(4, () => value(deep + 1)) : scalar());
  const name = () => pick([() => pick(["w", "h", "auto", "fit", "txt", "txt64", "mark64", "s", "ixlib", "__proto__", "constructor", "toString", "expires", "64", "10", "2", ""]), string, () => `${string(3)}64`])();
  return () => {
    const domain = pick([() => "example.imgix.net", () => "a.b-c.d_e.imgix.net", () => "IMAGES.Example.COM", () => `${pick("abcxyz019").repeat(1 + below(60))}.imgix.net`])();
    const entries = list(5, () => {
      // A zero byte alone is how the package marks what no JSON can hold, and no name for callers.
      const drawn = name();
      const key = drawn == "\0" ? "" : drawn;
      // In Node js-core gives these values to a Buffer, which takes strings only; see the next test.
      return [key, key.endsWith("64") ? pick([string, string, () => null, () => undefined])() : value()];
    });
    const record = Object.fromEntries(entries);
    // js-core knows no pairs: they are compared in the order that an object has.
    const params = pick([undefined, record, record, record, Object.entries(record)]);
    const all = params && record;
    const expires = all && Object.hasOwn(all, "expires") ? undefined : pick([undefined, undefined, below(2 ** 32)]);
    const given = {
      domain,
      path: pick([string, () => string(30), () => `/${string()}`, () => `https://${string()}`, () => `/http://${string()}`, () => ""])(),
      params,
      // A token of nothing but white space is refused.
      token: `${string(4)}t${string(4)}`,
      expires,
      disablePathEncoding: pick([undefined, undefined, false, true]),
    };
    return { given, all: expires === undefined ? all : { ...all, expires } };
  };
}

const judge = ({ domain, path, token, disablePathEncoding }, params) =>
  new ImgixClient({ domain, secureURLToken: token, includeLibraryParam: false }).buildURL(path, params, { disablePathEncoding });

test(`imgix: ${ROUNDS} generated addresses are those of js-core`, () => {
  const next = generator(SEED);
  for (let round = 0; round < ROUNDS; round++) {
    const { given, all } = next();
    const said = () => `SIGNING_SEED=${SEED}, round ${round}: ${JSON.stringify(given)}`;
    let url;
    try {
      url = signImgixUrl(given);
    } catch (error) {
      assert.fail(`${said()}: ${error.stack}`);
    }
    assert.equal(url, judge(given, all), said());
    assert.equal(new URL(url).host, given.domain.toLowerCase(), said());
  }
});

test("imgix: a value under a name in 64 that is no string is its text", () => {
  const given = { domain: "a.imgix.net", path: "", token: "t" };
  for (const value of [12, 1.5, true, [1, "a", null]]) assert.equal(signImgixUrl({ ...given, params: { a64: value } }), judge(given, { a64: String(value) }));
});

test("imgix: known answers", () => {
  const { js_core_style: vectors } = fixture("imgix/signing-vectors.json");
  assert.ok(vectors.length > 5);
  for (const { domain, path, params, token, disable_path_encoding: disablePathEncoding, url } of vectors) {
    assert.equal(signImgixUrl({ domain, path, params, token, disablePathEncoding }), url);
    assert.equal(signImgixUrl({ domain, path, params: Object.fromEntries(params), token, disablePathEncoding }), url);
  }
});

/** One segment as Go's `url.PathEscape` encodes it. */
const segment = (text) =>
  encodeURIComponent(text)
    .replace(/[!*'()]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace(/%(24|26|2B|3D|3A|40)/g, decodeURIComponent);

test(`ImageBoss: ${ROUNDS} generated addresses are put together and signed as described`, () => {
  const random = chance(SEED);
  const below = (count) => Math.floor(random() * count);
  const pick = (list) => list[below(list.length)];
  const string = (without) => `${Array.from({ length: 1 + below(6) }, () => pick(PIECES)).join("").replace(without, "")}x`;
  for (let round = 0; round < ROUNDS; round++) {
    const path = Array.from({ length: 1 + below(4) }, () => string(/[/?]/g));
    const operation = pick(["cdn", "width", "height", "cover"]);
    const options = Object.fromEntries(Array.from({ length: below(3) }, () => [string(), pick([string(), random(), true])]));
    const given = {
      source: pick(["shop", "My_Images-2"]),
      path: pick(["", "/"]) + path.join("/"),
      operation,
      options,
      ...(/width|cover/.test(operation) && { width: 1 + below(5000) }),
      ...(/height|cover/.test(operation) && { height: 1 + below(5000) }),
      ...(operation == "cover" && random() < 0.5 && { mode: pick(["center", "face", string()]) }),
      secret: pick([undefined, string(), string().repeat(20)]),
    };
    const joined = Object.entries(options)
      .map(([name, value]) => `${segment(name).replaceAll(":", "%3A")}:${segment(value)}`)
      .join();
    const size = [given.width, given.height].filter(Boolean).join("x");
    const parts = [given.source, operation + (given.mode ? `:${segment(given.mode)}` : ""), size, joined, ...path.map(segment)];
    const signed = `/${parts.filter(Boolean).join("/")}`;
    const token = given.secret && `?bossToken=${createHmac("sha256", given.secret).update(signed).digest("hex")}`;
    assert.equal(imageBossUrl(given), `https://img.imageboss.me${signed}${token ?? ""}`, `SIGNING_SEED=${SEED}, round ${round}: ${JSON.stringify(given)}`);
  }
});

test("ImageBoss: known answers", () => {
  const { vectors } = fixture("imageboss/signing-vectors.json");
  // The token that the provider's own page shows beside an address is not that address's: it is no vector here.
  const { secret, url } = vectors.find(({ id }) => id == "rails-cover");
  assert.equal(imageBossUrl({ source: "mywebsite", operation: "cover", width: 100, height: 100, path: "assets/nice.jpg", secret }), url);
});

test("bad arguments throw with every problem at once", () => {
  const fields = (run) => {
    const error = thrown(run);
    expectError(error, "InvalidInputError", { sent: false, attempts: 0, outcome: "none" });
    return error.problems.map(({ field, code }) => `${field} ${code}`).sort();
  };
  assert.deepEqual(fields(() => signImgixUrl({ domain: "https://a.imgix.net", params: { a: { b: 1 }, c: () => {} }, tokn: "x" })), ["domain format", "params.a type", "params.c type", "path required", "token required", "tokn unknown"]);
  assert.deepEqual(fields(() => imageBossUrl({ source: "a/b", path: "../x", operation: "width", height: 5, mode: "face" })), ["height mismatch", "mode mismatch", "path format", "source format", "width required"]);
  for (const value of [undefined, null, 5, "x", [], () => {}, new Map()]) {
    for (const run of [signImgixUrl, imageBossUrl]) assert.deepEqual(fields(() => run(value)), [" type"]);
  }
  const given = { domain: "a.imgix.net", path: "a.png", token: "t" };
  for (const [params, found] of [[null, "params type"], [new Map(), "params type"], [new URLSearchParams("w=1"), "params type"], [{ w: NaN }, "params.w type"], [{ w: 5n }, "params.w type"], [["w"], "params.0 type"], [{ w: "\ud800" }, "params.w format"]]) {
    assert.deepEqual(fields(() => signImgixUrl({ ...given, params })), [found]);
  }
  assert.deepEqual(fields(() => signImgixUrl({ ...given, expires: Date.now() })), ["expires range"]);
});

test("no error repeats a secret", () => {
  for (const run of [() => signImgixUrl({ token: "CANARY-7f3a", path: 5 }), () => imageBossUrl({ secret: "CANARY-7f3a", path: "..", x: 1 })]) {
    const error = thrown(run);
    assert.ok(!JSON.stringify([error.message, error.stack, error.problems]).includes("CANARY"));
  }
});
