// What the screen shows of an asset. The names are the package's own; a wrong one does not compile.
import type { ImgixAsset, ImgixSource } from "image-sources";
import { brand } from "../../model/capabilities.js";
import { textOf } from "../../text/given.js";
import type { Row } from "../../types.js";

/** The path as the API takes it, without the slash before it. */
export const pathOf = (asset: ImgixAsset): string => (textOf(asset.origin_path) || asset.id.slice(asset.id.indexOf("/"))).replace(/^\//, "");

export const titleOf = (asset: ImgixAsset): string => textOf(asset.name) || fileName(pathOf(asset));

export const fileName = (path: string): string => path.slice(path.lastIndexOf("/") + 1) || path;

const UNITS = ["B", "kB", "MB", "GB"];

export function bytes(count: unknown): string {
  if (typeof count !== "number" || !Number.isFinite(count)) return "";
  const step = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, count)) / 3)));
  const value = count / 1000 ** step;
  return `${value.toLocaleString("en", { maximumFractionDigits: step > 0 && value < 10 ? 1 : 0 })} ${UNITS[step]}`;
}

export const dimensions = ({ media_width, media_height }: ImgixAsset): string => (Number.isFinite(media_width) && Number.isFinite(media_height) ? `${media_width} × ${media_height}` : "");

/** Colours that can be drawn, by what they are. */
export const swatches = ({ colors }: ImgixAsset): [name: string, hex: string][] =>
  Object.entries(Object(colors?.dominant_colors) as Record<string, string>).filter(([, hex]) => /^#(?:[\da-f]{3}|[\da-f]{6})$/i.test(String(hex)));

/** Tags, surest first; one that was taken off stays at imgix with 0. */
export const tagsOf = ({ tags }: ImgixAsset): [name: string, sure: number][] =>
  Object.entries(Object(tags)).map(([name, sure]): [string, number] => [name, Number(sure)]).filter(([, sure]) => sure > 0).sort(([, a], [, b]) => b - a);

/** Half a character, as odd answers hold, has no place in an address. */
const encoded = (path: string): string => path.replace(/\p{Surrogate}/gu, "\ufffd").split("/").map(encodeURIComponent).join("/");

/** The address under which an asset is served; what is purged. */
export const addressOf = (host: string, path: string): string => `https://${host}/${encoded(path)}`;

/** In lower case. */
export const kindOf = ({ media_kind }: ImgixAsset): string => textOf(media_kind).toLowerCase();

/** Where a picture is, or why there is none. */
export interface Picture {
  address?: string;
  why?: string;
}

const SIDE = 240;
const HOST = /^[a-z0-9-]+(\.[a-z0-9-]+)+$/i;

/** A small picture from the source's own host. */
export function pictureOf(asset: ImgixAsset, row: Row | undefined, side = SIDE): Picture {
  const host = row?.hosts.find((one) => HOST.test(one));
  if (!row || !host) return { why: "the source has no host" };
  if (row.enabled === false) return { why: "the source is disabled" };
  if (row.secured) return { why: "the source's addresses must be signed, and this page keeps no token" };
  if (asset.media_kind && kindOf(asset) !== "image") return { why: `no picture of ${textOf(asset.content_type) || "this kind of file"}` };
  return { address: `${addressOf(host, pathOf(asset))}?w=${side}&h=${side}&fit=max&auto=format,compress` };
}

/** Why nothing can be uploaded to a source; nothing if something can, or if only trying tells. */
export function whyNoUpload({ enabled, deployment }: ImgixSource): string {
  const { type = "", allows_upload } = deployment ?? {};
  if (type.startsWith("web")) return `This source takes no uploads: its files lie behind a web address (${type}), where ${brand("imgix")} only reads.`;
  if (enabled === false) return "This source is disabled: enable it before you upload to it.";
  return allows_upload === false ? `This source takes no uploads: ${brand("imgix")} may not write into its storage (${type}).` : "";
}
