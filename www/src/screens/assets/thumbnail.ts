import { html, type PropertyValues, svg, type SVGTemplateResult, type TemplateResult } from "lit";
import { visible } from "../../text/visible.js";
import { Widget } from "../../widgets/element.js";
import type { Picture } from "./asset.js";
import { onceLookedAt } from "./skim.js";

/** Where the picture of an address really is: elsewhere in a sandbox. Rejects if there is none. */
export type Load = (address: string, signal: AbortSignal) => Promise<string>;

/** Addresses that gave no picture; once is enough. */
const broken = new Set<string>();

const SHAPES: Record<string, SVGTemplateResult> = {
  image: svg`<rect x="4" y="7" width="24" height="18" rx="2"/><circle cx="11" cy="13" r="2"/><path d="m4 22 7-6 5 4 5-6 7 7"/>`,
  video: svg`<rect x="4" y="7" width="24" height="18" rx="2"/><path d="m13.500 12 6 4-6 4Z"/>`,
  document: svg`<path d="M9 4h10l5 5v19H9ZM19 4v5h5M13 15h7M13 19h7M13 23h4"/>`,
};

/** A picture, or a drawing in its place that says why it is there. */
export class AssetThumb extends Widget {
  static override properties = { picture: { hasChanged: (one: Picture, other?: Picture) => one.address !== other?.address || one.why !== other?.why }, kind: {}, load: { attribute: false }, src: { state: true } };

  declare picture: Picture;
  declare kind: string;
  declare load: Load;
  declare src: string | undefined;
  #loading = new AbortController();
  #cancel: (() => void) | undefined;

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has("picture")) return;
    this.#end();
    const { address } = this.picture;
    if (!address || broken.has(address)) return;
    this.#cancel = onceLookedAt(() => this.#begin(address));
  }

  #begin(address: string): void {
    const { signal } = (this.#loading = new AbortController());
    this.load(address, signal).then(
      (src) => (signal.aborted ? free(src) : (this.src = src)),
      () => signal.aborted || this.#lost(),
    );
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#end();
  }

  #end(): void {
    this.#cancel?.();
    this.#loading.abort();
    free(this.src);
    this.src = undefined;
  }

  readonly #lost = (): void => {
    broken.add(this.picture.address ?? "");
    free(this.src);
    this.src = undefined;
    this.requestUpdate();
  };

  protected override render(): TemplateResult {
    const { address = "", why } = this.picture;
    if (this.src) return html`<span class="thumb"><img src=${this.src} alt="" width="152" height="112" loading="lazy" decoding="async" referrerpolicy="no-referrer" @error=${this.#lost} /></span>`;
    if (address && !broken.has(address)) return html`<span class="thumb"></span>`;
    const words = visible(why ?? "the picture could not be loaded");
    return html`<span class="thumb none" title=${words}><svg viewBox="0 0 32 32" aria-hidden="true" focusable="false">${Object.hasOwn(SHAPES, this.kind || "image") ? SHAPES[this.kind || "image"] : SHAPES["document"]}</svg><span class="visually-hidden">no picture: ${words}</span></span>`;
  }
}

/** What was made for this page alone is given back. */
function free(src: string | undefined): void {
  if (src?.startsWith("blob:")) URL.revokeObjectURL(src);
}

customElements.define("asset-thumb", AssetThumb);
