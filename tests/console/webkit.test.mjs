import assert from "node:assert/strict";
import { test } from "node:test";

import { mainPath } from "./browsers/path.mjs";
import { withServer } from "./browsers/serving.mjs";
import { findMiniBrowser, WebKitTab } from "./browsers/webkit.mjs";

test("WebKit: the main path works", async () => {
  await withServer({}, async ({ url, sandbox }) => {
    const tab = await WebKitTab.open(url);
    try {
      await mainPath(tab, sandbox);
    } finally {
      await tab.close();
    }
  });
});

test("a missing WebKit is said with what to install", () => {
  assert.ok(findMiniBrowser());
  assert.throws(() => findMiniBrowser("/nowhere", () => false), /MiniBrowser of WebKit, WebKitWebDriver, xvfb-run missing: `apt-get install webkit2gtk-driver xvfb xauth`/);
  assert.throws(() => findMiniBrowser("/usr/lib", (place) => place !== "/usr/bin/xvfb-run"), /^MissingError: xvfb-run missing/);
});
