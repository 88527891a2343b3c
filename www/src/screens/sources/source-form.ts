import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { Draft } from "../../forms/draft.js";
import type { Leaf } from "../../forms/fields.js";
import { type Sorted, sortProblems } from "../../forms/problems.js";
import type { Raw } from "../../forms/values.js";
import type { Modes } from "../../types.js";
import { PROVIDERS, sourceForm } from "../../package.js";
import { visible, wordsOf } from "../../text/visible.js";
import type { Failure, Prepared, Problem, ProviderName, Source } from "../../types.js";
import { fieldId } from "../../widgets/form-field.js";
import { icon } from "../../widgets/icons.js";
import { FormModal } from "../../widgets/form-modal.js";
import { modeBadge, sentence } from "../../widgets/parts.js";
import { problemSummary } from "./problem-summary.js";
import { review } from "./review.js";
import "./request-preview.js";

interface FieldEvent {
  leaf: Leaf;
  raw: Raw;
}

/** Creates or changes a source. Every field comes from the package's description of the form. */
export class SourceFormDialog extends FormModal {
  static override properties = {
    ...FormModal.properties, source: {}, provider: {}, heading: {}, modes: {}, prepare: {}, failure: {}, isSaving: {},
    draft: { state: true }, shown: { state: true }, version: { state: true }, isReview: { state: true },
  };

  /** The source to change; none: a new one. */
  declare source: Source | undefined;
  declare provider: ProviderName | "";
  declare heading: string;
  declare modes: Modes;
  /** What would be sent. */
  declare prepare: (provider: ProviderName, input: object) => Promise<Prepared>;
  declare failure: Failure | undefined;
  declare isSaving: boolean;
  declare draft: Draft | undefined;
  /** Problems that are shown: those of fields somebody has left, or all after saving was tried. */
  declare shown: Problem[];
  declare version: number;
  /** All is filled in, and what it does is shown before it is sent. */
  declare isReview: boolean;
  readonly #left = new Set<string>();
  #wasTried = false;

  constructor() {
    super();
    this.shown = [];
    this.version = 0;
    this.isReview = false;
  }

  protected override get isDirty(): boolean {
    return this.draft?.isDirty ?? false;
  }

  override willUpdate(changed: PropertyValues): void {
    if (!this.hasUpdated && this.provider) this.draft = new Draft(this.provider, this.source);
    // The provider may have something to say about single fields.
    if (changed.has("failure") && this.failure) this.isReview = false;
    if (changed.has("failure") && this.failure) this.shown = [...this.shown.filter(({ level }) => level === "warning"), ...this.failure.problems];
  }

  override updated(changed: PropertyValues): void {
    if (changed.has("failure") && this.failure) void this.#toSummary();
  }

  protected override firstUpdated(): void {
    super.firstUpdated();
    this.dialog.querySelector<HTMLElement>(this.source ? ".tile :checked" : ".tile input")?.focus();
  }

