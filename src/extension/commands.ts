import { indexCommands } from "./workspaceIndex.js";
import * as vscode from "vscode";
import type { ActiveEditor } from "./activeEditor.js";
import type { AlternativesPicker } from "./alternativesPicker.js";
import type { ChatController } from "./chat/chatController.js";
import { attachedSources } from "./chat/attachmentSources.js";
import type { ChatView } from "./chat/chatView.js";
import type { CompletionClient } from "./completionClient.js";
import { addMissingBlockEnd } from "./blockEnd.js";
import { acceptedCommand, type CompletionUsage } from "./completionUsage.js";
import { isResetWanted } from "./statistics/resetQuestion.js";
import { selectConfidence } from "./confidence.js";
import { copyDiagnostics } from "./copyDiagnostics.js";
import type { EditorGeneration } from "./editorGeneration.js";
import { reportingFailure } from "./failure.js";
import type { CodeCommands } from "./instructions/codeCommands.js";
import { writeCommitMessage } from "./instructions/commitMessage.js";
import type { Instructions } from "./instructions/instructions.js";
import type { ModelCapabilities } from "./instructions/modelCapabilities.js";
import type { RewriteDiff } from "./instructions/rewriteDiff.js";
import type { Rewriter } from "./instructions/rewriter.js";
import { isExcludedFile } from "./excludedFiles.js";
import type { ModelChatProvider } from "./languageModel/chatProvider.js";
import type { LastErrors } from "./log.js";
import { showMenu } from "./menu.js";
import type { Models } from "./models/models.js";
import { showInformation } from "./notifications.js";
import type { RequestOutcomes } from "./requestOutcomes.js";
import { showSample } from "./sampleDocument.js";
import { completionSample, generationSample } from "./sampleText.js";
import { setAutomatic, toggleLanguage, type Settings } from "./settings.js";
import type { StatisticsPage } from "./statistics/statisticsPage.js";
import { clearStoredStates } from "./storedStates.js";
import { triggerCompletion } from "./trigger.js";
import { errorMessage } from "../shared/errorMessage.js";
import type { ReadyModel } from "../shared/protocol.js";

/** The parts of the extension that the commands need. */
export interface CommandParts {
  readonly extension: vscode.ExtensionContext;
  readonly client: CompletionClient;
  /** Folder in which the server stores the index of the workspace and the model's states. */
  readonly storagePath: string;
  readonly settings: () => Settings;
  /** The last model that was ready. */
  readonly readyModel: () => ReadyModel | undefined;
  readonly activeEditor: ActiveEditor;
  readonly output: vscode.LogOutputChannel;
  readonly errors: LastErrors;
  readonly outcomes: RequestOutcomes;
  readonly completionUsage: CompletionUsage;
  readonly statisticsPage: StatisticsPage;
  readonly models: Models;
  readonly generation: EditorGeneration;
  readonly alternatives: AlternativesPicker;
  readonly instructions: Instructions;
  readonly rewriteDiff: RewriteDiff;
  readonly codeCommands: CodeCommands;
  readonly capabilities: ModelCapabilities;
  readonly rewriter: Rewriter;
  readonly chat: ChatController;
  readonly chatView: ChatView;
  readonly chatProvider: ModelChatProvider;
}

