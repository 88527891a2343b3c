// Dialogs that are open, one over the other, and who waits for their answers.
import { html, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { Modal } from "../widgets/modal.js";

interface Open {
  id: number;
  draw(): TemplateResult;
  done(answer: unknown): void;
}

export class Dialogs {
  readonly #changed: () => void;
  readonly #focusLost: () => void;
  #open: readonly Open[] = [];
  #count = 0;

  /** `focusLost`: a dialog has closed, and where the focus was before is gone. */
  constructor(changed: () => void, focusLost: () => void) {
    this.#changed = changed;
    this.#focusLost = focusLost;
  }

  get isAnyOpen(): boolean {
    return this.#open.length > 0;
  }

  ask<Answer>(dialog: (close: (answer?: Answer) => void) => TemplateResult): Promise<Answer | undefined> {
    const id = (this.#count += 1);
    const close = (answer?: Answer) => this.#widget(id)?.close(answer);
    return new Promise((resolve) => {
      this.#open = [...this.#open, { id, draw: () => dialog(close), done: (answer) => resolve(answer as Answer | undefined) }];
      this.#changed();
    });
  }

  /** The one on top, if it lets itself be closed. */
  cancel(): void {
    this.#widget(this.#open.at(-1)!.id)?.cancel();
  }

  view(): TemplateResult {
    return html`${repeat(this.#open, ({ id }) => id, (one) => html`<div data-dialog=${one.id} @modal-closed=${(event: CustomEvent) => this.#closed(one, event)}>${one.draw()}</div>`)}`;
  }

  #widget(id: number): Modal | null | undefined {
    return document.querySelector(`[data-dialog="${id}"]`)?.firstElementChild as Modal | null | undefined;
  }

  #closed(closed: Open, { detail }: CustomEvent<{ isFocusBack: boolean; answer: unknown }>): void {
    this.#open = this.#open.filter((one) => one !== closed);
    this.#changed();
    closed.done(detail.answer);
    if (!detail.isFocusBack) this.#focusLost();
  }
}
