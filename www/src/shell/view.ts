// Everything around the screens, as a function of the shell's state.
import { html, nothing, type TemplateResult } from "lit";
import { brand } from "../model/capabilities.js";
import type { Theme } from "../model/settings.js";
import { PROVIDERS } from "../package.js";
import { plural } from "../text/visible.js";
import { icon } from "../widgets/icons.js";
import type { Dialogs } from "./dialogs.js";
import type { Page } from "./page.js";
import "../widgets/toast-stack.js";
import "./app-header.js";
import "./connection-panel.js";

export interface State {
  /** Nothing is known yet; somebody has to choose; connected. */
  phase: "starting" | "connect" | "connected";
  page?: Page;
  theme: Theme;
  isInspecting: boolean;
  isOffline: boolean;
  /** How many faults of the sandbox are switched on. */
  faults: number;
  /** For the page that asks how to connect. */
  reason: string;
  suggested: string;
  isForgotten?: boolean;
  dialogs: Dialogs;
}

export function view(state: State): TemplateResult {
  const { page, phase } = state;
  return html`
    <a class="skip" href="#content" @click=${skip}>Skip to the content</a>
    <app-header .connection=${page?.connection} .meter=${page?.meter} .theme=${state.theme} .places=${page?.places ?? []} .failed=${page?.failed ?? []} .isLocked=${page?.connection.lock.isClosed() ?? false}
      .isInspecting=${state.isInspecting} .isStarting=${phase === "starting"}></app-header>
    ${page ? panels(page) : nothing}
    ${state.isOffline && page?.connection.kind !== "sandbox" ? html`<div class="banner" data-level="warning" role="alert">${icon("warn")}<p><b>Offline.</b> What is shown may be old, and requests fail until the network is back. What failed to load is then loaded by itself.</p></div>` : nothing}
    ${page ? sandboxBanner(page, state.faults) : nothing}
    <div id="content" tabindex="-1">
      ${page ? page.screen.view(page) : phase === "connect" ? html`<connect-page .reason=${state.reason} .suggested=${state.suggested}></connect-page>` : starting}
    </div>
    ${page && state.isInspecting ? html`<inspector-drawer .log=${page.log}></inspector-drawer>` : nothing}
    ${state.dialogs.view()}
    <toast-stack></toast-stack>
  `;
}

/** As the page itself has it before the script is there, so that nothing jumps. */
const starting = html`<main class="page"><div class="list-side"><h1>Starting …</h1><div class="skeleton"><span class="bone"></span><span class="bone"></span><span class="bone"></span></div></div></main>`;

const skip = (event: Event): void => {
  event.preventDefault();
  document.getElementById("content")?.focus();
};

const panels = ({ connection, meter }: Page): TemplateResult => html`
  <connection-panel .connection=${connection}></connection-panel>
  <rate-panel .meter=${meter} .gateway=${connection.gateway}></rate-panel>
  ${connection.faults ? html`<fault-switches .faults=${connection.faults}></fault-switches>` : nothing}
`;

/** Nobody takes the sandbox for the real thing, and nobody forgets that it fails on purpose. */
function sandboxBanner({ connection }: Page, faults: number): TemplateResult | typeof nothing {
  const names = PROVIDERS.filter((name) => connection.modes[name] === "sandbox");
  if (names.length === 0) return nothing;
  const whose = names.length < PROVIDERS.length ? `${names.map(brand).join(", ")}: ` : "";
  return html`<aside class="banner" data-level=${faults > 0 ? "warning" : "sandbox"} aria-label="Sandbox">
    ${icon(faults > 0 ? "warn" : "flask")}<p>${whose}<b>Sandbox.</b> Nothing here is real.${faults > 0 ? html` <b>${plural(faults, "fault")} switched on.</b>` : nothing}</p>
    ${connection.faults && customElements.get("fault-switches") ? html`<button type="button" class="link-button" popovertarget="faults">Make it fail …</button>` : nothing}
  </aside>`;
}
