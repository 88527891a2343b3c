import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { Raw } from "../forms/values.js";
import { icon } from "./icons.js";

type Rows = [string, string][];

/** Names and values, one pair per row. */
export function mapRows(id: string, raw: Raw, placeholder: string, change: (rows: Rows) => void): TemplateResult {
  const rows: Rows = Array.isArray(raw) ? raw : [];
  const edit = (at: number, part: 0 | 1) => (event: Event) => {
    const { value } = event.target as HTMLInputElement;
    change(rows.map((row, index) => (index === at ? (part === 0 ? [value, row[1]] : [row[0], value]) : row)));
  };
  const remove = (at: number) => (event: Event) => {
    const holder = (event.target as Element).closest(".map-rows");
    change(rows.filter((_, index) => index !== at));
    holder?.querySelector<HTMLElement>(".map-add")?.focus();
  };
  const add = (event: Event) => {
    const holder = (event.target as Element).closest(".map-rows");
    change([...rows, ["", ""]]);
    requestAnimationFrame(() => holder?.querySelector<HTMLElement>(".map-row:last-of-type input")?.focus());
  };
  return html`<div class="map-rows">
    ${rows.length === 0 && placeholder ? html`<p class="map-none">${placeholder}</p>` : nothing}
    ${rows.map(
      ([name, value], at) => html`<div class="map-row">
        <input class="input mono" id=${at === 0 ? id : `${id}-${at}`} aria-label="Name ${at + 1}" placeholder="name" .value=${live(name)} autocomplete="off" spellcheck="false" autocapitalize="off" @input=${edit(at, 0)} />
        <input class="input mono" aria-label="Value ${at + 1}" placeholder="value" .value=${live(value)} autocomplete="off" spellcheck="false" autocapitalize="off" @input=${edit(at, 1)} />
        <button type="button" class="icon-button" aria-label="Remove row ${at + 1}" title="Remove" @click=${remove(at)}>${icon("minus")}</button>
      </div>`,
    )}
    <button type="button" class="button map-add" id=${rows.length === 0 ? id : `${id}-add`} @click=${add}>${icon("plus")}Add</button>
  </div>`;
}
