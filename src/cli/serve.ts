import { createConnection } from "vscode-languageserver/node";
import { loadModel } from "../rwkv/load.js";
import { serve as serveOn } from "../server/server.js";
import { embeddedModel } from "./embeddedModel.js";
import { UsageError } from "./usageError.js";

/** The command `serve`: the language server for any editor, over standard input and output. */
export function serve(args: readonly string[]): void {
  if (args.length !== 1 || args[0] !== "--stdio") throw new UsageError("serve --stdio");
  serveOn(createConnection(process.stdin, process.stdout), ({ modelPath, threads, engine }, onProgress, cancellation) =>
    loadModel(modelPath === "" ? embeddedModel : modelPath, { threads, engine, cancellation }, onProgress),
  );
}
