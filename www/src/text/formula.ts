/** What a spreadsheet would take for a formula: also behind white space, and as full-width signs, as some programs look past both. */
export const FORMULA = /^[\s\u0000]*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r\n]/;

/** A text that is none. */
export const noFormula = (text: string): string => (FORMULA.test(text) ? `'${text}` : text);
