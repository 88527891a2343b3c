import { html, type TemplateResult } from "lit";
import { icon } from "./icons.js";
import { Widget } from "./element.js";

const SHOWN_MS = 1600;

/** Copies a text, and says so for a moment. */
export class CopyButton extends Widget {
  static override properties = { text: {}, label: {}, isDone: { state: true } };

  declare text: string;
  declare label: string;
  declare isDone: boolean;
  #timer: ReturnType<typeof setTimeout> | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  async #copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(this.text);
      this.emit("copied", { what: this.label });
      this.isDone = true;
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => (this.isDone = false), SHOWN_MS);
    } catch {
      this.emit("not-copied", { what: this.label });
    }
  }

  protected override render(): TemplateResult {
    return html`<button type="button" class="icon-button small" aria-label="Copy ${this.label}" title="Copy ${this.label}" @click=${this.#copy}>
      ${icon(this.isDone ? "check" : "copy")}
    </button>`;
  }
}

customElements.define("copy-button", CopyButton);
