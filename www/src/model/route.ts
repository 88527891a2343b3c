// What can be shared is in the address: which screen, and what the screen wants to be found there again.

/** What a screen's part of the address says. */
export type Given = Readonly<Record<string, string>>;

/** Changes of it; what is empty goes. */
export type Part = Record<string, string | undefined>;

export interface Address {
  /** The name of the screen; empty for the first one. */
  readonly view: string;
  readonly given: Given;
}

export function readAddress(query: string): Address {
  const { view = "", ...given } = Object.fromEntries(new URLSearchParams(query));
  return { view, given };
}

export function printAddress({ view, given }: { view: string; given: Part }): string {
  const query = new URLSearchParams();
  if (view) query.set("view", view);
  for (const [name, value] of Object.entries(given)) if (value) query.set(name, value);
  const text = query.toString();
  return text ? `?${text}` : location.pathname;
}
