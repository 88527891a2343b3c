// The app behind the screens, for as long as one connection lasts.
import type { App, Screen } from "../app.js";
import type { Connection } from "../model/connection.js";
import { type Address, type Part, printAddress } from "../model/route.js";
import { SourceStore } from "../model/sources.js";
import { SCREENS } from "../screens/index.js";
import type { Place } from "./app-header.js";
import type { Dialogs } from "./dialogs.js";

const FIRST = SCREENS[0]!;

/** What it needs of the shell around it. */
export interface Around {
  draw(): void;
  drawn(): Promise<void>;
  say: App["say"];
  dialogs: Dialogs;
  address(): Address;
  goTo(address: Address, isTyping: boolean): void;
}

export class Page implements App {
  readonly connection: Connection;
  readonly store: SourceStore;
  readonly #around: Around;
  #shown: Screen | undefined;

  constructor(connection: Connection, around: Around) {
    this.connection = connection;
    this.#around = around;
    this.store = new SourceStore(connection.clients, connection.modes, () => this.draw());
  }

  get route(): Address {
    return this.#around.address();
  }

  get screen(): Screen {
    return SCREENS.find(({ name }) => name === this.route.view) ?? FIRST;
  }

  get places(): Place[] {
    return SCREENS.map((screen) => ({ name: screen.name, title: screen.title, icon: screen.icon, href: this.href({}, { view: screen.name }), isHere: screen === this.screen }));
  }

  start(): void {
    this.addressChanged();
    void this.store.loadAll();
  }

  /** Tells the screens who is shown now. */
  addressChanged(): void {
    const { screen } = this;
    if (screen === this.#shown) return;
    this.#shown?.leave?.(this);
    this.#shown = screen;
    screen.enter?.(this);
  }

  end(): void {
    this.#shown?.leave?.(this);
    this.#shown = undefined;
    this.store.stop();
  }

  go(part: Part, how: { view?: string; isTyping?: boolean } = {}): void {
    this.#around.goTo(this.#to(part, how.view), how.isTyping ?? false);
  }

  href(part: Part, how: { view?: string } = {}): string {
    return printAddress(this.#to(part, how.view));
  }

  #to(part: Part, view?: string): Address {
    const given: Record<string, string> = view === undefined ? { ...this.route.given } : {};
    for (const [name, value] of Object.entries(part)) {
      if (value) given[name] = value;
      else delete given[name];
    }
    const name = view ?? this.screen.name;
    return { view: name === FIRST.name ? "" : name, given };
  }

  say(text: string, how?: { undo?: () => void; ms?: number }): void {
    this.#around.say(text, how);
  }

  ask: App["ask"] = (dialog) => this.#around.dialogs.ask(dialog);

  async mayWrite(): Promise<boolean> {
    return true;
  }

  draw(): void {
    this.#around.draw();
  }

  drawn(): Promise<void> {
    return this.#around.drawn();
  }
}
