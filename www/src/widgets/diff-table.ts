// Values beside each other, with a mark on what only one of them has.
import { html, nothing, type TemplateResult } from "lit";
import { withoutUser } from "../model/secrets.js";
import { visible, wordsOf } from "../text/visible.js";
import type { Json } from "../types.js";
import { foreign } from "./parts.js";

/** A line of a value, and whether only this side has it. */
export interface Line {
  text: string;
  isNews: boolean;
}

/** None: there is no value. */
export type Lines = readonly Line[];

export interface DiffRow {
  name: string;
  path: string;
  before: Lines;
  after: Lines;
}

/** A value as it is read: a list or a map line by line. */
export function linesOf(value: Json | undefined): string[] {
  if (value === undefined || value === null || value === "") return [];
  if (Array.isArray(value)) return value.map((item) => withoutUser(typeof item === "string" ? item : JSON.stringify(item)));
  if (typeof value === "object") return Object.entries(value).map(([name, item]) => `${name} = ${typeof item === "string" ? item : JSON.stringify(item)}`);
  return [withoutUser(String(value))];
}

/** Of a list or a map only the lines that go and come are news, unless all that changes is their order. */
export function compared(before: readonly string[], after: readonly string[]): { before: Lines; after: Lines } {
  const isOrder = before.every((line) => after.includes(line)) && after.every((line) => before.includes(line));
  const marked = (lines: readonly string[], others: readonly string[]) => lines.map((text) => ({ text, isNews: isOrder || !others.includes(text) }));
  return { before: marked(before, after), after: marked(after, before) };
}

/** `heads`: what stands over the values; without one for what was before there is none. */
export const diffTable = (rows: readonly DiffRow[], heads: { before?: string; after: string }): TemplateResult => html`<table class="diff" role="table">
  <thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">Field</th>${heads.before ? html`<th scope="col" role="columnheader">${heads.before}</th>` : nothing}<th scope="col" role="columnheader">${heads.after}</th></tr></thead>
  <tbody role="rowgroup">${rows.map(
    ({ name, path, before, after }) => html`<tr role="row">
      <th scope="row" role="rowheader">${wordsOf(visible(name))}<code class="attribute">${visible(path)}</code></th>
      ${heads.before ? html`<td role="cell"><del>${lines(before)}</del></td>` : nothing}
      <td role="cell"><ins>${lines(after)}</ins></td>
    </tr>`,
  )}</tbody>
</table>`;

const lines = (values: Lines): TemplateResult =>
  values.length === 0 ? html`<span class="none">nothing</span>` : html`<ul class="values">${values.map(({ text, isNews }) => html`<li data-news=${isNews ? "true" : nothing}>${foreign(text)}</li>`)}</ul>`;
