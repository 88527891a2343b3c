import { html, nothing, type TemplateResult } from "lit";
import { Widget } from "./element.js";
import { icon } from "./icons.js";

/** A widget that is a popover. What is in it is drawn while it is open. */
export abstract class Panel extends Widget {
  static override properties = { isOpen: { state: true } };

  declare isOpen: boolean;

  protected abstract readonly name: string;
  protected abstract readonly heading: string;
  protected abstract body(): TemplateResult;

  /** Opens it with the focus inside, as for somebody who came by a key. */
  open(): void {
    const popover = this.firstElementChild as HTMLElement;
    popover.showPopover();
    void this.updateComplete.then(() => popover.querySelector("button")?.focus());
  }

  protected override render(): TemplateResult {
    const { name } = this;
    return html`<div id=${name} popover class="panel" role="dialog" aria-labelledby="${name}-heading" @beforetoggle=${this.#toggle} @focusout=${this.#left}>
      ${this.isOpen
        ? html`<div class="panel-head">
              <h2 id="${name}-heading">${this.heading}</h2>
              <button type="button" class="icon-button" aria-label="Close" title="Close (Esc)" popovertarget=${name} popovertargetaction="hide">${icon("close")}</button>
            </div>
            ${this.body()}`
        : nothing}
    </div>`;
  }

  readonly #toggle = (event: ToggleEvent): void => {
    this.isOpen = event.newState === "open";
    this.toggled();
  };

  /** Whoever goes on by keys must not lose what has the focus under it. */
  readonly #left = ({ relatedTarget, currentTarget }: FocusEvent): void => {
    const popover = currentTarget as HTMLElement;
    const opens = relatedTarget instanceof Element && relatedTarget.getAttribute("popovertarget") === popover.id;
    if (relatedTarget instanceof Element && !popover.contains(relatedTarget) && !opens) popover.hidePopover();
  };

  /** It has been opened or closed. */
  protected toggled(): void {}
}
