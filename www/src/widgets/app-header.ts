import { html, type TemplateResult } from "lit";
import type { Theme } from "../model/settings.js";
import type { Modes } from "../model/status.js";
import { PROVIDERS } from "../package.js";
import { Widget } from "./element.js";
import { icon } from "./icons.js";
import { modeBadge } from "./parts.js";

/** What this is, and what it works on. */
export class AppHeader extends Widget {
  static override properties = { modes: {}, theme: {} };

  declare modes: Modes;
  declare theme: Theme;

  protected override render(): TemplateResult {
    return html`<header class="app-header">
      <a class="brand" href="/" @click=${this.#home}>
        <svg class="brand-mark" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><rect x="2" y="2" width="13" height="13" rx="3" class="brand-back" /><rect x="9" y="9" width="13" height="13" rx="3" class="brand-front" /><path d="m11.500 19.500 3-3.500 2 2 1.500-1.500 2 3z" class="brand-hill" /></svg>
        <span>Image sources</span>
      </a>
      <p class="modes"><span class="visually-hidden">Working on: </span>${PROVIDERS.map((name) => modeBadge(name, this.modes[name]))}</p>
      <div class="app-tools">
        <button type="button" class="icon-button" aria-label="Theme: ${this.theme}" title="Theme: ${this.theme}" @click=${() => this.emit("theme-next")}>${icon(this.theme)}</button>
        <button type="button" class="icon-button" aria-label="Keyboard shortcuts" title="Keyboard shortcuts (?)" @click=${() => this.emit("shortcuts-open")}>${icon("keys")}</button>
      </div>
    </header>`;
  }

  readonly #home = (event: Event): void => {
    event.preventDefault();
    this.emit("go-home");
  };
}

customElements.define("app-header", AppHeader);
