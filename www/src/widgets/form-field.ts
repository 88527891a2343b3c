import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { Leaf } from "../forms/fields.js";
import { wordsOfProblem } from "../forms/problems.js";
import { isSwitch, type Raw } from "../forms/values.js";
import { visible, wordsOf } from "../text/visible.js";
import type { Json, Problem } from "../types.js";
import { Widget } from "./element.js";
import { icon } from "./icons.js";
import { mapRows } from "./map-rows.js";
import { sentence } from "./parts.js";

const LONG_TEXT = 60;

/** One field: label, help, control, problems. Which control is decided by the field's description alone. */
export class FormFieldWidget extends Widget {
  static override properties = {
    leaf: {}, raw: {}, problems: {}, updating: {}, type: {}, demand: {}, hasStored: {}, keepsSecret: {}, canKeepSecret: {}, isSecretShown: { state: true },
  };

  declare leaf: Leaf;
  declare raw: Raw;
  declare problems: Problem[];
  declare updating: boolean;
  /** The type of the source: it decides which values are known. */
  declare type: string;
  /** The one value that the type demands. */
  declare demand: Json | undefined;
  declare hasStored: boolean;
  declare keepsSecret: boolean;
  declare canKeepSecret: boolean;
  declare isSecretShown: boolean;

