import path from "node:path";
import { createConnection } from "vscode-languageserver/node";
import { loadModel } from "../rwkv/load.js";
import { addonProblem } from "../rwkv/native/soundness.js";
import { serve } from "./server.js";

/** The embedded model lies beside the bundles, in the repository as in the installed extension. */
const embeddedModel = path.join(__dirname, "..", "models", "default");

void addonProblem(); // while the editor says what it wants

serve(createConnection(), ({ modelPath, threads, engine }, onProgress, cancellation) =>
  loadModel(modelPath === "" ? embeddedModel : modelPath, { threads, engine, cancellation }, onProgress),
);

// The library looks for its parent every three seconds; the closed channel says it at once.
process.once("disconnect", () => process.exit());
