import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { plural } from "../../text/visible.js";
import type { Row } from "../../types.js";
import { icon } from "../../widgets/icons.js";
import { Modal } from "../../widgets/modal.js";
import { foreign, providerBadge, sentence } from "../../widgets/parts.js";

const NAMES_SHOWN = 8;

/** Asks before something is done to many sources; before what cannot be taken back, their number must be typed. */
export class BulkDialog extends Modal {
  static override properties = { verb: {}, rows: {}, left: {}, lines: {}, mustType: {}, typed: { state: true }, isWrong: { state: true } };

  /** What is done, as the words of a button begin: "Delete". */
  declare verb: string;
  declare rows: readonly Row[];
  /** Why others that are ticked are left alone; empty: there are none. */
  declare left: string;
  declare lines: readonly string[];
  declare mustType: boolean;
  declare typed: string;
  declare isWrong: boolean;

  constructor() {
    super();
    this.typed = "";
  }

  get #isTyped(): boolean {
    return !this.mustType || this.typed.trim() === String(this.rows.length);
  }

  readonly #submit = (event: Event): void => {
    event.preventDefault();
    this.isWrong = !this.#isTyped;
    if (this.isWrong) this.querySelector<HTMLElement>("#typed-count")?.focus();
    else this.emit("confirmed");
  };

  readonly #type = (event: Event): void => {
    this.typed = (event.target as HTMLInputElement).value;
    this.isWrong = false;
  };

  protected override render(): TemplateResult {
    const { rows, isWrong } = this;
    const action = `${this.verb} ${plural(rows.length, "source")}`;
    return html`<dialog class="confirm" aria-labelledby="bulk-heading" aria-describedby="bulk-lines">
      <form novalidate @submit=${this.#submit}>
        <h2 id="bulk-heading">${action}?</h2>
        <ul class="bulk-names">
          ${rows.slice(0, NAMES_SHOWN).map((row) => html`<li>${providerBadge(row.provider)} <b>${foreign(row.name)}</b></li>`)}
          ${rows.length > NAMES_SHOWN ? html`<li>and ${(rows.length - NAMES_SHOWN).toLocaleString("en")} more</li>` : nothing}
        </ul>
        <div id="bulk-lines">${[...this.lines, this.left].filter(Boolean).map((line) => html`<p>${sentence(line)}</p>`)}</div>
        ${this.mustType
          ? html`<div class="field" data-level=${isWrong ? "error" : nothing}>
              <label class="label" for="typed-count">Type <b class="mono">${rows.length}</b> to confirm</label>
              <input class="input mono" id="typed-count" inputmode="numeric" .value=${live(this.typed)} autocomplete="off" aria-invalid=${isWrong ? "true" : nothing}
                aria-describedby=${isWrong ? "typed-problem" : nothing} @input=${this.#type} />
              ${isWrong ? html`<ul class="problems" id="typed-problem"><li data-level="error">${icon("error")}<span>this is not the number of sources</span></li></ul>` : nothing}
            </div>`
          : nothing}
        <div class="confirm-foot">
          <button type="button" class="button" @click=${() => this.close()}>Cancel</button>
          <button type="submit" class="button danger-fill" aria-disabled=${this.#isTyped ? nothing : "true"}>${action}</button>
        </div>
      </form>
    </dialog>`;
  }
}

customElements.define("bulk-dialog", BulkDialog);
