/** Moves the focus among the links of a list by arrows, Home and End. */
export function moveByArrows(event: KeyboardEvent): void {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const links = [...(event.currentTarget as Element).querySelectorAll<HTMLElement>(".row-link")];
  const at = links.indexOf(event.target as HTMLElement);
  const to = at < 0 ? undefined : { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: links.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  links[Math.max(0, Math.min(to, links.length - 1))]?.focus();
}
