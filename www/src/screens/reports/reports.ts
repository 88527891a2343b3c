// The state of the screen: the reports there are, the one that is open, and the figures that were read of their files.
import type { Imgix, ImgixReport } from "image-sources";
import type { App } from "../../app.js";
import { momentOf, textOf } from "../../text/given.js";
import { failureOf } from "../../model/failure.js";
import { Listing } from "../../model/listing.js";
import { Waits } from "../../model/waits.js";
import type { Failure } from "../../types.js";
import { FileError, type Point, type Table } from "./figures.js";
import { type Ask, readBlobs, readFiles } from "./read.js";

const PAGE_SIZE = 100;
export const SORTS: readonly [value: string, label: string][] = [["-period_end", "Newest first"], ["period_end", "Oldest first"], ["report_type", "By type"]];
/** Addresses only: an answer may hold something else than is declared. */
export const filesOf = ({ files }: ImgixReport): string[] => (Array.isArray(files) ? files.filter((file) => typeof file === "string") : []);
export const SPANS = [7, 30, 90];

/** Figures on their way, and what came of it. */
export interface Figures {
  /** Id of the report, or the type whose days are compared. */
  of: string;
  isLoading: boolean;
  done: number;
  total: number;
  table?: Table;
  /** By column: a point for each day. */
  days?: { columns: string[]; points: Point[][]; missing: number };
  /** Which column is drawn. */
  metric: number;
  failure?: string;
}

export class Reports {
  readonly app: App;
  readonly waits: Waits;
  readonly list: Listing<ImgixReport>;
  /** All that have been seen. */
  readonly types = new Set<string>();
  detail: { id: string; report?: ImgixReport; failure?: Failure; isMissing: boolean } | undefined;
  figures: Figures | undefined;
  #question = "";
  #reading = new AbortController();
  #counting = new AbortController();

  constructor(app: App) {
    this.app = app;
    this.waits = new Waits(app.log, () => app.draw());
    this.list = new Listing<ImgixReport>(({ id }) => id, () => this.#loaded());
    addEventListener("online", () => this.#online());
  }

  #loaded(): void {
    for (const { report_type } of this.list.items) if (textOf(report_type)) this.types.add(textOf(report_type));
    this.app.draw();
  }

  get #client(): Imgix {
    return this.app.connection.clients.imgix;
  }

