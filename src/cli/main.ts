#!/usr/bin/env node
import { runCommand } from "./commands.js";

/** If nobody reads the output any more (`| head -1`), the command still runs to completion, without an error. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
}
for (const stream of [process.stdout, process.stderr]) stream.on("error", ignoreClosedPipe);

void runCommand(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
  // If the arguments contain a client's process id, the LSP library keeps this process alive, even if the command has
  // failed before it served anything.
  if (code !== 0) process.stderr.write("", () => process.exit());
});