  get #id(): string {
    return fieldId(this.leaf);
  }

  get #isRequired(): boolean {
    return this.leaf.field.required === true && !this.updating;
  }

  #change(raw: Raw): void {
    this.emit("field-change", { leaf: this.leaf, raw });
  }

  protected override render(): TemplateResult {
    const { field } = this.leaf;
    const id = this.#id;
    const isGroup = field.kind === "map";
    const label = wordsOf(field.name);
    // Help that only says the label once more helps nobody.
    const help = [field.help?.toLowerCase() === label.toLowerCase() ? "" : field.help, hintOf(this.leaf, this.demand, this.updating)].filter(Boolean).join("; ");
    const worst = this.problems.some(({ level }) => level === "error") ? "error" : this.problems.length > 0 ? "warning" : "";
    const describedBy = [help ? `${id}-help` : "", this.problems.length > 0 ? `${id}-problems` : ""].filter(Boolean).join(" ");
    return html`<div class="field" data-level=${worst || nothing} role=${isGroup ? "group" : nothing} aria-labelledby=${isGroup ? `${id}-label` : nothing} aria-describedby=${isGroup && describedBy ? describedBy : nothing}>
      <div class="field-head">
        ${isGroup ? html`<span class="label" id="${id}-label">${label}</span>` : html`<label class="label" for=${id} id="${id}-label">${label}</label>`}
        ${this.#isRequired || this.demand !== undefined ? html`<span class="required">required</span>` : nothing}
        <code class="attribute">${field.name}</code>
      </div>
      ${help ? html`<p class="help" id="${id}-help">${sentence(help)}</p>` : nothing}
      ${this.#control(id, describedBy, worst === "error")}
      ${this.problems.length > 0
        ? html`<ul class="problems" id="${id}-problems">
            ${this.problems.map(
              (problem) => html`<li data-level=${problem.level}>${icon(problem.level === "error" ? "error" : "warn")}<span>${problem.level === "warning" ? html`<b>Warning:</b> ` : nothing}${sentence(wordsOfProblem(problem, field.path))}</span></li>`,
            )}
          </ul>`
        : nothing}
    </div>`;
  }

  #control(id: string, describedBy: string, isInvalid: boolean): TemplateResult {
    const { field } = this.leaf;
    if (this.demand !== undefined) return this.#demanded(id, describedBy);
    if (isSwitch(field)) return this.#switch(id, describedBy, isInvalid);
    if (field.kind === "map") return mapRows(id, this.raw, placeholderOf(field.default), (rows) => this.#change(rows));
    if (field.secret) return this.#secret(id, describedBy, isInvalid);
    if (field.values && !field.open) return this.#select(id, describedBy, isInvalid);
    if (field.kind === "strings") return this.#lines(id, describedBy, isInvalid);
    return this.#text(id, describedBy, isInvalid);
  }

  #demanded(id: string, describedBy: string): TemplateResult {
    const isOn = this.demand === true;
    if (isSwitch(this.leaf.field))
      return html`<span class="switch"><input type="checkbox" id=${id} .checked=${isOn} disabled aria-describedby=${describedBy || nothing} /><span class="switch-state">${isOn ? "on" : "off"}</span></span>`;
    return html`<input class="input" id=${id} .value=${String(this.demand)} readonly aria-describedby=${describedBy || nothing} />`;
  }

  /** On, off, or left to the provider's default. */
  #switch(id: string, describedBy: string, isInvalid: boolean): TemplateResult {
    const { field } = this.leaf;
    const isOpen = this.raw === undefined;
    const byDefault = field.default === undefined ? "not set" : `default (${field.default === true ? "on" : "off"})`;
    return html`<span class="switch">
      <input type="checkbox" id=${id} .checked=${live(this.raw === true)} .indeterminate=${live(isOpen)}
        aria-invalid=${isInvalid ? "true" : nothing} aria-describedby="${describedBy} ${id}-state"
        @change=${(event: Event) => this.#change((event.target as HTMLInputElement).checked)} />
      <span class="switch-state" id="${id}-state">${isOpen ? byDefault : this.raw ? "on" : "off"}</span>
      ${isOpen || this.hasStored
        ? nothing
        : html`<button type="button" class="link-button" @click=${() => this.#leaveOpen()}>${field.default === undefined ? "Do not set" : "Use default"}<span class="visually-hidden"> for ${wordsOf(field.name)}</span></button>`}
    </span>`;
  }

  /** The button that was pressed goes away with the choice, so the focus moves to the box. */
  #leaveOpen(): void {
    this.#change(undefined);
    this.querySelector<HTMLElement>("input")?.focus();
  }

  #secret(id: string, describedBy: string, isInvalid: boolean): TemplateResult {
    const name = wordsOf(this.leaf.field.name);
    if (this.keepsSecret)
      return html`<span class="kept-secret">
        <input class="input" id=${id} value="unchanged" readonly aria-describedby=${describedBy || nothing} />
        <button type="button" class="button" @click=${() => this.#replaceSecret()}>Replace<span class="visually-hidden"> ${name}</span></button>
      </span>`;
    return html`<span class="kept-secret">
      <input class="input mono" id=${id} type=${this.isSecretShown ? "text" : "password"} .value=${live(String(this.raw ?? ""))} autocomplete="new-password" spellcheck="false" autocapitalize="off"
        aria-required=${this.#isRequired ? "true" : nothing} aria-invalid=${isInvalid ? "true" : nothing} aria-describedby=${describedBy || nothing} @input=${this.#typed} />
      <button type="button" class="button" aria-pressed=${this.isSecretShown ? "true" : "false"} @click=${() => (this.isSecretShown = !this.isSecretShown)}>Show<span class="visually-hidden"> ${name}</span></button>
      ${this.canKeepSecret ? html`<button type="button" class="button" @click=${() => this.#keepSecret()}>Keep<span class="visually-hidden"> the stored ${name}</span></button>` : nothing}
    </span>`;
  }

  #replaceSecret(): void {
    this.#change("");
    void this.updateComplete.then(() => this.#focusControl());
  }

  #keepSecret(): void {
    this.isSecretShown = false;
    this.emit("field-forget", { leaf: this.leaf });
    void this.updateComplete.then(() => this.#focusControl());
  }

  async #focusControl(): Promise<void> {
    await this.updateComplete;
    document.getElementById(this.#id)?.focus();
  }

  #select(id: string, describedBy: string, isInvalid: boolean): TemplateResult {
    const { field } = this.leaf;
    const values = field.values ?? [];
    const chosen = String(this.raw ?? "");
    const empty = this.#isRequired ? "Choose …" : field.default === undefined ? "Not set" : `Default (${placeholderOf(field.default)})`;
    return html`<select class="input" id=${id} aria-required=${this.#isRequired ? "true" : nothing} aria-invalid=${isInvalid ? "true" : nothing} aria-describedby=${describedBy || nothing}
      @change=${(event: Event) => this.#change((event.target as HTMLSelectElement).value)}>
      ${this.hasStored ? nothing : html`<option value="" ?selected=${chosen === ""}>${empty}</option>`}
      ${values.includes(chosen) || chosen === "" ? nothing : html`<option value=${chosen} selected>${visible(chosen)}</option>`}
      ${values.map((value) => html`<option value=${value} ?selected=${value === chosen}>${value}</option>`)}
    </select>`;
  }

  #lines(id: string, describedBy: string, isInvalid: boolean): TemplateResult {
    const raw = String(this.raw ?? "");
    const rows = Math.min(8, Math.max(2, raw.split("\n").length));
    return html`<textarea class="input mono" id=${id} rows=${rows} .value=${live(raw)} spellcheck="false" autocapitalize="off" placeholder=${placeholderOf(this.leaf.field.default) || nothing}
      aria-required=${this.#isRequired ? "true" : nothing} aria-invalid=${isInvalid ? "true" : nothing} aria-describedby=${describedBy || nothing} @input=${this.#typed}></textarea>`;
  }

  #text(id: string, describedBy: string, isInvalid: boolean): TemplateResult {
    const { field } = this.leaf;
    const isNumber = field.kind === "integer" || field.kind === "number";
    const raw = String(this.raw ?? "");
    const control = html`<input class="input ${raw.length > LONG_TEXT ? "mono" : ""}" id=${id} .value=${live(raw)} inputmode=${isNumber ? "numeric" : nothing} list=${field.values ? `${id}-values` : nothing}
      placeholder=${placeholderOf(field.default) || nothing} autocomplete="off" spellcheck="false" autocapitalize="off"
      aria-required=${this.#isRequired ? "true" : nothing} aria-invalid=${isInvalid ? "true" : nothing} aria-describedby=${describedBy || nothing} @input=${this.#typed} />`;
    const known = field.valuesByType?.[this.type] ?? field.values;
    return known ? html`${control}<datalist id="${id}-values">${known.map((value) => html`<option value=${value}></option>`)}</datalist>` : control;
  }

  readonly #typed = (event: Event): void => this.#change((event.target as HTMLInputElement | HTMLTextAreaElement).value);
}

export const fieldId = ({ field }: Leaf): string => `field-${field.path.replace(/[^\w-]/g, "-")}`;

const placeholderOf = (value: Json | undefined): string => {
  if (value === undefined || value === null) return "";
  if (typeof value !== "object") return String(value);
  return Object.keys(value).length === 0 ? "none" : JSON.stringify(value);
};

function hintOf({ field }: Leaf, demand: Json | undefined, updating: boolean): string {
  const hints: string[] = [];
  if (demand !== undefined) hints.push("this type demands it");
  if (field.kind === "strings") hints.push("one per line");
  if (field.min !== undefined && field.max !== undefined) hints.push(`${field.min} to ${field.max.toLocaleString("en").replaceAll(",", " ")}`);
  if (updating && field.nullable && !field.secret) hints.push("empty to remove it");
  return hints.join("; ");
}

customElements.define("form-field", FormFieldWidget);
