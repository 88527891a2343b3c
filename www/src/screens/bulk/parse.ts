// Text into rows: JSON, CSV, or a line for each. Large text is read piece by piece, so that the page stays alive.
import type { Json } from "../../types.js";

export type Format = "JSON" | "CSV" | "lines";

export interface Raw {
  /** Where it stands in what was given, counted from 1. */
  line: number;
  /** Values by column, or any value out of JSON. */
  value: Json;
}

export interface Parsed {
  format: Format;
  rows: Raw[];
}

export interface Shape {
  /** Columns that a heading may name. */
  columns: readonly string[];
  /** The columns of rows without a heading. */
  required: number;
  /** May a heading name others? */
  isOpen: boolean;
}

export const MOST_ROWS = 250_000;
/** Of one value: no server takes a longer address. */
export const MOST_LETTERS = 8_192;
const HEAD_BYTES = 16_384;
const CHUNK = 256 * 1024;

/** What is wrong with all of it, in words. */
export class Unreadable extends Error {}

const tooMany = () => new Unreadable(`It has more than ${MOST_ROWS.toLocaleString("en")} rows. Nothing was changed.`);

/** Lets the page draw and answer. */
export const breathe = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

export async function parse(content: Blob, shape: Shape, progress: (rows: number) => void = () => {}): Promise<Parsed> {
  const head = (await content.slice(0, HEAD_BYTES).text()).replace(/^\ufeff/, "").trimStart();
  if (head === "") throw new Unreadable("There is nothing in it. Nothing was changed.");
  if (head.includes("\0")) throw new Unreadable("It is no text. Nothing was changed.");
  if (/^[[{]/.test(head)) return { format: "JSON", rows: json(await content.text()) };
  const papa = (await import("papaparse")).default;
  const [first = []] = papa.parse<string[]>(head.split(/\r?\n/, 1)[0] ?? "", { header: false }).data;
  const names = first.map((name) => name.trim());
  const known = names.filter((name) => shape.columns.includes(name)).length;
  const isHeading = known > 0 && (shape.isOpen || known === names.length || shape.required > 0);
  if (!isHeading && shape.required === 1) return { format: "lines", rows: await lines(content, shape.columns[0]!, progress) };
  if (!isHeading && shape.required === 0) throw new Unreadable(`Its first line must name columns, such as ${shape.columns.slice(0, 3).join(", ")}. Nothing was changed.`);
  const columns = isHeading ? names : shape.columns.slice(0, shape.required);
  return { format: "CSV", rows: await csv(papa, content, columns, isHeading, progress) };
}

function json(text: string): Raw[] {
  let value: Json;
  try {
    value = JSON.parse(text.replace(/^\ufeff/, "")) as Json;
  } catch {
    throw new Unreadable("It begins like JSON and is none. Nothing was changed.");
  }
  const list = Array.isArray(value) ? value : [value];
  if (list.length > MOST_ROWS) throw tooMany();
  return list.map((value, at) => ({ line: at + 1, value }));
}

/** One value a line, whatever commas and quotes are in it. */
async function lines(content: Blob, column: string, progress: (rows: number) => void): Promise<Raw[]> {
  const rows: Raw[] = [];
  const decoder = new TextDecoder();
  let rest = "";
  let line = 0;
  const take = (all: string[]) => {
    for (const one of all) {
      line += 1;
      // Of a line that is too long no more is kept than tells so.
      const text = one.replace(/^\ufeff/, "").trim().slice(0, MOST_LETTERS + 1);
      if (text && !text.startsWith("#")) rows.push({ line, value: { [column]: text } });
    }
    if (rows.length > MOST_ROWS) throw tooMany();
  };
  for (let at = 0; at < content.size; at += CHUNK) {
    const bytes = await content.slice(at, at + CHUNK).arrayBuffer();
    const parts = (rest + decoder.decode(bytes, { stream: true })).split("\n");
    rest = parts.pop() ?? "";
    take(parts);
    progress(rows.length);
    await breathe();
  }
  take([rest + decoder.decode()]);
  return rows;
}

type Papa = typeof import("papaparse");

function csv(papa: Papa, content: Blob, columns: readonly string[], hasHeading: boolean, progress: (rows: number) => void): Promise<Raw[]> {
  const rows: Raw[] = [];
  let row = 0;
  return new Promise((resolve, reject) => {
    papa.parse<string[]>(content as File, {
      chunkSize: CHUNK,
      skipEmptyLines: "greedy",
      chunk: ({ data }, parser) => {
        for (const cells of data) {
          row += 1;
          if (hasHeading && row === 1) continue;
          // A cell too many is a mistake that the check of the row tells.
          const value = Object.fromEntries(cells.flatMap((cell, at) => (cell === "" ? [] : [[columns[at] ?? `column ${at + 1}`, cell.trim()]])));
          rows.push({ line: row, value });
        }
        progress(rows.length);
        if (rows.length > MOST_ROWS) {
          parser.abort();
          reject(tooMany());
        }
      },
      complete: () => resolve(rows),
      error: () => reject(new Unreadable("It cannot be read. Nothing was changed.")),
    });
  });
}
