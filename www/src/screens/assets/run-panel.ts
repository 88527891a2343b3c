import { html, nothing, type TemplateResult } from "lit";
import { plural, visible } from "../../text/visible.js";
import { duration } from "../../text/duration.js";
import "../../widgets/copy-button.js";
import { Widget } from "../../widgets/element.js";
import { icon } from "../../widgets/icons.js";
import { failureText, foreign, sentence } from "../../widgets/parts.js";
import { HOLD_MS, type Outcome, printed, type Result, type Run } from "./run.js";

const SHOWN = 100;
const WORDS: Record<Outcome, string> = { ok: "done", failed: "failed", unknown: "unknown", unsent: "not sent" };
const ORDER: Outcome[] = ["failed", "unknown", "unsent", "ok"];

/** Something done to one asset or many: held, under way, and what came of each. */
export class RunPanel extends Widget {
  static override properties = { run: {}, wait: {}, version: {} };

  declare run: Run;
  /** Why it stands still. */
  declare wait: string;
  /** Tells that something of the run has changed. */
  declare version: number;

  override focus(): void {
    this.querySelector<HTMLElement>("button")?.focus();
  }

  #hadFocus = false;

  protected override willUpdate(): void {
    this.#hadFocus = this.contains(document.activeElement);
  }

  /** What was pressed is gone: what says what came of it has the focus then. */
  protected override updated(): void {
    if (this.#hadFocus && !this.contains(document.activeElement)) this.querySelector<HTMLElement>(".run-words")?.focus();
  }

  protected override render(): TemplateResult {
    const { run } = this;
    const { title, targets } = run.work;
    const what = targets.length === 1 ? html`<span class="mono">${foreign(targets[0]!.path)}</span>` : plural(targets.length, "asset");
    return html`<section class="box asset-run" data-state=${run.state} aria-label="${title}">
      <div class="asset-run-head">
        <p class="run-words" role="status" tabindex="-1">${this.#words(what)}</p>
        ${run.state === "held" ? html`<button type="button" class="button" data-action="undo" @click=${() => run.undo()}>Undo</button><button type="button" class="link-button" @click=${() => run.now()}>${title} now</button>` : nothing}
        ${run.state === "running" ? html`<button type="button" class="button danger" data-action="stop" @click=${() => run.stop()}>Stop</button>` : nothing}
        ${run.isOpen ? nothing : html`<button type="button" class="icon-button" aria-label="Close ${title.toLowerCase()}" title="Close" @click=${() => this.emit("run-close", { run })}>${icon("close")}</button>`}
      </div>
      ${run.state === "held" ? html`<div class="hold" aria-hidden="true"></div>` : nothing}
      ${targets.length > 1 && run.state !== "held" && run.state !== "undone" ? html`<progress max=${targets.length} .value=${run.progress.done} aria-label="${title}"></progress>` : nothing}
      ${this.wait ? html`<p class="help" role="status">${this.wait}.</p>` : nothing}
      ${run.failure ? html`<div class="notice" data-level="error" role="alert"><h3>${icon("error")}${run.failure.title}</h3>${failureText(run.failure)}</div>` : nothing}
      ${run.state === "over" ? this.#results(run.results()) : nothing}
    </section>`;
  }

  #words(what: TemplateResult | string): TemplateResult | string {
    const { run } = this;
    const { title, targets } = run.work;
    const { done, ok, failed, unknown } = run.progress;
    const eta = run.etaMs > 0 ? ` At the pace its limit allows it takes about ${duration(run.etaMs)}.` : "";
    switch (run.state) {
      case "held":
        return html`${title} ${what}: begins in ${HOLD_MS / 1000} seconds.${eta}`;
      case "undone":
        return html`${title} ${what}: taken back, nothing was sent.`;
      case "running":
        return targets.length === 1 ? html`${title} ${what} …` : html`${title}: ${done} of ${plural(targets.length, "asset")}${failed > 0 ? `, ${failed} failed` : ""}.${done === 0 ? eta : ""}`;
      case "stopping":
        return "Stopping …";
      case "over": {
        const rest = targets.length - done;
        const parts = [`${ok} done`, failed && `${failed} failed`, unknown && `${unknown} unknown`, rest && `${rest} not sent or not waited for`].filter(Boolean).join(", ");
        return html`${title} ${what}: ${targets.length === 1 && ok === 1 ? "done" : parts}.`;
      }
    }
  }

  #results(results: Result[]): TemplateResult | typeof nothing {
    const isPlain = results.every(({ outcome, words }) => outcome === "ok" && !words);
    if (results.length === 1 && isPlain) return nothing;
    const sorted = isPlain ? results : [...results].sort((a, b) => ORDER.indexOf(a.outcome) - ORDER.indexOf(b.outcome));
    const left = this.run.left().length;
    return html`<details class="more" ?open=${!isPlain}><summary>What came of each</summary>
      <ul class="outcomes">${sorted.slice(0, SHOWN).map(({ path, outcome, words }) => html`<li data-outcome=${outcome}><span class="outcome">${WORDS[outcome]}</span> <span class="mono">${foreign(path)}</span>${words ? html` <span class="help">${sentence(words)}</span>` : nothing}</li>`)}</ul>
      <div class="box-foot">${sorted.length > SHOWN ? html`<p class="help">${plural(sorted.length - SHOWN, "more")}; all of them are in the copy.</p>` : nothing}
        <span class="with-copy help">All results<copy-button .text=${printed(results)} label="all results"></copy-button></span>
        ${left > 0 ? html`<button type="button" class="button" @click=${() => this.emit("run-again", { run: this.run })}>Retry ${visible(plural(left, "asset"))}</button>` : nothing}
      </div></details>`;
  }
}

customElements.define("run-panel", RunPanel);
