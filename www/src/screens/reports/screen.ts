import { type App, type Command, perApp, type Screen } from "../../app.js";
import { Reports } from "./reports.js";
import { view } from "./view.js";

const stateOf = perApp((app: App) => new Reports(app));

/** What imgix has counted: its reports, their files, and the figures in them. */
export const screen: Screen = {
  name: "reports",
  title: "Reports",
  icon: "chart",
  view: (app) => view(stateOf(app)),
  leave: (app) => stateOf(app).leave(),
  commands(app): Command[] {
    const reports = stateOf(app);
    const commands: Command[] = [{ title: "Filter the reports by type", keys: "/", run: () => document.querySelector<HTMLElement>("#report-type")?.focus() }, { title: "Reload the reports", run: reports.reload }];
    if (reports.asked.type) commands.push({ title: "Compare the last 30 days", run: () => void reports.compare(reports.asked.type, 30) });
    if (reports.opened) commands.push({ title: "Show the figures of the report", run: () => void reports.draw() }, { title: "Close the details", keys: "Escape", run: () => void reports.close() });
    return commands;
  },
  focus: (app) => void (stateOf(app).opened ? document.querySelector<HTMLElement>("#report-heading") : document.querySelector<HTMLElement>("#report-type"))?.focus(),
  subject: (app) => stateOf(app).detail?.report?.report_key ?? undefined,
};
