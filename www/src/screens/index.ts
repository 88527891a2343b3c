// All screens, in the order of the navigation. The first one is shown where the address names none.
import type { Screen } from "../app.js";
import { screen as assets } from "./assets/screen.js";
import { screen as bulk } from "./bulk/screen.js";
import { screen as reports } from "./reports/screen.js";
import { screen as setup } from "./setup/screen.js";
import { screen as sources } from "./sources/screen.js";

export const SCREENS: readonly Screen[] = [sources, assets, bulk, setup, reports];
