import { html, svg, type SVGTemplateResult, type TemplateResult } from "lit";
import { visible } from "../../text/visible.js";
import type { ImgixAsset } from "image-sources";
import type { Picture } from "./asset.js";

/** Addresses that gave no picture; once is enough. */
const broken = new Set<string>();

const SHAPES: Record<string, SVGTemplateResult> = {
  image: svg`<rect x="4" y="7" width="24" height="18" rx="2"/><circle cx="11" cy="13" r="2"/><path d="m4 22 7-6 5 4 5-6 7 7"/>`,
  video: svg`<rect x="4" y="7" width="24" height="18" rx="2"/><path d="m13.500 12 6 4-6 4Z"/>`,
  document: svg`<path d="M9 4h10l5 5v19H9ZM19 4v5h5M13 15h7M13 19h7M13 23h4"/>`,
};

/** A picture, or a drawing in its place that says why it is there. */
export function thumbnail(picture: Picture, asset: ImgixAsset, redraw: () => void): TemplateResult {
  if ("src" in picture && !broken.has(picture.src)) {
    const { src } = picture;
    const lost = (): void => {
      broken.add(src);
      redraw();
    };
    return html`<span class="thumb"><img src=${src} alt="" width="152" height="112" loading="lazy" decoding="async" referrerpolicy="no-referrer" @error=${lost} /></span>`;
  }
  const why = "why" in picture ? picture.why : "the picture could not be loaded";
  const shape = SHAPES[(asset.media_kind ?? "image").toLowerCase()] ?? SHAPES["document"]!;
  return html`<span class="thumb none" title=${visible(why)}><svg viewBox="0 0 32 32" aria-hidden="true" focusable="false">${shape}</svg><span class="visually-hidden">no picture: ${visible(why)}</span></span>`;
}
