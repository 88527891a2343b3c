import { html, type TemplateResult } from "lit";
import { brand } from "../model/capabilities.js";
import type { Connection } from "../model/connection.js";
import type { ProviderName } from "../types.js";

/** In place of what only a provider has that the page is not connected to. */
export const offNotice = (provider: ProviderName, { kind }: Connection): TemplateResult =>
  html`<div class="notice" data-level="warning"><h2>${brand(provider)} is not set up</h2><p>${kind === "direct" ? "No key was given for it." : "The server has neither a key nor a sandbox for it."}</p></div>`;
