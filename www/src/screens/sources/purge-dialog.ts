import { html, nothing, type TemplateResult } from "lit";
import { failureOf } from "../../model/failure.js";
import type { Failure } from "../../types.js";
import { icon } from "../../widgets/icons.js";
import { Modal } from "../../widgets/modal.js";
import { failureText, sentence } from "../../widgets/parts.js";

/** Purges one image of a source, by the address under which it is served. */
export class PurgeDialog extends Modal {
  static override properties = { heading: {}, start: {}, help: {}, purge: {}, problem: { state: true }, isBusy: { state: true }, failure: { state: true } };

  declare heading: string;
  /** What addresses of this source begin with. */
  declare start: string;
  declare help: string;
  /** Throws what the package throws. */
  declare purge: (address: string) => Promise<void>;
  declare problem: string | undefined;
  declare isBusy: boolean;
  declare failure: Failure | undefined;

  protected override firstUpdated(): void {
    super.firstUpdated();
    const input = this.querySelector<HTMLInputElement>("#purge-address")!;
    input.value = this.start;
    input.focus();
  }

  readonly #submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (this.isBusy) return;
    const input = this.querySelector<HTMLInputElement>("#purge-address")!;
    const address = input.value.trim();
    this.failure = this.problem = undefined;
    if (!address.startsWith(this.start) || address.length <= this.start.length) this.problem = `the address of an image begins with \`${this.start}\` and goes on`;
    else {
      this.isBusy = true;
      try {
        await this.purge(address);
        this.close();
      } catch (thrown) {
        this.failure = failureOf(thrown);
      }
      this.isBusy = false;
    }
    input.focus();
  };

  protected override render(): TemplateResult {
    const { problem, failure } = this;
    return html`<dialog class="confirm" aria-labelledby="purge-heading">
      <form novalidate @submit=${this.#submit}>
        <h2 id="purge-heading">${this.heading}</h2>
        <p class="help">${sentence(this.help)}</p>
        <div class="field" data-level=${problem ? "error" : nothing}>
          <label class="label" for="purge-address">Address of the image</label>
          <input class="input mono" id="purge-address" inputmode="url" autocomplete="off" spellcheck="false" autocapitalize="off" aria-invalid=${problem ? "true" : nothing} aria-describedby=${problem ? "purge-problem" : nothing} />
          ${problem ? html`<ul class="problems" id="purge-problem"><li data-level="error">${icon("error")}<span>${sentence(problem)}</span></li></ul>` : nothing}
        </div>
        ${failure ? html`<div class="notice" data-level="error" role="alert"><h3>${failure.title}</h3>${failureText(failure)}</div>` : nothing}
        <div class="confirm-foot"><button type="button" class="button" @click=${() => this.close()}>Close</button><button type="submit" class="button primary" aria-disabled=${this.isBusy ? "true" : nothing}>${this.isBusy ? "Purging …" : "Purge"}</button></div>
      </form>
    </dialog>`;
  }
}

customElements.define("purge-dialog", PurgeDialog);
