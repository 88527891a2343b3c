import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { keyOf } from "../../model/sources.js";
import { day, moment, visible } from "../../text/visible.js";
import type { Row } from "../../types.js";
import { BLOCK, Blocks } from "../../widgets/blocks.js";
import { Widget } from "../../widgets/element.js";
import { icon } from "../../widgets/icons.js";
import { foreign, providerBadge, statusBadge } from "../../widgets/parts.js";
import { type Column, COLUMNS, TITLES } from "./columns.js";
import type { Route } from "./route.js";

const SKELETON_ROWS = 8;
const ROW_HEIGHT = 36;
const PAGE = 15;

/** All sources in one table; cards where there is no room for one. Of very many only those near to what is seen are drawn. */
export class SourceList extends Widget {
  static override properties = {
    rows: {}, route: {}, without: {}, ticked: {}, held: {}, isBusy: {}, emptyText: {}, linkTo: {}, current: { state: true },
  };

  declare rows: readonly Row[];
  declare route: Route;
  declare without: readonly Column[];
  /** Keys of the rows that are ticked. */
  declare ticked: ReadonlySet<string>;
  /** Keys of rows that something will happen to in a moment. */
  declare held: ReadonlySet<string>;
  declare isBusy: boolean;
  declare emptyText: string;
  /** The address that shows a source. */
  declare linkTo: (key: string) => string;
  /** The row that the tab key comes to. */
  declare current: string;
  readonly #blocks = new Blocks(ROW_HEIGHT, () => this.requestUpdate());
  #places: Map<string, number> | undefined;
  #hadFocus = false;

  constructor() {
    super();
    this.current = "";
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#blocks.stop();
  }

  protected override willUpdate(changed: PropertyValues): void {
    // Rows are drawn into the elements of others, so the focus would be on another source.
    this.#hadFocus = changed.has("rows") && this.focusedKey() !== undefined;
    if (!changed.has("rows")) return;
    this.#places = undefined;
    this.#blocks.forget();
  }