/** The handler of each command, by name. */
export function commandsOf({
  extension,
  client,
  storagePath,
  settings,
  readyModel,
  activeEditor,
  output,
  errors,
  outcomes,
  completionUsage,
  statisticsPage,
  models,
  generation,
  alternatives,
  instructions,
  rewriteDiff,
  codeCommands,
  capabilities,
  rewriter,
  chat,
  chatView,
  chatProvider,
}: CommandParts): Readonly<Record<string, (...args: readonly unknown[]) => unknown>> {
  const reporting = (run: () => unknown): Promise<void> =>
    reportingFailure(run, (error) => {
      output.error(errorMessage(error));
    });

  return {
    "rwkvCode.trigger": () => reporting(() => triggerCompletion(client, outcomes)),
    "rwkvCode.generateAtCursor": () => reporting(() => generation.atCursor()),
    "rwkvCode.generateFromComment": () => reporting(() => generation.fromComment()),
    "rwkvCode.generateFromInstruction": (given?: unknown) => reporting(() => instructions.generate(given)),
    "rwkvCode.rewriteSelection": (given?: unknown) => reporting(() => instructions.rewrite(given)),
    "rwkvCode.acceptRewrite": (uri?: unknown) => rewriteDiff.accept(uri),
    "rwkvCode.rejectRewrite": (uri?: unknown) => rewriteDiff.reject(uri),
    "rwkvCode.document": () => reporting(() => codeCommands.document()),
    "rwkvCode.writeTests": () => reporting(() => codeCommands.writeTests()),
    "rwkvCode.fixProblem": (message?: unknown, line?: unknown) =>
      reporting(() => codeCommands.fixProblem(message, line)),
    "rwkvCode.commitMessage": (given?: unknown) =>
      reporting(() =>
        writeCommitMessage({ capabilities, rewriter, isExcluded: (uri) => isExcludedFile(settings(), uri) }, given),
      ),
    "rwkvCode.explainSelection": () => reporting(() => instructions.explain()),
    "rwkvCode.showAlternatives": () =>
      reporting(() => {
        const editor = generation.editor();
        return editor && alternatives.show(editor);
      }),
    "rwkvCode.cancelGeneration": () => {
      generation.cancel();
    },
    "rwkvCode.openChat": () => chatView.show(),
    "rwkvCode.attachToChat": async (uri?: unknown, uris?: unknown) => {
      await chatView.show();
      await chat.attach(attachedSources(uri, uris));
    },
    "rwkvCode.searchConversations": async () => {
      await chatView.show();
      await chat.search();
    },
    "rwkvCode.exportConversation": () => chat.export(),
    "rwkvCode.toggle": () => toggleLanguage("*"),
    "rwkvCode.toggleLanguage": () => {
      const languageId = activeEditor.document?.languageId;
      if (languageId !== undefined) return toggleLanguage(languageId);
      return showInformation(vscode.l10n.t("RWKV Code: Open a document first."));
    },
    "rwkvCode.toggleAutomatic": () => setAutomatic(!settings().server.automatic),
    "rwkvCode.selectConfidence": () => selectConfidence(settings().server.confidence),
    "rwkvCode.selectModel": (setting?: unknown) => models.select(setting),
    "rwkvCode.getModel": () => models.get(),
    "rwkvCode.setAccessToken": () => models.setToken(),
    "rwkvCode.removeAccessToken": () => models.removeToken(),
    "rwkvCode.importModel": (given?: unknown) => models.import(given),
    "rwkvCode.manageModels": (given?: unknown) => models.manage(given),
    ...indexCommands(client, storagePath),
    "rwkvCode.clearStoredStates": () => reporting(() => clearStoredStates(storagePath)),
    "rwkvCode.restartServer": () => client.restart(),
    "rwkvCode.showStatistics": () => statisticsPage.show(),
    "rwkvCode.resetStatistics": async () => {
      if (!(await isResetWanted(completionUsage.counts))) return;
      await completionUsage.reset();
      await statisticsPage.update();
    },
    "rwkvCode.copyDiagnostics": () =>
      copyDiagnostics({ extension, client, document: activeEditor.document, outcomes, errors: errors.messages }),
    "rwkvCode.showOutput": () => {
      output.show();
    },
    "rwkvCode.menu": () =>
      showMenu({
        document: activeEditor.document,
        settings: settings(),
        counts: completionUsage.counts,
        snooze: client.completions.snooze,
        model: readyModel(),
        status: client.status,
        hasGivenUp: client.hasGivenUp,
        embedded: extension.asAbsolutePath("models/default"),
      }),
    // These commands are not in the Command Palette. VS Code, the walkthrough, tests and other extensions run them.
    [acceptedCommand]: () => {
      completionUsage.accepted();
      return addMissingBlockEnd(client);
    },
    "rwkvCode.openSample": async () => {
      await showSample(completionSample);
      await triggerCompletion(client, outcomes);
    },
    "rwkvCode.generateInSample": async () => {
      await showSample(generationSample);
      await generation.atCursor();
    },
    "rwkvCode.statistics": () => client.statistics(),
    "rwkvCode.lastChatCost": () => chatProvider.lastCost,
    "rwkvCode.completionCounts": () => completionUsage.counts,
  };
}
