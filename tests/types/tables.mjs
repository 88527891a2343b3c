// The tables that the package is built with, as TypeScript: rows and forms must be what is declared.

export async function tables(path) {
  const [rows, forms] = await import(path).then(({ documented, forms }) => [documented, forms].map((text) => JSON.parse(text)));
  return [
    'import type { OperationInfo, SourceForm } from "image-sources";',
    `(${JSON.stringify(rows)}) satisfies OperationInfo[];`,
    ...Object.values(forms).map((form) => `(${JSON.stringify(form)}) satisfies SourceForm;`),
    "",
  ].join("\n");
}
