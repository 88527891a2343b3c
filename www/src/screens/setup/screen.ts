import { perApp, type App, type Command, type Screen } from "../../app.js";
import { preloaded } from "../../jobs/storage.js";
import { Setup } from "./setup.js";
import { view } from "./view.js";

const stateOf = perApp((app: App) => new Setup(app));

/** A whole set-up: export, import, and the difference to what is live. */
export const screen: Screen = {
  name: "setup",
  title: "Set-up",
  icon: "copy",
  view: (app) => view(app, stateOf(app)),
  preload: preloaded,
  enter: (app) => stateOf(app).enter(),
  commands: (app): Command[] => [{ title: "Download what is live", run: stateOf(app).download }],
};
