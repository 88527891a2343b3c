// A person with a keyboard alone: nothing here clicks, and nothing sets the focus but keys.
import assert from "node:assert/strict";

import { until } from "./support.mjs";

export const press = async (page, ...keys) => {
  for (const key of keys) await page.keyboard.press(key);
};

/** Tabs on until the focus is where it should be, and sees that it can be seen. */
export async function tabTo(page, selector, key = "Tab") {
  for (let count = 0; count < 120; count += 1) {
    if (await page.evaluate((selector) => document.activeElement.matches(selector), selector)) return assertSeen(page, selector);
    await page.keyboard.press(key);
  }
  assert.fail(`the focus never comes to ${selector}`);
}

async function assertSeen(page, selector) {
  const isSeen = await page.evaluate(() => {
    const { left, top, width, height } = document.activeElement.getBoundingClientRect();
    const hit = document.elementFromPoint(left + width / 2, top + Math.min(height / 2, 12));
    return hit !== null && (document.activeElement.contains(hit) || hit.contains(document.activeElement));
  });
  assert.ok(isSeen, `${selector} is covered when it has the focus`);
}

/** Holds one key while others are pressed. */
export async function holding(page, held, ...keys) {
  await page.keyboard.down(held);
  await press(page, ...keys);
  await page.keyboard.up(held);
}

/** Looks for something to do by its name, and does it. */
export async function byPalette(page, words) {
  await holding(page, "Control", "k");
  await until(page, () => document.activeElement.closest("command-palette"));
  await page.keyboard.type(words);
  await until(page, (words) => [...document.querySelectorAll("command-palette [role=option]")][0]?.textContent.toLowerCase().includes(words.toLowerCase()), words);
  await press(page, "Enter");
  await until(page, () => !document.querySelector("command-palette"));
}
