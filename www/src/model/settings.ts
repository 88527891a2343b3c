// What a person prefers, kept in this browser; a browser that keeps nothing forgets it with the page.

export type Theme = "system" | "light" | "dark";

const THEMES: Theme[] = ["system", "light", "dark"];
const memory = new Map<string, string>();

function read(name: string): string | undefined {
  try {
    return localStorage.getItem(name) ?? undefined;
  } catch {
    return memory.get(name);
  }
}

function write(name: string, value: string): void {
  memory.set(name, value);
  try {
    localStorage.setItem(name, value);
  } catch {
    // Kept in memory then.
  }
}

export const readTheme = (): Theme => THEMES.find((theme) => theme === read("theme")) ?? "system";

export function applyTheme(theme: Theme): void {
  document.documentElement.dataset["theme"] = theme;
  write("theme", theme);
}

export const nextTheme = (theme: Theme): Theme => THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? "system";

export const readShortcutsOn = (): boolean => read("shortcuts") !== "off";
export const writeShortcutsOn = (on: boolean): void => write("shortcuts", on ? "on" : "off");

/** The columns of the list of sources that somebody does not want to see. */
export const readHiddenColumns = (): string | undefined => read("hidden-columns");
export const writeHiddenColumns = (names: string): void => write("hidden-columns", names);
