// Single keys that do something, unless somebody is typing.

export interface Keys {
  areOn(): boolean;
  isBlocked(): boolean;
  search(): void;
  create(): void;
  edit(): void;
  help(): void;
  close(): void;
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.matches("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");

export function listenToKeys(keys: Keys): void {
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.isComposing || event.defaultPrevented || keys.isBlocked()) return;
    if (event.key === "Escape") {
      // The first one empties a search field.
      if (event.target instanceof HTMLInputElement && event.target.type === "search" && event.target.value !== "") return;
      keys.close();
      return;
    }
    const act = { "/": keys.search, n: keys.create, e: keys.edit, "?": keys.help }[event.key];
    if (!act || !keys.areOn() || isTyping(event.target)) return;
    event.preventDefault();
    act();
  });
}
