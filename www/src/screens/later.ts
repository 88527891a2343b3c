// A screen whose code is fetched when it is needed.
import { html } from "lit";
import type { App, Behaviour, Place, Screen } from "../app.js";

export function later(place: Place, load: () => Promise<{ behaviour: Behaviour }>): Screen {
  let there: Behaviour | undefined;
  let loading: Promise<void> | undefined;
  let hasFailed = false;
  /** Who shows it just now. */
  const shown = new Set<App>();
  const redraw = () => shown.forEach((app) => app.draw());

  const prepare = () => {
    loading ??= load().then(
      ({ behaviour }) => {
        there = behaviour;
        for (const app of shown) behaviour.enter?.(app);
        redraw();
      },
      () => {
        loading = undefined;
        hasFailed = true;
        redraw();
      },
    );
  };
  const again = () => {
    hasFailed = false;
    prepare();
    redraw();
  };

  return {
    ...place,
    prepare,
    view(app) {
      if (there) return there.view(app);
      return html`<main class="page">
        <div class="list-side">
          <h1>${place.title}</h1>
          ${hasFailed
            ? html`<div class="notice" data-level="error" role="alert"><h2>This part of the page could not be loaded</h2><p>The server of the page did not answer.</p><button type="button" class="button" @click=${again}>Retry</button></div>`
            : html`<p role="status">Loading …</p>`}
        </div>
      </main>`;
    },
    enter(app) {
      shown.add(app);
      if (there) there.enter?.(app);
      else prepare();
    },
    leave(app) {
      shown.delete(app);
      there?.leave?.(app);
    },
    commands: (app) => there?.commands?.(app) ?? [],
    find: (app, words) => there?.find?.(app, words) ?? [],
    focus: (app) => there?.focus?.(app),
    subject: (app) => there?.subject?.(app),
  };
}
