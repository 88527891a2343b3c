// The screen as a function of the app and its own state.
import { html, nothing, type TemplateResult } from "lit";
import type { App } from "../../app.js";
import { duration, etaMs } from "../../jobs/eta.js";
import { callsOf } from "../../jobs/job.js";
import { runPanels } from "../../jobs/panel.js";
import { brand } from "../../model/capabilities.js";
import { PROVIDERS } from "../../package.js";
import { nameOf, type Missing } from "../../plan/plan.js";
import { planTable } from "../../plan/table.js";
import { plural, visible, wordsOf } from "../../text/visible.js";
import { icon } from "../../widgets/icons.js";
import { failureText, foreign, sentence } from "../../widgets/parts.js";
import type { Setup } from "./setup.js";
import "../../widgets/data-intake.js";

const MOST_BYTES = 8 << 20;

export function view(app: App, setup: Setup): TemplateResult {
  return html`<main class="page">
    <div class="list-side">
      <h1 tabindex="-1">Set-up</h1>
      <p class="lead">Every source of both accounts as one document.</p>
      ${runPanels(setup.runs, (title, todo) => void setup.begin(title, todo))}
      ${PROVIDERS.map((provider) => halfNotice(app, provider))}
      <section class="card" aria-labelledby="export-heading">
        <h2 id="export-heading">What is live</h2>
        <p class="help">A document of all sources, without secrets. To keep, to compare with later, or to make the same elsewhere.</p>
        <div class="card-tools">
          <button type="button" class="button" @click=${setup.download}>${icon("download")}Download as JSON</button>
          <label class="option"><input type="checkbox" .checked=${setup.hasIds} @change=${setup.setIds} />with ids; without, entries are matched by name, as in another account</label>
        </div>
      </section>
      <section class="card" aria-labelledby="compare-heading">
        <h2 id="compare-heading">What is wanted</h2>
        <data-intake heading="A document of sources" help="Drop a file here, choose one, or paste its text. Nothing is sent before you have seen what would be done."
          accept=".json,application/json" placeholder='{ "version": 1, "imgix": [ … ], "imageboss": [ … ] }' action="Compare with what is live" .most=${MOST_BYTES} @data-given=${setup.read}></data-intake>
        ${setup.failure
          ? html`<div class="notice" data-level="error" id="setup-refusal" role="alert" tabindex="-1"><h3>${icon("error")}${visible(setup.failure.title)}</h3>${failureText(setup.failure)}
              ${setup.failure.problems.length > 1 ? html`<ul class="problems">${setup.failure.problems.slice(0, 20).map(({ field, message }) => html`<li data-level="error"><span><code>${visible(field)}</code> ${sentence(message)}</span></li>`)}</ul>` : nothing}</div>`
          : nothing}
      </section>
      ${setup.isRead ? drift(app, setup) : nothing}
    </div>
  </main>`;
}

function halfNotice({ store, connection }: App, provider: (typeof PROVIDERS)[number]): TemplateResult | typeof nothing {
  const { failure } = store.half(provider);
  if (connection.modes[provider] === "off" || !failure) return nothing;
  return html`<div class="notice" data-level="error" role="alert" data-provider=${provider}>
    <h2>${icon("error")}${failure.title}</h2>
    ${failureText(failure)}
    <p>What is live there is not known, so nothing of it is exported or planned. The other provider is.</p>
    <button type="button" class="button" @click=${() => void store.load(provider)}>Retry ${brand(provider)}</button>
  </div>`;
}

function drift(app: App, setup: Setup): TemplateResult {
  const { rows, entries } = setup;
  const calls = callsOf(entries);
  const count = calls.reduce((sum, call) => sum + call.count, 0);
  const isReady = count > 0 && !setup.runs.isAnyRunning && !app.store.isLoading;
  return html`<section class="card" aria-labelledby="plan-heading">
    <div class="card-head">
      <h2 id="plan-heading" tabindex="-1">Difference to what is live</h2>
      <p class="shown">${foreign(setup.name)}</p>
      <button type="button" class="icon-button" aria-label="Close the document" title="Close the document" @click=${setup.close}>${icon("close")}</button>
    </div>
    ${setup.asked.size > 0 ? secrets(setup) : nothing}
    <div class="card-tools">
      <button type="button" class="button primary" aria-disabled=${isReady ? nothing : "true"} @click=${() => isReady && void setup.run()}>
        ${count === 0 ? "Nothing to do" : `Run ${plural(entries.length, "change")} …`}
      </button>
      ${count > 0 ? html`<span class="help numbers">${plural(count, "call")}${etaMs(app.connection.clients, calls) > 0 ? `, at least ${duration(etaMs(app.connection.clients, calls))}` : ""}</span>` : nothing}
    </div>
    ${planTable(rows, setup.filter, setup.change)}
  </section>`;
}

/** What the document cannot hold is typed here, and kept in memory only. */
function secrets(setup: Setup): TemplateResult {
  const all = [...setup.asked.values()];
  const required = all.filter(({ isRequired, key }) => isRequired && !setup.typed.has(key)).length;
  return html`<details class="more" ?open=${required > 0}>
    <summary>Secrets the document lacks <span class="count">${setup.typed.size} of ${all.length} given</span></summary>
    <form class="secrets-form" novalidate autocomplete="off" @submit=${setup.giveSecrets}>
      <p class="help">They go into what is sent, and are kept in the memory of this page only.</p>
      <div class="secret-fields">${all.map((missing, at) => secret(setup, missing, at))}</div>
      ${setup.typed.size < all.length ? html`<button type="submit" class="button">Use what is typed</button>` : nothing}
    </form>
  </details>`;
}

function secret(setup: Setup, { key, row, leaf, isRequired }: Missing, at: number): TemplateResult {
  const id = `setup-secret-${at}`;
  const words = html`${wordsOf(leaf.field.name)} of ${foreign(nameOf(row))} <span class="required">${brand(row.provider)}${isRequired ? ", required" : ""}</span>`;
  return setup.typed.has(key)
    ? html`<div class="field"><span class="label">${words}</span><span class="kept-secret">${icon("check")} given <button type="button" class="link-button" @click=${() => setup.forgetSecret(key)}>Type it again</button></span></div>`
    : html`<div class="field"><label class="label" for=${id}>${words}</label><input class="input mono" id=${id} data-key=${key} type="password" autocomplete="off" spellcheck="false" /></div>`;
}
