import { selfTest } from "./selfTest.js";

/** A process of its own, which a bad binary may end: see soundness.ts. */
selfTest().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
