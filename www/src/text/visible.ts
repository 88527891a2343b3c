// Text of others, made visible: what would reorder or hide other text is shown as a mark.

const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/gu;

const mark = (hidden: string): string => `⟨U+${hidden.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}⟩`;

export const visible = (text: string): string => text.replace(HIDDEN, mark);

/** The address if it is one that a person may be led to. */
export function webAddress(text: string): string | undefined {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  return url.username || url.password ? undefined : url.href;
}

const ABBREVIATIONS = new Set(["s3", "gcs", "ttl", "url", "id", "sas", "qs", "xml", "cdn"]);

/** An attribute's name in words. */
export function wordsOf(name: string): string {
  const words = name.split("_").map((word) => (ABBREVIATIONS.has(word) ? word.toUpperCase() : word));
  const [first = "", ...rest] = words;
  return [first === "imgix" ? first : first.charAt(0).toUpperCase() + first.slice(1), ...rest].join(" ");
}

export const day = (at: number): string => new Date(at).toISOString().slice(0, 10);
export const moment = (at: number): string => new Date(at).toISOString().replace("T", " ").replace(/\.\d+Z$/, " UTC");

export const plural = (count: number, one: string, many = `${one}s`): string => `${count.toLocaleString("en")} ${count === 1 ? one : many}`;

/** A time span in the unit in which people would say it. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${Number((ms / 1000).toFixed(ms < 10_000 ? 1 : 0))} s`;
  if (ms < 3_600_000) return `${Number((ms / 60_000).toFixed(1))} min`;
  return `${Number((ms / 3_600_000).toFixed(1))} h`;
}
