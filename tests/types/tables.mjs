// The tables that the package is built with, as TypeScript: rows and forms must be what is declared.

export async function tables(path) {
  const { operations, forms } = JSON.parse((await import(path)).tables);
  return [
    'import type { OperationInfo, SourceForm } from "image-sources";',
    `(${JSON.stringify(operations)}) satisfies OperationInfo[];`,
    ...Object.values(forms).map((form) => `(${JSON.stringify(form)}) satisfies SourceForm;`),
    "",
  ].join("\n");
}
