import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { visible } from "../../text/visible.js";
import type { Row } from "../../types.js";
import { Widget } from "../../widgets/element.js";
import { icon } from "../../widgets/icons.js";
import { active, type Asked, type Filter, FILTERS, SEARCH, SIZES, SORTS } from "./query.js";

const PAUSE_MS = 350;

/** Which source, and which of its assets in which order: as far as the API can be asked. */
export class AssetFilters extends Widget {
  static override properties = { asked: {}, sources: {}, source: {}, isLoading: {} };

  declare asked: Asked;
  declare sources: readonly Row[];
  /** Id of the chosen one. */
  declare source: string;
  declare isLoading: boolean;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** What is written and was not asked for yet, by its key: answers come while one types. */
  readonly #written = new Map<string, string>();

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("source")) this.#written.clear();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  focusSearch(): void {
    this.querySelector<HTMLElement>(this.source ? "#search" : "select")?.focus();
  }

  #ask(part: Asked, isTyping = false): void {
    clearTimeout(this.#timer);
    for (const key of Object.keys(part)) this.#written.delete(key);
    this.emit("assets-ask", { part, isTyping });
  }

  #text(key: string): string {
    return this.#written.get(key) ?? this.asked[key] ?? "";
  }

  /** Every question is a request, so it waits for a pause of the typing. */
  #typed(key: string, event: Event): void {
    const { value } = event.target as HTMLInputElement;
    this.#written.set(key, value);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask({ [key]: value }, true), PAUSE_MS);
  }

  readonly #keys = (event: KeyboardEvent): void => {
    if (event.key === "ArrowDown") {
      event.preventDefault();
      this.emit("list-enter");
    } else if (event.key === "Enter") this.#ask({ [SEARCH.key]: (event.target as HTMLInputElement).value }, true);
  };

  /** The button goes with the filters. */
  readonly #clear = (): void => {
    this.#ask(Object.fromEntries(FILTERS.map(({ key }) => [key, ""])));
    this.focusSearch();
  };

  protected override render(): TemplateResult {
    const isKnown = this.sources.some(({ id }) => id === this.source);
    const set = active(this.asked);
    return html`<div class="filters" role="search" aria-label="Assets">
      <label class="picker source-picker"><span class="picker-name">Source</span>
        <select class="input" id="asset-source" @change=${(event: Event) => this.emit("source-choose", { id: (event.target as HTMLSelectElement).value })}>
          ${this.source === "" ? html`<option value="" selected>Choose …</option>` : isKnown ? nothing : html`<option value=${this.source} selected>${visible(this.source)}</option>`}
          ${this.sources.map((row) => html`<option value=${row.id} ?selected=${row.id === this.source}>${visible(row.name)}${row.enabled === false ? " (disabled)" : ""}</option>`)}
        </select></label>
      <div class="search">${icon("search")}
        <input type="search" class="input" id="search" .value=${live(this.#text(SEARCH.key))} placeholder="Search path, name, tags …" aria-label="Search assets" autocomplete="off" spellcheck="false" aria-keyshortcuts="/"
          @input=${(event: Event) => this.#typed(SEARCH.key, event)} @keydown=${this.#keys} /><kbd aria-hidden="true">/</kbd></div>
      <label class="picker"><span class="picker-name">Order</span>
        <select class="input" id="asset-sort" @change=${(event: Event) => this.#ask({ sort: (event.target as HTMLSelectElement).value })}>
          ${SORTS.map(([value, label]) => html`<option value=${value} ?selected=${value === (this.asked["sort"] ?? "")}>${label}</option>`)}
        </select></label>
      <button type="button" class="icon-button" aria-label="Reload" title="Reload" @click=${() => this.emit("reload")}><span class=${this.isLoading ? "turning" : ""}>${icon("reload")}</span></button>
      <details class="more asset-filters" ?open=${set.length > 0}><summary>Filters <span class="count">${set.length || "none"}</span></summary>
        <div class="filter-fields">
          ${FILTERS.map((filter) => this.#filter(filter))}
          <label class="filter-field"><span class="label">Loaded at once</span>
            <select class="input" @change=${(event: Event) => this.#ask({ per: (event.target as HTMLSelectElement).value })}>${SIZES.map((size, at) => html`<option value=${at === 0 ? "" : size} ?selected=${String(size) === (this.asked["per"] ?? String(SIZES[0]))}>${size}</option>`)}</select></label>
          ${set.length > 0 ? html`<button type="button" class="button" data-action="clear-filters" @click=${this.#clear}>Clear filters</button>` : nothing}
        </div>
      </details>
    </div>`;
  }

  #filter({ key, label, hint, values }: Filter): TemplateResult {
    const value = this.asked[key] ?? "";
    const control = values
      ? html`<select class="input" id="filter-${key}" @change=${(event: Event) => this.#ask({ [key]: (event.target as HTMLSelectElement).value })}><option value="" ?selected=${value === ""}>Any</option>
          ${values.map(([one, words]) => html`<option value=${one} ?selected=${one === value}>${words}</option>`)}</select>`
      : html`<input class="input" id="filter-${key}" .value=${live(this.#text(key))} @input=${(event: Event) => this.#written.set(key, (event.target as HTMLInputElement).value)} placeholder=${hint ?? ""} autocomplete="off" spellcheck="false" autocapitalize="off" @change=${(event: Event) => this.#ask({ [key]: (event.target as HTMLInputElement).value })} />`;
    return html`<label class="filter-field"><span class="label">${label}</span>${control}</label>`;
  }
}

customElements.define("asset-filters", AssetFilters);
