import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { brand } from "../../model/capabilities.js";
import { PROVIDERS } from "../../package.js";
import { visible } from "../../text/visible.js";
import type { ProviderName } from "../../types.js";
import { Widget } from "../../widgets/element.js";
import { icon } from "../../widgets/icons.js";
import { closeMenu, menu } from "../../widgets/menu.js";
import { CHOOSABLE, type Column, COLUMNS, TITLES } from "./columns.js";
import type { Format } from "./export.js";
import type { Route } from "./route.js";
import { whereChips, whereForm } from "./where.js";

/** Search, filters, the order where the table has no heads, columns, and the list as a file. */
export class FilterBar extends Widget {
  static override properties = { route: {}, types: {}, statuses: {}, counts: {}, without: {}, shownCount: {}, isLoading: {}, field: { state: true }, opened: { state: true } };

  declare route: Route;
  declare types: [string, number][];
  declare statuses: [string, number][];
  declare counts: Record<ProviderName, number>;
  declare without: readonly Column[];
  /** How many rows a file would hold. */
  declare shownCount: number;
  declare isLoading: boolean;
  /** The attribute that a filter is being made for. */
  declare field: string;
  /** The menu that is open. */
  declare opened: string;

  constructor() {
    super();
    this.field = "";
    this.opened = "";
  }

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
            <span>${name ? html`<span class="provider-mark" aria-hidden="true"></span>${brand(name)}` : "All"} <span class="count">${(name ? this.counts[name] : total).toLocaleString("en")}</span></span>
          </label>`,
        )}
      </fieldset>
      ${this.#picker("Type", "All types", "type", this.types)} ${this.#picker("Status", "Any status", "status", this.statuses)}
      <label class="picker narrow-only"><span class="picker-name">Order</span>
        <select class="input" @change=${(event: Event) => this.#order((event.target as HTMLSelectElement).value)}>
          ${COLUMNS.map((column) => html`<option value=${column} ?selected=${column === route.sort && !route.descending}>${TITLES[column]}</option><option value="-${column}" ?selected=${column === route.sort && route.descending}>${TITLES[column]}, reversed</option>`)}
        </select>
      </label>
      <div class="list-tools">
        ${this.#menu("where", html`${icon("plus")}Filter`, () => whereForm(route.provider, this.field, (field) => (this.field = field), (where) => this.#add(where)))}
        ${this.#menu("columns", html`Columns`, () => this.#columns())}
        ${this.#menu("export", html`Export`, () => this.#export())}
        <button type="button" class="icon-button" aria-label="Reload" title="Reload" @click=${() => this.emit("reload")}><span class=${this.isLoading ? "turning" : ""}>${icon("reload")}</span></button>
      </div>
      ${whereChips(route.where, (at) => this.#drop(at))}
    </div>`;
  }

  #menu(name: string, button: TemplateResult, panel: () => TemplateResult): TemplateResult {
    return menu(name, button, this.opened === name ? panel() : undefined, (isOpen) => {
      if (isOpen) this.opened = name;
      else if (this.opened === name) this.opened = "";
    });
  }

  #picker(name: string, all: string, part: "type" | "status", values: [string, number][]): TemplateResult {
    const chosen = this.route[part];
    return html`<label class="picker" data-picker=${part}><span class="picker-name">${name}</span>
      <select class="input" @change=${(event: Event) => this.#set({ [part]: (event.target as HTMLSelectElement).value })}>
        <option value="" ?selected=${chosen === ""}>${all}</option>
        ${chosen && !values.some(([value]) => value === chosen) ? html`<option value=${chosen} selected>${visible(chosen)} (0)</option>` : nothing}
        ${values.map(([value, count]) => html`<option value=${value} ?selected=${value === chosen}>${visible(value)} (${count.toLocaleString("en")})</option>`)}
      </select>
    </label>`;
  }

  #add(where: Route["where"][number]): void {
    this.field = "";
    closeMenu(this.querySelector("[data-menu=where]"));
    this.#set({ where: [...this.route.where, where] });
  }

  #drop(at: number): void {
    this.#set({ where: this.route.where.filter((_, index) => index !== at) });
    this.querySelector<HTMLElement>("[data-menu=where] summary")?.focus();
  }

  #columns(): TemplateResult {
    const change = (column: Column) => this.emit("columns-change", this.without.includes(column) ? this.without.filter((one) => one !== column) : [...this.without, column]);
    return html`<fieldset class="checks"><legend>Columns</legend>
      ${CHOOSABLE.map((column) => html`<label class="check"><input type="checkbox" value=${column} .checked=${live(!this.without.includes(column))} @change=${() => change(column)} /> ${TITLES[column]}</label>`)}
    </fieldset>`;
  }

  #export(): TemplateResult {
    const save = (format: Format) => (event: Event) => {
      closeMenu(event.target as Element);
      this.emit("export", format);
    };
    return html`<p class="help">${this.shownCount.toLocaleString("en")} as shown, without secrets</p>
      <button type="button" class="button" data-export="csv" @click=${save("csv")}>CSV file</button>
      <button type="button" class="button" data-export="json" @click=${save("json")}>JSON file</button>`;
  }

  #order(given: string): void {
    this.emit("sort-change", { sort: given.replace(/^-/, "") as Column, descending: given.startsWith("-") });
  }
}

customElements.define("filter-bar", FilterBar);
