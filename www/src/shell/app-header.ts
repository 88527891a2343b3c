import { html, nothing, type TemplateResult } from "lit";
import type { Theme } from "../model/settings.js";
import { PROVIDERS } from "../package.js";
import type { Modes } from "../types.js";
import { Widget } from "../widgets/element.js";
import { icon, type IconName } from "../widgets/icons.js";
import { modeBadge } from "../widgets/parts.js";

/** A way to a screen. */
export interface Place {
  name: string;
  title: string;
  icon: IconName;
  href: string;
  isHere: boolean;
}

/** What this is, where one can go, and what it works on. */
export class AppHeader extends Widget {
  static override properties = { modes: {}, theme: {}, places: {} };

  declare modes: Modes;
  declare theme: Theme;
  declare places: Place[];

  protected override render(): TemplateResult {
    return html`<header class="app-header">
      <a class="brand" href=${location.pathname} @click=${(event: MouseEvent) => this.#go(event, "")}>
        <svg class="brand-mark" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><rect x="2" y="2" width="13" height="13" rx="3" class="brand-back" /><rect x="9" y="9" width="13" height="13" rx="3" class="brand-front" /><path d="m11.500 19.500 3-3.500 2 2 1.500-1.500 2 3z" class="brand-hill" /></svg>
        <span>Image sources</span>
      </a>
      ${this.places.length > 1
        ? html`<nav class="places" aria-label="Screens"><ul>
            ${this.places.map((place) => html`<li><a href=${place.href} aria-current=${place.isHere ? "page" : nothing} @click=${(event: MouseEvent) => this.#go(event, place.name)}>${icon(place.icon)}${place.title}</a></li>`)}
          </ul></nav>`
        : nothing}
      <p class="modes"><span class="visually-hidden">Working on: </span>${PROVIDERS.map((name) => modeBadge(name, this.modes[name]))}</p>
      <div class="app-tools">
        <button type="button" class="icon-button" aria-label="Theme: ${this.theme}" title="Theme: ${this.theme}" @click=${() => this.emit("theme-next")}>${icon(this.theme)}</button>
        <button type="button" class="icon-button" aria-label="Keyboard shortcuts" title="Keyboard shortcuts (?)" @click=${() => this.emit("shortcuts-open")}>${icon("keys")}</button>
      </div>
    </header>`;
  }

  /** A link may be opened elsewhere. */
  #go(event: MouseEvent, name: string): void {
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    this.emit("place-go", { name });
  }
}

customElements.define("app-header", AppHeader);