  protected override updated(changed: PropertyValues): void {
    this.#blocks.watch(this.querySelectorAll("tbody"));
    if (this.#hadFocus && this.focusedKey() !== this.current) this.#link(this.current)?.focus();
    this.#hadFocus = false;
    if (changed.has("route")) this.#showSelected(changed.get("route") as Route | undefined);
  }

  /** Where a row is; only looked for when somebody asks, not at every key press of a search. */
  #place(key: string): number | undefined {
    return key === "" ? undefined : (this.#places ??= new Map(this.rows.map((row, at) => [keyOf(row), at]))).get(key);
  }

  /** A source that an address leads to is brought into sight once. */
  #showSelected(before: Route | undefined): void {
    const { selected } = this.route;
    if (before === undefined && this.#place(selected) !== undefined) this.#link(selected)?.scrollIntoView({ block: "center" });
  }

  /** The source whose row has the focus. */
  focusedKey(): string | undefined {
    const row = document.activeElement?.closest<HTMLElement>("[data-key]");
    return row && this.contains(row) ? row.dataset["key"] : undefined;
  }

  /** Whether there is such a row; it has the focus as soon as it is drawn. */
  focusRow(key = this.rows[0] && keyOf(this.rows[0])): boolean {
    if (key === undefined || this.#place(key) === undefined) return false;
    this.current = key;
    void this.updateComplete.then(() => this.#link(key)?.focus());
    return true;
  }

  #link(key: string): HTMLElement | null {
    return this.querySelector(`[data-key="${CSS.escape(key)}"] .row-link`);
  }

  get #entry(): number {
    return this.#place(this.current) ?? this.#place(this.route.selected) ?? 0;
  }

  readonly #keys = (event: KeyboardEvent): void => {
    const key = this.focusedKey();
    const at = key === undefined ? -1 : (this.#place(key) ?? -1);
    if (at < 0 || event.altKey) return;
    if (event.ctrlKey || event.metaKey) {
      if (event.key.toLowerCase() === "a") this.#done(event, () => this.emit("tick-all"));
      return;
    }
    const isLink = (event.target as Element).matches(".row-link");
    if (event.key === " " && isLink) return this.#done(event, () => this.emit("tick", { key, isRange: event.shiftKey }));
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + PAGE, PageUp: at - PAGE, Home: 0, End: this.rows.length - 1 }[event.key];
    if (to === undefined) return;
    this.#done(event, () => {
      const row = this.rows[Math.max(0, Math.min(to, this.rows.length - 1))]!;
      if (event.shiftKey) this.emit("tick-through", { from: key, to: keyOf(row) });
      this.focusRow(keyOf(row));
    });
  };

  #done(event: Event, act: () => void): void {
    event.preventDefault();
    act();
  }

  readonly #click = (event: MouseEvent): void => {
    const target = event.target as Element;
    const key = target.closest<HTMLElement>("[data-key]")?.dataset["key"];
    if (!key) return;
    if (target.matches(".tick")) return void this.emit("tick", { key, isRange: event.shiftKey });
    // Beside the box is meant for it.
    if (target.closest(".col-tick")) return void this.emit("tick", { key, isRange: event.shiftKey });
    const link = target.closest("a.row-link");
    const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    // A link may be opened elsewhere, and text may be selected.
    if (!isPlain || (!link && !getSelection()?.isCollapsed)) return;
    this.#done(event, () => this.emit("source-open", { key }));
  };

  readonly #focused = (event: Event): void => {
    const key = (event.target as Element).closest<HTMLElement>("[data-key]")?.dataset["key"];
    if (key !== undefined) this.current = key;
  };

  protected override render(): TemplateResult {
    if (this.rows.length === 0 && this.isBusy) return this.#skeleton();
    if (this.rows.length === 0) return html`<div class="empty"><p class="empty-title">${this.emptyText}</p></div>`;
    const columns = COLUMNS.filter((column) => !this.without.includes(column));
    const entry = this.#entry;
    const last = Blocks.count(this.rows.length) - 1;
    const blocks = Array.from({ length: last + 1 }, (_, block) => {
      const rows = this.rows.slice(block * BLOCK, (block + 1) * BLOCK);
      const isDrawn = this.#blocks.isNear(block) || block === Blocks.of(entry);
      return isDrawn ? this.#near(block, rows, columns, entry) : this.#far(block, rows.length, columns.length + 1);
    });
    return html`<table class="sources" role="table" aria-label="Sources" aria-rowcount=${this.rows.length + 1} aria-busy=${this.isBusy ? "true" : "false"}
      @keydown=${this.#keys} @click=${this.#click} @focusin=${this.#focused}>
      <thead role="rowgroup"><tr role="row" aria-rowindex="1">${this.#tickAll()}${columns.map((column) => this.#head(column))}</tr></thead>
      ${blocks}
    </table>`;
  }

  #near(block: number, rows: readonly Row[], columns: readonly Column[], entry: number): TemplateResult {
    const first = block * BLOCK;
    return html`<tbody role="rowgroup" data-block=${block} data-rows=${rows.length}>${rows.map((row, at) => this.#row(row, first + at, columns, first + at === entry))}</tbody>`;
  }

  /** Room for rows. Its height is no style, so that a strict policy for styles holds. */
  #far(block: number, rows: number, cells: number): TemplateResult {
    return html`<tbody class="far" data-block=${block} aria-hidden="true"><tr><td colspan=${cells}><svg width="1" height=${this.#blocks.height(block, rows)} focusable="false"></svg></td></tr></tbody>`;
  }

  #tickAll(): TemplateResult {
    const count = this.ticked.size === 0 ? 0 : this.rows.reduce((sum, row) => sum + (this.ticked.has(keyOf(row)) ? 1 : 0), 0);
    return html`<th scope="col" role="columnheader" class="col-tick">
      <input type="checkbox" class="tick-all" aria-label="Select all that are shown" .checked=${live(count > 0 && count === this.rows.length)} .indeterminate=${live(count > 0 && count < this.rows.length)} @change=${() => this.emit("tick-all")} />
    </th>`;
  }

  #head(column: Column): TemplateResult {
    const { sort, descending } = this.route;
    const isOrder = sort === column;
    return html`<th scope="col" role="columnheader" class="col-${column}" aria-sort=${isOrder ? (descending ? "descending" : "ascending") : nothing}>
      <button type="button" class="sort" @click=${() => this.emit("sort-change", { sort: column, descending: isOrder && !descending })}>
        ${TITLES[column]}${isOrder ? icon(descending ? "down" : "up") : nothing}
      </button>
    </th>`;
  }

  #row(row: Row, at: number, columns: readonly Column[], isEntry: boolean): TemplateResult {
    const key = keyOf(row);
    const isSelected = key === this.route.selected;
    const isTicked = this.ticked.has(key);
    const stop = isEntry ? 0 : -1;
    return html`<tr role="row" aria-rowindex=${at + 2} data-key=${key} class="${isSelected ? "selected" : ""} ${isTicked ? "ticked" : ""} ${this.held.has(key) ? "held" : ""}" data-off=${row.enabled === false ? "true" : nothing}>
      <td role="cell" class="col-tick"><input type="checkbox" class="tick" tabindex=${stop} aria-label="Select ${visible(row.name)}" .checked=${live(isTicked)} /></td>
      ${columns.map((column) =>
        column === "name"
          ? html`<th scope="row" role="rowheader" class="col-name"><a class="row-link" href=${this.linkTo(key)} tabindex=${stop} aria-current=${isSelected ? "true" : nothing}>${foreign(row.name)}</a></th>`
          : html`<td role="cell" class="col-${column}">${this.#cell(row, column)}</td>`,
      )}
    </tr>`;
  }

  #cell(row: Row, column: Column): TemplateResult | string | typeof nothing {
    switch (column) {
      case "provider":
        return providerBadge(row.provider);
      case "type":
        return html`<span class="type">${visible(row.type ?? "unknown")}</span>`;
      case "location":
        return row.location === undefined ? nothing : html`<span class="mono" title=${visible(row.location)}>${foreign(row.location)}</span>`;
      case "host": {
        const [host, ...more] = row.hosts;
        return host === undefined ? nothing : html`<span class="mono" title=${visible(row.hosts.join(", "))}>${foreign(host)}</span>${more.length > 0 ? html` <span class="more-hosts">+${more.length}<span class="visually-hidden"> more</span></span>` : nothing}`;
      }
      case "secured":
        return row.secured ? html`<span class="signed">${icon("lock")}<span class="signed-word">signed</span></span>` : html`<span class="visually-hidden">no</span>`;
      case "status":
        return this.held.has(keyOf(row)) ? html`<span class="status" data-status="held">held</span>` : statusBadge(row);
      case "changed":
        return row.changedAt === undefined ? nothing : html`<time datetime=${new Date(row.changedAt).toISOString()} title=${moment(row.changedAt)}>${day(row.changedAt)}</time>`;
      case "id":
        return html`<span class="mono">${foreign(row.id)}</span>`;
      default:
        return nothing;
    }
  }

  #skeleton(): TemplateResult {
    return html`<div class="skeleton" role="status"><span class="visually-hidden">Loading sources</span>${Array.from({ length: SKELETON_ROWS }, () => html`<span class="bone"></span>`)}</div>`;
  }
}

customElements.define("source-list", SourceList);
