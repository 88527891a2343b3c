import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { brand } from "../../model/capabilities.js";
import { COLUMNS, type Column, type Route } from "./route.js";
import { PROVIDERS } from "../../package.js";
import { visible } from "../../text/visible.js";
import type { ProviderName } from "../../types.js";
import { Widget } from "../../widgets/element.js";
import { icon } from "../../widgets/icons.js";

/** Search, filters, and the order where the table has no heads. */
export class FilterBar extends Widget {
  static override properties = { route: {}, types: {}, counts: {}, isLoading: {} };

  declare route: Route;
  declare types: [string, number][];
  declare counts: Record<ProviderName, number>;
  declare isLoading: boolean;

  focusSearch(): void {
    const search = this.querySelector<HTMLInputElement>("#search");
    search?.focus();
    search?.select();
  }

  #set(part: Partial<Route>): void {
    this.emit("filter-change", part);
  }

  protected override render(): TemplateResult {
    const { route } = this;
    const total = PROVIDERS.reduce((sum, name) => sum + this.counts[name], 0);
    return html`<div class="filters" role="search" aria-label="Sources">
      <div class="search">
        <label class="visually-hidden" for="search">Search sources</label>
        ${icon("search")}
        <input id="search" type="search" class="input" placeholder="Search name, id, bucket or host" .value=${live(route.search)} autocomplete="off" spellcheck="false" autocapitalize="off"
          aria-keyshortcuts="/" @input=${(event: Event) => this.#set({ search: (event.target as HTMLInputElement).value })}
          @keydown=${(event: KeyboardEvent) => event.key === "ArrowDown" && (event.preventDefault(), this.emit("list-enter"))} />
        <kbd aria-hidden="true">/</kbd>
      </div>
      <fieldset class="segments">
        <legend class="visually-hidden">Provider</legend>
        ${(["", ...PROVIDERS] as const).map(
          (name) => html`<label class="segment" data-provider=${name || nothing}>
            <input type="radio" name="api" value=${name} .checked=${live(route.provider === name)} @change=${() => this.#set({ provider: name, type: "" })} />
            <span>${name ? html`<span class="provider-mark" aria-hidden="true"></span>${brand(name)}` : "All"} <span class="count">${name ? this.counts[name] : total}</span></span>
          </label>`,
        )}
      </fieldset>
      <label class="picker"><span class="picker-name">Type</span>
        <select class="input" @change=${(event: Event) => this.#set({ type: (event.target as HTMLSelectElement).value })}>
          <option value="" ?selected=${route.type === ""}>All types</option>
          ${route.type && !this.types.some(([type]) => type === route.type) ? html`<option value=${route.type} selected>${visible(route.type)} (0)</option>` : nothing}
          ${this.types.map(([type, count]) => html`<option value=${type} ?selected=${type === route.type}>${visible(type)} (${count})</option>`)}
        </select>
      </label>
      <label class="picker narrow-only"><span class="picker-name">Order</span>
        <select class="input" @change=${(event: Event) => this.#order((event.target as HTMLSelectElement).value)}>
          ${COLUMNS.map((column) => html`<option value=${column} ?selected=${column === route.sort && !route.descending}>${column}</option><option value="-${column}" ?selected=${column === route.sort && route.descending}>${column}, reversed</option>`)}
        </select>
      </label>
      <button type="button" class="icon-button" aria-label="Reload" title="Reload" @click=${() => this.emit("reload")}><span class=${this.isLoading ? "turning" : ""}>${icon("reload")}</span></button>
    </div>`;
  }

  #order(given: string): void {
    this.emit("sort-change", { sort: given.replace(/^-/, "") as Column, descending: given.startsWith("-") });
  }
}

customElements.define("filter-bar", FilterBar);
