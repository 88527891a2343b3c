// As much of the platform's types as is used here. Cloudflare's own types describe a global scope that does not go with the
// one of browsers, and this package is written against what they have in common.

/** A Durable Object's address. */
export interface ObjectId {
  toString(): string;
}

/** The Durable Objects of one class. */
export interface ObjectNamespace<Stub = any> {
  idFromName(name: string): ObjectId;
  get(id: ObjectId): Stub;
}

export type SqlValue = string | number | null | ArrayBuffer;

export interface SqlCursor<Row = Record<string, SqlValue>> extends Iterable<Row> {
  toArray(): Row[];
  one(): Row;
  readonly rowsWritten: number;
}

export interface ObjectStorage {
  sql: { exec<Row = Record<string, SqlValue>>(query: string, ...values: unknown[]): SqlCursor<Row>; readonly databaseSize: number };
  transactionSync<T>(run: () => T): T;
  getAlarm(): Promise<number | null>;
  setAlarm(at: number): Promise<void>;
  deleteAlarm(): Promise<void>;
}

export interface ObjectState {
  readonly id: ObjectId;
  readonly storage: ObjectStorage;
  blockConcurrencyWhile<T>(run: () => Promise<T>): Promise<T>;
  waitUntil(promise: Promise<unknown>): void;
}

/** What a Worker may use beyond its answer. */
export interface Execution {
  waitUntil(promise: Promise<unknown>): void;
}

export type Environment = Record<string, any>;
