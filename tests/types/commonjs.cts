// The package by `require`.
import sources = require("image-sources");

const { Imgix, isImageSourcesError } = sources;
const source: Promise<sources.ImgixSource> = new Imgix({ apiKey: "k" }).sources.get("id");
// @ts-expect-error there is no default export
sources.default;
source.catch((error: unknown) => isImageSourcesError(error) && error.kind);
