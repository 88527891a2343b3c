import { LitElement } from "lit";

/** A widget without a shadow: the page's one style sheet reaches it, and a strict policy for styles holds. */
export class Widget extends LitElement {
  protected override createRenderRoot(): this {
    return this;
  }

  /** Tells whoever listens above. */
  protected emit(name: string, detail?: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
  }
}
