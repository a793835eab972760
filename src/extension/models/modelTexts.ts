import path from "node:path";
import type { ImportVerification, InspectLine } from "../../shared/cliOutput.js";
import type { KnownModel } from "./knownModels.js";
import { inertText } from "../../shared/inertText.js";
import type { Translate } from "../../shared/translate.js";
import { sizeText } from "../../hub/sizeText.js";

/** The facts about a model from model.json and from measurements, or the reason why the model cannot be read. */
export type ModelFacts =
  | { readonly kind: "known"; readonly line: InspectLine; readonly tokensPerSecond: number | undefined }
  | { readonly kind: "unreadable"; readonly reason: string };

export interface ModelText {
  readonly label: string;
  readonly description: string;
  readonly detail: string;
}

/** An entry of the list of models. The most important facts come first, because a narrow list cuts off the end. */
export function modelText({ folder, kind, isCurrent }: KnownModel, facts: ModelFacts, t: Translate): ModelText {
  const name = inertText((facts.kind === "known" ? facts.line.name : undefined) ?? path.basename(folder));
  const description = [
    ...(isCurrent ? [t("in use")] : []),
    ...(facts.kind === "known" ? [capabilitiesText(facts.line, t)] : []),
    ...(kind === "embedded" ? [t("embedded")] : []),
    ...(kind === "elsewhere" ? [inertText(folder)] : []),
  ];
  return {
    label: `$(${isCurrent ? "check" : "blank"}) ${name}`,
    description: description.join(" · "),
    detail: facts.kind === "known" ? detailOf(facts.line, facts.tokensPerSecond, t) : inertText(facts.reason),
  };
}

function detailOf(line: InspectLine, tokensPerSecond: number | undefined, t: Translate): string {
  return [
    tokensPerSecond === undefined ? t("speed not measured yet") : shortSpeedText(tokensPerSecond, t),
    sizeText(line.weightsBytes),
    licenceText(line.licence ?? "?", t),
    t("{0} parameters", count(line.parameters)),
  ].join(" · ");
}

/** A measured decoding speed, rounded to two digits, because further digits vary between measurements. */
export function speedText(tokensPerSecond: number, t: Translate): string {
  return t("writes {0} tokens/s", Number(tokensPerSecond.toPrecision(2)));
}

/** Like `speedText`, but shorter, for lists. */
export function shortSpeedText(tokensPerSecond: number, t: Translate): string {
  return t("{0} tokens/s", Number(tokensPerSecond.toPrecision(2)));
}

/** A licence to display. An identifier, such as Apache-2.0, needs no label. */
export function licenceText(licence: string, t: Translate): string {
  const name = inertText(licence);
  return /^\w[\w.+-]*$/.test(name) ? name : t("licence: {0}", name);
}

/** A model's abilities, as a list for the user. */
export function capabilitiesText({ prompt, chat }: Pick<InspectLine, "prompt" | "chat">, t: Translate): string {
  const list = [chat === "world" || chat === "g1" ? t("chats") : t("does not chat"), t("completes")];
  if (prompt !== undefined && prompt !== "prefix") list.push(t("fills in the middle"));
  return list.join(", ");
}

/** Says how a model compares with the file that it was made from. */
export function verificationText(verification: ImportVerification, t: Translate): string {
  if (verification.kind === "tooLarge") {
    return t("It was not compared with its source, which needs {0} of memory.", sizeText(verification.neededBytes));
  }
  if (verification.kind === "notFinite" || verification.kind === "failed")
    return t("It was not compared with its source: {0}", verification.reason);
  const { tokens, agreeing } = verification;
  return t("Compared with its source, it predicts the same token in {0} of {1} cases.", agreeing, tokens);
}

/** A number of parameters in the usual short form: 11M, 1.5B. */
export function count(parameters: number): string {
  if (parameters < 1e6) return `${Math.round(parameters / 1e3)}K`;
  return parameters < 1e9
    ? `${Number((parameters / 1e6).toPrecision(3))}M`
    : `${Number((parameters / 1e9).toPrecision(2))}B`;
}
