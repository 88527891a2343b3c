import type { ImgixAsset } from "image-sources";
import { html, nothing, type PropertyValues, svg, type TemplateResult } from "lit";
import { momentOf, textOf } from "../../text/given.js";
import { moment, plural, visible } from "../../text/visible.js";
import type { Failure, Json } from "../../types.js";
import "../../widgets/copy-button.js";
import { Widget } from "../../widgets/element.js";
import { icon } from "../../widgets/icons.js";
import { failureText, foreign, foreignLink } from "../../widgets/parts.js";
import { bytes, dimensions, fileName, kindOf, type Picture, swatches, tagsOf, titleOf } from "./asset.js";
import type { Load } from "./thumbnail.js";
import "./thumbnail.js";

/** One asset: what it looks like, what is known of it, and what can be done with it. */
export class AssetDetails extends Widget {
  static override properties = { path: {}, asset: {}, picture: {}, load: {}, address: {}, isReal: {}, isMissing: {}, failure: {}, isBusy: {}, refreshNote: {}, isDrawn: { state: true } };

  declare path: string;
  declare asset: ImgixAsset | undefined;
  declare picture: Picture;
  declare load: Load;
  /** Where it is served; without one it cannot be purged. */
  declare address: string | undefined;
  /** Does somebody answer there? Nobody does for a sandbox. */
  declare isReal: boolean;
  declare isMissing: boolean;
  declare failure: Failure | undefined;
  declare isBusy: boolean;
  /** The limit of refreshing, in words. */
  declare refreshNote: string;
  /** What is opened shows its name at once and everything else a frame later: whoever pressed a key sees that it was heard. */
  declare isDrawn: boolean;

  protected override willUpdate(changed: PropertyValues<this>): void {
    // Another asset in its place is drawn at once: what has the focus stays.
    if (changed.has("path") && !changed.get("path")) this.isDrawn = false;
  }

  protected override updated(): void {
    if (!this.isDrawn) requestAnimationFrame(() => setTimeout(() => (this.isDrawn = true)));
  }

  focusHeading(): void {
    this.querySelector<HTMLElement>("h2")?.focus();
  }

  protected override render(): TemplateResult {
    const { asset } = this;
    return html`<section class="details" aria-labelledby="asset-heading">
      <header class="details-head">
        <div class="details-kind"><span class="type">${visible(textOf(asset?.content_type) || "asset")}</span></div>
        <h2 id="asset-heading" tabindex="-1">${foreign(asset ? titleOf(asset) : fileName(this.path))}</h2>
        <button type="button" class="icon-button" aria-label="Close details" title="Close (Esc)" @click=${() => this.emit("details-close")}>${icon("close")}</button>
      </header>
      ${this.failure ? html`<div class="notice" data-level="error" role="alert"><h3>${icon("error")}${this.failure.title}</h3>${failureText(this.failure)}</div>` : nothing}
      ${asset && this.isDrawn ? this.#body(asset) : asset || this.failure ? nothing : html`<p class="prose">${this.isMissing ? "There is no asset of this path: it may have been removed, or never been added." : "Loading …"}</p>`}
    </section>`;
  }

