// Comma separated values, as they come in: a file may be larger than anybody wants to keep.

/** A reader that is fed pieces of text and gives every row that is complete. Quotes as in RFC 4180. */
export class CsvReader {
  #field = "";
  #row: string[] = [];
  #isQuoted = false;
  /** A quote inside of quotes: the next sign tells what it was. */
  #isClosing = false;
  #isAfterReturn = false;
  readonly #tell: (row: string[]) => void;

  constructor(tell: (row: string[]) => void) {
    this.#tell = tell;
  }

  feed(text: string): void {
    for (const sign of text) this.#take(sign);
  }

  /** The last row needs no line end. */
  end(): void {
    if (this.#row.length > 0 || this.#field !== "") this.#endRow();
  }

  #take(sign: string): void {
    if (this.#isQuoted) {
      if (this.#isClosing) {
        this.#isClosing = false;
        if (sign === '"') {
          this.#field += sign;
          return;
        }
        this.#isQuoted = false;
      } else if (sign === '"') {
        this.#isClosing = true;
        return;
      } else {
        this.#field += sign;
        return;
      }
    }
    const isSecond = sign === "\n" && this.#isAfterReturn;
    this.#isAfterReturn = sign === "\r";
    if (isSecond) return;
    if (sign === '"' && this.#field === "") this.#isQuoted = true;
    else if (sign === ",") this.#endField();
    else if (sign === "\n" || sign === "\r") this.#endRow();
    else this.#field += sign;
  }

  #endField(): void {
    this.#row.push(this.#field);
    this.#field = "";
  }

  #endRow(): void {
    // An empty line is no row.
    if (this.#row.length > 0 || this.#field !== "") {
      this.#endField();
      this.#tell(this.#row);
    }
    this.#row = [];
    this.#field = "";
  }
}
