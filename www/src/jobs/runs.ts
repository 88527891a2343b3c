// The jobs of one screen: those under way, and those that an earlier visit left.
import type { App } from "../app.js";
import { failureOf } from "../model/failure.js";
import type { Failure } from "../types.js";
import type { Entry, Head } from "./job.js";
import { lockOf, Run, type Runner, type Todo } from "./run.js";
import * as storage from "./storage.js";

const REDRAW_MS = 100;

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
  /** Calls that have a request on its way. */
  readonly #inAir = new Set<number>();

  /** `rested`: a job has ended or paused. */
  constructor(app: App, screen: string, rested: (run: Run) => void = () => {}) {
    this.#app = app;
    this.#screen = screen;
    this.#rested = rested;
    addEventListener("online", () => this.failure && void this.load());
    app.log.listen(({ type, call }) => {
      if (type === "request") this.#inAir.add(call);
      else if (type === "response" || type === "retry" || type === "end") this.#inAir.delete(call);
    });
  }

  /** The newest first. */
  get all(): readonly Run[] {
    return this.#runs;
  }

  get isAnyRunning(): boolean {
    return this.#runs.some(({ state }) => state === "running" || state === "pausing");
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
      rested: (run) => {
        this.#rested(run);
        this.#draw();
      },
    };
  }

  /** So many results come in a second that not each is worth drawing. */
  #draw(): void {
    if (this.#isDrawing) return;
    this.#isDrawing = true;
    setTimeout(() => {
      this.#isDrawing = false;
      this.#app.draw();
    }, REDRAW_MS);
  }
}
