import { html, type TemplateResult } from "lit";
import { icon } from "../widgets/icons.js";
import { Modal } from "../widgets/modal.js";

const SHORTCUTS: [string[], string][] = [
  [["/"], "Search"],
  [["↑", "↓"], "Move in the list"],
  [["Home", "End"], "First and last of the list"],
  [["Enter"], "Open the source"],
  [["n"], "New source"],
  [["e"], "Edit the source"],
  [["Esc"], "Close"],
  [["?"], "This sheet"],
];

/** The sheet of shortcuts, and the switch that turns single keys off. */
export class ShortcutsDialog extends Modal {
  static override properties = { isOn: {} };

  declare isOn: boolean;

  protected override render(): TemplateResult {
    return html`<dialog class="confirm" aria-labelledby="shortcuts-heading">
      <header class="confirm-head"><h2 id="shortcuts-heading">Keyboard shortcuts</h2>
        <button type="button" class="icon-button" aria-label="Close" title="Close (Esc)" @click=${() => this.close()}>${icon("close")}</button></header>
      <dl class="shortcuts">${SHORTCUTS.map(([keys, what]) => html`<div><dt>${what}</dt><dd>${keys.map((key) => html`<kbd>${key}</kbd>`)}</dd></div>`)}</dl>
      <label class="option"><input type="checkbox" .checked=${this.isOn} @change=${(event: Event) => this.emit("shortcuts-switch", { on: (event.target as HTMLInputElement).checked })} /> Shortcuts of a single letter or sign</label>
    </dialog>`;
  }
}

customElements.define("shortcuts-dialog", ShortcutsDialog);
