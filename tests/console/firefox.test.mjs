import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";

import { FirefoxTab, findFirefox } from "./browsers/firefox.mjs";
import { mainPath } from "./browsers/path.mjs";
import { withServer } from "./browsers/serving.mjs";

test("Firefox: the main path works, and nothing is thrown or asked elsewhere", async () => {
  await withServer({}, async ({ url, sandbox, folder }) => {
    const tab = await FirefoxTab.open(url, join(folder, "profile"));
    try {
      await mainPath(tab, sandbox);

      assert.deepEqual(tab.broken, []);
    } finally {
      await tab.close();
    }
  });
});

test("a missing Firefox is said with what to install", () => {
  assert.ok(findFirefox());
  assert.throws(() => findFirefox({}, () => false), /apt-get install firefox-esr/);
});
