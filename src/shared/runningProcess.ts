/**
 * Whether a process with this id runs on this machine. Systems reuse ids, so it need not be the process that had the id
 * earlier.
 */
export function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0); // signal 0 only tests for existence
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM"; // it exists but belongs to another user
  }
}
