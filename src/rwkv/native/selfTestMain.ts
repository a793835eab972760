import { selfTest } from "./selfTest.js";

/** Entry point of the child process that addonCheck.ts starts. */
selfTest().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
