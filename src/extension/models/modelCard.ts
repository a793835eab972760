import type { KnownModel } from "./knownModels.js";
import { capabilitiesText, count, speedText, type ModelFacts } from "./modelTexts.js";
import { sizeText } from "../../hub/sizeText.js";
import type { Translate } from "../../shared/translate.js";
import { fenceFor } from "../../shared/fence.js";
import { inertText } from "../../shared/inertText.js";

export interface CardSource {
  readonly model: KnownModel;
  readonly facts: ModelFacts;
  /** Text of the folder's model.json. */
  readonly json: string;
  /** Text of the folder's README.md; undefined if there is none. */
  readonly readme: string | undefined;
}

/**
 * A Markdown page that describes a model. VS Code's preview may load pictures from the network, so only our own text is
 * rendered as Markdown. README.md is our own text only for the embedded model; for others it is shown as plain text.
 */
export function modelCard({ model, facts, json, readme }: CardSource, t: Translate): string {
  const about = facts.kind === "known" ? tableOf(facts, t) : [plain(facts.reason)];
  const shownReadme =
    model.kind === "embedded" ? readme?.trim().replace(/^#/gm, "##") : readme && fenced("text", readme);
  return [
    `# ${plain((facts.kind === "known" ? facts.line.name : undefined) ?? model.folder)}`,
    "",
    `- ${t("Folder")}: ${plain(model.folder)}`,
    ...about,
    ...(shownReadme === undefined ? [] : ["", "## README.md", "", shownReadme]),
    "",
    "## model.json",
    "",
    fenced("json", json),
    "",
  ].join("\n");
}

/** Escapes text so that Markdown shows it literally, without links, pictures and HTML. */
function plain(text: string): string {
  return inertText(text).replace(/[\\`*_[\]<>&|~]/g, "\\$&");
}

function fenced(language: string, text: string): string {
  const fence = fenceFor(text);
  return `${fence}${language}\n${text.trim()}\n${fence}`;
}

function tableOf({ line, tokensPerSecond }: ModelFacts & { readonly kind: "known" }, t: Translate): string[] {
  const { version, layers, width } = line.dimensions;
  return [
    `- ${t("Shape")}: ${t("RWKV-{0}, {1} layers of width {2}, {3} parameters", version, layers, width, count(line.parameters))}`,
    `- ${t("Weights on disk")}: ${sizeText(line.weightsBytes)}`,
    `- ${t("Memory of one state")}: ${sizeText(line.stateBytes)}`,
    `- ${t("What it does")}: ${capabilitiesText(line, t)}`,
    `- ${t("Licence")}: ${plain(line.licence ?? "?")}`,
    `- ${t("Speed on this machine")}: ${tokensPerSecond === undefined ? t("not measured yet") : speedText(tokensPerSecond, t)}`,
  ];
}
