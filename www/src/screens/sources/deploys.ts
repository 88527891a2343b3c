// Watches sources that are being deployed, ever more slowly, and only while somebody looks.
import type { Row } from "../../types.js";
import { keyOf } from "../../model/sources.js";

const PAUSES_MS = [2000, 4000, 8000, 15_000];
/** Right after a write the old status is still told, so a changed source is asked for at least this often. */
const LOOKS_AFTER_CHANGE = 2;

export const isDeploying = (row: Row): boolean => row.status === "deploying";

interface Watched {
  row: Row;
  wasDeploying: boolean;
  looksLeft: number;
}

/** While others need the limit, one waits this long before asking whether there is room. */
const BUSY_MS = 1000;

export class DeployWatch {
  readonly #watched = new Map<string, Watched>();
  readonly #look: (row: Row, signal: AbortSignal) => Promise<Row | undefined>;
  readonly #deployed: (row: Row) => void;
  readonly #hasRoom: (row: Row) => boolean;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #round: AbortController | undefined;
  #step = 0;

  /** `hasRoom`: is enough left of the limit that looking keeps nobody waiting? */
  constructor(look: (row: Row, signal: AbortSignal) => Promise<Row | undefined>, deployed: (row: Row) => void, hasRoom: (row: Row) => boolean) {
    this.#look = look;
    this.#deployed = deployed;
    this.#hasRoom = hasRoom;
    document.addEventListener("visibilitychange", () => (document.hidden ? this.#stop() : this.#start(true)));
  }

  /** Looks at whatever is deploying among these. */
  see(rows: readonly Row[]): void {
    for (const row of rows) if (isDeploying(row) && !this.#watched.has(keyOf(row))) this.#add(row, 0);
    this.#start(false);
  }

  /** Looks at a source that was just changed, whatever its status says. */
  changed(row: Row): void {
    this.#add(row, LOOKS_AFTER_CHANGE);
    this.#start(true);
  }

  #add(row: Row, looksLeft: number): void {
    this.#watched.set(keyOf(row), { row, wasDeploying: isDeploying(row), looksLeft });
  }

  #start(anew: boolean): void {
    if (anew) {
      this.#stop();
      this.#step = 0;
    }
    if (this.#timer !== undefined || this.#round || this.#watched.size === 0 || document.hidden) return;
    this.#timer = setTimeout(() => void this.#run(), PAUSES_MS[Math.min(this.#step, PAUSES_MS.length - 1)]);
    this.#step += 1;
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#round?.abort();
    this.#round = undefined;
  }

  async #run(): Promise<void> {
    this.#timer = undefined;
    const round = (this.#round = new AbortController());
    for (const [key, watched] of [...this.#watched]) {
      while (!round.signal.aborted && !this.#hasRoom(watched.row)) await new Promise((done) => setTimeout(done, BUSY_MS));
      if (round.signal.aborted) return;
      const row = await this.#look(watched.row, round.signal);
      if (round.signal.aborted) return;
      // A failed look is no news; the next round tries again.
      if (!row) continue;
      watched.looksLeft -= 1;
      if (isDeploying(row)) watched.wasDeploying = true;
      else if (watched.wasDeploying || watched.looksLeft <= 0) {
        this.#watched.delete(key);
        if (watched.wasDeploying) this.#deployed(row);
      }
    }
    this.#round = undefined;
    this.#start(false);
  }
}
