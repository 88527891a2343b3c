// What the screen shows of an asset. The names are the package's own; a wrong one does not compile.
import type { ImgixAsset, ImgixSource } from "image-sources";
import { brand } from "../../model/capabilities.js";
import type { Row } from "../../types.js";

/** The path as the API takes it, without the slash before it. */
export const pathOf = (asset: ImgixAsset): string => (asset.origin_path ?? asset.id.slice(asset.id.indexOf("/"))).replace(/^\//, "");

export const fileName = (path: string): string => path.slice(path.lastIndexOf("/") + 1) || path;

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"];

export function bytes(count: number): string {
  const step = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, count)) / 3)));
  const digits = step > 0 && count / 1000 ** step < 10 ? 1 : 0;
  return new Intl.NumberFormat("en", { style: "unit", unit: UNITS[step]!, maximumFractionDigits: digits }).format(count / 1000 ** step);
}

export const dimensions = ({ media_width, media_height }: ImgixAsset): string => (media_width && media_height ? `${media_width} × ${media_height}` : "");

/** Colours that can be drawn, by what they are. */
export const swatches = ({ colors }: ImgixAsset): [name: string, hex: string][] =>
  Object.entries(colors?.dominant_colors ?? {}).filter(([, hex]) => /^#(?:[\da-f]{3}|[\da-f]{6})$/i.test(String(hex)));

/** Tags, surest first; one that was taken off stays at imgix with 0. */
export const tagsOf = ({ tags }: ImgixAsset): [name: string, sure: number][] =>
  Object.entries(tags ?? {}).filter(([, sure]) => Number(sure) > 0).sort(([, a], [, b]) => Number(b) - Number(a));

const encoded = (path: string): string => path.split("/").map(encodeURIComponent).join("/");

/** The address under which an asset is served; what is purged. */
export const addressOf = (host: string, path: string): string => `https://${host}/${encoded(path)}`;

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
  if (asset.media_kind && asset.media_kind.toUpperCase() !== "IMAGE") return { why: `no picture of ${asset.content_type ?? "this kind of file"}` };
  return { address: `${addressOf(host, pathOf(asset))}?w=${side}&h=${side}&fit=max&auto=format,compress` };
}

/** Why nothing can be uploaded to a source; nothing if something can, or if only trying tells. */
export function whyNoUpload({ enabled, deployment }: ImgixSource): string {
  const { type = "", allows_upload } = deployment ?? {};
  if (type.startsWith("web")) return `This source takes no uploads: its files lie behind a web address (${type}), where ${brand("imgix")} only reads.`;
  if (enabled === false) return "This source is disabled: enable it before you upload to it.";
  return allows_upload === false ? `This source takes no uploads: ${brand("imgix")} may not write into its storage (${type}).` : "";
}
