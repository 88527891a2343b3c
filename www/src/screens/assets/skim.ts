// Is the page scrolled too fast for anything to be looked at? What is worth a request then only flies past.

const SKIM_PX_PER_MS = 1.5;
const REST_MS = 120;

let at = 0;
let top = scrollY;
let skimmedAt = -Infinity;

const watch = ({ timeStamp }: Event): void => {
  const moved = Math.abs(scrollY - top);
  if (moved > SKIM_PX_PER_MS * Math.max(1, timeStamp - at)) skimmedAt = timeStamp;
  [at, top] = [timeStamp, scrollY];
};

document.addEventListener("scroll", watch, { capture: true, passive: true });

/** Calls back at once if the page rests, else as soon as it does, or is scrolled slowly enough to be looked at. Gives what cancels it. */
export function onceLookedAt(run: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = (since: number): void => {
    // Where frames take long, the page may have moved on and nobody has been told yet.
    if (performance.now() - since < REST_MS || scrollY !== top) timer = setTimeout(() => look(skimmedAt), REST_MS);
    else run();
  };
  look(at);
  return () => clearTimeout(timer);
}
