// What has been seen of the deployments of sources since the page is open, and what was changed from here.
import { keyOf } from "../../model/sources.js";
import type { Row } from "../../types.js";
import type { StatusSeen } from "../../widgets/deploy-timeline.js";

/** Of one source. */
export interface Past {
  seen: readonly StatusSeen[];
  /** When something was saved here that deploys. */
  changedAt?: number;
  /** May images in caches be older than what was saved? */
  isStale?: boolean;
}

const NONE: Past = { seen: [] };
const MOST_SEEN = 50;

export class History {
  readonly #pasts = new Map<string, Past>();

  of(row: Row): Past {
    return this.#pasts.get(keyOf(row)) ?? NONE;
  }

  see(row: Row, at = Date.now()): void {
    const past = this.of(row);
    if (row.status === undefined || past.seen.at(-1)?.status === row.status) return;
    this.#pasts.set(keyOf(row), { ...past, seen: [...past.seen, { status: row.status, at }].slice(-MOST_SEEN) });
  }

  /** Something was saved that changes how images are made. */
  changed(row: Row, at = Date.now()): void {
    this.#pasts.set(keyOf(row), { ...this.of(row), changedAt: at, isStale: true });
  }

  /** Somebody knows, or has purged what matters. */
  settle(row: Row): void {
    this.#pasts.set(keyOf(row), { ...this.of(row), isStale: false });
  }
}
