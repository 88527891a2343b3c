import { test } from "node:test";
import { STATES as A } from "./states/assets.mjs";
import { STATES as R } from "./states/reports.mjs";
import { shoot } from "/tmp/shot.mjs";
const only = (process.env.ONLY ?? "").split(",").filter(Boolean);
for (const [name, { reach, ...options }] of Object.entries({ ...A, ...R })) if (only.length === 0 || only.includes(name)) test(name, () => shoot(name.replace(/\W+/g, "-"), options, async (page, sandbox) => { await reach(page, sandbox); await page.mouse.move(0,0); }, [1280, 768, 320], ["light", "dark"]));