  get #ask(): Ask {
    return this.app.connection.send;
  }

  get asked(): { type: string; state: string; sort: string } {
    const { type = "", state = "", sort = "" } = this.app.route.given;
    return { type, state, sort: SORTS.some(([value]) => value === sort) ? sort : SORTS[0]![0] };
  }

  get opened(): string {
    return this.app.route.given["report"] ?? "";
  }

  /** Brings what is loaded to what the address says; called with every drawing. */
  sync(): void {
    const question = JSON.stringify(this.asked);
    if (question !== this.#question) {
      this.#question = question;
      queueMicrotask(() => void this.#begin());
    }
    if (this.opened !== (this.detail?.id ?? "")) {
      const id = this.opened;
      this.#reading.abort();
      const report = this.list.items.find((one) => one.id === id);
      this.detail = id ? { id, isMissing: false, ...(report && { report }) } : undefined;
      if (id) queueMicrotask(() => void this.#read(id));
    }
  }

  /** The network is back: what could not be loaded is tried again. */
  #online(): void {
    if (this.app.route.view !== "reports") return;
    if (this.list.failure) void this.list.retry();
    if (this.detail?.failure) void this.readAgain();
  }

  leave(): void {
    this.list.stop();
    for (const one of [this.#reading, this.#counting]) one.abort();
    this.#question = "";
    this.detail = this.figures = undefined;
  }

  readonly reload = (): void => {
    this.#question = "";
    this.app.draw();
  };

  #begin(): Promise<void> {
    const { type, state, sort } = this.asked;
    const filter = { ...(type && { report_type: type }), ...(state && { completed: state === "final" }) };
    return this.list.ask((signal) => this.#client.reports.list({ signal, sort: [sort], page: { size: PAGE_SIZE }, ...(Object.keys(filter).length > 0 && { filter }) }));
  }

  /** Addresses of files expire, so an open report is always read anew. */
  async #read(id: string): Promise<ImgixReport | undefined> {
    const { signal } = (this.#reading = new AbortController());
    try {
      const report = await this.#client.reports.get(id, { signal });
      this.detail = { id, report, isMissing: false };
      this.app.draw();
      return report;
    } catch (thrown) {
      if (signal.aborted || this.detail?.id !== id) return undefined;
      const failure = failureOf(thrown);
      this.detail = failure.status === 404 ? { id, isMissing: true } : { ...this.detail, failure };
      this.app.draw();
      return undefined;
    }
  }

  readonly readAgain = (): Promise<unknown> => this.#read(this.opened);

  readonly open = async (id: string): Promise<void> => {
    this.app.go({ report: id });
    await this.app.drawn();
    document.querySelector<HTMLElement>("#report-heading")?.focus();
  };

  readonly close = async (): Promise<void> => {
    const id = this.opened;
    if (!id) return;
    this.app.go({ report: "" });
    await this.app.drawn();
    const link = document.querySelector<HTMLElement>(`[data-report="${CSS.escape(id)}"] a`);
    (link ?? document.querySelector<HTMLElement>("#report-type"))?.focus();
  };

  // Figures

  readonly stop = (): void => {
    this.#counting.abort();
    if (this.figures?.isLoading) this.#figure({ isLoading: false, failure: "Stopped." });
  };

  readonly choose = (metric: number): void => this.#figure({ metric });

  #figure(part: Partial<Figures>): void {
    if (this.figures) this.figures = { ...this.figures, ...part };
    this.app.draw();
  }

  /** Begins anew; what was being read is not any more. */
  #start(of: string, total: number): AbortSignal {
    this.#counting.abort();
    this.#counting = new AbortController();
    this.figures = { of, isLoading: true, done: 0, total, metric: -1 };
    this.app.draw();
    return this.#counting.signal;
  }

  async #count(of: string, total: number, run: (signal: AbortSignal) => Promise<Partial<Figures>>): Promise<void> {
    const signal = this.#start(of, total);
    try {
      const found = await run(signal);
      if (!signal.aborted) this.#figure({ ...found, isLoading: false });
    } catch (thrown) {
      if (!signal.aborted) this.#figure({ isLoading: false, failure: thrown instanceof FileError ? thrown.message : failureOf(thrown).message });
    }
  }

  /** The figures of the report that is open. */
  readonly draw = async (): Promise<void> => {
    const { opened } = this;
    await this.#count(opened, 1, async (signal) => {
      const report = await this.#client.reports.get(opened, { signal });
      return { table: await readFiles(filesOf(report), this.#ask, signal), done: 1 };
    });
  };

  readonly drawFiles = (files: readonly File[]): Promise<void> =>
    this.#count(this.opened || "files", 1, async (signal) => ({ table: await readBlobs(files, signal), done: 1 }));

  /** The sums of the last final reports of one type, day by day. */
  readonly compare = async (type: string, days: number): Promise<void> => {
    await this.#count(type, days, async (signal) => {
      const page = await this.#client.reports.list({ signal, filter: { report_type: type, completed: true }, sort: ["-period_end"], page: { size: days } });
      const reports = page.items.filter((report) => filesOf(report).length > 0).slice(0, days);
      if (reports.length === 0) throw new FileError("There is no final report of this type yet.");
      const found: { at: number; table: Table }[] = [];
      for (const report of reports) {
        const table = await readFiles(filesOf(report), this.#ask, signal);
        found.push({ at: momentOf(report.period_start) ?? 0, table });
        this.#figure({ done: found.length, total: reports.length });
      }
      return { days: columnsOver(found) };
    });
  };
}

/** Every column of numbers that all days have, as points. */
function columnsOver(found: { at: number; table: Table }[]): NonNullable<Figures["days"]> {
  const [newest] = found;
  const columns = (newest?.table.columns ?? []).filter((name) => found.some(({ table }) => table.count > 0 && table.numeric[table.columns.indexOf(name)]));
  const ordered = [...found].sort((a, b) => a.at - b.at);
  const value = (table: Table, name: string): number | undefined => (table.columns.includes(name) && table.numeric[table.columns.indexOf(name)] ? table.totals[table.columns.indexOf(name)] : undefined);
  const points = columns.map((name) => ordered.flatMap(({ at, table }) => (value(table, name) === undefined ? [] : [{ at, value: value(table, name)! }])));
  return { columns, points, missing: Math.max(0, ...points.map(({ length }) => found.length - length)) };
}
