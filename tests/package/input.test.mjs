// Wrong input: always a typed refusal, never a synchronous throw of a method, never a trap, nothing sent, nothing leaked.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import vm from "node:vm";
import {
  BOSS_INPUT, BOSS_SOURCE, IMGIX_INPUT, IMGIX_SOURCE, ImageBoss, Imgix, bossWith, expectError, failure, imgixWith, json, library, memory, thrown,
} from "./support.mjs";

class Thing {
  secret = "s";
}

const circle = { name: "round" };
circle.self = circle;
const nest = (depth) => {
  let value = "deep";
  for (let level = 0; level < depth; level++) value = level % 2 ? { value } : [value];
  return value;
};
const revoked = Proxy.revocable({}, {});
revoked.revoke();
const angry = (trap) => new Proxy({}, { [trap]: () => { throw new Error("no"); } });
const nothing = Object.create(null);

/** Values that are hardly ever right, each made anew. */
const JUNK = {
  undefined: () => undefined,
  null: () => null,
  "0": () => 0,
  "-1.5": () => -1.5,
  NaN: () => NaN,
  Infinity: () => Infinity,
  true: () => true,
  false: () => false,
  "an empty string": () => "",
  "white space": () => " \n",
  "a string": () => "text",
  "half a surrogate pair": () => "\ud800",
  "a null character": () => "\0",
  "dots": () => "..",
  "1 MB": () => "x".repeat(1 << 20),
  "1 MB of é": () => "é".repeat(1 << 19),
  "a symbol": () => Symbol("s"),
  "a bigint": () => 10n,
  "a function": () => () => {},
  "a class": () => Thing,
  "an empty array": () => [],
  "an array": () => [1, "2", null],
  "a sparse array": () => [, 1],
  "a huge sparse array": () => Object.assign([], { length: 1e5 }),
  "an object": () => ({ a: 1 }),
  "an empty object": () => ({}),
  "an instance": () => new Thing(),
  "a Map": () => new Map([["name", "n"]]),
  "a Set": () => new Set([1]),
  "a Date": () => new Date(0),
  "an invalid Date": () => new Date(NaN),
  "a RegExp": () => /x/,
  "a Promise": () => Promise.resolve({}),
  "an Error": () => new Error("x"),
  "bytes": () => new Uint8Array(3),
  "a buffer": () => new ArrayBuffer(3),
  "a Blob": () => new Blob(["x"]),
  "a URL": () => new URL("https://example.com"),
  "boxed": () => Object("text"),
  "a circle": () => circle,
  "a getter that throws": () => ({ get name() { throw new Error("no"); } }),
  "getters that throw everywhere": () => ({
    get signal() { throw new Error("no"); }, get prefetch() { throw new Error("no"); }, get page() { throw new Error("no"); }, get apiKey() { throw new Error("no"); },
  }),
  "a getter that throws nothing much": () => ({ get name() { throw undefined; }, get signal() { throw null; } }),
  "a getter that throws what has no text": () => ({ get name() { throw nothing; }, get signal() { throw nothing; } }),
  "a getter that throws what throws": () => ({ get name() { throw { get message() { throw 1; } }; } }),
  "a getter that throws a symbol": () => ({ get name() { throw Symbol("x"); } }),
  "toJSON that throws": () => ({ toJSON() { throw new Error("no"); } }),
  "toJSON that gives undefined": () => ({ toJSON() {} }),
  "toJSON that gives a circle": () => ({ toJSON: () => circle }),
  "an angry proxy": () => angry("get"),
  "a proxy without keys": () => angry("ownKeys"),
  "a proxy without descriptors": () => angry("getOwnPropertyDescriptor"),
  "a revoked proxy": () => revoked.proxy,
  "a toStringTag that throws": () => ({ get [Symbol.toStringTag]() { throw new Error("no"); } }),
  "no prototype": () => Object.assign(Object.create(null), { a: 1 }),
  "of another realm": () => vm.runInNewContext("({ a: [1] })"),
  "100 deep": () => nest(100),
  "200 deep": () => nest(200),
  "100,000 deep": () => nest(100_000),
  "the key of a placeholder": () => ({ "\0": "function" }),
  "__proto__": () => JSON.parse('{"__proto__":{"name":"x"}}'),
  "many keys": () => Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`key${index}`, index])),
};

const EXPENSIVE = /^(1 MB|many|100,000|a huge)/;

