import { type App, type Command, perApp, type Screen } from "../../app.js";
import { Audit } from "./audit.js";
import { view } from "./view.js";

const stateOf = perApp((app: App) => new Audit(app));

/** Who wrote what through the gateway, and putting sources back. */
export const screen: Screen = {
  name: "audit",
  title: "Audit",
  icon: "past",
  view: (app) => view(stateOf(app)),
  leave: (app) => stateOf(app).leave(),
  commands(app): Command[] {
    const audit = stateOf(app);
    const commands: Command[] = [
      { title: "Filter the audit", keys: "/", run: () => document.querySelector<HTMLElement>("#audit-provider")?.focus() },
      { title: "Reload the audit", run: audit.reload },
      { title: "Export the audit as CSV", run: () => void audit.export("csv") },
      { title: "Export the audit as JSON", run: () => void audit.export("json") },
    ];
    const { entry } = audit.detail ?? {};
    if (entry && audit.canRestore(entry)) commands.push({ title: "Put the source back", run: () => void audit.restore(entry) });
    if (audit.opened) commands.push({ title: "Close the details", keys: "Escape", run: () => void audit.close() });
    return commands;
  },
  focus: (app) => document.querySelector<HTMLElement>(stateOf(app).opened ? "#entry-heading" : "#audit-provider")?.focus(),
  subject: (app) => (stateOf(app).opened ? `Entry ${stateOf(app).opened}` : undefined),
};
