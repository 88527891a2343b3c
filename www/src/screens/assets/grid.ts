import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { visible } from "../../text/visible.js";
import type { Row } from "../../types.js";
import { Widget } from "../../widgets/element.js";
import { foreign } from "../../widgets/parts.js";
import type { ImgixAsset } from "image-sources";
import { bytes, dimensions, kindOf, pathOf, type Picture, titleOf } from "./asset.js";
import { keyTarget, type Window, windowOf } from "./geometry.js";
import type { Load } from "./thumbnail.js";
import "./thumbnail.js";

/** In rem, as assets.css has them. */
const TILE = { width: 8.25, height: 11.5, gap: 0.75 };
const ROWS_BEFORE_END = 4;

interface Shown {
  path: string;
  words: string;
  name: TemplateResult;
  facts: string;
  kind: string;
  picture: Picture;
}

/** Assets as tiles; only those in sight are drawn, however many there are. */
export class AssetGrid extends Widget {
  static override properties = { items: {}, chosen: {}, opened: {}, total: {}, hasMore: {}, isBusy: {}, picture: {}, row: {}, load: {}, hrefOf: {}, current: { state: true }, window: { state: true } };

  declare items: readonly ImgixAsset[];
  /** Paths. */
  declare chosen: ReadonlySet<string>;
  declare opened: string;
  declare total: number | undefined;
  declare hasMore: boolean;
  declare isBusy: boolean;
  declare picture: (asset: ImgixAsset) => Picture;
  /** Of the source: pictures depend on it. */
  declare row: Row | undefined;
  declare load: Load;
  declare hrefOf: (path: string) => string;
  /** The tile that the tab key comes to. */
  declare current: number;
  declare window: Window;
  #frame = 0;
  /** What is shown of each asset, made once for each. */
  #shown = new WeakMap<ImgixAsset, Shown>();
  /** From where shift and click choose. */
  #anchor = 0;
  readonly #size = new ResizeObserver(() => this.#look());
  readonly #scrolled = (): void => {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#look();
    });
  };

  constructor() {
    super();
    this.current = 0;
    this.window = { columns: 1, from: 0, to: 0, before: 0, behind: 0 };
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // Whatever it is that scrolls, its event passes here on its way down.
    document.addEventListener("scroll", this.#scrolled, { capture: true, passive: true });
    this.#size.observe(this);
    this.#size.observe(document.documentElement);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("scroll", this.#scrolled, { capture: true });
    this.#size.disconnect();
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("row")) this.#shown = new WeakMap();
    if (changed.has("items")) {
      this.current = Math.min(this.current, Math.max(0, this.items.length - 1));
      this.window = this.#measured();
    }
  }

  protected override updated(): void {
    const { style } = this.#list;
    style.setProperty("--columns", String(this.window.columns));
    style.paddingBlock = `${this.window.before}px ${this.window.behind}px`;
    if (this.hasMore && !this.isBusy && this.window.to >= this.items.length - ROWS_BEFORE_END * this.window.columns) this.emit("grid-more");
  }

  get #list(): HTMLElement {
    return this.querySelector("ul")!;
  }

  get #tiles(): { width: number; height: number; gap: number } {
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
    return { width: TILE.width * rem, height: TILE.height * rem, gap: TILE.gap * rem };
  }

  #measured(): Window {
    const { top, width } = this.getBoundingClientRect();
    return windowOf(this.items.length, { width, above: -top, height: innerHeight }, this.#tiles);
  }

  #look(): void {
    const next = this.#measured();
    if (JSON.stringify(next) === JSON.stringify(this.window)) return;
    // What has the focus must not go away under it: the list takes it over, and the keys go on from there.
    const at = this.#indexOf(document.activeElement);
    if (at !== undefined && (at < next.from || at >= next.to)) this.#list.focus({ preventScroll: true });
    this.window = next;
  }

  #indexOf(element: Element | EventTarget | null): number | undefined {
    const tile = element instanceof Element && this.contains(element) ? element.closest<HTMLElement>("[data-at]") : null;
    return tile ? Number(tile.dataset["at"]) : undefined;
  }

  /** Brings the focus to an asset: that of a path, else to where it was last. */
  async focusTile(path?: string): Promise<boolean> {
    const at = path === undefined ? this.current : this.items.findIndex((asset) => pathOf(asset) === path);
    if (at < 0 || this.items.length === 0) return false;
    await this.#goTo(at);
    return true;
  }

  async #goTo(at: number): Promise<void> {
    this.current = at;
    this.window = this.#measured();
    await this.updateComplete;
    const tiles = this.#tiles;
    const top = this.getBoundingClientRect().top + Math.floor(at / this.window.columns) * (tiles.height + tiles.gap);
    const find = (): HTMLElement | null => this.querySelector<HTMLElement>(`[data-at="${at}"] .asset-link`);
    if (!find()) {
      scrollBy({ top: top - (innerHeight - tiles.height) / 2, behavior: "instant" });
      this.window = this.#measured();
    }
    await this.updateComplete;
    const link = find();
    link?.focus({ preventScroll: true });
    link?.scrollIntoView({ block: "nearest", behavior: "instant" });
  }

  readonly #keys = (event: KeyboardEvent): void => {
    const isSpace = event.key === " " && (event.target as Element).matches(".asset-link");
    if (event.altKey || event.ctrlKey || event.metaKey || (event.shiftKey && !isSpace && !event.key.startsWith("Arrow"))) return;
    const at = this.#indexOf(event.target) ?? this.current;
    if (isSpace) {
      event.preventDefault();
      return this.#choose(at, event.shiftKey);
    }
    const rows = Math.floor(innerHeight / (this.#tiles.height + this.#tiles.gap));
    const to = keyTarget(event.key, at, this.items.length, this.window.columns, rows);
    if (to === undefined) return;
    event.preventDefault();
    if (event.shiftKey) this.#choose(to, true);
    void this.#goTo(to);
  };

  #choose(at: number, isRange: boolean): void {
    const [from, to] = isRange ? [Math.min(this.#anchor, at), Math.max(this.#anchor, at)] : [at, at];
    const paths = this.items.slice(from, to + 1).map(pathOf);
    if (!isRange) this.#anchor = at;
    this.emit("asset-choose", { paths, on: isRange || !this.chosen.has(paths[0]!) });
  }

  readonly #click = (event: MouseEvent): void => {
    const at = this.#indexOf(event.target);
    const target = event.target as Element;
    if (at === undefined) return;
    if (target.matches("input")) return this.#choose(at, event.shiftKey);
    if (!target.closest("a") || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    this.current = at;
    this.emit("asset-open", { path: pathOf(this.items[at]!) });
  };

  protected override render(): TemplateResult {
    const { from, to } = this.window;
    const shown = this.items.slice(from, to);
    const entry = this.current >= from && this.current < to ? this.current : from;
    return html`<ul class="asset-tiles" tabindex="-1" aria-label="Assets" aria-busy=${this.isBusy ? "true" : "false"} @keydown=${this.#keys} @click=${this.#click}
      @focusin=${(event: Event) => (this.current = this.#indexOf(event.target) ?? this.current)}>
      ${repeat(shown, ({ id }) => id, (asset, at) => this.#tile(asset, from + at, from + at === entry))}
    </ul>`;
  }

  #show(asset: ImgixAsset): Shown {
    let shown = this.#shown.get(asset);
    if (!shown) {
      const path = pathOf(asset);
      const facts = [dimensions(asset), bytes(asset.file_size)].filter(Boolean).join(" · ");
      shown = { path, words: visible(path), name: foreign(titleOf(asset)), facts, kind: kindOf(asset), picture: this.picture(asset) };
      this.#shown.set(asset, shown);
    }
    return shown;
  }

  #tile(asset: ImgixAsset, at: number, isEntry: boolean): TemplateResult {
    const { path, words, name, facts, kind, picture } = this.#show(asset);
    const isChosen = this.chosen.has(path);
    const tabindex = isEntry ? 0 : -1;
    return html`<li class="asset-tile" data-at=${at} data-chosen=${isChosen ? "true" : nothing} data-open=${path === this.opened ? "true" : nothing} aria-setsize=${this.total ?? (this.hasMore ? -1 : this.items.length)} aria-posinset=${at + 1}>
      <input type="checkbox" class="asset-check" tabindex=${tabindex} aria-label="Choose ${words}" .checked=${isChosen} />
      <a class="asset-link" href=${this.hrefOf(path)} tabindex=${tabindex} aria-current=${path === this.opened ? "true" : nothing} title=${words}>
        <asset-thumb .picture=${picture} .kind=${kind} .load=${this.load}></asset-thumb>
        <span class="asset-name">${name}</span>
        <span class="asset-facts">${facts}</span>
      </a>
    </li>`;
  }
}

customElements.define("asset-grid", AssetGrid);
