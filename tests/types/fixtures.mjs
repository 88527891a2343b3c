// The fixtures as TypeScript: each value must be of the type that is declared for what it is.
import { readdirSync, readFileSync } from "node:fs";

/** As the core writes it: an attribute that is called as a member of the envelope is kept aside. */
const flat = ({ id, type, attributes, relationships }) => ({
  ...attributes,
  id,
  type,
  ...(relationships && { relationships }),
  ...("id" in attributes && { attributes: { id: attributes.id } }),
});

/** Provider, which files, their type, and where in them the values are. */
const rules = [
  ["imgix", /^source-(get|create|update)\.\d/, "ImgixSource", ({ data }) => [flat(data)]],
  ["imgix", /^sources-list\.\d/, "ImgixSource", ({ data }) => data.map(flat)],
  ["imgix", /^source-create\.request/, "ImgixSourceInput", ({ data }) => [data.attributes]],
  ["imgix", /^source-update\.request/, "ImgixSourceChanges", ({ data }) => [data.attributes]],
  ["imgix", /^asset-\w+\.\d/, "ImgixAsset", ({ data }) => [flat(data)]],
  ["imgix", /^assets-list\.\d/, "ImgixAsset", ({ data }) => data.map(flat)],
  ["imgix", /^asset-update\.request/, "ImgixAssetChanges", ({ data }) => [data.attributes]],
  ["imgix", /^upload-session-\w+\.\d/, "ImgixUploadSession", ({ data }) => [flat(data)]],
  ["imgix", /^(un)?publish\.\d/, "ImgixPublishReceipt", ({ data }) => [flat(data)]],
  ["imgix", /^report-get\.\d/, "ImgixReport", ({ data }) => [flat(data)]],
  ["imgix", /^reports-list\.\d/, "ImgixReport", ({ data }) => data.map(flat)],
  ["imageboss", /^(get|update)-200|^create-success|^tolerance/, "ImageBossSource", (source) => [source]],
  ["imageboss", /^list-200/, "ImageBossSource", (sources) => sources],
  ["imageboss", /^request-create/, "ImageBossSourceInput", ({ source }) => [source]],
  ["imageboss", /^request-update/, "ImageBossSourceChanges", ({ source }) => [source]],
];

/** Refused by the types already; the other negative ones are well-typed and refused when they are checked. */
const wrong = /wrong-key/;

export function fixtures(folder) {
  const lines = [];
  const types = new Set();
  for (const [provider, pattern, type, values] of rules) {
    const files = readdirSync(folder + provider).filter((name) => pattern.test(name)).sort();
    if (files.length === 0) throw new Error(`no fixture of ${provider} matches ${pattern}`);
    types.add(type);
    for (const name of files)
      for (const value of values(JSON.parse(readFileSync(`${folder}${provider}/${name}`, "utf8")))) {
        lines.push(`// ${provider}/${name}`);
        if (wrong.test(name)) lines.push("// @ts-expect-error");
        lines.push(`(${JSON.stringify(value)}) satisfies ${type};`);
      }
  }
  return [`import type { ${[...types].join(", ")} } from "image-sources";`, ...lines, ""].join("\n");
}
