// A request that was not sent, for people to read and to copy.
import { html, nothing, type TemplateResult } from "lit";
import { operation } from "../model/capabilities.js";
import { toCurl } from "../package.js";
import { visible } from "../text/visible.js";
import type { Prepared, ProviderName } from "../types.js";
import "./copy-button.js";
import { sentence } from "./parts.js";

export function preparedRequest(provider: ProviderName, prepared: Prepared): TemplateResult {
  const note = operation(provider, prepared.operation)?.help;
  return html`<div class="preview">
    ${note ? html`<p class="help">${sentence(note)}</p>` : nothing}
    <pre class="code" tabindex="0" role="region" aria-label="Request">${printed(prepared)}</pre>
    <div class="preview-foot"><span class="help">As a curl command, with variables in place of secrets</span><copy-button .text=${toCurl(prepared)} label="curl command"></copy-button></div>
  </div>`;
}

function printed({ method, url, headers, body }: Prepared): string {
  const lines = [`${method} ${url}`, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)];
  if (body !== undefined) lines.push("", pretty(body));
  return visible(lines.join("\n"));
}

function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
