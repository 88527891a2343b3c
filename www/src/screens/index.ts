// All screens, in the order of the navigation. The first one is shown where the address names none, and comes with the page; the
// others are loaded when they are wanted.
import type { Screen } from "../app.js";
import { later } from "./later.js";
import { screen as sources } from "./sources/screen.js";

export const SCREENS: readonly Screen[] = [
  sources,
  later("assets", "Assets", "image", () => import("./assets/screen.js")),
  later("bulk", "Bulk", "requests", () => import("./bulk/screen.js")),
  later("setup", "Set-up", "copy", () => import("./setup/screen.js")),
  later("reports", "Reports", "chart", () => import("./reports/screen.js")),
  later("jobs", "Jobs", "server", () => import("./jobs/screen.js"), "jobs"),
  later("audit", "Audit", "past", () => import("./audit/screen.js"), "audit"),
];
