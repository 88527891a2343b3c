import { html, nothing, type TemplateResult } from "lit";
import type { Command } from "../app.js";
import { visible } from "../text/visible.js";
import { Modal } from "../widgets/modal.js";
import { icon } from "../widgets/icons.js";

const MOST = 50;

/** One thing that can be chosen. */
export interface Choice extends Command {
  /** Where it belongs to. */
  group: string;
}

/** All that can be done, found by typing. Closes with what was chosen. */
export class CommandPalette extends Modal {
  static override properties = { find: {}, words: { state: true }, at: { state: true } };

  /** What fits some words, best first. */
  declare find: (words: string[]) => Choice[];
  declare words: string;
  declare at: number;

  constructor() {
    super();
    this.words = "";
    this.at = 0;
  }

  get #found(): Choice[] {
    return this.find(this.words.toLowerCase().split(/\s+/).filter(Boolean)).slice(0, MOST);
  }

  protected override render(): TemplateResult {
    const found = this.#found;
    const at = Math.min(this.at, found.length - 1);
    return html`<dialog class="palette" aria-label="Commands" @click=${this.#outside}>
      <div class="search">
        ${icon("search")}
        <input class="input" type="text" role="combobox" aria-label="Find a command or a source" aria-expanded="true" aria-controls="palette-list" aria-autocomplete="list" aria-activedescendant=${found.length > 0 ? `palette-${at}` : nothing}
          placeholder="What do you want to do?" autocomplete="off" spellcheck="false" autocapitalize="off" @input=${this.#type} @keydown=${this.#keys} />
      </div>
      <ul id="palette-list" role="listbox" aria-label="Commands">
        ${found.map(
          (choice, index) => html`<li role="option" id="palette-${index}" aria-selected=${index === at ? "true" : "false"} @click=${() => this.close(choice)} @pointermove=${() => (this.at = index)}>
            <span class="choice-title">${visible(choice.title)}</span><span class="choice-group">${choice.group}</span>${choice.keys ? html`<span class="choice-keys">${keysOf(choice.keys)}</span>` : nothing}
          </li>`,
        )}
      </ul>
      <p class="palette-none" role="status">${found.length === 0 ? "Nothing matches" : ""}</p>
    </dialog>`;
  }

  readonly #type = (event: Event): void => {
    this.words = (event.target as HTMLInputElement).value;
    this.at = 0;
  };

  readonly #keys = (event: KeyboardEvent): void => {
    const found = this.#found;
    const last = found.length - 1;
    const at = Math.min(this.at, last);
    const to = { ArrowDown: at >= last ? 0 : at + 1, ArrowUp: at <= 0 ? last : at - 1, PageDown: Math.min(at + 8, last), PageUp: Math.max(at - 8, 0) }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      this.at = Math.max(0, to);
      void this.updateComplete.then(() => this.querySelector(`#palette-${this.at}`)?.scrollIntoView({ block: "nearest" }));
    } else if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      if (found[at]) this.close(found[at]);
    }
  };

  readonly #outside = (event: Event): void => {
    if (event.target === this.dialog) this.close();
  };
}

/** `g s` as two keys. */
export const keysOf = (keys: string): TemplateResult[] => keys.split(" ").map((key) => html`<kbd>${key === "Escape" ? "Esc" : key}</kbd>`);

customElements.define("command-palette", CommandPalette);
