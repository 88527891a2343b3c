// The journal of long jobs in SQLite: what is to be done, and for each item what is known of it. What is about to be sent is
// written before it is; the platform holds requests back until the storage has it.
import type { Job as Declared, JobItem } from "../../types/cloudflare.js";
import type { ObjectStorage } from "./platform.js";

/** A job that is still being handed over is shown to nobody. */
export type JobState = Declared["state"] | "collecting";
export type ItemState = JobItem["state"];

export const ITEM_STATES: readonly ItemState[] = ["planned", "sent", "ok", "failed", "unknown"];

/** What is kept of a job: what is told but what is worked out. */
export type Job = Omit<Declared, "state" | "rateClass" | "etaMs"> & { state: JobState };

export interface Item {
  seq: number;
  args: unknown[];
  state: ItemState;
  /** How often it was put back without having been sent. */
  tries: number;
}

export interface Told extends Item {
  at: number | null;
  requestId: string | null;
  error: string | null;
  value: unknown;
}

const JOB = "id, provider, operation, state, by_whom AS 'by', created, started, ended, total, planned, sent, ok, failed, unknown";

export class Journal {
  constructor(readonly storage: ObjectStorage) {
    storage.sql.exec(`CREATE TABLE IF NOT EXISTS jobs (
      id TEXT PRIMARY KEY, provider TEXT NOT NULL, operation TEXT NOT NULL, state TEXT NOT NULL, by_whom TEXT NOT NULL, created INTEGER NOT NULL, started INTEGER, ended INTEGER,
      total INTEGER NOT NULL DEFAULT 0, planned INTEGER NOT NULL DEFAULT 0, sent INTEGER NOT NULL DEFAULT 0, ok INTEGER NOT NULL DEFAULT 0, failed INTEGER NOT NULL DEFAULT 0, unknown INTEGER NOT NULL DEFAULT 0
    ) WITHOUT ROWID`);
    storage.sql.exec(`CREATE TABLE IF NOT EXISTS items (
      job TEXT NOT NULL, seq INTEGER NOT NULL, args TEXT NOT NULL, state TEXT NOT NULL, looked INTEGER NOT NULL DEFAULT 0, tries INTEGER NOT NULL DEFAULT 0, at INTEGER,
      request TEXT, error TEXT, value TEXT, PRIMARY KEY (job, seq)
    ) WITHOUT ROWID`);
    // Only what is still open is found by its state; what is over is never looked for.
    storage.sql.exec("CREATE INDEX IF NOT EXISTS open_items ON items (job, state, seq) WHERE state IN ('planned', 'sent', 'unknown')");
  }

