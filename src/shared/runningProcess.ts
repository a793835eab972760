/** Whether a process of this machine runs, also that of another user. Its id may have been given to another program. */
export function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0); // signal 0 only tests for existence
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM"; // it exists but belongs to another user
  }
}
