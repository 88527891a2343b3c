import { shoot, until } from "/tmp/shot.mjs";
import { test } from "node:test";
const S = "?view=assets&source=65b7704ee553fe668319d940";
test("x", () => shoot("click", { path: S }, async (page) => { await page.waitForSelector(".asset-link"); 
 await page.evaluate(() => document.addEventListener("click", e => console.log("CLICK", e.target.outerHTML.slice(0,150)), true));
 await page.click("[data-action=open-upload]"); await new Promise(r=>setTimeout(r,500)); console.log(await page.evaluate(() => !!document.querySelector("upload-panel"))); }));
