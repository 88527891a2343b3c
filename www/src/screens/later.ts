// Screens that are loaded when they are first shown, or when the page has nothing else to do.
import { html, type TemplateResult } from "lit";
import type { App, Screen } from "../app.js";
import type { Feature } from "../gateway/gateway.js";
import { failureOf } from "../model/failure.js";
import type { IconName } from "../widgets/icons.js";
import { sentence } from "../widgets/parts.js";

/** Stands for a screen until it is there, and passes everything on from then. */
export function later(name: string, title: string, icon: IconName, load: () => Promise<{ screen: Screen }>, needs?: Feature): Screen {
  let loaded: Screen | undefined;
  let loading: Promise<void> | undefined;
  let problem: string | undefined;

  const preload = (app: App): Promise<void> =>
    (loading ??= load().then(
      ({ screen }) => {
        loaded = screen;
        if (app.route.view === name) screen.enter?.(app);
        app.draw();
        return screen.preload?.(app) as Promise<void> | undefined;
      },
      (thrown: unknown) => {
        // A server that is away may come back.
        loading = undefined;
        problem = failureOf(thrown).message;
        app.draw();
      },
    ));

  const retry = (app: App): void => {
    problem = undefined;
    void preload(app);
    app.draw();
  };

  const waiting = (app: App): TemplateResult => html`<main class="page">
    <div class="list-side">
      <h1>${title}</h1>
      ${problem === undefined
        ? html`<p class="prose" role="status">Loading …</p>`
        : html`<div class="notice" data-level="error" role="alert">
            <p>This part of the page could not be loaded: ${sentence(problem)}</p>
            <p>See that its server runs, and try again; some browsers want the page loaded again.</p>
            <button type="button" class="button" @click=${() => retry(app)}>Try again</button>
          </div>`}
    </div>
  </main>`;

  return {
    name,
    title,
    icon,
    needs,
    preload,
    view: (app) => (loaded ? loaded.view(app) : waiting(app)),
    enter: (app) => (loaded ? loaded.enter?.(app) : void preload(app)),
    leave: (app) => loaded?.leave?.(app),
    commands: (app) => loaded?.commands?.(app) ?? [],
    find: (app, words) => loaded?.find?.(app, words) ?? [],
    focus: (app) => loaded?.focus?.(app),
    subject: (app) => loaded?.subject?.(app),
  };
}
