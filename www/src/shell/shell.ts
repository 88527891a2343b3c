// Knows the connection, the address and the screens; none of them knows it. Starts the page and draws it.
import { html, render } from "lit";
import type { App, Command } from "../app.js";
import { type Connection, throughGateway } from "../model/connection.js";
import { type Address, printAddress, readAddress } from "../model/route.js";
import { applyTheme, nextTheme, readShortcutsOn, readTheme, writeShortcutsOn } from "../model/settings.js";
import { readStatus } from "../model/status.js";
import type { Panel } from "../widgets/panel.js";
import type { ToastStack } from "../widgets/toast-stack.js";
import type { Choice } from "./command-palette.js";
import { find, grouped, ways, withKeys } from "./commands.js";
import { Dialogs } from "./dialogs.js";
import { listenToKeys } from "./keys.js";
import { Page } from "./page.js";
import { type State, view } from "./view.js";

const STATUS_TIMEOUT_MS = 10_000;
const TYPED_AFTER_MS = 250;
/** The address at which the page asks how to connect, even if it could by itself. */
const CONNECT = "connect";

const extras = () => import("./extras.js");

export class Shell {
  readonly #root: HTMLElement;
  readonly #dialogs = new Dialogs(
    () => this.draw(),
    () => void this.#focusLost(),
  );
  readonly #state: State = { phase: "starting", theme: readTheme(), isInspecting: false, isOffline: !navigator.onLine, faults: 0, reason: "", suggested: "", dialogs: this.#dialogs };
  #address = readAddress(location.search);
  #areShortcutsOn = readShortcutsOn();
  #isDrawing = false;
  #isAsking = false;
  #isNoted = false;
  #typed: ReturnType<typeof setTimeout> | undefined;

  constructor(root: HTMLElement) {
    this.#root = root;
    this.#listen();
  }

  async start(): Promise<void> {
    this.#root.replaceChildren();
    // Styles of what comes later, which have not kept the page from being seen.
    for (const link of document.querySelectorAll<HTMLLinkElement>("link[media='not all']")) link.media = "all";
    applyTheme(this.#state.theme);
    this.draw();
    const own = `${location.origin}/api`;
    try {
      const { modes, may } = await readStatus(own, { signal: AbortSignal.timeout(STATUS_TIMEOUT_MS) });
      if (this.#address.view === CONNECT) await this.#choose(own);
      else this.#connect(throughGateway(own, modes, { may }));
    } catch {
      // A server of files has none: that is no failure.
      await this.#choose("");
    }
  }

  /** Asks how to connect. */
  async #choose(suggested: string): Promise<void> {
    await this.#isThere(extras);
    this.#update({ phase: "connect", suggested });
  }

  /** Could it be loaded? A server that is away may come back, so a failure is not for ever. */
  async #isThere(load: () => Promise<unknown>): Promise<boolean> {
    try {
      await load();
      return true;
    } catch {
      this.#say("This part of the page could not be loaded: see that its server runs, and try again");
      return false;
    }
  }

  /** Who asks twice before the first dialog is there gets one. */
  readonly #ask: App["ask"] = async (dialog, load) => {
    if (this.#isAsking) return undefined;
    this.#isAsking = load !== undefined;
    const isThere = !load || (await this.#isThere(load));
    this.#isAsking = false;
    return isThere ? this.#dialogs.ask(dialog) : undefined;
  };

  get #page(): Page | undefined {
    return this.#state.page;
  }

  #update(part: Partial<State>): void {
    Object.assign(this.#state, part);
    this.draw();
  }

  draw(): void {
    if (this.#isDrawing) return;
    this.#isDrawing = true;
    queueMicrotask(() => {
      this.#isDrawing = false;
      render(view(this.#state), this.#root);
      const page = this.#page;
      const { modes } = page?.connection ?? {};
      document.documentElement.dataset["mode"] = Object.values(modes ?? {}).includes("live") ? "live" : page ? "sandbox" : "none";
      const title = page ? page.screen.title : this.#state.phase === "connect" ? "Connect" : "Image sources";
      document.title = [page?.screen.subject?.(page), title].filter(Boolean).join(" – ");
    });
  }

  /** After drawing, widgets draw themselves. */
  async drawn(): Promise<void> {
    await new Promise(requestAnimationFrame);
  }

  /** Meter and log change often: only they are drawn then, once for a frame. */
  #noted(): void {
    if (this.#isNoted) return;
    this.#isNoted = true;
    requestAnimationFrame(() => {
      this.#isNoted = false;
      for (const widget of this.#root.querySelectorAll("rate-meter, rate-table, inspector-drawer")) (widget as Partial<ToastStack>).requestUpdate?.();
    });
  }

  async #focusLost(): Promise<void> {
    await this.drawn();
    const { activeElement } = document;
    if (this.#page && (!activeElement || activeElement === document.body)) this.#page.screen.focus?.(this.#page);
  }

  #connect(connection: Connection): void {
    const page = new Page(connection, {
      draw: () => this.draw(),
      drawn: () => this.drawn(),
      noted: () => this.#noted(),
      say: (text, how) => this.#say(text, how),
      ask: this.#ask,
      address: () => this.#address,
      goTo: (address, isTyping) => this.#goTo(address, isTyping),
    });
    if (this.#address.view === CONNECT) {
      this.#address = { view: "", given: {} };
      history.replaceState(null, "", printAddress(this.#address));
    }
    this.#update({ phase: "connected", page });
    // The switches of a sandbox are wanted at once, all else when there is time.
    if (connection.faults) void this.#isThere(extras).then(() => this.draw());
    void page.start().then(() => this.#isThere(extras));
  }

  /** By loading the page anew: nothing of it is left in memory then. */
  #forget(): void {
    this.#state.isForgotten = true;
    location.replace(printAddress({ view: CONNECT, given: {} }));
  }

  /** Typing is written down when it pauses: it is dear, and browsers allow only so much of it. */
  #goTo(address: Address, isTyping: boolean): void {
    if (isTyping) {
      clearTimeout(this.#typed);
      this.#typed = setTimeout(() => this.#writeDown(), TYPED_AFTER_MS);
    } else {
      this.#writeDown();
      history.pushState(null, "", printAddress(address));
    }
    this.#addressChanged(address);
  }

  #writeDown(): void {
    if (this.#typed === undefined) return;
    clearTimeout(this.#typed);
    this.#typed = undefined;
    history.replaceState(null, "", printAddress(this.#address));
  }

  #addressChanged(address: Address): void {
    this.#address = address;
    this.#page?.addressChanged();
    this.draw();
  }

  #listen(): void {
    const on = <Detail>(name: string, act: (detail: Detail) => void): void =>
      this.#root.addEventListener(name, (event) => act((event as CustomEvent<Detail>).detail));
    on<{ connection: Connection }>("connect", ({ connection }) => this.#connect(connection));
    on("forget", () => this.#forget());
    on<{ name: string }>("place-go", ({ name }) => this.#page?.go({}, { view: name }));
    on("inspector-toggle", () => void this.#inspect());
    on("palette-open", () => void this.#openPalette());
    on("shortcuts-open", () => void this.#showShortcuts());
    on("lock-toggle", () => this.#toggleLock());
    on("theme-next", () => this.#nextTheme());
    on("extras-wanted", () => void this.#isThere(extras));
    on<{ count: number }>("faults-change", ({ count }) => this.#update({ faults: count }));
    on<{ what: string }>("copied", ({ what }) => this.#say(`Copied: ${what}`));
    on<{ what: string }>("not-copied", ({ what }) => this.#say(`The browser does not let this page copy: ${what}`));
    addEventListener("popstate", () => {
      // Whoever goes back from a dialog wants it closed, and to be where it was opened.
      if (this.#dialogs.isAnyOpen) {
        history.pushState(null, "", printAddress(this.#address));
        return this.#dialogs.cancel();
      }
      clearTimeout(this.#typed);
      this.#typed = undefined;
      this.#addressChanged(readAddress(location.search));
    });
    addEventListener("pagehide", () => this.#writeDown());
    addEventListener("offline", () => this.#update({ isOffline: true }));
    addEventListener("online", () => {
      this.#update({ isOffline: false });
      this.#page?.retryFailed();
    });
    // A page that was left with its keys, and is taken out of the browser's memory again.
    addEventListener("pageshow", ({ persisted }) => persisted && this.#state.isForgotten && location.reload());
    const told = new Set([""]);
    document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) => {
      // What stands behind the host may be a secret: whoever has a pre-signed address can write.
      const host = effectiveDirective === "connect-src" ? blockedURI.split("/", 3).join("/") : "";
      if (told.has(host)) return;
      told.add(host);
      this.#say(`The content policy of this page does not let it ask ${host}: name it in CONSOLE_CONNECT when the page is built`);
    });
    listenToKeys({
      areOn: () => this.#areShortcutsOn,
      isBlocked: () => this.#dialogs.isAnyOpen,
      commands: () => withKeys(this.#page, this.#commands()),
      palette: () => void this.#openPalette(),
    });
  }

  /** What can be done everywhere. */
  #commands(): Command[] {
    const page = this.#page;
    const commands: Command[] = [{ title: "Keyboard shortcuts", keys: "?", run: () => void this.#showShortcuts() }];
    if (!page) return commands;
    const panel = (name: string) => () => this.#root.querySelector<Panel>(name)?.open();
    commands.push(
      ...ways(page),
      { title: this.#state.isInspecting ? "Close the requests" : "Show the requests", keys: "i", run: () => void this.#inspect() },
      { title: "Show the rate limits", keys: "l", run: panel("rate-panel") },
      { title: "Connection and permissions", run: panel("connection-panel") },
      { title: `Theme: ${nextTheme(this.#state.theme)}`, run: () => this.#nextTheme() },
      { title: page.connection.kind === "direct" ? "Forget the keys" : "Disconnect", run: () => this.#forget() },
    );
    if (page.connection.faults) commands.push({ title: "Make the sandbox fail", run: panel("fault-switches") });
    if (page.connection.lock.accounts.length > 0) commands.push({ title: page.connection.lock.isOpen ? "Lock live accounts" : "Allow changes to live accounts", run: () => this.#toggleLock() });
    return commands;
  }

  #nextTheme(): void {
    const theme = nextTheme(this.#state.theme);
    applyTheme(theme);
    this.#update({ theme });
  }

  #toggleLock(): void {
    const page = this.#page;
    if (!page) return;
    page.setLocked(page.connection.lock.isOpen);
    this.#say(page.connection.lock.isOpen ? "Live accounts can be changed now" : "This page is read-only again");
  }

  async #inspect(): Promise<void> {
    if (!this.#page || !(await this.#isThere(extras))) return;
    const isInspecting = !this.#state.isInspecting;
    this.#update({ isInspecting });
    if (!isInspecting) this.#root.querySelector<HTMLElement>("[aria-label=Requests][aria-pressed]")?.focus();
  }

  async #openPalette(): Promise<void> {
    const page = this.#page;
    if (!page || this.#dialogs.isAnyOpen) return;
    const chosen = await page.ask<Choice>(() => html`<command-palette .find=${(words: string[]) => find(page, this.#commands(), words)}></command-palette>`, extras);
    chosen?.run();
  }

  async #showShortcuts(): Promise<void> {
    if (this.#dialogs.isAnyOpen) return;
    await this.#ask(
      () => html`<shortcuts-dialog .isOn=${this.#areShortcutsOn} .groups=${grouped(this.#page, this.#commands())} @shortcuts-switch=${({ detail }: CustomEvent<{ on: boolean }>) => this.#switchShortcuts(detail.on)}></shortcuts-dialog>`,
      extras,
    );
  }

  #switchShortcuts(on: boolean): void {
    writeShortcutsOn(on);
    this.#areShortcutsOn = on;
    this.draw();
  }

  readonly #say: App["say"] = (text, how) => this.#root.querySelector<ToastStack>("toast-stack")?.say(text, how) ?? (() => undefined);
}
