// Links within the page, which may be opened elsewhere like any other.
import { html, type TemplateResult } from "lit";
import type { App, Part } from "../app.js";

/** What a plain click does in place of loading the page anew. */
export const follow =
  (act: () => void) =>
  (event: MouseEvent): void => {
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    act();
  };

/** A link to where `app.go` would lead. */
export const linkTo = (app: App, words: TemplateResult | string, part: Part, how: { view?: string } = {}): TemplateResult =>
  html`<a href=${app.href(part, how)} @click=${follow(() => app.go(part, how))}>${words}</a>`;
