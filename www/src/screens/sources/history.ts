// What has been seen of the deployments of sources since the page is open, and what was changed from here.
import { keyOf } from "../../model/sources.js";
import type { Row } from "../../types.js";
import type { StatusSeen } from "../../widgets/deploy-timeline.js";

/** Of one source. */
export interface Past {
  /** The status when it was looked at last. */
  last?: string;
  /** Changes of it; when it came to be what it was at first, nobody has seen. */
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
    if (row.status === undefined || past.last === row.status) return;
    const seen = past.last === undefined ? past.seen : [...past.seen, { status: row.status, at }].slice(-MOST_SEEN);
    this.#pasts.set(keyOf(row), { ...past, last: row.status, seen });
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
