/** Lets the browser keep a text as a file. A long one is given in parts. */
export function saveFile(name: string, text: string | string[], type: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text].flat(), { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
