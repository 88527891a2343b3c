// The states the page can be in, and how to bring it there. For the tests of accessibility and for screenshots.
import { STATES as assets } from "./states/assets.mjs";
import { STATES as bulk } from "./states/bulk.mjs";
import { STATES as reports } from "./states/reports.mjs";
import { STATES as setup } from "./states/setup.mjs";
import { STATES as sources } from "./states/sources.mjs";

export const STATES = { ...sources, ...assets, ...bulk, ...setup, ...reports };
