// All that can be done, for keys, the palette and the sheet of shortcuts.
import type { Command } from "../app.js";
import type { Choice } from "./command-palette.js";
import type { Page } from "./page.js";

/** What works now by keys: the screen's own first. */
export const withKeys = (page: Page | undefined, own: Command[]): Command[] => [...((page && page.screen.commands?.(page)) ?? []), ...own].filter(({ keys }) => keys);

/** Ways to the screens. */
export const ways = (page: Page): Command[] =>
  page.places.length > 1 ? page.places.map(({ name, title, keys }) => ({ title: `Go to ${title.toLowerCase()}`, keys, run: () => page.go({}, { view: name }) })) : [];

/** The sheet: what has keys, by where it belongs to. */
export const grouped = (page: Page | undefined, own: Command[]): [string, Command[]][] => [
  ...(page ? page.screens.map((screen): [string, Command[]] => [screen.title, (screen.commands?.(page) ?? []).filter(({ keys }) => keys && keys !== "Escape")]) : []),
  ["Everywhere", own.filter(({ keys }) => keys)],
];

/** What fits all the words. Those of the screen that is shown come first; things found by name only if something is typed. */
export function find(page: Page, own: Command[], words: string[]): Choice[] {
  const here = page.screen;
  const screens = [here, ...page.screens.filter((screen) => screen !== here)];
  const commands = screens.flatMap((screen) =>
    (screen.commands?.(page) ?? []).filter(({ keys }) => keys !== "Escape").map((command): Choice => ({ ...command, group: screen.title, run: () => void there(page, screen.name, command) })),
  );
  const all = [...commands, ...own.map((command): Choice => ({ ...command, group: "Everywhere" }))];
  const found = all.filter(({ title, group }) => words.every((word) => `${title} ${group}`.toLowerCase().includes(word)));
  const things = words.length > 0 ? screens.flatMap((screen) => (screen.find?.(page, words) ?? []).map((thing): Choice => ({ ...thing, group: screen.title, run: () => void there(page, screen.name, thing) }))) : [];
  const begins = (choice: Choice) => Number(choice.title.toLowerCase().startsWith(words[0] ?? ""));
  return [...found, ...things].sort((a, b) => begins(b) - begins(a));
}

/** Goes to the screen of a command first. */
async function there(page: Page, view: string, command: Command): Promise<void> {
  if (page.screen.name !== view) {
    page.go({}, { view });
    await page.drawn();
  }
  command.run();
}
