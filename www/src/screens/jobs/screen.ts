import { type App, type Command, perApp, type Screen } from "../../app.js";
import { Jobs } from "./jobs.js";
import { view } from "./view.js";

const stateOf = perApp((app: App) => new Jobs(app));

/** What the gateway does by itself: how far it is, and what can be done about it. */
export const screen: Screen = {
  name: "jobs",
  title: "Jobs",
  icon: "server",
  view: (app) => view(stateOf(app)),
  enter: (app) => stateOf(app).enter(),
  leave: (app) => stateOf(app).leave(),
  commands(app): Command[] {
    const jobs = stateOf(app);
    const { job, mayWrite } = jobs;
    const commands: Command[] = [{ title: "Look at the jobs again", run: jobs.look }];
    if (job && mayWrite) {
      if (job.state === "planned") commands.push({ title: "Start the job", run: () => void jobs.start() });
      if (job.state === "running") commands.push({ title: "Pause the job", keys: "p", run: () => void jobs.pause() });
      if (job.state === "paused") commands.push({ title: "Resume the job", keys: "p", run: () => void jobs.resume() });
      if (job.state === "running" || job.state === "paused") commands.push({ title: "Cancel the job", run: () => void jobs.cancel() });
    }
    if (job) commands.push({ title: "Export the job's journal as CSV", run: () => void jobs.export("csv") }, { title: "Export the job's journal as JSON", run: () => void jobs.export("json") });
    if (jobs.opened) commands.push({ title: "Close the details", keys: "Escape", run: () => void jobs.close() });
    return commands;
  },
  focus: (app) => document.querySelector<HTMLElement>(stateOf(app).opened ? "#job-heading" : "h1")?.focus(),
  subject: (app) => stateOf(app).job?.operation,
};
