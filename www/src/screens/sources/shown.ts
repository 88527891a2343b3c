// What of all sources is shown, in which columns, and what of it is ticked.
import type { App } from "../../app.js";
import { readHiddenColumns, writeHiddenColumns } from "../../model/settings.js";
import { keyOf } from "../../model/sources.js";
import type { Row } from "../../types.js";
import { Arranger, countBy } from "./arrange.js";
import { type Column, printHidden, readHidden, statusOf } from "./columns.js";
import type { Format } from "./export.js";
import type { Route } from "./route.js";
import * as ticks from "./selection.js";

type Counts = [string, number][];

export class Shown {
  readonly #app: App;
  readonly #route: () => Route;
  readonly #arranger: Arranger;
  #selection = ticks.NOTHING;
  #columns = readHidden(readHiddenColumns());
  #counts: { rows: readonly Row[]; provider: string; types: Counts; statuses: Counts } | undefined;

  constructor(app: App, route: () => Route) {
    this.#app = app;
    this.#route = route;
    this.#arranger = new Arranger((row) => app.store.source(row.provider, row.id));
  }

  get rows(): readonly Row[] {
    return this.#arranger.arrange(this.#app.store.rows(), this.#route());
  }

  /** Types and statuses there are, with how many of each; counted when something has changed. */
  get counts(): { types: Counts; statuses: Counts } {
    const rows = this.#app.store.rows();
    const { provider } = this.#route();
    if (this.#counts?.rows !== rows || this.#counts.provider !== provider) {
      const own = provider ? rows.filter((row) => row.provider === provider) : rows;
      this.#counts = { rows, provider, types: countBy(own, (row) => row.type), statuses: countBy(own, statusOf) };
    }
    return this.#counts;
  }

  /** Columns that are not shown. */
  get without(): readonly Column[] {
    return this.#columns;
  }

  readonly chooseColumns = (without: readonly Column[]): void => {
    this.#columns = without;
    writeHiddenColumns(printHidden(without));
    this.#app.draw();
  };

  /** Keys of rows that are ticked, shown or not. */
  get ticked(): ReadonlySet<string> {
    return this.#selection.keys;
  }

  /** What is ticked and shown: what is done to many is done to these. */
  get tickedRows(): readonly Row[] {
    return this.ticked.size === 0 ? [] : this.rows.filter((row) => this.ticked.has(keyOf(row)));
  }

  get count(): { shown: number; hidden: number } {
    const shown = this.tickedRows.length;
    return { shown, hidden: this.ticked.size - shown };
  }

  readonly tick = ({ key, isRange }: { key: string; isRange: boolean }): void => this.#select(ticks.tick(this.#selection, this.rows.map(keyOf), key, isRange));
  readonly tickThrough = ({ from, to }: { from: string; to: string }): void => this.#select(ticks.tickThrough(this.#selection, this.rows.map(keyOf), from, to));
  readonly tickAll = (): void => this.#select(ticks.tickAll(this.#selection, this.rows.map(keyOf)));
  readonly clear = (): void => this.#select(ticks.NOTHING);

  /** What is no longer there is not ticked. */
  retain(): void {
    const { store } = this.#app;
    const there = new Set(store.rows().map(keyOf));
    this.#selection = ticks.retain(this.#selection, (key) => there.has(key));
  }

  #select(selection: ticks.Selection): void {
    this.#selection = selection;
    this.#app.draw();
  }

  /** What is ticked, or else all that is shown, as a file. */
  readonly export = async (format: Format): Promise<void> => {
    const part = await import("./dialogs.js").catch(() => undefined);
    if (!part) return void this.#app.say("The file could not be made: see that the server of this page runs, and try again");
    const rows = this.tickedRows.length > 0 ? this.tickedRows : this.rows;
    part.saveRows(format, rows, this.#columns, ({ provider, id }) => this.#app.store.source(provider, id));
    this.#app.say(`${rows.length.toLocaleString("en")} ${rows.length === 1 ? "source is" : "sources are"} in the file`);
  };
}
