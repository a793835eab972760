import { selfTest } from "./selfTest.js";

/** A process of its own, which a bad binary may end: see addonCheck.ts. */
selfTest().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