/** The junk, below the names that are looked at. */
const inside = (value) => {
  const fields = ["name", "deployment", "source", "source_type", "credential_attributes", "enabled"];
  return fields.map((name) => ({ ...IMGIX_INPUT, ...BOSS_INPUT, [name]: value })).concat({ deployment: { ...IMGIX_INPUT.deployment, imgix_subdomains: value } });
};

const METHODS = [
  ["imgix", "sources.list", 0, false], ["imgix", "sources.get", 1, false], ["imgix", "sources.create", 0, true], ["imgix", "sources.update", 1, true],
  ["imgix", "sources.enable", 1, false], ["imgix", "sources.disable", 1, false], ["imageboss", "sources.list", 0, false],
  ["imageboss", "sources.get", 1, false], ["imageboss", "sources.create", 0, true], ["imageboss", "sources.update", 1, true], ["imageboss", "sources.delete", 1, false],
];

const text = (error) => {
  try {
    return error?.stack ?? String(error);
  } catch {
    return "something without a text";
  }
};

/** Remembers every kind of fault, so that one run shows them all. */
function faults() {
  const found = new Map();
  return {
    /** Runs a check; what it throws is a fault of `what`. */
    check(what, run) {
      try {
        run();
      } catch (error) {
        const line = text(error).split("\n")[0].slice(0, 300);
        if (!found.has(line)) found.set(line, what);
      }
    },
    end: () => found.size && assert.fail([...found].map(([line, what]) => `${what}: ${line.replace(/^AssertionError.*?: /, "")}`).join("\n")),
  };
}

/** Settles a call; it may succeed, or refuse with a typed error for which nothing was sent. */
async function tryIt(run, what, seen, found) {
  let promise;
  const before = seen.length;
  try {
    promise = run();
  } catch (error) {
    return found.check(what, () => assert.fail(`thrown synchronously: ${text(error)}`));
  }
  try {
    await promise;
  } catch (error) {
    found.check(what, () => {
      if (!library.isImageSourcesError(error)) assert.fail(`rejected with what is no error of ours: ${text(error)}`);
      expectError(error, "InvalidInputError", { sent: false, attempts: 0, outcome: "none" });
      assert.equal(seen.length, before, "something was sent");
    });
  }
}

/** Runs a function that may throw typed errors only. */
function tryNow(run, what, found) {
  try {
    run();
  } catch (error) {
    found.check(what, () => {
      if (!library.isImageSourcesError(error)) assert.fail(`threw what is no error of ours: ${text(error)}`);
      expectError(error, "InvalidInputError", { sent: false, attempts: 0, outcome: "none" });
    });
    return error;
  }
}

const method = (client, name) => name.split(".").reduce((group, step) => group[step], client);
const answering = { imgix: () => imgixWith(json(IMGIX_SOURCE)), imageboss: () => bossWith(json(BOSS_SOURCE)) };
/** A list is one for lists only; whatever goes wrong with that is not what is tested here. */
const makers = (provider, name) =>
  name === "sources.list" ? (provider === "imgix" ? imgixWith(json({ data: [] })) : bossWith(json([]))) : answering[provider]();

describe("junk in every place of every method", () => {
  for (const [provider, name, ids, hasInput] of METHODS) {
    test(`${provider} ${name}`, async () => {
      const { client, seen } = makers(provider, name);
      const found = faults();
      const call = (where, ...given) => {
        const bound = (target) => (...rest) => method(target, name)(...rest);
        return Promise.all([
          tryIt(() => bound(client)(...given), where, seen, found),
          tryIt(() => bound(client.dryRun)(...given), `dry run, ${where}`, seen, found),
        ]);
      };
      const id = ids ? ["s1"] : [];
      const input = provider === "imgix" ? IMGIX_INPUT : BOSS_INPUT;
      const rest = hasInput ? [name.endsWith("update") ? { name: "n" } : input] : [];
      for (const [what, make] of Object.entries(JUNK)) {
        if (ids) await call(`${what} as id`, make(), ...rest);
        if (hasInput) await call(`${what} as input`, ...id, make());
        if (hasInput && !EXPENSIVE.test(what)) for (const value of inside(make())) await call(`${what} inside the input`, ...id, value);
        await call(`${what} as options`, ...id, ...rest, make());
        for (const option of ["signal", "timeoutMs", "deadlineMs", "retries", "extra", "filter", "sort", "fields", "page", "prefetch", "replaceDeployment"]) {
          if (EXPENSIVE.test(what)) continue;
          const value = make();
          await call(`${what} as ${option}`, ...id, ...rest, { [option]: value });
        }
        if (hasInput) await call(`${what} in extra`, ...id, ...rest, { extra: { "a.b": make(), x: make() } });
      }
      found.end();
      // The next call works.
      assert.ok(await method(client, name)(...id, ...(hasInput ? [provider === "imgix" && ids ? { name: "n" } : ids ? { source: "n" } : input] : [])) !== null);
    });
  }
});