  #rows<Row>(query: string, ...values: unknown[]): Row[] {
    return this.storage.sql.exec<Row>(query, ...values).toArray();
  }

  create(job: Pick<Job, "id" | "provider" | "operation" | "by" | "created">): void {
    this.storage.sql.exec("INSERT INTO jobs (id, provider, operation, state, by_whom, created) VALUES (?, ?, ?, 'collecting', ?, ?)", job.id, job.provider, job.operation, job.by, job.created);
  }

  job(id: string): Job | undefined {
    return this.#rows<Job>(`SELECT ${JOB} FROM jobs WHERE id = ?`, id)[0];
  }

  jobs(limit = 100): Job[] {
    return this.#rows<Job>(`SELECT ${JOB} FROM jobs WHERE state <> 'collecting' ORDER BY created DESC, id LIMIT ?`, limit);
  }

  running(): Job[] {
    return this.#rows<Job>(`SELECT ${JOB} FROM jobs WHERE state = 'running' ORDER BY started, id`);
  }

  add(id: string, items: unknown[][]): number {
    return this.storage.transactionSync(() => {
      let seq = this.job(id)!.total;
      for (const args of items) this.storage.sql.exec("INSERT INTO items (job, seq, args, state) VALUES (?, ?, ?, 'planned')", id, seq++, JSON.stringify(args));
      this.storage.sql.exec("UPDATE jobs SET total = ?, planned = ? WHERE id = ?", seq, seq, id);
      return seq;
    });
  }

  remove(id: string): void {
    this.storage.transactionSync(() => {
      this.storage.sql.exec("DELETE FROM items WHERE job = ?", id);
      this.storage.sql.exec("DELETE FROM jobs WHERE id = ?", id);
    });
  }

  /** Jobs that nobody finished collecting, and the first that is over for long: one at a time, as they may be large. */
  forgotten(collecting: number, over: number): string[] {
    const open = this.#rows<{ id: string }>("SELECT id FROM jobs WHERE state = 'collecting' AND created < ?", collecting);
    return [...open, ...this.#rows<{ id: string }>("SELECT id FROM jobs WHERE ended < ? ORDER BY ended LIMIT 1", over)].map(({ id }) => id);
  }

  state(id: string, state: JobState, now: number): void {
    const { sql } = this.storage;
    if (state == "running") sql.exec("UPDATE jobs SET state = ?, ended = NULL, started = COALESCE(started, ?) WHERE id = ?", state, now, id);
    else if (state == "done" || state == "cancelled") sql.exec("UPDATE jobs SET state = ?, ended = ? WHERE id = ?", state, now, id);
    else sql.exec("UPDATE jobs SET state = ? WHERE id = ?", state, id);
  }

  #items(rows: { seq: number; args: string; state: ItemState; tries: number }[]): Item[] {
    return rows.map(({ args, ...row }) => ({ ...row, args: JSON.parse(args) }));
  }

  /** The next items of a state, by itself those that were never sent. */
  next(id: string, after: number, limit: number, state: "planned" | "unknown" = "planned"): Item[] {
    return this.#items(this.#rows(`SELECT seq, args, state, tries FROM items WHERE job = ? AND state = '${state}' AND seq > ? ORDER BY seq LIMIT ?`, id, after, limit));
  }

  /** Items of which it is not known whether they happened, and which nobody has looked for yet. */
  lost(id: string, limit: number): Item[] {
    return this.#items(this.#rows("SELECT seq, args, state, tries FROM items WHERE job = ? AND state = 'unknown' AND looked = 0 ORDER BY seq LIMIT ?", id, limit));
  }

  /** Notes what is known of an item, and counts it. States go forward; back goes only what was certainly not done. */
  mark(id: string, seq: number, state: ItemState, more: { at?: number; tries?: number; looked?: boolean; requestId?: string | undefined; error?: string; value?: unknown; args?: unknown[] } = {}): void {
    this.storage.transactionSync(() => {
      const [row] = this.#rows<{ state: ItemState }>("SELECT state FROM items WHERE job = ? AND seq = ?", id, seq);
      if (!row) return;
      const { at = null, tries = null, looked = null, requestId, error, value, args } = more;
      this.storage.sql.exec(
        `UPDATE items SET state = ?, at = COALESCE(?, at), tries = COALESCE(?, tries), looked = COALESCE(?, looked), request = COALESCE(?, request), error = ?, value = COALESCE(?, value), args = COALESCE(?, args)
         WHERE job = ? AND seq = ?`,
        state, at, tries, looked === null ? null : +looked, requestId?.slice(0, 200) ?? null, error?.slice(0, 500) ?? null, value === undefined ? null : JSON.stringify(value), args ? JSON.stringify(args) : null, id, seq,
      );
      if (row.state != state) this.storage.sql.exec(`UPDATE jobs SET ${row.state} = ${row.state} - 1, ${state} = ${state} + 1 WHERE id = ?`, id);
    });
  }

  /** What was under way when an earlier life of the object ended, or a slice of a job failed, may have happened. */
  recover(id?: string): number {
    return this.storage.transactionSync(() => {
      let found = 0;
      for (const { job, count } of this.#rows<{ job: string; count: number }>("SELECT job, COUNT(*) AS count FROM items WHERE state = 'sent' AND job = COALESCE(?, job) GROUP BY job", id ?? null)) {
        this.storage.sql.exec("UPDATE items SET state = 'unknown', looked = 0, error = 'the job was interrupted while it was under way' WHERE job = ? AND state = 'sent'", job);
        this.storage.sql.exec("UPDATE jobs SET sent = sent - ?, unknown = unknown + ? WHERE id = ?", count, count, job);
        found += count;
      }
      return found;
    });
  }

  /** Puts items back that somebody wants to be tried again, knowing what that means. */
  again(id: string, states: ("failed" | "unknown")[]): number {
    return this.storage.transactionSync(() => {
      let count = 0;
      for (const state of states) {
        const [{ n } = { n: 0 }] = this.#rows<{ n: number }>("SELECT COUNT(*) AS n FROM items WHERE job = ? AND state = ?", id, state);
        this.storage.sql.exec("UPDATE items SET state = 'planned', looked = 0, tries = 0, error = NULL WHERE job = ? AND state = ?", id, state);
        this.storage.sql.exec(`UPDATE jobs SET ${state} = ${state} - ?, planned = planned + ? WHERE id = ?`, n, n, id);
        count += n;
      }
      return count;
    });
  }

  /** A page of items as they stand: so many, or fewer if they are longer together than `length`. */
  page(id: string, after: number, limit: number, length: number): Told[] {
    const page: Told[] = [];
    const rows = this.storage.sql.exec<any>("SELECT seq, args, state, tries, at, request AS requestId, error, value FROM items WHERE job = ? AND seq > ? ORDER BY seq LIMIT ?", id, after, limit);
    for (const { args, value, ...row } of rows) {
      page.push({ ...row, args: JSON.parse(args), value: value === null ? undefined : JSON.parse(value) });
      if ((length -= args.length) <= 0) break;
    }
    return page;
  }
}
