// The states the page can be in, and how to bring it there. For the tests of accessibility and for screenshots. Each file in
// `states/` has those of one screen.
import { readdirSync } from "node:fs";

const folder = new URL("states/", import.meta.url);
const all = await Promise.all(readdirSync(folder).sort().map((name) => import(new URL(name, folder).href)));

export const STATES = Object.assign({}, ...all.map(({ STATES }) => STATES));
