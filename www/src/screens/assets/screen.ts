import { type App, type Command, perApp, type Screen } from "../../app.js";
import { Assets } from "./assets.js";
import { fileName } from "./asset.js";
import { view } from "./view.js";

const stateOf = perApp((app: App) => new Assets(app));

/** Pictures from the clipboard; they all have the same name there. */
const paste = (app: App) => (event: ClipboardEvent): void => {
  const files = [...(event.clipboardData?.files ?? [])];
  const assets = stateOf(app);
  if (files.length === 0 || !assets.source) return;
  event.preventDefault();
  const stamp = new Date().toISOString().replace(/\D/g, "").slice(0, 14);
  assets.openUpload(files.map((file, at) => (file.name === "image.png" ? new File([file], `pasted-${stamp}${at || ""}.png`, { type: file.type }) : file)));
};

const listening = new WeakMap<App, (event: ClipboardEvent) => void>();

/** The files of one imgix source: pictures, details, uploads, purges. */
export const screen: Screen = {
  name: "assets",
  title: "Assets",
  icon: "image",
  view: (app) => view(stateOf(app)),
  enter(app) {
    const listener = paste(app);
    listening.set(app, listener);
    document.addEventListener("paste", listener);
  },
  leave(app) {
    document.removeEventListener("paste", listening.get(app)!);
    stateOf(app).leave();
  },
  commands(app): Command[] {
    const assets = stateOf(app);
    if (!assets.source) return [{ title: "Choose a source", keys: "/", run: assets.focusSearch }];
    const commands: Command[] = [
      { title: "Search assets", keys: "/", run: assets.focusSearch },
      { title: "Upload files", keys: "u", run: () => assets.openUpload() },
      { title: "Add an asset by its path", run: () => void assets.add() },
      { title: "Choose all loaded assets", run: assets.chooseAll },
      { title: "Reload the assets", run: assets.reload },
    ];
    if (assets.chosen.size > 0)
      commands.push(
        { title: "Purge the chosen assets", run: () => void assets.purge([...assets.chosen]) },
        { title: "Refresh the chosen assets", run: () => void assets.refresh([...assets.chosen]) },
        { title: "Choose no assets", run: assets.chooseNone },
      );
    if (assets.opened)
      commands.push(
        { title: "Edit the asset", keys: "e", run: () => void assets.edit() },
        { title: "Purge the asset", run: () => void assets.purge([assets.opened]) },
        { title: "Refresh the asset", run: () => void assets.refresh([assets.opened]) },
        { title: "Close the details", keys: "Escape", run: () => void assets.close() },
      );
    return commands;
  },
  focus: (app) => stateOf(app).focus(),
  subject: (app) => (stateOf(app).opened ? fileName(stateOf(app).opened) : stateOf(app).row?.name),
};
