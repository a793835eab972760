import { parseArgs } from "node:util";
import { version } from "../../package.json";
import { loadModel } from "../rwkv/load.js";
import { connectionOver } from "../server/connection.js";
import { serve as serveOn } from "../server/server.js";
import { embeddedModel } from "./embeddedModel.js";
import { UsageError } from "./usageError.js";

/** The command `serve`: runs the language server on standard input and output, for any editor. */
export function serve(args: readonly string[]): void {
  const { values } = parseArgs({
    args: [...args],
    options: {
      stdio: { type: "boolean", default: false },
      // Some clients append this option. The LSP library reads it itself and ends the process when the client is gone.
      clientProcessId: { type: "string" },
    },
  });
  const { stdio, clientProcessId = "1" } = values;
  if (!stdio || !/^\d{1,10}$/.test(clientProcessId)) throw new UsageError("serve --stdio [--clientProcessId=PID]");
  serveOn(connectionOver(process.stdin, process.stdout), {
    version,
    load: ({ modelPath, threads, engine }, onProgress, cancellation) =>
      loadModel(modelPath === "" ? embeddedModel : modelPath, { threads, engine, cancellation }, onProgress),
  });
}
