import { perApp, type App, type Command, type Screen } from "../../app.js";
import { brand } from "../../model/capabilities.js";
import { keyOf } from "../../model/sources.js";
import { haystack } from "./arrange.js";
import { readRoute } from "./route.js";
import { dialogs, Sources } from "./sources.js";
import { view } from "./view.js";

const MOST_FOUND = 30;

const stateOf = perApp((app: App) => new Sources(app));

/** All sources of both providers: the list, one of them, and the form. */
export const screen: Screen = {
  name: "sources",
  title: "Sources",
  icon: "list",
  view: (app) => view(app, stateOf(app)),
  enter: (app) => stateOf(app).enter(),
  preload: () => dialogs().catch(() => undefined),
  leave: (app) => stateOf(app).leave(),
  commands: (app): Command[] => {
    const sources = stateOf(app);
    const commands: Command[] = [
      { title: "Search sources", keys: "/", run: sources.focusSearch },
      { title: "New source", keys: "n", run: sources.create },
      { title: "Edit the source", keys: "e", run: sources.editFocused },
      { title: "Reload the sources", run: sources.reload },
      { title: "Select all sources that are shown", run: sources.shown.tickAll },
      { title: "Export the sources as CSV", run: () => void sources.shown.export("csv") },
      { title: "Export the sources as JSON", run: () => void sources.shown.export("json") },
    ];
    if (readRoute(app.route.given).selected) commands.push({ title: "Close the details", keys: "Escape", run: sources.closeDetails });
    return commands;
  },
  find: (app, words) =>
    app.store
      .rows()
      .filter((row) => words.every((word) => haystack(row).includes(word)))
      .slice(0, MOST_FOUND)
      .map((row) => ({ title: `${row.name} (${brand(row.provider)})`, run: () => void stateOf(app).open(keyOf(row)) })),
  focus: (app) => stateOf(app).focus(),
  subject: (app) => stateOf(app).selected?.name,
};