describe("junk for constructors", () => {
  for (const Client of [Imgix, ImageBoss]) {
    test(Client.name || "a client", () => {
      const found = faults();
      for (const [what, make] of Object.entries(JUNK)) {
        const error = tryNow(() => new Client(make()), what, found);
        found.check(what, () => assert.ok(error, "taken for options"));
        for (const option of ["apiKey", "gateway", "baseUrl", "fetch", "headers", "timeoutMs", "deadlineMs", "retries", "limits", "limiter", "responseCheck", "onEvent", "imageBaseUrl", "other"]) {
          tryNow(() => new Client({ apiKey: "k", [option]: make() }), `${what} as ${option}`, found);
        }
        for (const member of ["url", "credentials", "token"]) {
          tryNow(() => new Client({ gateway: { url: "/api", [member]: make() } }), `${what} as gateway.${member}`, found);
        }
      }
      found.end();
    });
  }
});

describe("junk for functions that stand alone", () => {
  const functions = {
    checkSource: [(value) => library.checkSource(value, {}), (value) => library.checkSource("imgix", value), (value) => library.checkSource("imageboss", {}, value), (value) => library.checkSource("imgix", {}, { updating: value })],
    sourceForm: [(value) => library.sourceForm(value)],
    inventory: [(value) => library.inventory(value), (value) => library.inventory([], value), (value) => library.inventory([value], [value]), (value) => library.inventory([{ id: value, deployment: value, name: value }], [{ credentials: value }])],
    toCurl: [
      (value) => library.toCurl(value), (value) => library.toCurl({ method: "GET", url: value }), (value) => library.toCurl({ method: value, url: "https://x" }),
      (value) => library.toCurl({ method: "GET", url: "https://x", headers: value }), (value) => library.toCurl({ method: "GET", url: "https://x", headers: { a: value } }),
      (value) => library.toCurl({ method: "POST", url: "https://x", headers: {}, body: value }),
    ],
    operations: [(value) => library.operations(value)],
    isImageSourcesError: [(value) => library.isImageSourcesError(value)],
  };
  for (const [name, ways] of Object.entries(functions)) {
    test(name, () => {
      const found = faults();
      for (const [what, make] of Object.entries(JUNK)) {
        for (const [index, way] of ways.entries()) tryNow(() => way(make()), `${what}, way ${index}`, found);
      }
      found.end();
    });
  }

  test("an inventory is made of sources whose switches are no switches", () => {
    const odd = JSON.parse('{ "toString": "text", "valueOf": [] }');
    const [one, other] = library.inventory([{ id: "1", enabled: odd, deployment: { secure_url_enabled: odd } }], [{ id: "2", credentials: { require_token: odd } }]);

    assert.deepEqual([one.id, one.enabled, one.secured, other.id, other.secured], ["1", undefined, undefined, "2", undefined]);
  });

  test("what is certainly wrong is refused with the name of the argument", () => {
    for (const provider of [undefined, null, "", "cloudinary", "__proto__", "constructor", "toString", 7]) {
      expectError(thrown(() => library.checkSource(provider, {})), "InvalidInputError");
      expectError(thrown(() => library.sourceForm(provider)), "InvalidInputError");
    }
    for (const prepared of [undefined, null, "curl", {}, { method: "GET" }, { url: "https://x" }, { method: "GET", url: "-o/tmp/x" }, { method: "GET", url: "no address" }]) {
      expectError(thrown(() => library.toCurl(prepared)), "InvalidInputError");
    }
    for (const list of [7, "x", {}, true]) expectError(thrown(() => library.inventory(list)), "InvalidInputError");
    expectError(thrown(() => library.checkSource("imgix", {}, { updatng: true })), "InvalidInputError");
  });
});

