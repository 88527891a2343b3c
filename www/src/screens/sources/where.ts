// Filters on single attributes: how one is made, and those there are.
import { html, nothing, type TemplateResult } from "lit";
import { brand } from "../../model/capabilities.js";
import { PROVIDERS } from "../../package.js";
import { visible, wordsOf } from "../../text/visible.js";
import type { ProviderName } from "../../types.js";
import { icon } from "../../widgets/icons.js";
import { filterLeaves, isChoice, type Where } from "./filters.js";

/** `field`: the attribute that is chosen so far. */
export function whereForm(provider: ProviderName | "", field: string, choose: (field: string) => void, add: (where: Where) => void): TemplateResult {
  const providers = provider ? [provider] : PROVIDERS;
  const leaf = providers.flatMap(filterLeaves).find((one) => one.field.path === field);
  const values = leaf && isChoice(leaf) ? (leaf.field.values ?? ["true", "false"]) : undefined;
  const submit = (event: Event) => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const value = form.querySelector<HTMLInputElement | HTMLSelectElement>("#where-value")!;
    if (field) add({ field, value: value.value.trim() });
    else form.querySelector<HTMLElement>("#where-field")!.focus();
  };
  return html`<form class="where-form" novalidate @submit=${submit}>
    <label class="label" for="where-field">Attribute</label>
    <select class="input" id="where-field" @change=${(event: Event) => choose((event.target as HTMLSelectElement).value)}>
      <option value="" ?selected=${!field}>Choose …</option>
      ${providers.map((name) => html`<optgroup label=${brand(name)}>${filterLeaves(name).map(({ field: { path, name: words } }) => html`<option value=${path} ?selected=${path === field}>${wordsOf(words)}</option>`)}</optgroup>`)}
    </select>
    <label class="label" for="where-value">${values ? "Is" : "Holds"}</label>
    ${values
      ? html`<select class="input" id="where-value">${values.map((value) => html`<option>${value}</option>`)}<option value="">not set</option></select>`
      : html`<input class="input" id="where-value" autocomplete="off" spellcheck="false" autocapitalize="off" placeholder="empty: not set" />`}
    <button type="submit" class="button primary">Add filter</button>
  </form>`;
}

export function whereChips(wheres: readonly Where[], drop: (at: number) => void): TemplateResult | typeof nothing {
  if (wheres.length === 0) return nothing;
  return html`<ul class="chips" aria-label="Filters">${wheres.map(({ field, value }, at) => {
    const words = `${wordsOf(visible(field.split(".").at(-1)!))}: ${value ? visible(value) : "not set"}`;
    return html`<li class="chip"><bdi>${words}</bdi><button type="button" class="icon-button small" aria-label="Remove filter ${words}" title="Remove" @click=${() => drop(at)}>${icon("close")}</button></li>`;
  })}</ul>`;
}
