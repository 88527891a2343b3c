// The state of the screen: the jobs of the gateway, looked at again and again while it is shown, and the one that is open.
import { html } from "lit";
import type { App } from "../../app.js";
import { asked, askedFor, linesOf, refusalOf } from "../../gateway/answers.js";
import { type Columns, FileOnItsWay, type Format, isoTime } from "../../gateway/files.js";
import { doVerb, type EdgeItem, type EdgeJob, isCalm, labelOf, type Verb } from "../../gateway/jobs.js";
import { textOf } from "../../text/given.js";
import { plural } from "../../text/visible.js";
import type { Failure } from "../../types.js";
import "../../jobs/run-dialog.js";

/** How often is looked while something runs, and while nothing does. */
const RUNNING_MS = 1_500;
const RESTING_MS = 10_000;
const SLOW_MS = 300;
/** So many items of each kind are shown. */
const MOST = 100;
/** The items of longer jobs are not read again while they run. */
const SHORT_JOB = 5_000;

const COLUMNS: Columns<EdgeItem> = [
  ["item", ({ seq }) => textOf(seq)],
  ["state", ({ state }) => textOf(state)],
  ["what", (item) => labelOf(item)],
  ["time", ({ at }) => isoTime(at)],
  ["request id", ({ requestId }) => textOf(requestId)],
  ["made", ({ value }) => textOf(value?.id)],
  ["message", ({ error }) => textOf(error)],
  ["arguments", ({ args }) => JSON.stringify(args)],
];

/** What went wrong in the job that is open, or may have. */
export interface Problems {
  rows: EdgeItem[];
  /** How many there were when it was read. */
  count: number;
  isLoading: boolean;
  failure?: Failure;
}

export class Jobs {
  readonly app: App;
  readonly file: FileOnItsWay<EdgeItem>;
  /** Newest first; nothing before the first look. */
  all: readonly EdgeJob[] | undefined;
  /** Why the last look failed. */
  failure: Failure | undefined;
  isSlow = false;
  /** What is being done with the job that is open, and why it was not done. */
  doing: Verb | undefined;
  refusal: Failure | undefined;
  problems: Problems | undefined;
  /** One that is so old that the list does not have it. */
  #single: EdgeJob | undefined;
  #of = "";
  #looking = new AbortController();
  #reading = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isShown = false;

  constructor(app: App) {
    this.app = app;
    this.file = new FileOnItsWay(COLUMNS, () => app.draw());
  }

  get isThere(): boolean {
    return this.app.connection.gateway !== undefined && !(this.failure?.status === 404);
  }

  get opened(): string {
    return this.app.route.given["job"] ?? "";
  }

  get job(): EdgeJob | undefined {
    return this.all?.find(({ id }) => id === this.opened) ?? (this.#single?.id === this.opened ? this.#single : undefined);
  }

  get mayWrite(): boolean {
    return this.app.connection.may?.["write"] !== false;
  }

  get #ask() {
    return this.app.connection.gateway!.ask;
  }

  enter(): void {
    if (!this.app.connection.gateway) return;
    this.#isShown = true;
    document.addEventListener("visibilitychange", this.look);
    addEventListener("online", this.look);
    this.look();
  }

