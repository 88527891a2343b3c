// Tables for other programs.
import { noFormula } from "./formula.js";

const cell = (text: string): string => {
  const safe = noFormula(text);
  return /[",\r\n]/.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe;
};

export const csvLine = (cells: readonly string[]): string => `${cells.map(cell).join(",")}\r\n`;

/** A mark by which programs know UTF-8. */
export const CSV_START = "\ufeff";
