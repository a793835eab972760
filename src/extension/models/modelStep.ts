import * as vscode from "vscode";

/** The walkthrough's step "Get a model" is completed when this context becomes true (`completionEvents`). */
export const modelStepContext = "rwkvCode.modelWasChosen";

/** Completes the walkthrough's step "Get a model" when the user has chosen a model. */
export class ModelStep implements vscode.Disposable {
  readonly #tabs: vscode.Disposable;
  #isChosen = false;

  constructor() {
    // VS Code loads the steps when a walkthrough is first opened in a window. The tab of a walkthrough has no input.
    this.#tabs = vscode.window.tabGroups.onDidChangeTabs(({ opened, changed }) => {
      if (this.#isChosen && [...opened, ...changed].some(({ input }) => input === undefined)) void this.chosen();
    });
  }

  /** Call when a model was selected or imported, or is already in use at the start. */
  async chosen(): Promise<void> {
    this.#isChosen = true;
    // VS Code completes the step when the context changes to true, but not if it is true already when the steps are
    // loaded. So the context is set back to false.
    for (const value of [true, false]) await vscode.commands.executeCommand("setContext", modelStepContext, value);
  }

  dispose(): void {
    this.#tabs.dispose();
  }
}
