import { html, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { visible } from "../text/visible.js";
import { Widget } from "./element.js";
import { icon } from "./icons.js";

const SHOWN_MS = 7000;
const MOST = 4;

interface Toast {
  id: number;
  text: string;
  undo?: () => void;
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

  /** Gives what takes the news away. */
  say(text: string, { undo, ms = SHOWN_MS }: { undo?: () => void; ms?: number } = {}): () => void {
    const id = (this.#count += 1);
    const all = [...this.toasts, { id, text, undo }];
    // What can be undone stays until its time is over.
    const spare = all.length - MOST;
    this.toasts = spare > 0 ? all.filter((toast, at) => at >= spare || toast.undo) : all;
    setTimeout(() => this.#expire(id, undo !== undefined), ms);
    return () => this.#drop(id);
  }

  /** News stand as long as somebody looks at them; what can be undone cannot be any more when its time is over. */
  #expire(id: number, isPunctual: boolean): void {
    if (!isPunctual && (this.matches(":hover") || this.contains(document.activeElement))) setTimeout(() => this.#expire(id, false), SHOWN_MS);
    else this.#drop(id);
  }

  #drop(id: number): void {
    this.toasts = this.toasts.filter((toast) => toast.id !== id);
  }

  /** Once, however often it is pressed before it is drawn again. */
  #undo(toast: Toast): void {
    if (!this.toasts.includes(toast)) return;
    this.#drop(toast.id);
    toast.undo?.();
  }

  protected override render(): TemplateResult {
    return html`<div class="toasts" role="status">
      ${repeat(
        this.toasts,
        ({ id }) => id,
        (toast) => html`<div class="toast"><span>${visible(toast.text)}</span>
          ${toast.undo
            ? html`<button type="button" class="button" data-action="undo" @click=${() => this.#undo(toast)}>Undo<span class="visually-hidden">: ${visible(toast.text)}</span></button>`
            : html`<button type="button" class="icon-button small" aria-label="Dismiss" @click=${() => this.#drop(toast.id)}>${icon("close")}</button>`}</div>`,
      )}
    </div>`;
  }
}

customElements.define("toast-stack", ToastStack);
