import { html, nothing, type TemplateResult } from "lit";
import { refusalOf } from "../../gateway/answers.js";
import { operation } from "../../model/capabilities.js";
import { textOf } from "../../text/given.js";
import { plural, visible } from "../../text/visible.js";
import type { Failure, Mode } from "../../types.js";
import { diffTable } from "../../widgets/diff-table.js";
import { icon } from "../../widgets/icons.js";
import { Modal } from "../../widgets/modal.js";
import { failureText, foreign, modeBadge, sentence } from "../../widgets/parts.js";
import { canBeGiven, type Entry, type Members, type Plan, plannedRows } from "./entry.js";

/** Shows what putting a source back would change, and what cannot be put back; then does it. Is closed with `true` when it is done. */
export class RestoreDialog extends Modal {
  static override properties = { entry: {}, mode: {}, mayWrite: {}, read: {}, put: {}, found: { state: true }, failure: { state: true }, isBusy: { state: true }, missing: { state: true } };

  declare entry: Entry;
  declare mode: Mode | undefined;
  declare mayWrite: boolean;
  declare read: (entry: Entry) => Promise<{ plan: Plan; now: Members | undefined }>;
  /** Gives whether it was done; throws why it was not. */
  declare put: (entry: Entry, version: string, secrets: Record<string, string>) => Promise<boolean>;
  declare found: { plan: Plan; now: Members | undefined } | undefined;
  declare failure: Failure | undefined;
  declare isBusy: boolean;
  /** A secret that was not given and has to be. */
  declare missing: string | undefined;

  protected override firstUpdated(): void {
    super.firstUpdated();
    void this.#look();
  }

  readonly #look = async (): Promise<void> => {
    this.found = this.failure = this.missing = undefined;
    this.isBusy = true;
    try {
      this.found = await this.read(this.entry);
    } catch (thrown) {
      this.failure = refusalOf(thrown);
    }
    this.isBusy = false;
    await this.updateComplete;
    this.querySelector<HTMLElement>("#plan-heading, #restore-failure")?.focus();
  };

  readonly #submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (this.isBusy || !this.found || !this.#canDo) return;
    const inputs = [...this.querySelectorAll<HTMLInputElement>("[data-secret]")];
    const empty = inputs.find(({ value, required }) => required && !value);
    this.missing = empty?.dataset["secret"];
    if (empty) return empty.focus();
    const secrets = Object.fromEntries(inputs.filter(({ value }) => value).map(({ dataset, value }) => [dataset["secret"]!, value]));
    this.failure = undefined;
    this.isBusy = true;
    try {
      if (await this.put(this.entry, this.found.plan.version, secrets)) return this.close(true);
    } catch (thrown) {
      this.failure = refusalOf(thrown, true);
    }
    this.isBusy = false;
    await this.updateComplete;
    this.querySelector<HTMLElement>("#restore-failure")?.focus();
  };

  get #canDo(): boolean {
    return this.mayWrite && this.found !== undefined && this.found.plan.operation !== "none";
  }

  protected override render(): TemplateResult {
    const { entry, found, failure } = this;
    const name = textOf(entry.before?.["name"] ?? entry.before?.["source"]) || entry.target;
    return html`<dialog class="sheet" aria-labelledby="restore-heading">
      <form novalidate autocomplete="off" @submit=${this.#submit}>
        <div class="sheet-head">
          <h2 id="restore-heading">Put ${foreign(name)} back to how it was before entry ${entry.seq}</h2>
          ${modeBadge(entry.provider, this.mode)}
          <button type="button" class="icon-button" aria-label="Close" title="Close (Esc)" @click=${() => this.close()}>${icon("close")}</button>
        </div>
        <div class="form-body">
          ${failure
            ? html`<div class="notice" data-level="error" role="alert" id="restore-failure" tabindex="-1"><h3>${icon("error")}${failure.title}</h3>${failureText(failure)}
                <button type="button" class="button" @click=${this.#look}>Look again</button></div>`
            : nothing}
          ${found ? this.#plan(found.plan, found.now) : failure ? nothing : html`<p class="prose" role="status">Comparing with what is live …</p>`}
        </div>
        <div class="sheet-foot">
          <span class="foot-note">${found && !this.mayWrite ? "This gateway lets you look at this, and change nothing." : ""}</span>
          <button type="button" class="button" @click=${() => this.close()}>Cancel</button>
          <button type="submit" class="button danger-fill" aria-disabled=${this.#canDo && !this.isBusy ? nothing : "true"}>${this.isBusy && found ? "Putting back …" : "Put it back"}</button>
        </div>
      </form>
    </dialog>`;
  }

  #plan(plan: Plan, now: Members | undefined): TemplateResult {
    const rows = plannedRows(plan, now);
    const isNew = plan.operation === "sources.create";
    const note = plan.operation === "none" ? undefined : operation(plan.provider, plan.operation)?.help;
    return html`<section class="review" aria-labelledby="plan-heading">
      <h3 id="plan-heading" tabindex="-1">${plan.operation === "none" ? "It is as it was: there is nothing to put back" : isNew ? `It is not there any more, and is made anew with ${plural(rows.length, "value")}` : `${plural(rows.length, "change")} to what is live`}</h3>
      ${rows.length > 0 ? diffTable(rows, isNew ? { after: "Value" } : { before: "Now", after: "Then" }) : nothing}
      ${plan.cannot.length > 0 ? this.#cannot(plan) : nothing}
      ${note || isNew
        ? html`<div class="notice" data-level="warning"><h4>${icon("warn")}Before you do this</h4><ul class="consequences">${note ? html`<li>${sentence(note)}</li>` : nothing}${isNew ? html`<li>It gets another id: what knew it by the old one does not find it.</li>` : nothing}</ul></div>`
        : nothing}
    </section>`;
  }

  /** What stays as it is, and what has to be given. */
  #cannot({ cannot }: Plan): TemplateResult {
    return html`<section class="cannot" aria-labelledby="cannot-heading">
      <h4 id="cannot-heading">${icon("lock")}What cannot be put back</h4>
      <ul>${cannot.map(({ field, because, required }, at) => {
        const id = `given-${at}`;
        const isMissing = this.missing === field;
        return html`<li class="field" data-level=${isMissing ? "error" : nothing}>
          <p id="${id}-why"><code>${visible(field)}</code> ${sentence(because)}</p>
          ${canBeGiven(field, this.entry.before)
            ? html`<label class="label" for=${id}>${required ? "Give it" : "Give it, if it is to be set"} <span class="required">${required ? "required" : "optional"}</span></label>
                <input class="input mono" id=${id} type="password" autocomplete="off" spellcheck="false" data-secret=${field} ?required=${required ?? false} aria-invalid=${isMissing ? "true" : nothing} aria-describedby="${id}-why${isMissing ? ` ${id}-problem` : ""}" @input=${() => (this.missing = undefined)} />
                ${isMissing ? html`<ul class="problems" id="${id}-problem"><li data-level="error">${icon("error")}<span>it has to be given</span></li></ul>` : nothing}`
            : nothing}
        </li>`;
      })}</ul>
    </section>`;
  }
}

customElements.define("restore-dialog", RestoreDialog);
