import { html, nothing, type TemplateResult } from "lit";
import { operation } from "../../model/capabilities.js";
import { failureOf } from "../../model/failure.js";
import type { Failure, Prepared } from "../../types.js";
import { icon } from "../../widgets/icons.js";
import { Modal } from "../../widgets/modal.js";
import { failureText, sentence } from "../../widgets/parts.js";

/** Makes a file known that is in the storage already. */
export class AssetAdd extends Modal {
  static override properties = { add: {}, prepare: {}, problem: { state: true }, isBusy: { state: true }, failure: { state: true } };

  /** Gives whether it was done. */
  declare add: (path: string) => Promise<boolean>;
  /** Finds what is wrong with a path, before anything is sent. */
  declare prepare: (path: string) => Promise<Prepared>;
  declare problem: string | undefined;
  declare isBusy: boolean;
  declare failure: Failure | undefined;

  readonly #submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (this.isBusy) return;
    const input = this.querySelector<HTMLInputElement>("#add-path")!;
    const path = input.value.trim().replace(/^\/+/, "");
    this.failure = undefined;
    this.isBusy = true;
    try {
      await this.prepare(path);
      this.problem = undefined;
      if (await this.add(path)) this.close(path);
    } catch (thrown) {
      const failure = failureOf(thrown);
      if (failure.title === "Nothing was sent") this.problem = failure.problems[0]?.message ?? failure.message;
      else this.failure = failure;
      input.focus();
    }
    this.isBusy = false;
  };

  protected override render(): TemplateResult {
    const about = operation("imgix", "assets.add");
    return html`<dialog class="confirm" aria-labelledby="add-heading">
      <form novalidate @submit=${this.#submit}>
        <h2 id="add-heading">Add an asset by its path</h2>
        <p class="help">${sentence(about?.help ?? "")} Needs the permission ${about?.permission}.</p>
        <div class="field" data-level=${this.problem ? "error" : nothing}>
          <label class="label" for="add-path">Path in the storage</label>
          <input class="input mono" id="add-path" placeholder="products/shirt.jpg" autocomplete="off" spellcheck="false" autocapitalize="off" aria-invalid=${this.problem ? "true" : nothing} aria-describedby=${this.problem ? "add-problem" : nothing} />
          ${this.problem ? html`<ul class="problems" id="add-problem"><li data-level="error">${icon("error")}<span>${sentence(this.problem)}</span></li></ul>` : nothing}
        </div>
        ${this.failure ? html`<div class="notice" data-level="error" role="alert"><h3>${this.failure.title}</h3>${failureText(this.failure)}</div>` : nothing}
        <div class="confirm-foot"><button type="button" class="button" @click=${() => this.close()}>Cancel</button><button type="submit" class="button primary" aria-disabled=${this.isBusy ? "true" : nothing}>${this.isBusy ? "Adding …" : "Add"}</button></div>
      </form>
    </dialog>`;
  }
}

customElements.define("asset-add", AssetAdd);
