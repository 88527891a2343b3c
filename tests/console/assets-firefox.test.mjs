import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";

import { assetsPath } from "./browsers/assets-path.mjs";
import { FirefoxTab } from "./browsers/firefox.mjs";
import { withServer } from "./browsers/serving.mjs";

test("Firefox: pictures, uploads of both kinds, purges and charts work, and nothing is thrown or asked elsewhere", async () => {
  await withServer({}, async ({ url, sandbox, folder }) => {
    const tab = await FirefoxTab.open(url, join(folder, "profile"));
    try {
      await assetsPath(tab, sandbox, url);

      assert.deepEqual(tab.broken, []);
    } finally {
      await tab.close();
    }
  });
});
