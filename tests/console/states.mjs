// The states the page can be in, and how to bring it there. For the tests of accessibility and for screenshots.
import { STATES as bulk } from "./states/bulk.mjs";
import { STATES as setup } from "./states/setup.mjs";
import { STATES as shell } from "./states/shell.mjs";
import { STATES as sources } from "./states/sources.mjs";

export const STATES = { ...sources, ...shell, ...bulk, ...setup };
