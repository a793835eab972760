import * as vscode from "vscode";
import type { Server } from "./serverProcess.js";

/** Asks for ghost text at the cursor. Who asks waits: the model is loaded first where it is not in memory. */
export async function triggerCompletion(server: Server): Promise<void> {
  const document = vscode.window.activeTextEditor?.document;
  if (document !== undefined && server.documents.ineligibility(document) === undefined) {
    await server.start();
    await server.model();
    // Ghost text is for who still looks at the place.
    if (vscode.window.activeTextEditor?.document !== document) return;
  }
  await vscode.commands.executeCommand("editor.action.inlineSuggest.trigger");
}
