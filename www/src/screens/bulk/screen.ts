import { perApp, type App, type Screen } from "../../app.js";
import { preloaded } from "../../jobs/storage.js";
import { Bulk } from "./bulk.js";
import { view } from "./view.js";

const stateOf = perApp((app: App) => new Bulk(app));

/** The same to many things at once. */
export const screen: Screen = {
  name: "bulk",
  title: "Bulk",
  icon: "requests",
  view: (app) => view(app, stateOf(app)),
  preload: preloaded,
  enter: (app) => stateOf(app).enter(),
};
