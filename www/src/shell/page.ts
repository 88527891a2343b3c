// The app behind the screens, for as long as one connection lasts.
import { html } from "lit";
import type { App, Screen } from "../app.js";
import { brand } from "../model/capabilities.js";
import type { Connection } from "../model/connection.js";
import type { RequestLog } from "../model/log.js";
import { RateMeter } from "../model/meter.js";
import { type Address, type Part, printAddress } from "../model/route.js";
import { SourceStore } from "../model/sources.js";
import { PROVIDERS } from "../package.js";
import { SCREENS } from "../screens/index.js";
import type { ProviderName } from "../types.js";
import type { Place } from "./app-header.js";

const FIRST = SCREENS[0]!;

/** What it needs of the shell around it. */
export interface Around {
  draw(): void;
  drawn(): Promise<void>;
  /** Something was sent, or counts no more. */
  noted(): void;
  say: App["say"];
  ask: App["ask"];
  address(): Address;
  goTo(address: Address, isTyping: boolean): void;
}

export class Page implements App {
  readonly connection: Connection;
  readonly store: SourceStore;
  readonly meter: RateMeter;
  readonly #around: Around;
  #shown: Screen | undefined;

  constructor(connection: Connection, around: Around) {
    this.connection = connection;
    this.#around = around;
    this.store = new SourceStore(connection.clients, connection.modes, () => this.draw());
    this.meter = new RateMeter(connection.account, () => around.noted());
    this.log.listen(this.meter.note);
    if (connection.kind === "gateway") this.log.refused = this.meter.unsent;
    this.log.listen(() => around.noted());
  }

  get log(): RequestLog {
    return this.connection.log;
  }

  get route(): Address {
    return this.#around.address();
  }

  get screen(): Screen {
    return SCREENS.find(({ name }) => name === this.route.view) ?? FIRST;
  }

  /** Those that there are with this connection. */
  get screens(): Screen[] {
    return SCREENS.filter(({ needs }) => !needs || this.connection.gateway?.offers.has(needs));
  }

  get places(): Place[] {
    return this.screens.map((screen) => ({ name: screen.name, title: screen.title, icon: screen.icon, keys: keysTo(screen), href: this.href({}, { view: screen.name }), isHere: screen === this.screen }));
  }

  /** Providers whose half of the sources is missing or old. */
  get failed(): ProviderName[] {
    return PROVIDERS.filter((name) => this.store.half(name).failure);
  }

  /** Done when the sources are loaded, and the screens that are not there yet as well. */
  async start(): Promise<void> {
    this.addressChanged();
    await Promise.all([this.store.loadAll(), this.#probe()]);
    await this.#preload();
  }

  async #probe(): Promise<void> {
    await this.connection.gateway?.probe();
    this.draw();
  }

  /** The screens that are not there yet, one after the other, while nobody waits for anything else. */
  async #preload(): Promise<void> {
    for (const screen of this.screens) await screen.preload?.(this);
  }

  /** Tells the screens who is shown now. */
  addressChanged(): void {
    const { screen } = this;
    if (screen === this.#shown) return;
    this.#shown?.leave?.(this);
    this.#shown = screen;
    screen.enter?.(this);
  }

  /** The network is back: what could not be loaded is tried again. */
  retryFailed(): void {
    for (const name of this.failed) void this.store.load(name);
    void this.#probe();
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

  readonly say: App["say"] = (text, how) => this.#around.say(text, how);

  readonly ask: App["ask"] = (dialog, load) => this.#around.ask(dialog, load);

  async mayWrite(provider?: ProviderName): Promise<boolean> {
    const { lock } = this.connection;
    if (!lock.isClosed(provider)) return true;
    const [name] = provider ? [provider] : lock.accounts;
    const lines = [
      "This page is read-only while it works on a live account, so that nothing is changed by accident.",
      "Changes stay allowed until you lock it again, or until the page is closed.",
    ];
    const isAllowed = await this.ask<boolean>(
      (close) => html`<confirm-dialog .heading=${"Allow changes to a live account?"} .name=${brand(name!)} .provider=${name} .mode=${"live"} .lines=${lines} .action=${"Allow changes"} @confirmed=${() => close(true)}></confirm-dialog>`,
      () => import("../widgets/confirm-dialog.js"),
    );
    if (isAllowed) this.setLocked(false);
    return !lock.isClosed(provider);
  }

  setLocked(isLocked: boolean): void {
    this.connection.lock.isOpen = !isLocked;
    this.draw();
  }

  draw(): void {
    this.#around.draw();
  }

  drawn(): Promise<void> {
    return this.#around.drawn();
  }
}

/** `g`, and the first letter of its name that no screen before it has. */
function keysTo(screen: Screen): string {
  const taken = new Set<string>();
  for (const { name } of SCREENS) {
    const letter = [...name].find((one) => !taken.has(one)) ?? "";
    taken.add(letter);
    if (name === screen.name) return `g ${letter}`;
  }
  return "";
}
