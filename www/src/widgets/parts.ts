// Small pieces that several widgets show.
import { html, nothing, type TemplateResult } from "lit";
import { brand } from "../model/capabilities.js";
import { visible, webAddress } from "../text/visible.js";
import type { Failure, Mode, ProviderName, Row } from "../types.js";
import { icon } from "./icons.js";
import "./copy-button.js";

export const providerBadge = (provider: ProviderName): TemplateResult =>
  html`<span class="provider" data-provider=${provider}><span class="provider-mark" aria-hidden="true"></span>${brand(provider)}</span>`;

const MODE_WORDS: Record<Mode, string> = { sandbox: "Sandbox", live: "Live", off: "Off" };

export const modeBadge = (provider: ProviderName, mode: Mode | undefined, isFailed = false): TemplateResult =>
  html`<span class="mode" data-mode=${mode ?? "unknown"}>${isFailed ? icon("error") : nothing}${brand(provider)} <b>${mode ? MODE_WORDS[mode] : "…"}</b>${isFailed ? html`<span class="visually-hidden"> failed</span>` : nothing}</span>`;

export const statusBadge = (row: Row): TemplateResult =>
  row.status === undefined
    ? html`<span class="none"><span aria-hidden="true">–</span><span class="visually-hidden">no deployments</span></span>`
    : html`<span class="status" data-status=${row.status}><span class="status-dot" aria-hidden="true"></span>${visible(row.status)}</span>`;

/** Text of others: in its own direction, with what would be invisible made visible. */
export const foreign = (text: string): TemplateResult => html`<bdi>${visible(text)}</bdi>`;

/** A sentence in which backticks enclose what is code. */
export const sentence = (text: string): TemplateResult => html`${visible(text).split("`").map((part, at) => (at % 2 === 1 ? html`<code>${part}</code>` : part))}`;

/** Foreign text, and a link if it is the address of a web page. */
export function foreignLink(text: string, address = webAddress(text)): TemplateResult {
  return address
    ? html`<a class="out" href=${address} target="_blank" rel="noreferrer noopener"><bdi>${visible(text)}</bdi>${icon("out")}<span class="visually-hidden"> (opens a new tab)</span></a>`
    : foreign(text);
}

/** For whoever is asked for help. */
const detailsOf = ({ title, message, operation, status, requestId }: Failure): string =>
  Object.entries({ title, message, operation, status, requestId }).flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`])).join("\n");

/** What went wrong, with what a provider's support asks for. */
export const failureText = (failure: Failure): TemplateResult => html`
  <p class="failure-message">${sentence(failure.message)}</p>
  ${failure.unsure ? html`<p class="failure-message">The change may have happened all the same: look before you repeat it.</p>` : nothing}
  ${failure.operation !== undefined
    ? html`<p class="failure-facts">
        ${failure.status !== undefined ? html`<span>Status <b>${failure.status}</b></span>` : nothing}
        ${failure.requestId !== undefined ? html`<span>Request id <code>${visible(failure.requestId)}</code></span>` : nothing}
        <copy-button .text=${() => detailsOf(failure)} label="details"></copy-button>
      </p>`
    : nothing}
`;
