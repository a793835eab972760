import path from "node:path";
import * as vscode from "vscode";
import { Alternatives } from "./alternatives.js";
import { ChatController } from "./chat/chatController.js";
import { ChatView } from "./chat/chatView.js";
import { ConversationStore } from "./chat/conversationStore.js";
import { KeptCounts } from "./completionCounts.js";
import { acceptedCommand, CompletionUse } from "./completionUse.js";
import { selectConfidence } from "./confidence.js";
import { sayingFailure } from "./failure.js";
import { Generation } from "./generation.js";
import { Instructions } from "./instructions/instructions.js";
import { ModelAbilities } from "./instructions/modelAbilities.js";
import { Prompts } from "./instructions/prompts.js";
import { RewriteDiff } from "./instructions/rewriteDiff.js";
import { showMenu } from "./menu.js";
import { showSample } from "./sampleDocument.js";
import { MissingModel } from "./models/missingModel.js";
import { Models, sayMissing } from "./models/models.js";
import { namedModel, type NamedModel } from "./models/namedModel.js";
import { ProposedDocuments } from "./proposedDocuments.js";
import { Server } from "./serverProcess.js";
import type { ReadyModel } from "../protocol.js";
import { section } from "../shared/configuration.js";
import { ghostTextSetting, isGhostTextOn, readSettings, setAutomatic, toggleLanguage } from "./settings.js";
import { StatisticsPage } from "./statisticsPage.js";
import { StatusItem } from "./statusItem.js";
import { triggerCompletion } from "./trigger.js";
import { errorMessage } from "../shared/errorMessage.js";
import { inertLog } from "./log.js";
import { showError, showInformation } from "./notifications.js";

