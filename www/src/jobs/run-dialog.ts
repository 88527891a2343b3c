import { html, nothing, type TemplateResult } from "lit";
import { plural } from "../text/visible.js";
import type { Modes } from "../types.js";
import { icon } from "../widgets/icons.js";
import { Modal } from "../widgets/modal.js";
import { modeBadge, providerBadge } from "../widgets/parts.js";
import { duration } from "./eta.js";
import type { callsOf } from "./job.js";

/** Asks before many calls are sent: how many, of what, where, and how long it takes. Is closed with `true` to go on. */
export class RunDialog extends Modal {
  static override properties = { heading: {}, calls: {}, modes: {}, etaMs: {}, mustType: {}, note: {}, action: {}, isWrong: { state: true } };

  declare heading: string;
  declare calls: ReturnType<typeof callsOf>;
  declare modes: Modes;
  declare etaMs: number;
  /** So many things are deleted: the number must be typed. */
  declare mustType: number;
  /** How it goes on. */
  declare note: string;
  /** On the button. */
  declare action: string;
  declare isWrong: boolean;

  constructor() {
    super();
    this.note = "It can be paused, and goes on after a reload. What may have happened is never repeated by itself.";
    this.action = "Run";
  }

  readonly #submit = (event: Event): void => {
    event.preventDefault();
    const input = this.querySelector<HTMLInputElement>("#typed-count");
    this.isWrong = this.mustType > 0 && input?.value.trim() !== String(this.mustType);
    if (this.isWrong) input?.focus();
    else this.close(true);
  };

  protected override render(): TemplateResult {
    const count = this.calls.reduce((sum, { count }) => sum + count, 0);
    const providers = [...new Set(this.calls.map(({ provider }) => provider))];
    return html`<dialog class="confirm" aria-labelledby="run-heading" aria-describedby="confirm-lines">
      <form novalidate @submit=${this.#submit}>
        <h2 id="run-heading">${this.heading}</h2>
        <p class="confirm-what">${providers.map((provider) => modeBadge(provider, this.modes[provider]))}</p>
        <div id="confirm-lines">
          <p>${plural(count, "call")}, which take ${this.etaMs > 0 ? `at least ${duration(this.etaMs)}` : "a moment"} under the limits:</p>
          <ul class="job-calls">${this.calls.map(({ provider, operation, count }) => html`<li>${providerBadge(provider)} <code>${operation}</code> <b class="numbers">${count.toLocaleString("en")}</b></li>`)}</ul>
          <p>${this.note}</p>
        </div>
        ${this.mustType > 0
          ? html`<div class="field" data-level=${this.isWrong ? "error" : nothing}>
              <label class="label" for="typed-count">${plural(this.mustType, "source is", "sources are")} deleted, which cannot be undone. Type <b class="mono">${this.mustType}</b> to confirm</label>
              <input class="input mono" id="typed-count" inputmode="numeric" autocomplete="off" aria-invalid=${this.isWrong ? "true" : nothing} aria-describedby=${this.isWrong ? "typed-problem" : nothing} @input=${() => (this.isWrong = false)} />
              ${this.isWrong ? html`<ul class="problems" id="typed-problem"><li data-level="error">${icon("error")}<span>this is not the number</span></li></ul>` : nothing}
            </div>`
          : nothing}
        <div class="confirm-foot">
          <button type="button" class="button" @click=${() => this.close()}>Cancel</button>
          <button type="submit" class=${this.mustType > 0 ? "button danger-fill" : "button primary"}>${this.action}</button>
        </div>
      </form>
    </dialog>`;
  }
}

customElements.define("run-dialog", RunDialog);
