import path from "node:path";
import * as vscode from "vscode";
import { AlternativesPicker } from "./alternativesPicker.js";
import { ActiveEditor } from "./activeEditor.js";
import { ChatView } from "./chat/chatView.js";
import { openChat } from "./chat/openChat.js";
import { PersistedCounts } from "./completionCounts.js";
import { CompletionUsage } from "./completionUsage.js";
import { EditorGeneration } from "./editorGeneration.js";
import { CodeCommands } from "./instructions/codeCommands.js";
import { FixActions } from "./instructions/fixActions.js";
import { Rewriter } from "./instructions/rewriter.js";
import { Instructions } from "./instructions/instructions.js";
import { ModelCapabilities } from "./instructions/modelCapabilities.js";
import { RewriteDiff } from "./instructions/rewriteDiff.js";
import { registerChatProvider } from "./languageModel/api.js";
import { ModelChatProvider } from "./languageModel/chatProvider.js";
import { ModelFailure } from "./models/modelFailure.js";
import { MissingModel } from "./models/missingModel.js";
import { Models, sayMissing } from "./models/models.js";
import { ModelStep } from "./models/modelStep.js";
import { namedModel, type NamedModel } from "./models/namedModel.js";
import { ProposedDocuments } from "./proposedDocuments.js";
import { commandsOf } from "./commands.js";
import { openWalkthroughOnce } from "./firstWalkthrough.js";
import { compiledCodeEnvironment } from "./compiledCode.js";
import { CompletionClient } from "./completionClient.js";
import type { ReadyModel } from "../shared/protocol.js";
import { readSettings, type Settings } from "./settings.js";
import { watchSettings } from "./workspaceIndex.js";
import { StatisticsPage } from "./statistics/statisticsPage.js";
import { StatusItem } from "./statusItem.js";
import { errorMessage } from "../shared/errorMessage.js";
import { inertLog, LastErrors } from "./log.js";
import { offerRestart } from "./offerRestart.js";
import { Notebooks } from "./notebooks.js";
import { nothingText } from "./nothingText.js";
import { QuietClient } from "./quietClient.js";
import { RequestOutcomes } from "./requestOutcomes.js";

