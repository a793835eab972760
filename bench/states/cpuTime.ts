import type { ChildProcess } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/**
 * CPU time that the current threads of a process have used so far, in milliseconds. Other load on the machine hardly
 * affects it. Linux only.
 */
export function cpuMs({ pid }: Pick<ChildProcess, "pid">): number {
  const folder = `/proc/${pid ?? 0}/task`;
  return readdirSync(folder).reduce((sum, thread) => {
    return sum + Number(readFileSync(`${folder}/${thread}/schedstat`, "utf8").split(" ")[0]) / 1e6;
  }, 0);
}
