import type { ImgixAsset, ImgixAssetChanges } from "image-sources";
import { html, nothing, type TemplateResult } from "lit";
import type { Leaf } from "../../forms/fields.js";
import { type Raw } from "../../forms/values.js";
import { failureOf } from "../../model/failure.js";
import { wordsOf } from "../../text/visible.js";
import type { Failure, Json, Prepared } from "../../types.js";
import { fieldId } from "../../widgets/form-field.js";
import { icon } from "../../widgets/icons.js";
import { FormModal } from "../../widgets/form-modal.js";
import { failureText, foreign } from "../../widgets/parts.js";
import { preparedRequest } from "../../widgets/prepared-request.js";
import { AssetDraft, LEAVES } from "./changes.js";

export interface Saving {
  changes: ImgixAssetChanges;
  merge: boolean;
}

/** What people say of an asset: changed, compared, and sent only then. */
export class AssetEdit extends FormModal {
  static override properties = { ...FormModal.properties, asset: {}, save: {}, prepare: {}, version: { state: true }, isTried: { state: true }, isSaving: { state: true }, failure: { state: true }, prepared: { state: true } };

  declare asset: ImgixAsset;
  declare save: (saving: Saving) => Promise<ImgixAsset | undefined>;
  declare prepare: (saving: Saving) => Promise<Prepared>;
  declare version: number;
  declare isTried: boolean;
  declare isSaving: boolean;
  declare failure: Failure | undefined;
  declare prepared: Prepared | undefined;
  #draft: AssetDraft | undefined;

  protected override get isDirty(): boolean {
    return this.#edited.changed.length > 0;
  }

  /** What it was opened with stays: a newer reading would change the ground under what is being written. */
  get #edited(): AssetDraft {
    return (this.#draft ??= new AssetDraft(this.asset));
  }

  readonly #change = ({ detail }: CustomEvent<{ leaf: Leaf; raw: Raw }>): void => {
    this.#edited.set(detail.leaf, detail.raw);
    void this.#changed();
  };

  readonly #switch = (event: Event): void => {
    this.#edited.merge = (event.target as HTMLInputElement).value === "merge";
    void this.#changed();
  };

  async #changed(): Promise<void> {
    this.isWarned = false;
    const version = (this.version = (this.version ?? 0) + 1);
    const prepared = this.#problems.length > 0 || this.#edited.changed.length === 0 ? undefined : await this.prepare(this.#saving).catch(() => undefined);
    if (version === this.version) this.prepared = prepared;
  }

  get #saving(): Saving {
    return { changes: this.#edited.changes(), merge: this.#edited.merge };
  }

  get #problems(): Leaf[] {
    return LEAVES.filter((leaf) => this.#edited.problem(leaf));
  }

  readonly #submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (this.isSaving) return;
    this.isTried = true;
    const [first] = this.#problems;
    if (first) return document.getElementById(fieldId(first))?.focus();
    if (this.#edited.changed.length === 0) return;
    this.isSaving = true;
    this.failure = undefined;
    try {
      const saved = await this.save(this.#saving);
      if (saved) this.close(saved);
    } catch (thrown) {
      this.failure = failureOf(thrown);
      await this.updateComplete;
      this.querySelector<HTMLElement>(".summary")?.focus();
    }
    this.isSaving = false;
  };

  protected override render(): TemplateResult {
    const draft = this.#edited;
    const isSame = draft.changed.length === 0;
    return html`<dialog class="sheet" aria-labelledby="asset-edit-heading">
      <form novalidate @submit=${this.#submit} @field-change=${this.#change}>
        <header class="sheet-head"><h2 id="asset-edit-heading">Edit asset</h2><button type="button" class="icon-button" aria-label="Close" title="Close (Esc)" @click=${this.leave}>${icon("close")}</button></header>
        <div class="form-body">
          ${this.failure ? html`<div class="summary" tabindex="-1" role="group" aria-labelledby="summary-heading"><h3 id="summary-heading">${this.failure.title}</h3>${failureText(this.failure)}</div>` : nothing}
          <div class="fields">${LEAVES.map((leaf) => html`<form-field .leaf=${leaf} .raw=${draft.raw(leaf)} .updating=${true} .problems=${problemsOf(draft.problem(leaf))}></form-field>`)}</div>
          <fieldset class="choices"><legend>Categories and custom fields <span class="legend-help">are lists that others may have changed meanwhile</span></legend>
            <div class="tiles">
              ${[["replace", "Replace what is stored"], ["merge", "Only add to what is stored"]].map(
                ([value, words]) => html`<label class="tile"><input type="radio" name="merge" value=${value!} .checked=${draft.merge === (value === "merge")} @change=${this.#switch} /><span class="tile-name">${words}</span></label>`,
              )}
            </div>
          </fieldset>
          <section class="changes" aria-live="polite"><h3>What changes</h3>
            ${isSame
              ? html`<p class="help">Nothing yet.</p>`
              : html`<dl class="asset-diff">${draft.differences().map(({ name, before, after }) => html`<div><dt>${wordsOf(name)}</dt><dd><del><span class="visually-hidden">before: </span>${printed(before)}</del><ins><span class="visually-hidden">after: </span>${printed(after)}</ins></dd></div>`)}</dl>`}
          </section>
          ${isSame ? nothing : html`<details class="more"><summary>The request <span class="count">before it is sent</span></summary>
            ${this.prepared ? html`${draft.merge ? html`<p class="preview-none">Before it is sent, it is completed by what is stored then.</p>` : nothing}${preparedRequest("imgix", this.prepared)}` : html`<p class="preview-none">Nothing can be sent yet: there are problems to solve first.</p>`}
          </details>`}
        </div>
        <footer class="sheet-foot"><p class="foot-note" role="status">${this.isTried && isSame ? "Nothing is changed." : this.warning}</p>
          <button type="button" class="button" @click=${this.leave}>${this.leaveWords}</button>
          <button type="submit" class="button primary" aria-disabled=${this.isSaving || isSame ? "true" : nothing}>${this.isSaving ? "Saving …" : "Save"}</button></footer>
      </form>
    </dialog>`;
  }
}

const problemsOf = (message: string) => (message ? [{ field: "", code: "value", message, level: "error" }] : []);

/** A value as it stands in a comparison. */
function printed(value: Json | undefined): TemplateResult {
  const text = value == null || value === "" ? "" : Array.isArray(value) ? value.join("\n") : typeof value === "object" ? Object.entries(value).map(([name, item]) => `${name} = ${String(item)}`).join("\n") : String(value);
  return text === "" ? html`<span class="none">nothing</span>` : html`${text.split("\n").map((line) => html`<span class="diff-line">${foreign(line)}</span>`)}`;
}

customElements.define("asset-edit", AssetEdit);
