// A button that opens a small panel: `<details>`, which closes when the focus leaves it, and by escape.
import { html, nothing, type TemplateResult } from "lit";

const close = (menu: HTMLDetailsElement): void => {
  menu.open = false;
};

const escape = (event: KeyboardEvent): void => {
  const menu = event.currentTarget as HTMLDetailsElement;
  if (event.key !== "Escape" || !menu.open) return;
  event.preventDefault();
  event.stopPropagation();
  closeMenu(menu);
};

const left = (event: FocusEvent): void => {
  const menu = event.currentTarget as HTMLDetailsElement;
  // Something in the panel that takes no focus was pressed.
  if (event.relatedTarget === null && menu.matches(":hover")) return;
  if (!menu.contains(event.relatedTarget as Node | null)) close(menu);
};

/** Closes a menu from within, and puts the focus on its button. */
export function closeMenu(within: Element | null): void {
  const menu = within?.closest<HTMLDetailsElement>("details.menu");
  if (!menu) return;
  close(menu);
  menu.querySelector("summary")?.focus();
}

/** `panel` is made when it is opened, so that a closed menu costs nothing; `toggled` is told. */
export const menu = (name: string, button: TemplateResult, panel: TemplateResult | undefined, toggled: (isOpen: boolean) => void): TemplateResult =>
  html`<details class="menu" data-menu=${name} @keydown=${escape} @focusout=${left} @toggle=${({ target }: Event) => toggled((target as HTMLDetailsElement).open)}>
    <summary class="button">${button}</summary>
    <div class="menu-panel">${panel ?? nothing}</div>
  </details>`;
