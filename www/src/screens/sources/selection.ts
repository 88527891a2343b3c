// Which rows are ticked. Only what is both ticked and shown is ever acted upon.

export interface Selection {
  readonly keys: ReadonlySet<string>;
  /** Where a range with the shift key begins. */
  readonly anchor: string | undefined;
}

export const NOTHING: Selection = { keys: new Set(), anchor: undefined };

/** Ticks or unticks one row; with `range`, all from the anchor to it become as it becomes. */
export function tick(selection: Selection, shown: readonly string[], key: string, isRange: boolean): Selection {
  const keys = new Set(selection.keys);
  const isOn = !keys.has(key);
  const from = isRange && selection.anchor !== undefined ? shown.indexOf(selection.anchor) : -1;
  const to = shown.indexOf(key);
  const range = from < 0 || to < 0 ? [key] : shown.slice(Math.min(from, to), Math.max(from, to) + 1);
  for (const one of range) if (isOn) keys.add(one); else keys.delete(one);
  return { keys, anchor: key };
}

/** Ticks all from one row to another. */
export function tickThrough(selection: Selection, shown: readonly string[], from: string, to: string): Selection {
  const [a, b] = [shown.indexOf(from), shown.indexOf(to)];
  const range = a < 0 || b < 0 ? [to] : shown.slice(Math.min(a, b), Math.max(a, b) + 1);
  return { keys: new Set([...selection.keys, ...range]), anchor: to };
}

/** Ticks all that are shown, or none of them if they all are. What is not shown stays as it is. */
export function tickAll(selection: Selection, shown: readonly string[]): Selection {
  const keys = new Set(selection.keys);
  const areAll = shown.every((key) => keys.has(key));
  for (const key of shown) if (areAll) keys.delete(key); else keys.add(key);
  return { keys, anchor: undefined };
}


/** Forgets what is no longer there. */
export function retain(selection: Selection, isThere: (key: string) => boolean): Selection {
  const keys = new Set([...selection.keys].filter(isThere));
  return keys.size === selection.keys.size ? selection : { keys, anchor: undefined };
}