  #choose(provider: ProviderName): void {
    this.provider = provider;
    this.draft = new Draft(provider);
    this.#restart();
  }

  #restart(): void {
    this.#left.clear();
    this.#wasTried = false;
    this.shown = [];
    this.failure = undefined;
    this.version += 1;
  }

  #chooseType(leaf: Leaf, raw: Raw): void {
    this.draft!.set(leaf, raw);
    this.#restart();
  }

  readonly #change = ({ detail: { leaf, raw } }: CustomEvent<FieldEvent>): void => {
    this.draft!.set(leaf, raw);
    this.#changed(leaf);
  };

  readonly #forget = ({ detail: { leaf } }: CustomEvent<FieldEvent>): void => {
    this.draft!.forget(leaf);
    this.#changed(leaf);
  };

  /** A problem that is shown goes as soon as it is solved; a new one comes only when the field is left. */
  #changed(leaf: Leaf): void {
    this.isWarned = false;
    this.version += 1;
    if (this.shown.length > 0 && this.#isShown(leaf.field.path)) this.#judge();
  }

  #isShown(path: string): boolean {
    return this.#wasTried || this.#left.has(path) || this.#sorted().has(path);
  }

  #sorted(): Sorted {
    return sortProblems(this.shown, this.draft?.leaves ?? []);
  }

  #judge(): Problem[] {
    const all = this.draft!.problems();
    const sorted = sortProblems(all, this.draft!.leaves);
    this.shown = this.#wasTried ? all : [...sorted].flatMap(([path, problems]) => (this.#left.has(path) ? problems : []));
    return all;
  }

  #leave(leaf: Leaf, event: FocusEvent): void {
    const holder = event.currentTarget as Element;
    if (event.relatedTarget instanceof Node && holder.contains(event.relatedTarget)) return;
    // Walking through empty fields is no mistake yet.
    const isUntouched = !this.draft!.isDirty && !this.#wasTried;
    if (isUntouched || this.isSaving || !this.draft) return;
    this.#left.add(leaf.field.path);
    if (!this.failure) this.#judge();
  }

  readonly #submit = (event: Event): void => {
    event.preventDefault();
    if (this.isSaving || !this.draft || !this.provider) return;
    this.#wasTried = true;
    this.failure = undefined;
    const errors = this.#judge().filter(({ level }) => level === "error");
    if (errors.length > 0 || !this.draft.type) {
      void this.#toSummary();
      return;
    }
    if (this.isReview) this.emit("form-save", { provider: this.provider, input: this.draft.input(), source: this.source });
    else void this.#turn(true);
  };

  /** Between filling in and looking at what it does. */
  async #turn(isReview: boolean): Promise<void> {
    this.isReview = isReview;
    this.isWarned = false;
    await this.updateComplete;
    this.querySelector(".form-body")?.scrollTo(0, 0);
    this.querySelector<HTMLElement>(isReview ? "#review-heading" : "button[type=submit]")?.focus();
  }

  async #toSummary(): Promise<void> {
    await this.updateComplete;
    for (const field of this.querySelectorAll(".problems [data-level='error']")) field.closest("details")?.setAttribute("open", "");
    this.querySelector<HTMLElement>(".summary")?.focus();
  }

  protected override render(): TemplateResult {
    const { draft, provider } = this;
    return html`<dialog class="sheet" aria-labelledby="form-heading">
      <form novalidate @submit=${this.#submit} @field-change=${this.#change} @field-forget=${this.#forget}>
        <header class="sheet-head">
          <h2 id="form-heading">${visible(this.heading)}</h2>
          ${provider ? modeBadge(provider, this.modes[provider]) : nothing}
          <button type="button" class="icon-button" aria-label="Close" title="Close (Esc)" @click=${this.leave}>${icon("close")}</button>
        </header>
        <div class="form-body">
          ${this.#wasTried ? problemSummary(this.failure, this.#sorted(), draft?.leaves ?? [], (leaf) => this.#jump(leaf)) : nothing}
          ${this.isReview && draft ? review(draft, this.version, this.shown, this.prepare) : this.#fill(draft)}
        </div>
        ${this.#footer()}
      </form>
    </dialog>`;
  }

  #fill(draft: Draft | undefined): TemplateResult {
    return html`
      ${this.source ? nothing : this.#providers()}
      ${draft?.typeLeaf ? this.#types(draft, draft.typeLeaf) : nothing}
      ${draft?.type ? this.#fields(draft) : nothing}
    `;
  }

  #providers(): TemplateResult {
    return html`<fieldset class="choices">
      <legend>Provider</legend>
      <div class="tiles">
        ${PROVIDERS.map(
          (name) => html`<label class="tile" data-provider=${name}>
            <input type="radio" name="provider" value=${name} .checked=${this.provider === name} @change=${() => this.#choose(name)} />
            <span class="tile-name"><span class="provider-mark" aria-hidden="true"></span>${sourceForm(name).title}</span>
          </label>`,
        )}
      </div>
    </fieldset>`;
  }

  #types(draft: Draft, leaf: Leaf): TemplateResult {
    const { field } = leaf;
    const problems = this.#sorted().get(field.path) ?? [];
    const id = fieldId(leaf);
    return html`<fieldset class="choices" aria-describedby=${problems.length > 0 ? `${id}-problems` : nothing}>
      <legend>${wordsOf(field.name)}${field.help ? html` <span class="legend-help">${field.help}</span>` : nothing}</legend>
      <div class="tiles small">
        ${(field.values ?? []).map(
          (value, at) => html`<label class="tile">
            <input type="radio" name="type" id=${at === 0 ? id : nothing} value=${value} .checked=${draft.type === value} @change=${() => this.#chooseType(leaf, value)} />
            <span class="tile-name">${value}</span>
          </label>`,
        )}
      </div>
      ${problems.length > 0 ? html`<ul class="problems" id="${id}-problems">${problems.map(({ message, level }) => html`<li data-level=${level}>${icon("error")}<span>${sentence(message)}</span></li>`)}</ul>` : nothing}
    </fieldset>`;
  }

  #fields(draft: Draft): TemplateResult {
    const sorted = this.#sorted();
    const shown = draft.shown();
    const needed = ({ field }: Leaf) => field.required === true || draft.demand({ field, keys: [] }) !== undefined;
    const common = shown.filter((leaf) => !leaf.field.only && needed(leaf));
    const typed = shown.filter((leaf) => leaf.field.only);
    const rest = shown.filter((leaf) => !leaf.field.only && !needed(leaf));
    const given = rest.filter((leaf) => draft.hasStored(leaf)).length;
    const fields = (leaves: Leaf[]) => repeat(leaves, (leaf) => `${draft.provider} ${draft.type} ${leaf.field.path}`, (leaf) => this.#field(draft, leaf, sorted));
    return html`
      <section class="fields" aria-label="Common fields">${fields(common)}</section>
      ${typed.length > 0 ? html`<section class="fields" aria-labelledby="typed-heading"><h3 id="typed-heading">Fields of <code>${draft.type}</code></h3>${fields(typed)}</section>` : nothing}
      ${rest.length > 0
        ? html`<details class="more">
            <summary>Optional settings <span class="count">${given > 0 ? `${given} of ${rest.length} set` : rest.length}</span></summary>
            <div class="fields">${fields(rest)}</div>
          </details>`
        : nothing}
      <request-preview .draft=${draft} .version=${this.version} .prepare=${this.prepare}></request-preview>
    `;
  }

  #field(draft: Draft, leaf: Leaf, sorted: Sorted): TemplateResult {
    return html`<form-field .leaf=${leaf} .raw=${draft.raw(leaf)} .problems=${sorted.get(leaf.field.path) ?? []} .updating=${draft.purpose === "edit"} .type=${draft.type}
      .demand=${draft.demand(leaf)} .hasStored=${draft.hasStored(leaf)} .keepsSecret=${draft.isKeptSecret(leaf)} .canKeepSecret=${draft.canKeepSecret(leaf)}
      @focusout=${(event: FocusEvent) => this.#leave(leaf, event)}></form-field>`;
  }

  #footer(): TemplateResult {
    const isEdit = this.source !== undefined;
    const isReady = this.draft?.type && (!isEdit || this.draft.isDirty);
    return html`<footer class="sheet-foot">
      <p class="foot-note" role="status">${this.isWarned ? this.warning : isEdit && !this.draft?.isDirty ? "Nothing is changed yet." : ""}</p>
      <button type="button" class="button" @click=${this.leave}>${this.leaveWords}</button>
      ${this.isReview ? html`<button type="button" class="button" data-action="back" aria-disabled=${this.isSaving ? "true" : nothing} @click=${() => this.isSaving || this.#turn(false)}>${icon("back")}Back</button>` : nothing}
      <button type="submit" class="button primary" data-step=${this.isReview ? "save" : "review"} aria-disabled=${isReady && !this.isSaving ? nothing : "true"} @click=${(event: Event) => isReady || event.preventDefault()}>
        ${this.isSaving ? "Saving …" : !this.isReview ? "Review" : isEdit ? "Save changes" : "Create source"}
      </button>
    </footer>`;
  }

  #jump(leaf: Leaf): void {
    const control = document.getElementById(fieldId(leaf));
    control?.closest("details")?.setAttribute("open", "");
    control?.focus();
    control?.scrollIntoView({ block: "center" });
  }
}

customElements.define("source-form", SourceFormDialog);
