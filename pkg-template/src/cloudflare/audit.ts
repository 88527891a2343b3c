// Who wrote what, and what came of it: a Durable Object that notes each write before it goes on, and its end when it has one.
// Secrets never come here.
import { DurableObject } from "cloudflare:workers";
import type { Environment, ObjectState } from "./platform.js";

/** What is changed: a path, and the value that was sent, secrets masked. */
export interface Field {
  path: string;
  value: unknown;
}

/** `begun` is what nobody has told the end of: it may have happened. */
export type Outcome = "begun" | "ok" | "declined" | "unknown";

export interface Begun {
  who: string;
  kind: string;
  provider: string;
  operation: string;
  target: string;
  fields: Field[];
  /** A source as it was, secrets masked. */
  before?: unknown;
  /** The entry that a source is put back to. */
  restores?: number;
}

export interface Ended {
  outcome: Outcome;
  status?: number;
  requestId?: string;
  /** The id of what was made. */
  target?: string;
  after?: unknown;
}

export interface Entry extends Begun, Omit<Ended, "target"> {
  seq: number;
  at: number;
  ended: number | null;
}

/** Which entries are wanted; all that is said must fit. */
export interface Filter {
  who?: string;
  provider?: string;
  operation?: string;
  target?: string;
  outcome?: string;
  since?: number;
  until?: number;
  /** Older than this entry. */
  before?: number;
}

const COLUMNS = "seq, at, who, kind, provider, operation, target, fields, outcome, status, request, restores, ended";
/** A source is a few kilobytes; what is much larger is none. */
const MOST_STATE = 64 * 1024;
/** As much of fields as an answer of the object can hold. */
const MOST_LENGTH = 8 << 20;

const text = (value: unknown): string | null => {
  const json = value === undefined ? undefined : JSON.stringify(value);
  return json === undefined || json.length > MOST_STATE ? null : json;
};

export class Audit extends DurableObject {
  constructor(ctx: ObjectState, env: Environment) {
    super(ctx, env);
    const { sql } = ctx.storage;
    sql.exec(`CREATE TABLE IF NOT EXISTS entries (
      seq INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, who TEXT NOT NULL, kind TEXT NOT NULL, provider TEXT NOT NULL, operation TEXT NOT NULL, target TEXT NOT NULL, fields TEXT NOT NULL,
      outcome TEXT NOT NULL DEFAULT 'begun', status INTEGER, request TEXT, restores INTEGER, ended INTEGER, earlier TEXT, later TEXT)`);
    sql.exec("CREATE INDEX IF NOT EXISTS by_target ON entries (provider, target, seq)");
  }

  /** Notes a write that is about to be sent. */
  begin({ who, kind, provider, operation, target, fields, before, restores }: Begun): number {
    const row = this.ctx.storage.sql
      .exec<{ seq: number }>(
        "INSERT INTO entries (at, who, kind, provider, operation, target, fields, earlier, restores) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING seq",
        Date.now(), who.slice(0, 200), kind, provider, operation, target.slice(0, 2_000), JSON.stringify(fields), text(before), restores ?? null,
      )
      .one();
    return row.seq;
  }

  /** Notes what came of it. An end is told once. */
  end(seq: number, { outcome, status, requestId, target, after }: Ended): void {
    this.ctx.storage.sql.exec(
      "UPDATE entries SET outcome = ?, status = ?, request = ?, target = COALESCE(?, target), later = ?, ended = ? WHERE seq = ? AND outcome = 'begun'",
      outcome, status ?? null, requestId?.slice(0, 200) ?? null, target?.slice(0, 2_000) ?? null, text(after), Date.now(), seq,
    );
  }

  /** Entries, newest first, without the states of sources: so many, or fewer if they are long. */
  list({ who, provider, operation, target, outcome, since, until, before }: Filter, limit: number): Entry[] {
    const wanted: [string, unknown][] = [["who = ?", who], ["provider = ?", provider], ["operation = ?", operation], ["target = ?", target], ["outcome = ?", outcome], ["at >= ?", since], ["at <= ?", until], ["seq < ?", before]];
    const given = wanted.filter(([, value]) => value !== undefined);
    const where = given.length ? `WHERE ${given.map(([condition]) => condition).join(" AND ")}` : "";
    return this.#read(`SELECT ${COLUMNS} FROM entries ${where} ORDER BY seq DESC LIMIT ?`, ...given.map(([, value]) => value), Math.max(1, Math.min(1_000, limit)));
  }

  /** One entry with everything. */
  get(seq: number): Entry | undefined {
    return this.#read(`SELECT ${COLUMNS}, earlier, later FROM entries WHERE seq = ?`, seq)[0];
  }

  #read(query: string, ...values: unknown[]): Entry[] {
    const rows: any[] = [];
    let left = MOST_LENGTH;
    for (const row of this.ctx.storage.sql.exec<any>(query, ...values)) {
      rows.push(row);
      if ((left -= row.fields.length) <= 0) break;
    }
    return rows.map(({ fields, request, earlier, later, status, restores, ...row }) => ({
      ...row,
      fields: JSON.parse(fields),
      ...(status !== null && { status }),
      ...(request !== null && { requestId: request }),
      ...(restores !== null && { restores }),
      ...(earlier && { before: JSON.parse(earlier) }),
      ...(later && { after: JSON.parse(later) }),
    }));
  }
}