describe("constructors", () => {
  const refused = (options, fields, Client = Imgix) => {
    const error = thrown(() => new Client(options));
    expectError(error, "InvalidInputError", { sent: false, attempts: 0, outcome: "none" });
    assert.deepEqual([...new Set(error.problems.map(({ field }) => field))].sort(), [fields].flat().sort(), JSON.stringify(error.problems));
    return error;
  };

  test("a key is needed, or a gateway, and not both", () => {
    for (const Client of [Imgix, ImageBoss]) {
      for (const options of [undefined, {}, { baseUrl: "https://example.com" }]) refused(options, "apiKey", Client);
      for (const apiKey of ["", " ", "a b", "a\nb", "é", "\0"]) refused({ apiKey }, "apiKey", Client);
      refused({ apiKey: 7 }, "apiKey", Client);
      refused({ apiKey: "k", gateway: { url: "/api" } }, "gateway", Client);
      refused({ gateway: {} }, "gateway.url", Client);
      refused({ gateway: { url: "/api", credentials: "yes" } }, "gateway.credentials", Client);
    }
  });

  test("base addresses", () => {
    const bad = [
      "", "api.imgix.com", "/api", "//host", "ftp://h", "javascript:alert(1)", "data:,x", "file:///etc/passwd", "https://", "https:///x", "https://u:p@h", "https://h?x=1",
      "https://h#x", "https://h/../x", "https://h/%2e%2E/x", "https://h/a/./b", "https://h\\x", " https://h", "https://h\n", "https://h:port", "https://h:999999", "blob:https://h",
    ];
    for (const baseUrl of bad) refused({ apiKey: "k", baseUrl }, "baseUrl");
    for (const baseUrl of ["http://127.0.0.1:8080/x", "https://h", "https://h/", "https://h/a/b//", "HTTPS://H", "http://[::1]:80"]) new Imgix({ apiKey: "k", baseUrl });
    for (const url of ["", "api", "//evil.example", "javascript:x", "/api/../x", "/a?b"]) refused({ gateway: { url } }, "gateway.url");
  });

  test("options are checked like any input", () => {
    refused({ apiKey: "k", retries: 11 }, "retries");
    refused({ apiKey: "k", retries: 1.5 }, "retries");
    refused({ apiKey: "k", retries: -1 }, "retries");
    refused({ apiKey: "k", retries: "2" }, "retries");
    for (const ms of [0, -1, NaN, Infinity, "5", 86_400_001, null]) {
      refused({ apiKey: "k", timeoutMs: ms }, "timeoutMs");
      refused({ apiKey: "k", deadlineMs: ms }, "deadlineMs");
    }
    refused({ apiKey: "k", fetch: {} }, "fetch");
    refused({ apiKey: "k", onEvent: "log" }, "onEvent");
    refused({ apiKey: "k", responseCheck: "loud" }, "responseCheck");
    refused({ apiKey: "k", headers: { a: 1 } }, "headers.a");
    refused({ apiKey: "k", limits: { nothing: null } }, "limits.nothing");
    refused({ apiKey: "k", limits: { default: { requests: 0, perMs: 1 } } }, "limits.default.requests");
    refused({ apiKey: "k", limits: { default: { requests: 10_001, perMs: 86_400_001 } } }, ["limits.default.requests", "limits.default.perMs"]);
    refused({ apiKey: "k", imageBaseUrl: "https://h" }, "imageBaseUrl");
    new ImageBoss({ apiKey: "k", imageBaseUrl: "https://h" });
    const error = refused({ apikey: "k", retry: 3, retrie: 3, onevent: () => {} }, ["apikey", "retry", "retrie", "onevent", "apiKey"]);
    assert.match(error.message, /did you mean `apiKey`/);
    assert.match(error.message, /did you mean `retries`/);
    assert.match(error.message, /did you mean `onEvent`/);
  });

  test("undefined options are options not given", () => {
    new Imgix({ apiKey: "k", baseUrl: undefined, fetch: undefined, headers: undefined, timeoutMs: undefined, limits: undefined, onEvent: undefined, gateway: undefined });
  });

  test("every mistake is told at once", () => {
    refused({ apiKey: "", baseUrl: "x", retries: 99, timeoutMs: 0, headers: { accept: "x" }, other: 1 }, ["apiKey", "baseUrl", "retries", "timeoutMs", "headers.accept", "other"]);
  });
});

