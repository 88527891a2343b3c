// Which field a problem belongs to.
import type { Problem } from "../types.js";
import type { Leaf } from "./fields.js";

/** Problems by the path of their field; under the empty path those that belong to none. */
export type Sorted = Map<string, Problem[]>;

export function sortProblems(problems: readonly Problem[], leaves: readonly Leaf[]): Sorted {
  const sorted: Sorted = new Map();
  for (const problem of problems) {
    const path = fieldOf(problem, leaves);
    sorted.set(path, [...(sorted.get(path) ?? []), problem]);
  }
  return sorted;
}

function fieldOf(problem: Problem, leaves: readonly Leaf[]): string {
  const paths = leaves.map((leaf) => leaf.field.path).sort((a, b) => b.length - a.length);
  const named = paths.find((path) => problem.field === path || problem.field.startsWith(`${path}.`));
  if (named !== undefined) return named;
  // A provider's own sentence often begins with the attribute it is about.
  return problem.field === "" ? (paths.find((path) => path.includes(".") && problem.message.includes(`${path}:`)) ?? "") : "";
}

/** A problem in words, with the place inside the field if it has one. */
export function wordsOfProblem(problem: Problem, path: string): string {
  const inside = problem.field.startsWith(`${path}.`) ? problem.field.slice(path.length + 1) : "";
  if (inside === "") return problem.message;
  return /^\d+$/.test(inside) ? `line ${Number(inside) + 1}: ${problem.message}` : `${inside}: ${problem.message}`;
}