/** Wires the parts together; nothing is started before a document needs it. */
export function activate(extension: vscode.ExtensionContext): void {
  const imported = path.join(extension.globalStorageUri.fsPath, "models");
  const modelOf = (setting: string): NamedModel => namedModel(setting, imported);
  let settings = readSettings(modelOf);
  const output = inertLog(vscode.window.createOutputChannel("RWKV Code", { log: true }));
  let ready: ReadyModel | undefined;
  const statusItem = new StatusItem("rwkvCode.menu");
  const statisticsPage = new StatisticsPage();
  const server: Server = new Server({
    module: extension.asAbsolutePath("dist/server.js"),
    settings: () => settings,
    output,
    answered: (question, answer) => completionUse.answered(question, answer),
    onStatus: (status) => {
      if (status.kind === "ready") ready = status;
      showStatus();
      // Its folder may have gone since the settings were read.
      if (status.kind === "failed" && !settings.model.isMissing && modelOf(settings.model.setting).isMissing)
        readAgain();
      chat.status(server.status);
      void models.status(server.status).catch(logError);
    },
    onRunning: () => void looksAtActive(),
    onGivenUp: () => void offerRestart(),
  });

  const completionUse = new CompletionUse(new KeptCounts(extension.globalState), (document) =>
    server.documents.isCompleted(document),
  );
  const chat = new ChatController({
    server,
    settings: () => settings,
    store: new ConversationStore(
      vscode.Uri.joinPath(extension.storageUri ?? extension.globalStorageUri, "chat"),
      (error) => {
        logError(error);
      },
    ),
    memento: extension.globalState,
    tell: (message) => {
      chatView.tell(message);
    },
  });
  const chatView = new ChatView(vscode.Uri.joinPath(extension.extensionUri, "dist"), (message) => {
    void chat.received(message).catch(logError);
  });
  const models = new Models({
    extension,
    imported,
    named: () => settings.model,
    restart: () => server.restart(),
  });
  const generation = new Generation(server, () => settings);
  const proposed = new ProposedDocuments();
  const alternatives = new Alternatives(server, proposed);
  const rewriteDiff = new RewriteDiff(proposed, server);
  const instructions = new Instructions({
    server,
    generation,
    chat,
    showChat: () => chatView.show(),
    prompts: new Prompts(vscode.Uri.joinPath(extension.extensionUri, "prompts")),
    diff: rewriteDiff,
    abilities: new ModelAbilities(server),
    memento: extension.globalState,
    settings: () => settings,
  });
  const showStatus = (): void => {
    const document = vscode.window.activeTextEditor?.document;
    const asked = settings.server.automatic ? undefined : "automaticOff";
    const absence = isGhostTextOn(document) ? asked : "ghostTextOff";
    statusItem.show(server.status, document && (server.documents.ineligibility(document) ?? absence));
  };
  const logError = (error: unknown): void => {
    output.error(errorMessage(error));
  };
  /** Starts the server where the active editor's document needs it, and says that it is looked at. */
  const looksAtActive = async (): Promise<void> => {
    showStatus();
    const document = vscode.window.activeTextEditor?.document;
    if (document === undefined || server.documents.ineligibility(document) !== undefined) return;
    try {
      await server.start();
      // Another editor may be active by now.
      if (vscode.window.activeTextEditor !== undefined) await server.focused(vscode.window.activeTextEditor.document);
    } catch (error) {
      logError(error);
    }
  };
  const readAgain = (): void => {
    settings = readSettings(modelOf);
    missingModel.look(settings.model);
    void server.settingsChanged().then(looksAtActive, logError);
  };
  const missingModel = new MissingModel({ onMissing: (model) => void sayMissing(model), onBack: readAgain });
  const offerRestart = async (): Promise<void> => {
    const restart = vscode.l10n.t("Restart");
    const showOutput = vscode.l10n.t("Show Output");
    const message = vscode.l10n.t("RWKV Code: the completion server ended several times in a row and stays off.");
    const picked = await showError(message, restart, showOutput);
    if (picked === restart) await server.restart();
    if (picked === showOutput) output.show();
  };

  const commands: Readonly<Record<string, (argument?: unknown) => unknown>> = {
    "rwkvCode.trigger": () => sayingFailure(() => triggerCompletion(server)),
    "rwkvCode.generateAtCursor": () => sayingFailure(() => generation.atCursor()),
    "rwkvCode.generateFromComment": () => sayingFailure(() => generation.fromComment()),
    "rwkvCode.generateFromInstruction": (given?: unknown) => sayingFailure(() => instructions.generate(given)),
    "rwkvCode.rewriteSelection": (given?: unknown) => sayingFailure(() => instructions.rewrite(given)),
    "rwkvCode.acceptRewrite": (uri?: unknown) => rewriteDiff.accept(uri),
    "rwkvCode.refuseRewrite": (uri?: unknown) => rewriteDiff.refuse(uri),
    "rwkvCode.explainSelection": () => sayingFailure(() => instructions.explain()),
    "rwkvCode.showAlternatives": () =>
      sayingFailure(() => {
        const editor = generation.editor();
        return editor && alternatives.show(editor);
      }),
    "rwkvCode.cancelGeneration": () => {
      generation.cancel();
    },
    "rwkvCode.openChat": () => chatView.show(),
    "rwkvCode.toggle": () => toggleLanguage("*"),
    "rwkvCode.toggleLanguage": () => {
      const languageId = vscode.window.activeTextEditor?.document.languageId;
      if (languageId !== undefined) return toggleLanguage(languageId);
      return showInformation(vscode.l10n.t("RWKV Code: No document is open whose language is meant"));
    },
    "rwkvCode.toggleAutomatic": () => setAutomatic(!settings.server.automatic),
    "rwkvCode.selectConfidence": () => selectConfidence(settings.server.confidence),
    "rwkvCode.selectModel": (setting?: unknown) => models.select(setting),
    "rwkvCode.importModel": (given?: unknown) => models.import(given),
    "rwkvCode.manageModels": (given?: unknown) => models.manage(given),
    "rwkvCode.restartServer": () => server.restart(),
    "rwkvCode.showStatistics": async () => statisticsPage.show(completionUse.counts, await server.statistics()),
    "rwkvCode.resetStatistics": async () => {
      await completionUse.reset();
      if (statisticsPage.isOpen) statisticsPage.update(completionUse.counts, await server.statistics());
    },
    "rwkvCode.showOutput": () => {
      output.show();
    },
    "rwkvCode.menu": () => showMenu({ settings, counts: completionUse.counts, model: ready }),
    // Not in the palette: what VS Code runs, what the walkthrough opens, what tests and other extensions ask.
    [acceptedCommand]: () => {
      completionUse.accepted();
    },
    "rwkvCode.openSample": async () => {
      await showSample();
      await triggerCompletion(server);
    },
    "rwkvCode.generateInSample": async () => {
      if (vscode.window.activeTextEditor === undefined) await showSample();
      await generation.atCursor();
    },
    "rwkvCode.statistics": () => server.statistics(),
    "rwkvCode.completionCounts": () => completionUse.counts,
  };
  extension.subscriptions.push(
    output,
    statusItem,
    statisticsPage,
    models,
    missingModel,
    server,
    proposed,
    alternatives,
    rewriteDiff,
    completionUse,
    vscode.window.registerWebviewViewProvider(ChatView.id, chatView, { webviewOptions: ChatView.options }),
    ...Object.entries(commands).map(([name, run]) => vscode.commands.registerCommand(name, run)),
    vscode.window.onDidChangeActiveTextEditor(() => void looksAtActive()),
    // A document whose language changes is opened anew.
    vscode.workspace.onDidOpenTextDocument((document) => {
      if (document === vscode.window.activeTextEditor?.document) void looksAtActive();
    }),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(ghostTextSetting)) showStatus();
      if (event.affectsConfiguration(section)) readAgain();
    }),
  );
  missingModel.look(settings.model);
  void looksAtActive();
}
