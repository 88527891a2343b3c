// What a gateway tells line by line, as a file.
import { html, nothing, type TemplateResult } from "lit";
import { CSV_START, csvLine } from "../text/csv.js";
import { saveFile } from "../text/file.js";
import { failureText } from "../widgets/parts.js";
import { icon } from "../widgets/icons.js";
import { plural } from "../text/visible.js";
import type { Failure } from "../types.js";
import { linesOf, refusalOf } from "./answers.js";

export type Format = "csv" | "json";
export type Columns<Item> = readonly (readonly [title: string, value: (item: Item) => string])[];

const PART_CHARACTERS = 100_000;

export const isoTime = (at: unknown): string => (typeof at === "number" && Math.abs(at) < 8e15 ? new Date(at).toISOString() : "");

/** Parts of a file, so that a long one is never one text. */
export async function printed<Item>(items: AsyncIterable<Item>, columns: Columns<Item>, format: Format, progress: (count: number) => void): Promise<string[]> {
  const parts: string[] = [];
  let part = format === "csv" ? CSV_START + csvLine(columns.map(([title]) => title)) : "[";
  let count = 0;
  for await (const item of items) {
    part += format === "csv" ? csvLine(columns.map(([, value]) => value(item))) : `${count > 0 ? "," : ""}\n${JSON.stringify(item)}`;
    count += 1;
    if (part.length < PART_CHARACTERS) continue;
    parts.push(part);
    part = "";
    progress(count);
  }
  progress(count);
  return [...parts, part, ...(format === "json" ? ["\n]\n"] : [])];
}

/** One file at a time, on its way from the gateway to the disk. */
export class FileOnItsWay<Item> {
  readonly #columns: Columns<Item>;
  readonly #changed: () => void;
  #reading: AbortController | undefined;
  count = 0;
  failure: Failure | undefined;

  constructor(columns: Columns<Item>, changed: () => void) {
    this.#columns = columns;
    this.#changed = changed;
  }

  /** Gives how many items it holds; nothing if there is no file. */
  async save(name: string, format: Format, ask: (signal: AbortSignal) => Promise<Response>): Promise<number | undefined> {
    if (this.#reading) return undefined;
    const { signal } = (this.#reading = new AbortController());
    this.count = 0;
    this.failure = undefined;
    this.#changed();
    try {
      const parts = await printed(linesOf<Item>(await ask(signal)), this.#columns, format, (count) => {
        this.count = count;
        this.#changed();
      });
      signal.throwIfAborted();
      saveFile(`${name}.${format}`, parts, format === "csv" ? "text/csv;charset=utf-8" : "application/json");
      return this.count;
    } catch (thrown) {
      if (!signal.aborted) this.failure = { ...refusalOf(thrown), title: "There is no file" };
      return undefined;
    } finally {
      if (!signal.aborted) this.#reading = undefined;
      this.#changed();
    }
  }

  readonly stop = (): void => {
    this.#reading?.abort();
    this.#reading = undefined;
    this.#changed();
  };

  view(): TemplateResult | typeof nothing {
    if (this.failure) return html`<div class="notice" data-level="error" role="alert"><h3>${icon("error")}${this.failure.title}</h3>${failureText(this.failure)}</div>`;
    return this.#reading ? html`<p class="work" role="status">Reading ${plural(this.count, "line")} … <button type="button" class="link-button" @click=${this.stop}>Stop</button></p>` : nothing;
  }
}