/** Creates and connects the parts of the extension. The server is not started until it is needed. */
export function activate(extension: vscode.ExtensionContext): void {
  const imported = path.join(extension.globalStorageUri.fsPath, "models");
  const modelOf = (setting: string): NamedModel => namedModel(setting, imported);
  let settings = readSettings(modelOf);
  const lastErrors = new LastErrors();
  const output = inertLog(vscode.window.createOutputChannel("RWKV Code", { log: true }), (message) => {
    lastErrors.add(message);
  });
  const logError = (error: unknown): void => {
    output.error(errorMessage(error));
  };
  let ready: ReadyModel | undefined;
  const modelFailure = new ModelFailure(extension.asAbsolutePath("models/default"));
  const statusItem = new StatusItem("rwkvCode.menu");
  const outcomes = new RequestOutcomes({
    onNothing: (nothing) => {
      output.trace(`Ghost text: nothing shown, ${nothingText(nothing)}`);
    },
    onChange: () => {
      activeEditor.show();
    },
  });
  const storagePath = path.join(extension.globalStorageUri.fsPath, "workspaces");
  const { version } = extension.extension.packageJSON as { readonly version: string };
  const client: CompletionClient = new CompletionClient({
    newClient: (options) => {
      const module = extension.asAbsolutePath("dist/server.js");
      const compiled = path.join(extension.globalStorageUri.fsPath, "compiled");
      return new QuietClient({ module, environment: compiledCodeEnvironment(compiled, version) }, options);
    },
    storagePath,
    settings: () => settings,
    output,
    outcomes,
    onCompletion: (invocation, result) => completionUsage.onCompletion(invocation, result),
    onStatus: (status) => {
      if (status.kind === "ready") {
        ready = status;
        void chatProvider.ready(status).catch(logError);
      }
      activeEditor.show();
      // The model's folder may have disappeared since the settings were read.
      if (status.kind === "failed" && !settings.model.isMissing && modelOf(settings.model.setting).isMissing)
        rereadSettings();
      chat.status(client.status);
      // If the server crashed several times, `offerRestart` tells the user instead.
      if (!client.hasGivenUp) void modelFailure.status(client.status).catch(logError);
      void models.status(client.status).catch(logError);
    },
    onRunning: () => {
      notebooks.sendAll();
      void activeEditor.sync();
    },
    onGivenUp: () => void offerRestart(client, output),
  });

  const notebooks = new Notebooks((method, params) => client.notify(method, params), logError);
  const activeEditor = new ActiveEditor({
    client,
    statusItem,
    outcomes,
    settings: () => settings,
    onError: logError,
  });
  const completionUsage = new CompletionUsage(new PersistedCounts(extension.globalState), (document) =>
    client.documents.isCompleted(document),
  );
  const proposed = new ProposedDocuments();
  const rewriteDiff = new RewriteDiff(proposed, client);
  const { chat, chatView } = openChat({ extension, client, settings: () => settings, rewriteDiff, onError: logError });
  const modelStep = new ModelStep();
  const models = new Models({
    extension,
    imported,
    named: () => settings.model,
    restart: () => client.restart(),
    onError: logError,
    onChosen: () => void modelStep.chosen(),
    downloads: path.join(extension.globalStorageUri.fsPath, "downloads"),
    downloadSource: () => settings.downloadSource,
  });
  const chatProvider = new ModelChatProvider({
    client,
    modelPath: () => settings.server.modelPath,
    memento: extension.globalState,
  });
  const statisticsPage = new StatisticsPage(
    async () => {
      const server = await client.statistics();
      const { counts, history } = completionUsage;
      return { nowMs: Date.now(), counts, history, server, nothingShown: outcomes.counts(server?.nothingShown) };
    },
    (error) => {
      logError(error);
    },
  );
  const generation = new EditorGeneration(client, () => settings);
  const alternatives = new AlternativesPicker(client, proposed);
  const capabilities = new ModelCapabilities(client);
  const rewriter = new Rewriter({ client, settings: () => settings, generation, diff: rewriteDiff });
  const codeCommands = new CodeCommands({ generation, capabilities, rewriter });
  const instructions = new Instructions({
    client,
    generation,
    chat,
    showChat: () => chatView.show(),
    rewriter,
    capabilities,
    memento: extension.globalState,
    settings: () => settings,
  });
  const fixActions = new FixActions(
    (document) => ready !== undefined && ready.chat !== "none" && client.documents.blocker(document) === undefined,
  );
  const lookAtModel = ({ model }: Settings): void => {
    missingModel.look(model);
    if (model.setting !== "") void modelStep.chosen();
  };
  const rereadSettings = (): void => {
    settings = readSettings(modelOf);
    lookAtModel(settings);
    chatProvider.modelChanged();
    void client.settingsChanged().then(() => activeEditor.sync(), logError);
  };
  const missingModel = new MissingModel({ onMissing: (model) => void sayMissing(model), onBack: rereadSettings });
  const commands = commandsOf({
    extension,
    client,
    storagePath,
    settings: () => settings,
    readyModel: () => ready,
    activeEditor,
    output,
    errors: lastErrors,
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
  });
  extension.subscriptions.push(
    output,
    statusItem,
    statisticsPage,
    models,
    modelStep,
    missingModel,
    client,
    chatProvider,
    registerChatProvider(chatProvider) ?? { dispose: () => undefined },
    proposed,
    alternatives,
    rewriteDiff,
    completionUsage,
    vscode.languages.registerCodeActionsProvider("*", fixActions, FixActions.metadata),
    vscode.window.registerWebviewViewProvider(ChatView.id, chatView, { webviewOptions: ChatView.options }),
    ...Object.entries(commands).map(([name, run]) => vscode.commands.registerCommand(name, run)),
    activeEditor,
    vscode.window.onDidChangeActiveTextEditor(() => {
      chat.editorChanged();
    }),
    notebooks,
    ...watchSettings(rereadSettings),
  );
  lookAtModel(settings);
  void openWalkthroughOnce(extension).catch(logError);
  void activeEditor.sync();
}
