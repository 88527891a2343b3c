import { html, nothing, type TemplateResult } from "lit";
import type { Connection } from "../model/connection.js";
import type { RateMeter } from "../model/meter.js";
import type { Theme } from "../model/settings.js";
import { PROVIDERS } from "../package.js";
import type { ProviderName } from "../types.js";
import { Widget } from "../widgets/element.js";
import { icon, type IconName } from "../widgets/icons.js";
import { modeBadge } from "../widgets/parts.js";
import "./rate-meter.js";

/** A way to a screen. */
export interface Place {
  name: string;
  title: string;
  icon: IconName;
  keys: string;
  href: string;
  isHere: boolean;
}

/** What this is, where one can go, and what it works on. */
export class AppHeader extends Widget {
  static override properties = { connection: {}, meter: {}, theme: {}, places: {}, failed: {}, isLocked: {}, isInspecting: {}, isStarting: {} };

  declare connection: Connection | undefined;
  declare meter: RateMeter | undefined;
  declare theme: Theme;
  declare places: Place[];
  /** Providers whose sources could not be loaded. */
  declare failed: ProviderName[];
  /** Is a live account locked? */
  declare isLocked: boolean;
  declare isInspecting: boolean;
  declare isStarting: boolean;

  protected override render(): TemplateResult {
    const { connection } = this;
    return html`<header class="app-header">
      <a class="brand" href=${location.pathname} @click=${(event: MouseEvent) => this.#go(event, "")}>
        <svg class="brand-mark" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><rect x="2" y="2" width="13" height="13" rx="3" class="brand-back" /><rect x="9" y="9" width="13" height="13" rx="3" class="brand-front" /><path d="m11.500 19.500 3-3.500 2 2 1.500-1.500 2 3z" class="brand-hill" /></svg>
        <span>Image sources</span>
      </a>
      ${this.places.length > 1
        ? html`<nav class="places" aria-label="Screens"><ul>
            ${this.places.map((place) => html`<li><a href=${place.href} title="${place.title} (${place.keys})" aria-current=${place.isHere ? "page" : nothing} @click=${(event: MouseEvent) => this.#go(event, place.name)}>${icon(place.icon)}${place.title}</a></li>`)}
          </ul></nav>`
        : nothing}
      <div class="working-on">
        ${connection || this.isStarting ? this.#connection(connection) : nothing}
        ${connection && connection.lock.accounts.length > 0 ? this.#lock() : nothing}
      </div>
      <div class="app-tools">
        ${this.meter && connection
          ? html`<rate-meter .meter=${this.meter}></rate-meter>
              <button type="button" class="icon-button" aria-label="Requests" aria-pressed=${this.isInspecting ? "true" : "false"} aria-keyshortcuts="i" title="Requests (i)" @click=${() => this.emit("inspector-toggle")}>${icon("requests")}</button>
              <button type="button" class="icon-button" aria-label="Commands" aria-keyshortcuts="Control+K Meta+K" title="Commands (Ctrl K)" @click=${() => this.emit("palette-open")}>${icon("command")}</button>`
          : nothing}
        <button type="button" class="icon-button" aria-label="Theme: ${this.theme}" title="Theme: ${this.theme}" @click=${() => this.emit("theme-next")}>${icon(this.theme)}</button>
        <button type="button" class="icon-button" aria-label="Keyboard shortcuts" aria-keyshortcuts="?" title="Keyboard shortcuts (?)" @click=${() => this.emit("shortcuts-open")}>${icon("keys")}</button>
      </div>
    </header>`;
  }

  #connection(connection: Connection | undefined): TemplateResult {
    return html`<button type="button" class="modes" popovertarget="connection" aria-disabled=${connection ? nothing : "true"} title="Connection">
      <span class="visually-hidden">Connection: </span>${PROVIDERS.map((name) => modeBadge(name, connection?.modes[name], this.failed.includes(name)))}
    </button>`;
  }

  #lock(): TemplateResult {
    return html`<button type="button" role="switch" class="lock" aria-checked=${this.isLocked ? "false" : "true"} aria-label="Changes to live accounts" title=${this.isLocked ? "Nothing live can be changed until this is switched on" : "Live accounts can be changed"} @click=${() => this.emit("lock-toggle")}>
      ${icon(this.isLocked ? "lock" : "unlock")}<span>${this.isLocked ? "Read-only" : "Changes allowed"}</span><span class="lock-track" aria-hidden="true"></span>
    </button>`;
  }

  /** A link may be opened elsewhere. */
  #go(event: MouseEvent, name: string): void {
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    this.emit("place-go", { name });
  }
}

customElements.define("app-header", AppHeader);
