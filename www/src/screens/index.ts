// All screens, in the order of the navigation. The first one is shown where the address names none; the code of the others
// comes when they are shown, or when the page has nothing else to do.
import type { Screen } from "../app.js";
import { later } from "./later.js";
import { screen as sources } from "./sources/screen.js";

export const SCREENS: readonly Screen[] = [
  sources,
  later({ name: "assets", title: "Assets", icon: "image" }, () => import("./assets/screen.js")),
  later({ name: "bulk", title: "Bulk", icon: "requests" }, () => import("./bulk/screen.js")),
  later({ name: "setup", title: "Set-up", icon: "copy" }, () => import("./setup/screen.js")),
  later({ name: "reports", title: "Reports", icon: "chart" }, () => import("./reports/screen.js")),
];
