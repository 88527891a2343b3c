import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { visible } from "../text/visible.js";
import type { Failure, Mode, ProviderName } from "../types.js";
import { icon } from "./icons.js";
import { Modal } from "./modal.js";
import { failureText, foreign, modeBadge, sentence } from "./parts.js";

/** Asks before something that cannot be taken back; where it is worst, the name must be typed. */
export class ConfirmDialog extends Modal {
  static override properties = {
    heading: {}, name: {}, provider: {}, mode: {}, lines: {}, action: {}, mustType: {}, isBusy: {}, failure: {}, typed: { state: true }, isWrong: { state: true },
  };

  declare heading: string;
  /** Of what. */
  declare name: string;
  declare provider: ProviderName;
  declare mode: Mode | undefined;
  declare lines: string[];
  declare action: string;
  declare mustType: boolean;
  declare isBusy: boolean;
  declare failure: Failure | undefined;
  declare typed: string;
  declare isWrong: boolean;

  constructor() {
    super();
    this.typed = "";
  }

  /** Of what cannot be seen its mark is typed. */
  get #isTyped(): boolean {
    return !this.mustType || this.typed === this.name || this.typed === visible(this.name);
  }

  readonly #submit = (event: Event): void => {
    event.preventDefault();
    if (this.isBusy) return;
    this.isWrong = !this.#isTyped;
    if (this.isWrong) this.querySelector<HTMLElement>("#typed-name")?.focus();
    else this.emit("confirmed");
  };

  protected override render(): TemplateResult {
    return html`<dialog class="confirm" aria-labelledby="confirm-heading" aria-describedby="confirm-lines">
      <form novalidate @submit=${this.#submit}>
        <h2 id="confirm-heading">${this.heading}</h2>
        <p class="confirm-what"><strong>${foreign(this.name)}</strong> ${modeBadge(this.provider, this.mode)}</p>
        <div id="confirm-lines">${this.lines.map((line) => html`<p>${sentence(line)}</p>`)}</div>
        ${this.mustType
          ? html`<div class="field" data-level=${this.isWrong ? "error" : nothing}>
              <label class="label" for="typed-name">Type <b class="mono">${visible(this.name)}</b> to confirm</label>
              <input class="input mono" id="typed-name" .value=${live(this.typed)} autocomplete="off" spellcheck="false" autocapitalize="off" aria-invalid=${this.isWrong ? "true" : nothing}
                aria-describedby=${this.isWrong ? "typed-problem" : nothing} @input=${this.#type} />
              ${this.isWrong ? html`<ul class="problems" id="typed-problem"><li data-level="error">${icon("error")}<span>this is not the name</span></li></ul>` : nothing}
            </div>`
          : nothing}
        ${this.failure ? html`<div class="notice" data-level="error" role="alert"><h3>${this.failure.title}</h3>${failureText(this.failure)}</div>` : nothing}
        <div class="confirm-foot">
          <button type="button" class="button" @click=${() => this.close()}>Cancel</button>
          <button type="submit" class="button danger-fill" aria-disabled=${this.isBusy || !this.#isTyped ? "true" : nothing}>${this.isBusy ? "Working …" : this.action}</button>
        </div>
      </form>
    </dialog>`;
  }

  readonly #type = (event: Event): void => {
    this.typed = (event.target as HTMLInputElement).value;
    this.isWrong = false;
  };
}

customElements.define("confirm-dialog", ConfirmDialog);
