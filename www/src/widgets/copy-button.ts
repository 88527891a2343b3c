import { html, type TemplateResult } from "lit";
import { icon } from "./icons.js";
import { Widget } from "./element.js";

const SHOWN_MS = 1600;

/** Copies a text, and says so for a moment. */
export class CopyButton extends Widget {
  static override properties = { text: {}, label: {}, words: {}, isDone: { state: true } };

  /** It, or what makes it when it is wanted. */
  declare text: string | (() => string);
  declare label: string;
  /** What is written beside the sign, if anything is. */
  declare words: string | undefined;
  declare isDone: boolean;
  #timer: ReturnType<typeof setTimeout> | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  async #copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(typeof this.text === "function" ? this.text() : this.text);
      this.emit("copied", { what: this.label });
      this.isDone = true;
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => (this.isDone = false), SHOWN_MS);
    } catch {
      this.emit("not-copied", { what: this.label });
    }
  }

  protected override render(): TemplateResult {
    const sign = icon(this.isDone ? "check" : "copy");
    return this.words
      ? html`<button type="button" class="button small" title="Copy ${this.label}" @click=${this.#copy}>${sign}<span><span class="visually-hidden">Copy as </span>${this.words}</span></button>`
      : html`<button type="button" class="icon-button small" aria-label="Copy ${this.label}" title="Copy ${this.label}" @click=${this.#copy}>${sign}</button>`;
  }
}

customElements.define("copy-button", CopyButton);
