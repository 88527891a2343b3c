import { Widget } from "./element.js";

/** A widget that is a `<dialog>`. Focus goes back to where it was when it closes, if that is still there. */
export class Modal extends Widget {
  #before: Element | null = null;
  #answer: unknown;

  protected get dialog(): HTMLDialogElement {
    return this.querySelector("dialog")!;
  }

  protected override firstUpdated(): void {
    this.#before = document.activeElement;
    this.dialog.addEventListener("close", this.#closed);
    this.dialog.showModal();
  }

  /** Closes it with an answer for whoever asked. */
  close(answer?: unknown): void {
    this.#answer = answer;
    this.dialog.close();
  }

  /** What the escape key does: the dialog may keep it from being closed. */
  cancel(): void {
    if (this.dialog.dispatchEvent(new Event("cancel", { cancelable: true }))) this.close();
  }

  readonly #closed = (): void => {
    const before = this.#before;
    const isBack = before instanceof HTMLElement && before !== document.body && before.isConnected;
    if (isBack) before.focus();
    this.emit("modal-closed", { isFocusBack: isBack, answer: this.#answer });
  };
}
