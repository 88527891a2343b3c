// What is done to sources without waiting for it: to many, one after the other, and deletions, which are held first.
import { html } from "lit";
import type { App } from "../../app.js";
import { canDelete, canSwitch, operation } from "../../model/capabilities.js";
import { isAbort } from "../../model/failure.js";
import { keyOf } from "../../model/sources.js";
import { sourcesOf } from "../../package.js";
import { plural } from "../../text/visible.js";
import type { ProviderName, Row, Source } from "../../types.js";
import { BrokenOff, type Job, Jobs, nameOf } from "./jobs.js";
import type { Shown } from "./shown.js";
import { DISABLED } from "./warnings.js";

/** A class that allows some in an hour makes one wait that long; a call may last no longer than this. */
const DEADLINE_MS = 86_400_000;

/** What else has to know. */
export interface Around {
  changed(provider: ProviderName, source: Source): void;
  removed(row: Row): void;
  focus(): void;
}

export class Bulk {
  readonly #app: App;
  readonly #shown: Shown;
  readonly #around: Around;
  readonly jobs: Jobs;

  constructor(app: App, shown: Shown, around: Around) {
    this.#app = app;
    this.#shown = shown;
    this.#around = around;
    this.jobs = new Jobs(() => app.draw(), (text) => void app.say(text), () => void app.drawn().then(() => document.activeElement === document.body && around.focus()));
  }

  /** Keys of rows that will be deleted in a moment, or wait for their turn. */
  get open(): ReadonlySet<string> {
    return new Set(this.jobs.rows().map(keyOf));
  }

  get can(): { switch: boolean; remove: boolean } {
    const rows = this.#shown.tickedRows;
    return { switch: rows.some(({ provider }) => canSwitch(provider)), remove: rows.some(({ provider }) => canDelete(provider)) };
  }

  readonly enable = (): void => void this.#ask("enable");
  readonly disable = (): void => void this.#ask("disable");
  readonly remove = (): void => void this.#ask("delete");

  readonly clear = (): void => {
    this.#shown.clear();
    void this.#app.drawn().then(() => this.#around.focus());
  };

  async #ask(verb: Job["verb"]): Promise<void> {
    const isPossible = (row: Row) => (verb === "delete" ? canDelete(row.provider) : canSwitch(row.provider) && (row.enabled === false) === (verb === "enable"));
    const all = this.#shown.tickedRows;
    const rows = all.filter((row) => isPossible(row) && !this.open.has(keyOf(row)));
    const why = verb === "delete" ? "providers without such an operation keep their sources" : "nothing would change, or there is no such switch";
    if (rows.length === 0) {
      this.#app.say(`Nothing to ${verb}: ${why}`);
      return;
    }
    for (const provider of new Set(rows.map((row) => row.provider))) if (!(await this.#app.mayWrite(provider))) return;
    const left = all.length - rows.length;
    if (verb !== "enable" && !(await this.#isSure(verb, rows, left > 0 ? `${plural(left, "selected source")} will be left alone: ${why}.` : ""))) return;
    this.#shown.clear();
    if (verb === "delete") this.hold(rows);
    else this.jobs.add(verb, rows, (row, signal) => this.#switch(verb, row, signal));
  }

  #isSure(verb: "disable" | "delete", rows: readonly Row[], left: string): Promise<boolean | undefined> {
    const lines =
      verb === "delete"
        ? ["Every image address below these sources stops working. This cannot be undone."]
        : [operation(rows[0]!.provider, "sources.disable")?.help ?? "", DISABLED];
    return this.#app.ask<boolean>(
      (close) => html`<bulk-dialog .verb=${verb === "delete" ? "Delete" : "Disable"} .rows=${rows} .left=${left} .lines=${lines} .mustType=${verb === "delete"} @confirmed=${() => close(true)}></bulk-dialog>`,
      () => import("./dialogs.js"),
    );
  }

  async #switch(verb: "enable" | "disable", row: Row, signal: AbortSignal): Promise<void> {
    const calls = sourcesOf(this.#app.connection.clients, row.provider);
    this.#around.changed(row.provider, await this.#told(row, verb, calls[verb](row.id, { signal, deadlineMs: DEADLINE_MS })));
  }

  /** Of what is stopped while it only waits for its turn nothing has happened; the log knows which it was. */
  async #told<Answer>({ provider }: Row, verb: Job["verb"], call: Promise<Answer>): Promise<Answer> {
    try {
      return await call;
    } catch (thrown) {
      const last = this.#app.log.entries.findLast((entry) => entry.provider === provider && entry.operation === `sources.${verb}`);
      throw isAbort(thrown) && last?.mayHaveHappened ? new BrokenOff() : thrown;
    }
  }

  /** Nothing is sent for some seconds; the button that takes it back gets the focus. */
  hold(rows: readonly Row[]): void {
    const id = this.jobs.add("delete", rows, async (row, signal) => {
      await this.#told(row, "delete", sourcesOf(this.#app.connection.clients, row.provider).delete(row.id, { signal, deadlineMs: DEADLINE_MS }));
      this.#around.removed(row);
    });
    void this.#app.drawn().then(() => document.querySelector<HTMLElement>(`[data-job="${id}"] .job-undo`)?.focus());
  }

  readonly undo = (job: Job): void => {
    this.jobs.stop(job.id);
    this.#app.say(`${nameOf(job)} ${job.rows.length === 1 ? "is" : "are"} kept: nothing was sent`);
    void this.#app.drawn().then(() => this.#around.focus());
  };
}
