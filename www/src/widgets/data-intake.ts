import { html, nothing, type TemplateResult } from "lit";
import { visible } from "../text/visible.js";
import { Widget } from "./element.js";
import { icon } from "./icons.js";

/** What somebody gave, by whichever way. */
export interface Intake {
  name: string;
  content: Blob;
}

/** A field shows no more than that; more is taken as if it were a file. */
const MOST_SHOWN = 100_000;

export const megabytes = (bytes: number): string => `${(bytes / 1_000_000).toFixed(1)} MB`;

/** Takes a file, dropped or chosen, or text, typed or pasted. */
export class DataIntake extends Widget {
  static override properties = { heading: {}, help: {}, accept: {}, most: {}, placeholder: {}, action: {}, refusal: { state: true }, isOver: { state: true } };

  declare heading: string;
  declare help: string;
  declare accept: string;
  /** Bytes. */
  declare most: number;
  declare placeholder: string;
  declare action: string;
  declare refusal: string;
  declare isOver: boolean;

  constructor() {
    super();
    this.refusal = "";
    this.isOver = false;
  }

  clear(): void {
    this.#text.value = "";
    this.refusal = "";
  }

  get #text(): HTMLTextAreaElement {
    return this.querySelector("textarea")!;
  }

  #take(name: string, content: Blob): void {
    this.refusal = content.size === 0 ? `${name} is empty` : content.size > this.most ? `${name} is too large: it has ${megabytes(content.size)}, and at most ${megabytes(this.most)} are read` : "";
    if (!this.refusal) this.emit("data-given", { name, content } satisfies Intake);
  }

  readonly #chosen = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    const [file] = input.files ?? [];
    if (file) this.#take(file.name, file);
    // The same file can be chosen again once it is mended.
    input.value = "";
  };

  readonly #dropped = (event: DragEvent): void => {
    event.preventDefault();
    this.isOver = false;
    const [file] = event.dataTransfer?.files ?? [];
    const text = event.dataTransfer?.getData("text/plain");
    if (file) this.#take(file.name, file);
    else if (text) this.#take("What was dropped", new Blob([text]));
  };

  readonly #over = (event: DragEvent): void => {
    event.preventDefault();
    this.isOver = true;
  };

  /** A page would freeze for seconds while a field lays out megabytes. */
  readonly #pasted = (event: ClipboardEvent): void => {
    const [file] = event.clipboardData?.files ?? [];
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!file && text.length <= MOST_SHOWN) return;
    event.preventDefault();
    this.#take(file?.name ?? "What was pasted", file ?? new Blob([text]));
  };

  readonly #submit = (event: Event): void => {
    event.preventDefault();
    const text = this.#text.value;
    if (text.trim() === "") this.#text.focus();
    else this.#take("What was typed", new Blob([text]));
  };

  protected override render(): TemplateResult {
    return html`<form class="intake" data-over=${this.isOver} @submit=${this.#submit} @drop=${this.#dropped} @dragover=${this.#over} @dragleave=${() => (this.isOver = false)}>
      <div class="intake-head">
        <label class="label" for="intake-text">${this.heading}</label>
        <label class="button file-button">${icon("out")}Choose a file<input type="file" class="file-input" accept=${this.accept} @change=${this.#chosen} /></label>
      </div>
      <p class="help" id="intake-help">${this.help}</p>
      <textarea class="input mono" id="intake-text" rows="5" spellcheck="false" autocomplete="off" placeholder=${this.placeholder} aria-describedby="intake-help${this.refusal ? " intake-refusal" : ""}" @paste=${this.#pasted}></textarea>
      ${this.refusal ? html`<p class="refusal" id="intake-refusal" role="alert">${icon("error")}<span>${visible(this.refusal)}. Nothing was changed.</span></p>` : nothing}
      <button type="submit" class="button primary">${this.action}</button>
    </form>`;
  }
}

customElements.define("data-intake", DataIntake);
