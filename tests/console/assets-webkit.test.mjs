import { test } from "node:test";

import { assetsPath } from "./browsers/assets-path.mjs";
import { withServer } from "./browsers/serving.mjs";
import { WebKitTab } from "./browsers/webkit.mjs";

test("WebKit: pictures, uploads of both kinds, purges and charts work", async () => {
  await withServer({}, async ({ url, sandbox }) => {
    const tab = await WebKitTab.open(url);
    try {
      await assetsPath(tab, sandbox, url);
    } finally {
      await tab.close();
    }
  });
});
