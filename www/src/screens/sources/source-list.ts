import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { keyOf } from "../../model/sources.js";
import { day, moment, visible } from "../../text/visible.js";
import type { Row } from "../../types.js";
import { Widget } from "../../widgets/element.js";
import { icon } from "../../widgets/icons.js";
import { foreign, providerBadge, statusBadge } from "../../widgets/parts.js";
import type { Column, Route } from "./route.js";

const HEADS: [Column, string][] = [
  ["name", "Name"], ["provider", "Provider"], ["type", "Type"], ["location", "Origin"], ["host", "Host"], ["secured", "Signed"], ["status", "Status"], ["changed", "Changed"],
];

const SKELETON_ROWS = 8;
const ROWS_AT_ONCE = 100;

/** All sources in one table; cards where there is no room for one. */
export class SourceList extends Widget {
  static override properties = { rows: {}, route: {}, linkTo: {}, isSkeleton: {}, isBusy: {}, emptyText: {}, current: { state: true }, limit: { state: true } };

  declare rows: Row[];
  declare route: Route;
  /** The address of a source. */
  declare linkTo: (key: string) => string;
  declare isSkeleton: boolean;
  declare isBusy: boolean;
  declare emptyText: string;
  /** The row that the tab key comes to. */
  declare current: string;
  /** How many rows are drawn; more when they are scrolled to. */
  declare limit: number;
  readonly #ahead = new IntersectionObserver((seen) => seen.some(({ isIntersecting }) => isIntersecting) && this.#more(), { rootMargin: "600px" });

  constructor() {
    super();
    this.limit = ROWS_AT_ONCE;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#ahead.disconnect();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has("rows") || !changed.has("route")) return;
    this.limit = ROWS_AT_ONCE;
    const selected = this.rows.findIndex((row) => keyOf(row) === this.route.selected);
    if (selected >= this.limit) this.limit = selected + ROWS_AT_ONCE;
  }

  protected override updated(): void {
    this.#ahead.disconnect();
    const more = this.querySelector(".more-rows");
    if (more) this.#ahead.observe(more);
  }

  #more(): void {
    this.limit += ROWS_AT_ONCE;
  }

  /** The source whose row has the focus. */
  focusedKey(): string | undefined {
    const row = document.activeElement?.closest<HTMLElement>("[data-key]");
    return row && this.contains(row) ? row.dataset["key"] : undefined;
  }

  focusRow(key?: string): boolean {
    const links = this.#links();
    const link = (key && links.find((one) => one.closest<HTMLElement>("[data-key]")?.dataset["key"] === key)) || (key ? undefined : links[0]);
    link?.focus();
    return link !== undefined;
  }

  #links(): HTMLAnchorElement[] {
    return [...this.querySelectorAll<HTMLAnchorElement>("a.row-link")];
  }

  readonly #keys = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const links = this.#links();
    const at = links.findIndex((link) => link.closest("tr")?.contains(document.activeElement));
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: links.length - 1 }[event.key];
    if (to === undefined || at < 0) return;
    event.preventDefault();
    if (to >= links.length - 1) this.#more();
    links[Math.max(0, Math.min(to, links.length - 1))]?.focus();
  };

  readonly #open = (event: MouseEvent): void => {
    const target = event.target as Element;
    const link = target.closest("a.row-link");
    const key = target.closest<HTMLElement>("[data-key]")?.dataset["key"];
    const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    // A link may be opened elsewhere, and text may be selected.
    if (!key || !isPlain || (!link && !getSelection()?.isCollapsed)) return;
    event.preventDefault();
    this.emit("source-open", { key });
  };

  protected override render(): TemplateResult {
    if (this.rows.length === 0 && this.isBusy) return this.isSkeleton ? this.#skeleton() : html``;
    if (this.rows.length === 0) return html`<div class="empty"><p class="empty-title">${this.emptyText}</p></div>`;
    const rows = this.rows.slice(0, this.limit);
    const keys = rows.map(keyOf);
    const entry = [this.current, this.route.selected].find((key) => keys.includes(key)) ?? keys[0];
    return html`<table class="sources" role="table" aria-label="Sources" aria-rowcount=${this.rows.length + 1} aria-busy=${this.isBusy ? "true" : "false"} @keydown=${this.#keys} @click=${this.#open}>
      <thead role="rowgroup"><tr role="row">${HEADS.map(([column, title]) => this.#head(column, title))}</tr></thead>
      <tbody role="rowgroup" @focusin=${(event: Event) => (this.current = (event.target as Element).closest<HTMLElement>("[data-key]")?.dataset["key"] ?? "")}>
        ${repeat(rows, keyOf, (row, at) => this.#row(row, keys[at]!, keys[at] === entry))}
      </tbody>
    </table>
    ${rows.length < this.rows.length ? html`<p class="more-rows"><button type="button" class="button" @click=${() => this.#more()}>Show more of ${this.rows.length}</button></p>` : nothing}`;
  }

  #head(column: Column, title: string): TemplateResult {
    const { sort, descending } = this.route;
    const isOrder = sort === column;
    return html`<th scope="col" role="columnheader" class="col-${column}" aria-sort=${isOrder ? (descending ? "descending" : "ascending") : nothing}>
      <button type="button" class="sort" @click=${() => this.emit("sort-change", { sort: column, descending: isOrder && !descending })}>
        ${title}${isOrder ? icon(descending ? "down" : "up") : nothing}
      </button>
    </th>`;
  }

  #row(row: Row, key: string, isEntry: boolean): TemplateResult {
    const [host, ...more] = row.hosts;
    const isSelected = key === this.route.selected;
    return html`<tr role="row" data-key=${key} class=${isSelected ? "selected" : nothing} data-off=${row.enabled === false ? "true" : nothing}>
      <th scope="row" role="rowheader" class="col-name">
        <a class="row-link" href=${this.linkTo(key)} tabindex=${isEntry ? 0 : -1} aria-current=${isSelected ? "true" : nothing}>${foreign(row.name)}</a>
      </th>
      <td role="cell" class="col-provider">${providerBadge(row.provider)}</td>
      <td role="cell" class="col-type"><span class="type">${visible(row.type ?? "unknown")}</span></td>
      <td role="cell" class="col-location mono" title=${visible(row.location ?? "")}>${row.location === undefined ? nothing : foreign(row.location)}</td>
      <td role="cell" class="col-host mono" title=${visible(row.hosts.join(", "))}>${host === undefined ? nothing : foreign(host)}${more.length > 0 ? html` <span class="more-hosts">+${more.length}<span class="visually-hidden"> more</span></span>` : nothing}</td>
      <td role="cell" class="col-secured">${row.secured ? html`<span class="signed">${icon("lock")}<span class="signed-word">signed</span></span>` : html`<span class="visually-hidden">no</span>`}</td>
      <td role="cell" class="col-status">${statusBadge(row)}</td>
      <td role="cell" class="col-changed">${row.changedAt === undefined ? nothing : html`<time datetime=${new Date(row.changedAt).toISOString()} title=${moment(row.changedAt)}>${day(row.changedAt)}</time>`}</td>
    </tr>`;
  }

  #skeleton(): TemplateResult {
    return html`<div class="skeleton" role="status"><span class="visually-hidden">Loading sources</span>${Array.from({ length: SKELETON_ROWS }, () => html`<span class="bone"></span>`)}</div>`;
  }
}

customElements.define("source-list", SourceList);
