// The states the page can be in, and how to bring it there. For the tests of accessibility and for screenshots.
import { STATES as sources } from "./states/sources.mjs";

export const STATES = { ...sources };
