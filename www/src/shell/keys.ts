// Keys that do something, unless somebody is typing.
import type { Command } from "../app.js";

export interface Keys {
  /** Keys that write something can be switched off. */
  areOn(): boolean;
  isBlocked(): boolean;
  commands(): Command[];
  /** Ctrl or Cmd with K, also while somebody types. */
  palette(): void;
}

const TOGETHER_MS = 1200;

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.matches("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");

export function listenToKeys(keys: Keys): void {
  let before = { key: "", at: 0 };
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && !event.repeat) {
      event.preventDefault();
      keys.palette();
      return;
    }
    if (event.altKey || event.ctrlKey || event.metaKey || event.isComposing || event.defaultPrevented || keys.isBlocked()) return;
    const { key, target } = event;
    if (key === "Escape") {
      // The first one empties a search field.
      if (target instanceof HTMLInputElement && target.type === "search" && target.value !== "") return;
    } else if (!keys.areOn() || isTyping(target)) return;
    const both = event.timeStamp - before.at < TOGETHER_MS ? `${before.key} ${key}` : key;
    before = { key, at: event.timeStamp };
    const commands = keys.commands();
    const command = commands.find((one) => one.keys === both) ?? commands.find((one) => one.keys === key);
    if (!command) return;
    before.key = "";
    if (key !== "Escape") event.preventDefault();
    command.run();
  });
}
