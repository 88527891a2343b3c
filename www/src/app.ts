// What every screen is given, and the only thing it knows of the rest.
//
// A screen is one folder in `screens/` and one line in `screens/index.ts`, which loads it when it is wanted. It draws itself from
// `app` and from a state of its own (`perApp`), and listens to its widgets where it draws them (`@event=${...}`). It knows no other
// screen: it leads there by `app.go` and `app.href`.
import type { TemplateResult } from "lit";
import type { Feature } from "./gateway/gateway.js";
import type { Connection } from "./model/connection.js";
import type { RequestLog } from "./model/log.js";
import type { RateMeter } from "./model/meter.js";
import type { Address, Given, Part } from "./model/route.js";
import type { SourceStore } from "./model/sources.js";
import type { ProviderName } from "./types.js";
import type { IconName } from "./widgets/icons.js";

export interface App {
  /** How the page is connected. It lasts as long as this object: another connection comes with another `App`. */
  readonly connection: Connection;
  /** The sources of both providers. Loaded by the shell. */
  readonly store: SourceStore;
  /** Every request of the clients, masked. Nothing has to be noted: the clients of the connection do. */
  readonly log: RequestLog;
  /** How much of each limit is used, and when the next request may leave. */
  readonly meter: RateMeter;
  /** The screen that is shown, and what its part of the address says. */
  readonly route: Address;
  /**
   * Changes the address and draws. Values replace those of the same name, empty ones go; with `view` another screen is shown, with
   * these values alone. Typing makes no history. Nothing secret belongs into an address.
   */
  go(part: Part, how?: { view?: string; isTyping?: boolean }): void;
  /** The address that `go` would lead to, for links. */
  href(part: Part, how?: { view?: string }): string;
  /**
   * Politely says what has happened. With `undo` there is a button for it, as long as the news stands (`ms`; default 7 s). Gives what takes
   * the news away. Nothing may be said only here.
   */
  say(text: string, how?: { undo?: () => void; ms?: number }): () => void;
  /**
   * Opens a dialog, a template of one `Modal` widget, and gives what it is closed with; `undefined` if it is left. It is drawn again
   * with the rest. The focus goes back to where it was, or to where `focus` of the screen puts it if that is gone. A widget that is
   * not there yet comes by `load`; if that fails, it is said.
   */
  ask<Answer = void>(dialog: (close: (answer?: Answer) => void) => TemplateResult, load?: () => Promise<unknown>): Promise<Answer | undefined>;
  /** May something be changed at this provider, or at any? While a live account is locked, it is asked for first. Before every write. */
  mayWrite(provider?: ProviderName): Promise<boolean>;
  /** Draws everything in the next turn. */
  draw(): void;
  /** Waits until all is drawn. */
  drawn(): Promise<void>;
}

export interface Screen {
  /** Its name in the address: `?view=NAME`. The first one needs none. */
  readonly name: string;
  readonly title: string;
  readonly icon: IconName;
  /** What a gateway must have for it: elsewhere nothing leads there. */
  readonly needs?: Feature;
  /** All below the header: an element `<main class="page">` with one `<h1>`. */
  view(app: App): TemplateResult;
  /** It is shown from now on. */
  enter?(app: App): void;
  /** Loads what will be wanted there, while nobody waits for anything else. Never rejects. */
  preload?(app: App): Promise<unknown>;
  /** It is not shown any more: what runs for it alone ends. */
  leave?(app: App): void;
  /** What can be done there, for keys, palette and the sheet of shortcuts. Asked again whenever they are needed. */
  commands?(app: App): Command[];
  /** What can be found by name there, for the palette: everything that holds all the words, which are in lower case. A few are enough. */
  find?(app: App, words: readonly string[]): Command[];
  /** Puts the focus to where it does best, if where it was is gone. */
  focus?(app: App): void;
  /** What it shows just now, for the title of the window. */
  subject?(app: App): string | undefined;
}

export interface Command {
  title: string;
  /**
   * One key, or two one after the other with a space between: `x y`. Only while its screen is shown, and not while somebody types. The
   * shell has `?`, `i`, `l` and all that begin with `g`. `Escape` stands in no list.
   */
  keys?: string;
  run(): void;
}

/** A state that is made once for each connection, and goes with it. */
export function perApp<State>(make: (app: App) => State): (app: App) => State {
  const states = new WeakMap<App, State>();
  return (app) => {
    let state = states.get(app);
    if (!state) states.set(app, (state = make(app)));
    return state;
  };
}

export type { Address, Connection, Given, Part };
