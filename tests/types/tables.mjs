// The tables that the package is built with, as TypeScript: rows and forms must be what is declared.

export async function tables(path) {
  const { operations, forms } = JSON.parse((await import(path)).tables);
  // Steps of other operations are in the table, and not among what `operations()` gives.
  const rows = operations.filter(({ hidden }) => !hidden);
  return [
    'import type { OperationInfo, SourceForm } from "image-sources";',
    `(${JSON.stringify(rows)}) satisfies OperationInfo[];`,
    ...Object.values(forms).map((form) => `(${JSON.stringify(form)}) satisfies SourceForm;`),
    "",
  ].join("\n");
}
