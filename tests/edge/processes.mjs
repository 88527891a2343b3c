// Processes of this test, to be killed by their ids.
import { readdirSync, readFileSync } from "node:fs";

/** The workerd processes that this process started. */
export function workerds() {
  return readdirSync("/proc").filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "utf8");
      const [, command, , parent] = /^\d+ \((.*)\) (\S) (\d+)/.exec(stat);
      return command === "workerd" && Number(parent) === process.pid;
    } catch {
      return false;
    }
  }).map(Number);
}