  #body(asset: ImgixAsset): TemplateResult {
    const act = (what: string) => () => this.isBusy || this.emit("asset-act", { what });
    const cannot = this.isBusy ? "true" : nothing;
    const { why } = this.picture;
    return html`
      <div class="asset-large"><asset-thumb .picture=${this.picture} .kind=${kindOf(asset)} .load=${this.load}></asset-thumb>${why ? html`<p class="help">No picture: ${why}.</p>` : nothing}</div>
      <div class="actions">
        <button type="button" class="button" data-action="edit-asset" aria-keyshortcuts="e" @click=${act("edit")}>${icon("edit")}Edit</button>
        <button type="button" class="button" data-action="refresh" aria-disabled=${cannot} aria-describedby="refresh-note" @click=${act("refresh")}>${icon("reload")}Refresh</button>
        ${this.address ? html`<button type="button" class="button danger" data-action="purge" aria-disabled=${cannot} @click=${act("purge")}>${icon("trash")}Purge</button>` : nothing}
      </div>
      <p class="help" id="refresh-note">${this.refreshNote}</p>
      <dl class="facts">
        <div><dt>Path</dt><dd class="mono with-copy">${foreign(this.path)}<copy-button .text=${this.path} label="path"></copy-button></dd></div>
        ${this.address ? html`<div><dt>Address</dt><dd class="mono with-copy">${this.isReal ? foreignLink(this.address) : foreign(this.address)}<copy-button .text=${this.address} label="address"></copy-button></dd></div>` : nothing}
        ${dimensions(asset) ? html`<div><dt>Size</dt><dd class="numbers">${dimensions(asset)} pixels${bytes(asset.file_size) && `, ${bytes(asset.file_size)}`}</dd></div>` : nothing}
        ${typeof asset.face_count !== "number" ? nothing : html`<div><dt>Faces</dt><dd class="numbers">${asset.face_count === 0 ? "none" : plural(asset.face_count, "face")}</dd></div>`}
      </dl>
      ${this.#colors(asset)}${this.#tags(asset)}${this.#attributes(asset)}
    `;
  }

  #colors(asset: ImgixAsset): TemplateResult | typeof nothing {
    const colors = swatches(asset);
    if (colors.length === 0) return nothing;
    return html`<section class="attributes"><h3>Colours</h3><ul class="swatches">${colors.map(
      ([name, hex]) => html`<li>
        <svg class="swatch" viewBox="0 0 8 8" aria-hidden="true" focusable="false">${svg`<rect width="8" height="8" fill=${hex} />`}</svg>
        <span>${foreign(name)} <code>${hex}</code></span>
        <span><button type="button" class="link-button" @click=${() => this.emit("asset-find", { color: hex.slice(1) })}>Find<span class="visually-hidden"> all with ${hex}</span></button><copy-button .text=${hex} label="colour ${hex}"></copy-button></span>
      </li>`,
    )}</ul></section>`;
  }

  #tags(asset: ImgixAsset): TemplateResult | typeof nothing {
    const tags = tagsOf(asset);
    if (tags.length === 0) return nothing;
    return html`<section class="attributes"><h3>Tags</h3><ul class="asset-tags">${tags.map(
      ([name, sure]) => html`<li><button type="button" class="asset-tag" title="Find all with this tag" @click=${() => this.emit("asset-find", { tags: name })}>${foreign(name)} <span class="count">${Math.round(sure * 100)} %</span></button></li>`,
    )}</ul></section>`;
  }

  #attributes(asset: ImgixAsset): TemplateResult {
    const entries = Object.entries(asset).filter(([name]) => name !== "id" && name !== "type");
    return html`<section class="attributes"><h3>Attributes</h3><dl>${entries.map(([name, value]) => html`<div><dt>${foreign(name)}</dt><dd class="mono">${valueText(name, value as Json)}</dd></div>`)}</dl></section>`;
  }
}

function valueText(name: string, value: Json): TemplateResult {
  if (value === null) return html`<span class="none">null</span>`;
  if (typeof value === "string") return value === "" ? html`<span class="none">empty</span>` : foreignLink(value);
  const at = name.startsWith("date_") ? momentOf(value) : undefined;
  if (at !== undefined) return html`${moment(at)}`;
  if (typeof value !== "object") return html`${String(value)}`;
  const rows: [string, Json][] = Array.isArray(value) ? value.map((item) => ["", item]) : Object.entries(value);
  if (rows.length === 0) return html`<span class="none">none</span>`;
  return html`<ul class="values">${rows.map(([key, item]) => html`<li>${foreign((key ? `${key}: ` : "") + (typeof item === "string" ? item : JSON.stringify(item)))}</li>`)}</ul>`;
}

customElements.define("asset-details", AssetDetails);
