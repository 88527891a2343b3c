// What can be done with the rows that are ticked.
import { html, nothing, type TemplateResult } from "lit";
import { plural } from "../../text/visible.js";
import { icon } from "../../widgets/icons.js";

export interface SelectionActs {
  enable(): void;
  disable(): void;
  remove(): void;
  clear(): void;
}

/** Drawn even if nothing is ticked, because what speaks must be there before it speaks. */
export function selectionBar(ticked: { shown: number; hidden: number }, can: { switch: boolean; remove: boolean }, acts: SelectionActs): TemplateResult {
  const isEmpty = ticked.shown + ticked.hidden === 0;
  return html`<section class="selection" aria-label="Selected sources" data-empty=${isEmpty ? "true" : nothing}>
    <p role="status" class="selection-count">${isEmpty ? "" : html`<b>${plural(ticked.shown, "source")} selected</b>${ticked.hidden > 0 ? html` <span class="selection-hidden">${ticked.hidden.toLocaleString("en")} more not shown, and left alone</span>` : nothing}`}</p>
    ${isEmpty
      ? nothing
      : html`${can.switch
            ? html`<button type="button" class="button" data-bulk="enable" @click=${acts.enable}>${icon("power")}Enable</button>
                <button type="button" class="button" data-bulk="disable" @click=${acts.disable}>${icon("power")}Disable</button>`
            : nothing}
          ${can.remove ? html`<button type="button" class="button danger" data-bulk="delete" @click=${acts.remove}>${icon("trash")}Delete</button>` : nothing}
          <button type="button" class="button" data-bulk="clear" @click=${acts.clear}>Clear selection</button>`}
  </section>`;
}
