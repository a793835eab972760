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

/** A page that describes a model. */
export function modelCard({ model, facts, json, readme }: CardSource, t: Translate): string {
  const about = facts.kind === "known" ? tableOf(facts, t) : [inertText(facts.reason)];
  const fence = fenceFor(json);
  return [
    `# ${inertText((facts.kind === "known" ? facts.line.name : undefined) ?? model.folder)}`,
    "",
    `- ${t("Folder")}: ${inertText(model.folder)}`,
    ...about,
    "",
    "## model.json",
    "",
    `${fence}json`,
    json.trim(),
    fence,
    ...(readme === undefined ? [] : ["", "## README.md", "", readme.trim().replace(/^#/gm, "##")]),
    "",
  ].join("\n");
}

function tableOf({ line, tokensPerSecond }: ModelFacts & { readonly kind: "known" }, t: Translate): string[] {
  const { version, layers, width } = line.dimensions;
  return [
    `- ${t("Shape")}: ${t("RWKV-{0}, {1} layers of width {2}, {3} parameters", version, layers, width, count(line.parameters))}`,
    `- ${t("Weights on disk")}: ${sizeText(line.weightsBytes)}`,
    `- ${t("Memory of one state")}: ${sizeText(line.stateBytes)}`,
    `- ${t("What it does")}: ${capabilitiesText(line, t)}`,
    `- ${t("Licence")}: ${inertText(line.licence ?? "?")}`,
    `- ${t("Speed on this machine")}: ${tokensPerSecond === undefined ? t("not measured yet") : speedText(tokensPerSecond, t)}`,
  ];
}
