import { html, svg, type SVGTemplateResult, type TemplateResult } from "lit";

const shapes = {
  search: svg`<circle cx="7" cy="7" r="4.5"/><path d="m10.5 10.5 3.5 3.5"/>`,
  list: svg`<path d="M5.500 4h8M5.500 8h8M5.500 12h8M2.500 4h.01M2.500 8h.01M2.500 12h.01"/>`,
  image: svg`<rect x="2" y="3" width="12" height="10" rx="1.500"/><circle cx="5.500" cy="6.500" r="1"/><path d="m2.500 12 3.500-3.500 2.500 2L11 8l3 3"/>`,
  chart: svg`<path d="M2.500 2.500v11h11M5 10.500l2.500-3 2 2 3.500-4.500"/>`,
  upload: svg`<path d="M2.500 10.500v3h11v-3M8 10.500V2.500M4.800 5.700 8 2.500l3.200 3.200"/>`,
  plus: svg`<path d="M8 3v10M3 8h10"/>`,
  minus: svg`<path d="M3 8h10"/>`,
  copy: svg`<rect x="5.5" y="5.5" width="8" height="8" rx="1.5"/><path d="M10.5 5.5V4A1.5 1.5 0 0 0 9 2.500H4A1.5 1.5 0 0 0 2.500 4v5A1.500 1.500 0 0 0 4 10.500h1.500"/>`,
  check: svg`<path d="m3 8.500 3.500 3.500L13 4.500"/>`,
  close: svg`<path d="m3.500 3.500 9 9m0-9-9 9"/>`,
  back: svg`<path d="M9.500 3 4.500 8l5 5"/>`,
  light: svg`<circle cx="8" cy="8" r="3"/><path d="M8 1v1.500M8 13.500V15M1 8h1.500M13.500 8H15M3.050 3.050l1.060 1.060M11.890 11.890l1.060 1.060M3.050 12.950l1.060-1.060M11.890 4.110l1.060-1.060"/>`,
  dark: svg`<path d="M13.500 9.700A6 6 0 1 1 6.300 2.500a4.800 4.800 0 0 0 7.200 7.200Z"/>`,
  system: svg`<circle cx="8" cy="8" r="5.500"/><path d="M8 2.500v11a5.500 5.500 0 0 0 0-11Z" class="solid"/>`,
  keys: svg`<rect x="1.500" y="4" width="13" height="8.500" rx="1.500"/><path d="M4 6.800h.01M6.700 6.800h.01M9.300 6.800h.01M12 6.800h.01M5 9.800h6"/>`,
  reload: svg`<path d="M13.500 8A5.500 5.500 0 1 1 11.700 3.900L13.500 5.500M13.500 2v3.500H10"/>`,
  lock: svg`<rect x="3" y="7" width="10" height="6.500" rx="1.500"/><path d="M5.200 7V5a2.800 2.800 0 0 1 5.600 0v2"/>`,
  edit: svg`<path d="M10.500 3 13 5.500 5.500 13H3v-2.500L10.500 3Z"/>`,
  power: svg`<path d="M8 2v5.500M4.600 4.300a5 5 0 1 0 6.800 0"/>`,
  trash: svg`<path d="M2.500 4.500h11M6 4.500V3h4v1.500M4 4.500l.7 9h6.600l.7-9"/>`,
  warn: svg`<path d="M8 2.200 14.300 13H1.700L8 2.200ZM8 6.500v3M8 11.300v.01"/>`,
  error: svg`<circle cx="8" cy="8" r="6"/><path d="M8 5v3.500M8 11v.01"/>`,
  up: svg`<path d="m4 10 4-4 4 4"/>`,
  down: svg`<path d="m4 6 4 4 4-4"/>`,
  help: svg`<circle cx="8" cy="8" r="6"/><path d="M6.200 6.400a1.900 1.900 0 1 1 2.600 1.800c-.6.3-.8.6-.8 1.300M8 11.500v.01"/>`,
  server: svg`<rect x="2.500" y="3" width="11" height="4" rx="1"/><rect x="2.500" y="9" width="11" height="4" rx="1"/><path d="M5 5h.01M5 11h.01"/>`,
  key: svg`<circle cx="5.500" cy="10.500" r="3"/><path d="m7.700 8.300 5.300-5.300M11 5l2 2"/>`,
  flask: svg`<path d="M6.500 2.500v4L3 12.300a.8.8 0 0 0 .7 1.200h8.600a.8.8 0 0 0 .7-1.200L9.500 6.500v-4M5.500 2.500h5M4.700 10h6.600"/>`,
  gauge: svg`<path d="M3.300 12.500a6 6 0 1 1 9.400 0M8 9.500l2.500-3.500"/>`,
  requests: svg`<path d="M4.500 3v9.500m0 0L2.500 10m2 2.500 2-2.500M11.500 13V3.500m0 0L9.500 6m2-2.500 2 2.500"/>`,
  command: svg`<path d="M3 4.500 6.500 8 3 11.500M8 12h5"/>`,
  unlock: svg`<rect x="3" y="7" width="10" height="6.500" rx="1.500"/><path d="M5.200 7V5a2.800 2.800 0 0 1 5.400-1"/>`,
  download: svg`<path d="M8 2.500v7m0 0L5 6.700m3 2.800 3-2.800M3 12.500h10"/>`,
  past: svg`<path d="M2.500 8a5.500 5.500 0 1 0 2-4.200L2.500 5.500M2.500 2v3.500H6M8 5v3.300l2 1.500"/>`,
  out: svg`<path d="M6.500 3.500h-3v9h9v-3M9 2.500h4.500V7M13.500 2.500 7.500 8.500"/>`,
} satisfies Record<string, SVGTemplateResult>;

export type IconName = keyof typeof shapes;

/** Decoration: whatever it says is said in words beside it. */
export const icon = (name: IconName): TemplateResult =>
  html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">${shapes[name]}</svg>`;
