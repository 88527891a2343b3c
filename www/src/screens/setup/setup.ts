// A whole set-up: what is live as a document, and a document held against what is live. It knows the app and the widgets.
import { exportSetup, type SetupDocument } from "image-sources";
import { html } from "lit";
import type { App } from "../../app.js";
import type { Leaf } from "../../forms/fields.js";
import { callsOf, type Entry } from "../../jobs/job.js";
import { etaMs } from "../../jobs/eta.js";
import type { Todo } from "../../jobs/run.js";
import { Runs } from "../../jobs/runs.js";
import { brand } from "../../model/capabilities.js";
import { failureOf } from "../../model/failure.js";
import { entriesOf, filled, liveOf, type Missing, missingIn, planOf, type PlanRow, rowsOf } from "../../plan/plan.js";
import { NO_FILTER, type PlanFilter } from "../../plan/table.js";
import { PROVIDERS } from "../../package.js";
import { saveFile } from "../../text/file.js";
import type { Failure, ProviderName } from "../../types.js";
import type { DataIntake, Intake } from "../../widgets/data-intake.js";
import "../../jobs/run-dialog.js";

/** What somebody typed in place of a secret that the document lacks. In memory only. */
interface Typed {
  row: PlanRow;
  leaf: Leaf;
  value: string;
}

export class Setup {
  readonly #app: App;
  readonly runs: Runs;
  /** What was read last: a plan of it, or why there is none. */
  name = "";
  failure: Failure | undefined;
  filter: PlanFilter = NO_FILTER;
  hasIds = true;
  readonly asked = new Map<string, Missing>();
  readonly typed = new Map<string, Typed>();
  #document: SetupDocument | undefined;
  #planned: { of: unknown[]; rows: PlanRow[] } | undefined;

  constructor(app: App) {
    this.#app = app;
    this.runs = new Runs(app, "setup", ({ state }) => void (state === "over" && this.#forgetSecrets()));
  }

  enter(): void {
    void this.runs.load();
  }

  get isRead(): boolean {
    return this.#document !== undefined;
  }

  /** The plan against what is live now; made anew only if one of both is another. */
  get rows(): readonly PlanRow[] {
    if (!this.#document) return [];
    const { store } = this.#app;
    const of = [this.#document, this.typed.size, ...this.typed.values(), ...PROVIDERS.flatMap((name) => [store.half(name).sources, store.half(name).rows, store.half(name).isLoaded, store.half(name).failure])];
    if (this.#planned && this.#planned.of.length === of.length && of.every((part, at) => part === this.#planned!.of[at])) return this.#planned.rows;
    const rows = rowsOf(planOf(filled(this.#document, this.typed), liveOf(this.#app)));
    for (const row of rows) for (const missing of missingIn(row)) this.asked.set(missing.key, missing);
    this.#planned = { of, rows };
    return rows;
  }

  get entries(): Entry[] {
    return entriesOf(this.rows);
  }

  readonly change = (part: Partial<PlanFilter>): void => {
    this.filter = { ...this.filter, ...part };
    this.#app.draw();
  };

  readonly setIds = (event: Event): void => {
    this.hasIds = (event.target as HTMLInputElement).checked;
  };

  /** What was typed has been sent: sent once more it would be a change again. */
  #forgetSecrets(): void {
    this.asked.clear();
    this.typed.clear();
  }

  /** What is live, as a file. */
  readonly download = (): void => {
    const { store, connection } = this.#app;
    // Half of it would look like all of it.
    const coming = PROVIDERS.filter((name) => connection.modes[name] !== "off" && !store.half(name).isLoaded && !store.half(name).failure);
    if (coming.length > 0) return void this.#app.say(`The sources of ${coming.map(brand).join(" and ")} are still being loaded: try again in a moment`);
    const live = liveOf(this.#app);
    const known = (Object.keys(live) as ProviderName[]).map(brand).join(" and ");
    if (!known) return void this.#app.say("What is live is not known yet");
    const document = exportSetup(live, { ids: this.hasIds });
    saveFile(`set-up-${new Date().toISOString().slice(0, 10)}.json`, JSON.stringify(document, null, 2), "application/json");
    this.#app.say(`Downloaded: what is live at ${known}, without secrets`);
  };

  readonly read = async ({ detail: { name, content }, currentTarget }: CustomEvent<Intake>): Promise<void> => {
    const intake = currentTarget as DataIntake;
    const before = this.#document;
    try {
      const document = parsed(await content.text());
      // Whether it is one of ours is found out before anything of the old one is let go.
      planOf(document, liveOf(this.#app));
      this.#document = document as SetupDocument;
      this.#planned = undefined;
      this.#forgetSecrets();
      this.filter = NO_FILTER;
      this.failure = undefined;
      this.name = name;
      // There may be secrets in it.
      intake.clear();
    } catch (thrown) {
      this.#document = before;
      const failure = failureOf(thrown);
      this.failure = { ...failure, title: `${name} cannot be read as a set-up` };
    }
    this.#app.draw();
    await this.#app.drawn();
    document.querySelector<HTMLElement>(this.failure ? "#setup-refusal" : "#plan-heading")?.focus();
  };

  readonly close = (): void => {
    this.#document = undefined;
    this.#planned = undefined;
    this.#forgetSecrets();
    this.failure = undefined;
    this.#app.draw();
    void this.#app.drawn().then(() => document.querySelector<HTMLElement>("#intake-text")?.focus());
  };

  /** Takes typed secrets out of the page and into memory. */
  readonly giveSecrets = (event: SubmitEvent): void => {
    event.preventDefault();
    for (const input of (event.currentTarget as HTMLFormElement).querySelectorAll<HTMLInputElement>("input[data-key]")) {
      const missing = this.asked.get(input.dataset["key"] ?? "");
      if (missing && input.value) this.typed.set(missing.key, { row: missing.row, leaf: missing.leaf, value: input.value });
      input.value = "";
    }
    this.#app.draw();
  };

  readonly forgetSecret = (key: string): void => {
    this.typed.delete(key);
    this.#app.draw();
  };

  readonly run = async (): Promise<void> => {
    const { entries } = this;
    const calls = callsOf(entries);
    const { clients, modes } = this.#app.connection;
    const deletes = this.rows.filter(({ action }) => action === "delete").length;
    const goOn = await this.#app.ask<boolean>(
      () => html`<run-dialog heading="Make it so?" .calls=${calls} .modes=${modes} .etaMs=${etaMs(clients, calls)} .mustType=${deletes}></run-dialog>`,
    );
    if (goOn) await this.begin(`Set-up (${this.name})`, { entries });
  };

  readonly begin = async (title: string, todo: Todo): Promise<void> => {
    if (!(await this.runs.begin(title, todo))) return;
    this.#app.draw();
    await this.#app.drawn();
    // What was pressed may be gone, and this is what goes on.
    document.querySelector<HTMLElement>(".job h2")?.focus();
  };
}

/** JSON; what is none is said in words that repeat nothing of it. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error("It is not JSON. Nothing was changed.");
  }
}