describe("input of calls", () => {
  const problems = async (promise) => (await failure(promise)).problems.map(({ field, code }) => [field, code]);

  test("every mistake is told at once, options and ids included, and nothing is sent", async () => {
    const { client, seen } = imgixWith(json(IMGIX_SOURCE));
    const found = await problems(client.sources.update("", { name: 7, nam: "x", deployment: { type: "s4", cache_ttl_value: 0 } }, { retries: 99, timeout: 1 }));

    assert.deepEqual(found.map(([field]) => field).sort(), ["deployment.cache_ttl_value", "deployment.type", "id", "nam", "name", "retries", "timeout"]);
    assert.equal(seen.length, 0);
  });

  test("call options are checked like those of constructors", async () => {
    const { client, seen } = bossWith(json(BOSS_SOURCE));
    for (const ms of [0, -1, NaN, Infinity, "5", 86_400_001]) {
      assert.deepEqual((await problems(client.sources.get("s", { timeoutMs: ms })))[0][0], "timeoutMs");
      assert.deepEqual((await problems(client.sources.get("s", { deadlineMs: ms })))[0][0], "deadlineMs");
    }
    assert.deepEqual(await problems(client.sources.get("s", { signal: {} })), [["signal", "type"]]);
    assert.deepEqual(await problems(client.sources.get("s", { extra: {} })), [["extra", "unknown"]]);
    assert.equal(seen.length, 0);
  });

  test("ids are one segment, and never lead elsewhere", async () => {
    const { client, seen } = imgixWith(json(IMGIX_SOURCE));
    for (const id of ["", ".", "..", null, undefined, 7, {}, [], "\ud800"]) expectError(await failure(client.sources.get(id)), "InvalidInputError");
    assert.equal(seen.length, 0);
    const odd = ["a/b", "../../x", "..%2f", "%2e%2e", "a?b", "a#b", "a\\b", "a b", "é", ";", "//evil.example/", "a\nb", "\0", "..\\..", "?x=1", "#", "...", " "];
    for (const id of odd) {
      await client.sources.get(id);
      const { pathname, search, hash, origin } = new URL(seen.at(-1).url);
      assert.equal(origin, "https://api.imgix.com");
      const segments = pathname.split("/");
      assert.equal(segments.length, 5, pathname);
      assert.deepEqual(segments.slice(0, 4), ["", "api", "v1", "sources"]);
      assert.equal(decodeURIComponent(segments[4]), id);
      assert.equal(search + hash, "");
    }
  });

  test("what stands behind a placeholder's mark is no way in", async () => {
    const { client } = imgixWith(json(IMGIX_SOURCE));
    expectError(await failure(client.sources.create({ "\0": "function" })), "InvalidInputError");
    expectError(await failure(client.sources.get("s", { signal: { "\0": "AbortSignal" } })), "InvalidInputError");
    expectError(thrown(() => new Imgix({ apiKey: "k", fetch: { "\0": "function" } })), "InvalidInputError");
  });

  test("a message has an end, whatever the input holds", async () => {
    const { client } = bossWith(json(BOSS_SOURCE));
    const long = "x".repeat(1 << 20);
    for (const input of [{ ...BOSS_INPUT, source_type: long }, { ...BOSS_INPUT, [long]: 1 }, { ...BOSS_INPUT, credential_attributes: { [long]: 1 } }, { source: "/".repeat(1 << 20) }]) {
      assert.ok((await failure(client.sources.create(input))).message.length < 100_000);
    }
  });

  test("a message is one line, whatever the input holds", async () => {
    const { client } = imgixWith(json(IMGIX_SOURCE));
    for (const input of [circle, { "two\nlines": 1 }, { ...IMGIX_INPUT, deployment: { ...IMGIX_INPUT.deployment, type: "two\nlines" } }]) {
      assert.doesNotMatch((await failure(client.sources.create(input))).message, /[\r\n]/);
    }
  });

  test("a field with a name of the prototype is unknown like any other", async () => {
    const { client } = imgixWith(json(IMGIX_SOURCE));
    for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
      const input = JSON.parse(JSON.stringify(IMGIX_INPUT).replace("{", `{${JSON.stringify(name)}:1,`));
      assert.deepEqual(await problems(client.sources.create(input)), [[name, "unknown"]]);
    }
  });
});

