import { html, nothing, type TemplateResult } from "lit";
import type { Command } from "../app.js";
import { icon } from "../widgets/icons.js";
import { Modal } from "../widgets/modal.js";
import { keysOf } from "./command-palette.js";

/** Keys that work in lists and dialogs wherever there are some. */
const ALWAYS: [string[], string][] = [
  [["↑", "↓"], "Move in a list"],
  [["Home", "End"], "First and last of a list"],
  [["Enter"], "Open what has the focus"],
  [["Esc"], "Close what is open"],
];

/** The sheet of shortcuts, and the switch that turns single keys off. */
export class ShortcutsDialog extends Modal {
  static override properties = { isOn: {}, groups: {} };

  declare isOn: boolean;
  /** What has keys, by where it belongs to. */
  declare groups: [string, Command[]][];

  protected override render(): TemplateResult {
    return html`<dialog class="confirm shortcuts-sheet" aria-labelledby="shortcuts-heading">
      <header class="confirm-head"><h2 id="shortcuts-heading">Keyboard shortcuts</h2>
        <button type="button" class="icon-button" aria-label="Close" title="Close (Esc)" @click=${() => this.close()}>${icon("close")}</button></header>
      ${this.groups.map(([group, commands]) =>
        commands.length === 0
          ? nothing
          : html`<h3>${group}</h3><dl class="shortcuts">${commands.map(({ title, keys = "" }) => html`<div><dt>${title}</dt><dd>${keysOf(keys)}</dd></div>`)}</dl>`,
      )}
      <h3>Always</h3>
      <dl class="shortcuts">
        <div><dt>Commands and sources by name</dt><dd><kbd>Ctrl</kbd><kbd>K</kbd></dd></div>
        ${ALWAYS.map(([keys, what]) => html`<div><dt>${what}</dt><dd>${keys.map((key) => html`<kbd>${key}</kbd>`)}</dd></div>`)}
      </dl>
      <label class="option"><input type="checkbox" .checked=${this.isOn} @change=${(event: Event) => this.emit("shortcuts-switch", { on: (event.target as HTMLInputElement).checked })} /> Shortcuts of a single letter or sign</label>
    </dialog>`;
  }
}

customElements.define("shortcuts-dialog", ShortcutsDialog);
