// All that the page shows, in one place. The controller changes it, the view prints it.
import type { Route } from "./model/route.js";
import type { Theme } from "./model/settings.js";
import type { SourceStore } from "./model/sources.js";
import type { Modes } from "./model/status.js";
import type { Failure, ProviderName, Row, Source } from "./types.js";

export type Dialog =
  | { kind: "shortcuts" }
  | { kind: "form"; provider: ProviderName | ""; source?: Source; heading: string; isSaving: boolean; failure?: Failure }
  | { kind: "confirm"; what: "delete" | "disable"; row: Row; isBusy: boolean; failure?: Failure };

export interface State {
  route: Route;
  store: SourceStore;
  modes: Modes;
  theme: Theme;
  areShortcutsOn: boolean;
  /** Nothing has been asked yet. */
  isStarting: boolean;
  isSkeleton: boolean;
  dialog?: Dialog;
  details: { isBusy: boolean; failure?: Failure };
}
