// The files of a report, read as far as anybody needs: they may hold 64 MB each, and are mostly packed.
import { FileError, type Table, TableMaker } from "./figures.js";

const MOST_BYTES = 64 * 1024 * 1024;

/** Who fetches: the network, or a sandbox in the page. */
export type Ask = (address: string, init: RequestInit) => Promise<Response>;

export async function readFiles(addresses: readonly string[], ask: Ask, signal: AbortSignal): Promise<Table> {
  const maker = new TableMaker();
  const room = { left: MOST_BYTES };
  for (const address of addresses) {
    if (room.left <= 0) break;
    const answer = await ask(address, { signal, credentials: "omit", referrerPolicy: "no-referrer" }).catch((thrown) => {
      if (signal.aborted) throw thrown;
      throw new FileError("The file could not be fetched: its host does not answer pages of this origin, or the network is down. Download it, then choose it here.");
    });
    if (answer.status === 403) throw new FileError("The file's address has expired: read the report again.");
    if (!answer.ok || !answer.body) throw new FileError(`The file's host answered with status ${answer.status}.`);
    await feed(maker, answer.body, room, signal);
  }
  return finished(maker, room);
}

/** Files from this device. */
export async function readBlobs(files: readonly Blob[], signal: AbortSignal): Promise<Table> {
  const maker = new TableMaker();
  const room = { left: MOST_BYTES };
  for (const file of files) if (room.left > 0) await feed(maker, file.stream(), room, signal);
  return finished(maker, room);
}

function finished({ table }: TableMaker, room: { left: number }): Table {
  table.isCut = room.left <= 0;
  if (table.columns.length === 0) throw new FileError("The file is empty.");
  if (table.columns.length === 1 && table.count === 0) throw new FileError("The file holds no table of comma separated values.");
  return table;
}

async function feed(maker: TableMaker, body: ReadableStream<Uint8Array>, room: { left: number }, signal: AbortSignal): Promise<void> {
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  const decoder = new TextDecoder("utf-8", { fatal: true });
  try {
    reader = (await unpacked(body.pipeThrough(new TransformStream(), { signal }))).getReader();
    while (room.left > 0) {
      const { done, value } = await reader.read();
      if (done) return maker.endFile();
      room.left -= value.length;
      maker.feed(decode(decoder, value));
    }
  } catch (thrown) {
    throw signal.aborted ? signal.reason : thrown instanceof FileError ? thrown : new FileError("The file broke off or is damaged.");
  } finally {
    void reader?.cancel().catch(() => undefined);
  }
}

function decode(decoder: TextDecoder, value: Uint8Array): string {
  try {
    return decoder.decode(value, { stream: true });
  } catch {
    throw new FileError("The file is no text.");
  }
}

/** Whether it is packed, its first two bytes tell. */
async function unpacked(body: ReadableStream<Uint8Array>): Promise<ReadableStream<Uint8Array>> {
  const reader = body.getReader();
  const begun: Uint8Array[] = [];
  let isOver = false;
  while (!isOver && begun.reduce((sum, piece) => sum + piece.length, 0) < 2) {
    const { done, value } = await reader.read();
    if (value) begun.push(value);
    isOver = done;
  }
  const [first, second] = begun.flatMap((piece) => [...piece.subarray(0, 2)]);
  const whole = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = begun.shift();
      if (next) return controller.enqueue(next);
      const { done, value } = await reader.read();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  });
  return first === 0x1f && second === 0x8b ? whole.pipeThrough(new DecompressionStream("gzip") as TransformStream<Uint8Array, Uint8Array>) : whole;
}
