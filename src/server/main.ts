import path from "node:path";
import { version } from "../../package.json";
import { loadModel } from "../rwkv/load.js";
import { addonProblem } from "../rwkv/native/addonCheck.js";
import { connectionOver, connectionToParent } from "./connection.js";
import { serve } from "./server.js";

/** The embedded model, next to the bundles' folder both in the repository and in the installed extension. */
const embeddedModel = path.join(__dirname, "..", "models", "default");

void addonProblem(); // checks the native engine while the client initializes; the result is cached

const connection = process.argv.includes("--stdio")
  ? connectionOver(process.stdin, process.stdout)
  : connectionToParent();
serve(connection, {
  version,
  load: ({ modelPath, threads, engine }, onProgress, cancellation) =>
    loadModel(modelPath === "" ? embeddedModel : modelPath, { threads, engine, cancellation }, onProgress),
});
