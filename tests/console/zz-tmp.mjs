import { shoot, until } from "/tmp/shot.mjs";
import { test } from "node:test";
test("grid", async () => { await shoot("grid", { path: "?view=assets&source=65b7704ee553fe668319d940" }, async (page) => { await page.waitForSelector(".asset-link"); await new Promise(r=>setTimeout(r,800)); }, [1280,768,320],["light","dark"]); });
