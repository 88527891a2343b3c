// Which tiles of a grid are in sight: pure numbers, in pixels.

export interface Room {
  /** Of the grid. */
  width: number;
  /** How far its top lies above the top of what is in sight; below it: negative. */
  above: number;
  /** Of what is in sight. */
  height: number;
}

export interface Tiles {
  width: number;
  height: number;
  gap: number;
}

export interface Window {
  columns: number;
  /** The first tile drawn, and the one after the last. */
  from: number;
  to: number;
  /** Empty room before and behind what is drawn. */
  before: number;
  behind: number;
}

const ROWS_AHEAD = 2;

export function windowOf(count: number, room: Room, tiles: Tiles): Window {
  const columns = Math.max(1, Math.floor((room.width + tiles.gap) / (tiles.width + tiles.gap)) || 1);
  const step = tiles.height + tiles.gap;
  const rows = Math.ceil(count / columns);
  const last = Math.max(0, rows - 1);
  const first = Math.min(last, Math.max(0, Math.floor(room.above / step) - ROWS_AHEAD));
  const end = Math.min(rows, Math.max(first + 1, Math.ceil((room.above + room.height) / step) + ROWS_AHEAD));
  return { columns, from: first * columns, to: Math.min(count, end * columns), before: first * step, behind: Math.max(0, rows - end) * step };
}

/** Where a key leads from a tile; nothing if it leads nowhere. */
export function keyTarget(key: string, at: number, count: number, columns: number, rowsInSight: number): number | undefined {
  const page = columns * Math.max(1, rowsInSight);
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, ArrowDown: at + columns, ArrowUp: at - columns, PageDown: at + page, PageUp: at - page, Home: 0, End: count - 1 }[key];
  return to === undefined || count === 0 ? undefined : Math.max(0, Math.min(count - 1, to));
}