  leave(): void {
    this.#isShown = false;
    document.removeEventListener("visibilitychange", this.look);
    removeEventListener("online", this.look);
    clearTimeout(this.#timer);
    this.#looking.abort();
    this.#reading.abort();
  }

  /** What was said of another job is not said of this one. */
  sync(): void {
    if (this.opened === this.#of) return;
    this.#of = this.opened;
    this.#reading.abort();
    Object.assign(this, { refusal: undefined, problems: undefined });
    this.file.stop();
    if (this.opened && this.all && !this.job) queueMicrotask(this.look);
  }

  /** Nobody looks at a page that is hidden, so it does not ask. */
  readonly look = (): void => {
    if (this.#isShown && !document.hidden) void this.#look();
  };

  async #look(): Promise<void> {
    clearTimeout(this.#timer);
    this.#looking.abort();
    const { signal } = (this.#looking = new AbortController());
    const slow = setTimeout(() => {
      this.isSlow = true;
      this.app.draw();
    }, SLOW_MS);
    try {
      const { jobs } = await askedFor<{ jobs: EdgeJob[] }>(this.#ask, "jobs", { signal });
      const { opened } = this;
      const single = opened && !jobs.some(({ id }) => id === opened) ? await askedFor<EdgeJob>(this.#ask, `jobs/${encodeURIComponent(opened)}`, { signal }).catch(() => undefined) : undefined;
      if (signal.aborted) return;
      this.all = jobs;
      this.#single = single;
      this.failure = undefined;
    } catch (thrown) {
      if (signal.aborted) return;
      this.failure = refusalOf(thrown);
    } finally {
      clearTimeout(slow);
    }
    this.isSlow = false;
    this.app.draw();
    this.#readNews();
    if (this.isThere) this.#timer = setTimeout(this.look, this.all?.some(({ state, sent }) => state === "running" || sent > 0) ? RUNNING_MS : RESTING_MS);
  }

  readonly open = async (id: string): Promise<void> => {
    this.app.go({ job: id });
    await this.app.drawn();
    document.querySelector<HTMLElement>("#job-heading")?.focus();
  };

  readonly close = async (): Promise<void> => {
    const id = this.opened;
    if (!id) return;
    this.app.go({ job: "" });
    await this.app.drawn();
    (document.querySelector<HTMLElement>(`[data-job="${CSS.escape(id)}"] a`) ?? document.querySelector<HTMLElement>("h1"))?.focus();
  };

  // What is done with it

  /** Says how many calls and how long, and begins. */
  readonly start = async (): Promise<void> => {
    const { job, app } = this;
    if (!job || this.doing) return;
    const { provider, operation, planned, etaMs } = job;
    const note = "It goes on at the gateway when this page is closed, and whoever may write here can pause it. What may have happened is looked up, and never repeated by itself.";
    const deletes = operation.endsWith(".delete") ? planned : 0;
    const goOn = await app.ask<boolean>(
      () => html`<run-dialog heading="Start it at the gateway?" .calls=${[{ provider, operation, count: planned }]} .modes=${app.connection.modes} .etaMs=${etaMs} .mustType=${deletes} .note=${note} .action=${"Start"}></run-dialog>`,
    );
    if (goOn) await this.#send("start");
  };

  readonly resume = (): Promise<void> => this.#send("resume");
  readonly pause = (): Promise<void> => this.#send("pause");
  readonly retryFailed = (): Promise<void> => this.#send("retry?state=failed");

  /** Ends it for good; one that was never started is only put away. */
  readonly cancel = async (): Promise<void> => {
    const { job, app } = this;
    if (!job) return;
    const lines = [`${plural(job.planned, "call")} will not be done, and the job cannot be gone on with. What is under way comes to its end.`];
    const goOn = job.state === "planned" || (await this.#confirm("Cancel the job?", "Cancel the job", lines));
    if (goOn && app.route.view === "jobs") await this.#send("cancel");
  };

  readonly retryUnknown = async (): Promise<void> => {
    const { job } = this;
    const lines = ["Nobody knows whether these calls happened, and looking for them told nothing. What is sent again may be done twice."];
    if (job && (await this.#confirm(`Send ${plural(job.unknown, "call")} again?`, "Send again", lines))) await this.#send("retry?state=unknown");
  };

  #confirm(heading: string, action: string, lines: string[]): Promise<boolean | undefined> {
    const { provider, operation } = this.job!;
    return this.app.ask<boolean>(
      (close) => html`<confirm-dialog .heading=${heading} .name=${operation} .provider=${provider} .mode=${this.app.connection.modes[provider]} .lines=${lines} .action=${action} @confirmed=${() => close(true)}></confirm-dialog>`,
      () => import("../../widgets/confirm-dialog.js"),
    );
  }

  async #send(verb: Verb): Promise<void> {
    const { job, app } = this;
    if (!job || this.doing) return;
    if (!isCalm(verb) && !(await app.mayWrite(job.provider))) return;
    this.doing = verb;
    this.refusal = undefined;
    app.draw();
    try {
      const told = await doVerb(app.connection, job, verb);
      this.all = this.all?.map((one) => (one.id === told.id ? told : one));
      if (this.#single?.id === told.id) this.#single = told;
    } catch (thrown) {
      this.refusal = refusalOf(thrown);
    }
    this.doing = undefined;
    app.draw();
    this.look();
    await app.drawn();
    // What was pressed may be gone.
    if (document.activeElement === document.body) document.querySelector<HTMLElement>("#job-heading")?.focus();
  }

  // What went wrong

  readonly toggleProblems = (isOpen: boolean): void => {
    if (isOpen && !this.problems) void this.readProblems();
  };

  #readNews(): void {
    const { job, problems } = this;
    if (job && problems && !problems.isLoading && !problems.failure && problems.count !== job.failed + job.unknown && (job.state !== "running" || job.total <= SHORT_JOB)) void this.readProblems();
  }

  /** The gateway tells all items; reading ends when those that matter have come. */
  readonly readProblems = async (): Promise<void> => {
    const { job } = this;
    if (!job) return;
    this.#reading.abort();
    const { signal } = (this.#reading = new AbortController());
    const count = job.failed + job.unknown;
    const found: Record<"failed" | "unknown", EdgeItem[]> = { failed: [], unknown: [] };
    this.problems = { rows: this.problems?.rows ?? [], count, isLoading: true };
    this.app.draw();
    try {
      let seen = 0;
      for await (const item of linesOf<EdgeItem>(await asked(this.#ask, `jobs/${encodeURIComponent(job.id)}/export`, { signal }))) {
        if (item.state !== "failed" && item.state !== "unknown") continue;
        seen += 1;
        if (found[item.state].length < MOST) found[item.state].push(item);
        if (seen === count || (found.failed.length >= Math.min(MOST, job.failed) && found.unknown.length >= Math.min(MOST, job.unknown))) break;
      }
      if (!signal.aborted) this.problems = { rows: [...found.unknown, ...found.failed], count, isLoading: false };
    } catch (thrown) {
      if (!signal.aborted) this.problems = { rows: this.problems?.rows ?? [], count, isLoading: false, failure: refusalOf(thrown) };
    }
    this.app.draw();
  };

  readonly export = async (format: Format): Promise<void> => {
    const { job } = this;
    if (!job) return;
    const count = await this.file.save(`job-${job.operation}-${isoTime(job.created).slice(0, 19).replaceAll(":", "")}`, format, (signal) => asked(this.#ask, `jobs/${encodeURIComponent(job.id)}/export`, { signal }));
    if (count !== undefined) this.app.say(`Saved as a file: ${plural(count, "item")}`);
  };
}
