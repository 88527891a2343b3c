// The jobs of one screen: those under way, and those that an earlier visit left.
import type { App } from "../app.js";
import { failureOf } from "../model/failure.js";
import type { Failure } from "../types.js";
import type { Entry, Head } from "./job.js";
import { busyAt, lockOf, Run, type Runner, type Todo } from "./run.js";
import * as storage from "./storage.js";

const REDRAW_MS = 100;

/** Told to the other tabs: a job has begun or come to rest there. */
interface Told {
  where: string;
  /** What is live may be another now. */
  isOfSources: boolean;
}

const tabs = new BroadcastChannel("image-sources-jobs");

const isOfSources = ({ entries }: Run): boolean => entries.some(({ steps }) => steps.some(({ operation }) => operation.startsWith("sources.")));

/** To whom the page is connected, in a word that tells one place from another. */
const placeOf = ({ connection: { kind, to, account, modes } }: App): string => JSON.stringify([kind, to, account, Object.entries(modes).sort()]);

export class Runs {
  readonly #app: App;
  readonly #screen: string;
  readonly #rested: (run: Run) => void;
  #runs: Run[] = [];
  #isLoading = false;
  #isDrawing = false;
  failure: Failure | undefined;
  /** The job that had the focus when something changed. */
  #focused: HTMLElement | undefined;
  /** Calls that have a request on its way. */
  readonly #inAir = new Set<number>();

  /** `rested`: a job has ended or paused. */
  constructor(app: App, screen: string, rested: (run: Run) => void = () => {}) {
    this.#app = app;
    this.#screen = screen;
    this.#rested = rested;
    addEventListener("online", () => this.failure && void this.load());
    tabs.addEventListener("message", ({ data }: MessageEvent<Told>) => {
      if (data?.where !== placeOf(app)) return;
      void this.load();
      if (data.isOfSources) void app.store.loadAll();
    });
    app.log.listen(({ type, call }) => {
      if (type === "request") this.#inAir.add(call);
      else if (type === "response" || type === "retry" || type === "end") this.#inAir.delete(call);
    });
  }

  /** The newest first. */
  get all(): readonly Run[] {
    return this.#runs;
  }

  /** Here or in another tab. */
  get isAnyRunning(): boolean {
    return this.#runs.some(({ state }) => state === "running" || state === "pausing" || state === "elsewhere");
  }

  /** Finds what is stored and not known yet. */
  async load(): Promise<void> {
    if (this.#isLoading) return;
    this.#isLoading = true;
    try {
      const held = (await navigator.locks?.query())?.held?.map(({ name }) => name) ?? [];
      for (const head of await storage.heads()) {
        if (head.screen !== this.#screen || this.#runs.some((run) => run.head.id === head.id)) continue;
        const run = await Run.restore(this.#runner, head);
        if (run && held.includes(lockOf(head.id))) void run.follow();
        if (run && !this.#runs.some(({ head: { id } }) => id === head.id)) this.#runs = [run, ...this.#runs];
      }
      this.failure = undefined;
    } catch (thrown) {
      this.failure = { ...failureOf(thrown), title: "Earlier runs cannot be read" };
    }
    this.#isLoading = false;
    this.#draw();
  }

  async begin(title: string, todo: Todo): Promise<Run | undefined> {
    if (todo.entries.length === 0 || !(await this.#mayWrite(todo.entries))) return undefined;
    const busy = await busyAt(placeOf(this.#app), todo.entries);
    if (busy) {
      this.failure = { ...failureOf(busy), title: "Nothing was begun" };
      this.#draw();
      return undefined;
    }
    try {
      const run = await Run.begin(this.#runner, { screen: this.#screen, title, where: placeOf(this.#app) }, todo);
      this.#runs = [run, ...this.#runs];
      this.failure = undefined;
      void run.start();
      this.#draw();
      return run;
    } catch (thrown) {
      this.failure = { ...failureOf(thrown), title: "Nothing was begun: this browser does not keep what is needed to go on after a reload" };
      this.#draw();
      return undefined;
    }
  }

  async resume(run: Run): Promise<void> {
    if (this.isHere(run.head) && (await this.#mayWrite(run.entries))) await run.start();
  }

  /** Was it begun where the page is connected now? */
  isHere(head: Head): boolean {
    return head.where === placeOf(this.#app);
  }

  /** Forgets a job that does not run. */
  async forget(run: Run): Promise<void> {
    this.#runs = this.#runs.filter((one) => one !== run);
    this.#draw();
    await storage.forget(run.head.id);
  }

  async #mayWrite(entries: readonly Entry[]): Promise<boolean> {
    for (const provider of new Set(entries.map(({ provider }) => provider))) if (!(await this.#app.mayWrite(provider))) return false;
    return true;
  }

  get #runner(): Runner {
    return {
      clients: this.#app.connection.clients,
      isAnyInAir: () => this.#inAir.size > 0,
      changed: () => this.#draw(),
      begun: (run) => this.#tell(run),
      rested: (run) => {
        this.#rested(run);
        if (isOfSources(run)) void this.#app.store.loadAll();
        this.#tell(run);
        this.#draw();
      },
    };
  }

  #tell(run: Run): void {
    tabs.postMessage({ where: run.head.where, isOfSources: isOfSources(run) } satisfies Told);
  }

  /** So many results come in a second that not each is worth drawing. */
  #draw(): void {
    this.#focused = document.activeElement?.closest<HTMLElement>(".job") ?? this.#focused;
    if (this.#isDrawing) return;
    this.#isDrawing = true;
    setTimeout(() => {
      this.#isDrawing = false;
      const job = this.#focused;
      this.#focused = undefined;
      this.#app.draw();
      if (job) void this.#app.drawn().then(() => keepFocus(job));
    }, REDRAW_MS);
  }
}

/** The button that was pressed may be gone, and so may its job. */
function keepFocus(job: HTMLElement): void {
  if (document.activeElement !== document.body) return;
  (job.isConnected ? job : document).querySelector<HTMLElement>(".job h2, main h1")?.focus();
}
