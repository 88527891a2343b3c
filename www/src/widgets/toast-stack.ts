import { html, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { visible } from "../text/visible.js";
import { Widget } from "./element.js";
import { icon } from "./icons.js";

const SHOWN_MS = 7000;

interface Toast {
  id: number;
  text: string;
}

/** Short news, spoken politely. Nothing is said only here. */
export class ToastStack extends Widget {
  static override properties = { toasts: { state: true } };

  declare toasts: Toast[];
  #count = 0;

  constructor() {
    super();
    this.toasts = [];
  }

  say(text: string): void {
    const id = (this.#count += 1);
    this.toasts = [...this.toasts, { id, text }].slice(-4);
    setTimeout(() => this.#drop(id), SHOWN_MS);
  }

  #drop(id: number): void {
    if (this.matches(":hover") || this.contains(document.activeElement)) setTimeout(() => this.#drop(id), SHOWN_MS);
    else this.toasts = this.toasts.filter((toast) => toast.id !== id);
  }

  protected override render(): TemplateResult {
    return html`<div class="toasts" role="status">
      ${repeat(this.toasts, ({ id }) => id, ({ id, text }) => html`<div class="toast"><span>${visible(text)}</span>
        <button type="button" class="icon-button small" aria-label="Dismiss" @click=${() => (this.toasts = this.toasts.filter((toast) => toast.id !== id))}>${icon("close")}</button></div>`)}
    </div>`;
  }
}

customElements.define("toast-stack", ToastStack);