test("what a form suggests for a type passes the checks of that type without a word", () => {
  const leaves = (fields, type) => fields.flatMap((field) => (field.fields ? leaves(field.fields, type) : !field.only || field.only.includes(type) ? [field] : []));
  let count = 0;
  for (const provider of ["imgix", "imageboss"]) {
    const form = library.sourceForm(provider);
    const decider = leaves(form.fields).concat(form.fields.flatMap(({ fields }) => fields ?? [])).find(({ path }) => form.fields.some(({ decidedBy }) => decidedBy === path));
    for (const type of decider.values)
      for (const field of leaves(form.fields, type))
        for (const value of field.valuesByType ? field.valuesByType[type] : field.values ?? []) {
          if (field === decider || !field.createable) continue;
          const input = {};
          for (const [path, given] of [[decider.path, type], [field.path, value]]) {
            const keys = path.split(".");
            keys.slice(0, -1).reduce((object, key) => (object[key] ??= {}), input)[keys.at(-1)] = given;
          }
          const told = library.checkSource(provider, input, { updating: true }).filter(({ field: path }) => path === field.path);
          assert.deepEqual(told, [], `${provider} ${type} ${field.path} ${value}`);
          count++;
        }
  }
  assert.ok(count > 80, `${count}`);
});

describe("what nests too deeply to be told apart", () => {
  const tooDeep = [["", "too-large"]];
  for (const depth of [126, 127, 128, 129, 200, 5_000]) {
    test(`${depth} levels of an option, or of an input, are refused and nothing is sent`, async () => {
      const { client, seen } = imgixWith(json(IMGIX_SOURCE));
      const deep = nest(depth);
      const calls = {
        "an unknown option": (target) => target.sources.get("a", deep),
        "`extra`": (target) => target.sources.update("a", { name: "x" }, { extra: { x: deep } }),
        "beside a wrong option": (target) => target.sources.update("a", { name: "x" }, { timeoutMs: -5, retries: 99, extra: { x: deep } }),
        "a filter": (target) => target.sources.list({ filter: { name: deep } }),
        "an input": (target) => target.sources.create({ ...IMGIX_INPUT, deployment: deep }),
      };
      for (const [what, run] of Object.entries(calls))
        for (const target of [client, client.dryRun]) {
          const error = await failure(run(target));
          expectError(error, "InvalidInputError", { sent: false });
          if (depth > 127 && depth < 1_000) assert.deepEqual(error.problems.map(({ field, code }) => [field, code]), tooDeep, what);
        }
      assert.equal(seen.length, 0);
    });
  }

  test("`checkSource`, `plan` and `exportSetup` say so as well", () => {
    const deep = nest(200);
    for (const run of [() => library.checkSource("imgix", { name: "x" }, { updating: true, z: deep }), () => library.checkSource("imgix", deep), () => library.plan({ version: 1, a: deep }, {}), () => library.plan({}, deep), () => library.exportSetup(deep), () => library.exportSetup({}, deep)])
      assert.deepEqual(thrown(run).problems[0].code, "too-large");
  });
});

describe("memory", () => {
  const grows = async (what, rounds, run) => {
    for (let round = 0; round < Math.min(rounds / 10, 500); round++) await run(round);
    const before = memory();
    for (let round = 0; round < rounds; round++) await run(round);
    assert.equal(memory() - before, 0, `${what}: bytes of growth in ${rounds} rounds`);
  };
  const quietly = (promise) => promise.then(() => {}, () => {});

  test("10,000 refused calls leave nothing behind", async () => {
    const { client } = imgixWith(json(IMGIX_SOURCE));
    const wrong = [
      () => client.sources.create({ nme: "x".repeat(100) }), () => client.sources.get(""), () => client.sources.update("s", { deployment: { type: 1 } }),
      () => client.sources.get("s", { retries: 99 }), () => client.sources.list({ page: { size: -1 } }), () => client.sources.create(7), () => client.dryRun.sources.create({}),
      () => client.sources.create(circle), () => client.sources.create(nest(200)),
    ];
    await grows("refused calls", 10_000, (round) => quietly(wrong[round % wrong.length]()));
    assert.equal((await client.sources.get("s")).id, IMGIX_SOURCE.data.id);
  });

  test("failed, aborted and timed out calls leave nothing behind", async () => {
    const answers = [json("{}", 500), json("nonsense"), json(IMGIX_SOURCE), () => Promise.reject(new TypeError("fetch failed")), () => 7, () => { throw new Error("x"); }, () => new Promise(() => {})];
    const clients = answers.map((answer) => imgixWith(answer).client);
    await grows("failed calls", 3_500, async (round) => {
      const controller = new AbortController();
      const call = quietly(clients[round % clients.length].sources.update("s", { name: "n", deployment: { cache_ttl_value: 5 } }, { signal: controller.signal, ...(round % 2 && { timeoutMs: 1 }) }));
      if (round % 3 === 0) controller.abort();
      else if (!(round % 2) && round % clients.length === clients.length - 1) setTimeout(() => controller.abort(), 1);
      await call;
    });
  });
});
