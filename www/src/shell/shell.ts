// Knows the connection, the address and the screens; none of them knows it. Starts the page and draws it.
import { html, nothing, render, type TemplateResult } from "lit";
import type { Command } from "../app.js";
import { type Connection, throughGateway } from "../model/connection.js";
import { type Address, printAddress, readAddress } from "../model/route.js";
import { applyTheme, nextTheme, readShortcutsOn, readTheme, writeShortcutsOn } from "../model/settings.js";
import { readModes } from "../model/status.js";
import type { Modes } from "../types.js";
import type { ToastStack } from "../widgets/toast-stack.js";
import { Dialogs } from "./dialogs.js";
import { listenToKeys } from "./keys.js";
import { Page } from "./page.js";
import "../widgets/toast-stack.js";
import "./app-header.js";
import "./shortcuts-dialog.js";

const STATUS_TIMEOUT_MS = 10_000;

export class Shell {
  readonly #root: HTMLElement;
  readonly #dialogs = new Dialogs(
    () => this.draw(),
    () => void this.drawn().then(() => this.#page?.screen.focus?.(this.#page)),
  );
  #address = readAddress(location.search);
  #theme = readTheme();
  #areShortcutsOn = readShortcutsOn();
  #page: Page | undefined;
  #isDrawing = false;

  constructor(root: HTMLElement) {
    this.#root = root;
    this.#listen();
  }

  async start(): Promise<void> {
    applyTheme(this.#theme);
    this.draw();
    let modes: Modes = {};
    try {
      modes = await readModes(AbortSignal.timeout(STATUS_TIMEOUT_MS));
    } catch {
      // The badges stay open then; the lists below tell of the failure.
    }
    this.#connect(throughGateway(`${location.origin}/api`, modes));
  }

  draw(): void {
    if (this.#isDrawing) return;
    this.#isDrawing = true;
    queueMicrotask(() => {
      this.#isDrawing = false;
      render(this.#view(), this.#root);
      const screen = this.#page?.screen;
      document.documentElement.dataset["mode"] = Object.values(this.#page?.connection.modes ?? {}).includes("live") ? "live" : "sandbox";
      document.title = [this.#page && screen?.subject?.(this.#page), screen?.title ?? "Image sources"].filter(Boolean).join(" – ");
    });
  }

  /** After drawing, widgets draw themselves. */
  async drawn(): Promise<void> {
    await new Promise(requestAnimationFrame);
  }

  #connect(connection: Connection): void {
    this.#page?.end();
    this.#page = new Page(connection, {
      draw: () => this.draw(),
      drawn: () => this.drawn(),
      say: (text) => this.#say(text),
      dialogs: this.#dialogs,
      address: () => this.#address,
      goTo: (address, isTyping) => this.#goTo(address, isTyping),
    });
    this.#page.start();
    this.draw();
  }

  #goTo(address: Address, isTyping: boolean): void {
    history[isTyping ? "replaceState" : "pushState"](null, "", printAddress(address));
    this.#addressChanged(address);
  }

  #addressChanged(address: Address): void {
    this.#address = address;
    this.#page?.addressChanged();
    this.draw();
  }

  #listen(): void {
    const on = <Detail>(name: string, act: (detail: Detail) => void): void =>
      this.#root.addEventListener(name, (event) => act((event as CustomEvent<Detail>).detail));
    on<{ name: string }>("place-go", ({ name }) => this.#page?.go({}, { view: name }));
    on("shortcuts-open", () => this.#showShortcuts());
    on("theme-next", () => {
      this.#theme = nextTheme(this.#theme);
      applyTheme(this.#theme);
      this.draw();
    });
    on<{ what: string }>("copied", ({ what }) => this.#say(`Copied: ${what}`));
    on<{ what: string }>("not-copied", ({ what }) => this.#say(`The browser does not let this page copy: ${what}`));
    addEventListener("popstate", () => this.#addressChanged(readAddress(location.search)));
    listenToKeys({
      areOn: () => this.#areShortcutsOn,
      isBlocked: () => this.#dialogs.isAnyOpen,
      commands: () => this.#commands(),
    });
  }

  #commands(): Command[] {
    const page = this.#page;
    return [...((page && page.screen.commands?.(page)) ?? []), { title: "This sheet", keys: "?", run: () => this.#showShortcuts() }];
  }

  #showShortcuts(): void {
    void this.#dialogs.ask(() => html`<shortcuts-dialog .isOn=${this.#areShortcutsOn} @shortcuts-switch=${({ detail }: CustomEvent<{ on: boolean }>) => this.#switchShortcuts(detail.on)}></shortcuts-dialog>`);
  }

  #switchShortcuts(on: boolean): void {
    writeShortcutsOn(on);
    this.#areShortcutsOn = on;
    this.draw();
  }

  #say(text: string): void {
    this.#root.querySelector<ToastStack>("toast-stack")?.say(text);
  }

  #view(): TemplateResult {
    const page = this.#page;
    return html`
      <a class="skip" href="#content" @click=${this.#skip}>Skip to the content</a>
      <app-header .modes=${page?.connection.modes ?? {}} .theme=${this.#theme} .places=${page?.places ?? []}></app-header>
      <div id="content" tabindex="-1">${page ? page.screen.view(page) : nothing}</div>
      ${this.#dialogs.view()}
      <toast-stack></toast-stack>
    `;
  }

  readonly #skip = (event: Event): void => {
    event.preventDefault();
    document.getElementById("content")?.focus();
  };
}
