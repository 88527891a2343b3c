import { Modal } from "./modal.js";

/** A dialog in which something is filled in: it is not thrown away by one touch of a key, nor with the page. */
export abstract class FormModal extends Modal {
  static override properties = { isWarned: { state: true } };

  /** Was it said that what is filled in would be lost? */
  protected declare isWarned: boolean;

  protected abstract get isDirty(): boolean;

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("beforeunload", this.#keepPage);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("beforeunload", this.#keepPage);
  }

  readonly #keepPage = (event: Event): void => {
    if (this.isDirty) event.preventDefault();
  };

  protected override firstUpdated(): void {
    super.firstUpdated();
    this.dialog.addEventListener("cancel", (event) => this.#mayLeave() || event.preventDefault());
  }

  #mayLeave(): boolean {
    if (this.isWarned || !this.isDirty) return true;
    this.isWarned = true;
    return false;
  }

  protected readonly leave = (): void => this.cancel();

  protected get warning(): string {
    return this.isWarned ? "What you filled in is not saved. Close again to discard it." : "";
  }

  protected get leaveWords(): string {
    return this.isWarned ? "Discard" : "Cancel";
  }
}
