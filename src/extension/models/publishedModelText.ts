import type { CatalogueModel } from "../../hub/catalogue.js";
import { fitsMemory, memoryBytes } from "../../hub/requirements.js";
import { sizeText } from "../../hub/sizeText.js";
import { inertText } from "../../shared/inertText.js";
import type { Translate } from "../../shared/translate.js";
import { capabilitiesText, licenceText, shortSpeedText, type ModelText } from "./modelTexts.js";

/** Facts about a published model on this machine. */
export interface PublishedModelFacts {
  readonly isImported: boolean;
  readonly isCurrent: boolean;
  /** Bytes received by an unfinished download; 0 if there is none. */
  readonly receivedBytes: number;
  readonly machineMemoryBytes: number;
  readonly speed: PublishedModelSpeed | undefined;
}

/** How fast a published model runs, or is expected to run, on this machine. */
export interface PublishedModelSpeed {
  readonly kind: "expected" | "measured";
  readonly tokensPerSecond: number;
}

/**
 * An entry of the list of published models. At a zoom of 200 % the list has room for about 40 characters of detail, so
 * abilities, which most of these models share, come last.
 * @param isRecommended whether this model is recommended for the machine.
 */
export function publishedModelText(
  model: CatalogueModel,
  facts: PublishedModelFacts,
  isRecommended: boolean,
  t: Translate,
): ModelText {
  const icon = facts.isImported ? "check" : facts.receivedBytes > 0 ? "debug-pause" : "cloud-download";
  return {
    label: `$(${icon}) ${inertText(model.title)}`,
    description: [...(isRecommended ? [t("recommended")] : []), descriptionOf(model, facts, t)].join(" · "),
    detail: [...requirementTexts(model, facts, t), licenceText(model.licence, t), capabilitiesText(model, t)].join(
      " · ",
    ),
  };
}

/** The memory that a model needs and, if there is enough of it, the speed. */
function requirementTexts(
  model: CatalogueModel,
  { machineMemoryBytes, speed }: PublishedModelFacts,
  t: Translate,
): string[] {
  const needed = sizeText(memoryBytes(model));
  if (!fitsMemory(model, machineMemoryBytes)) return [t("too large: needs {0} RAM", needed)];
  return [t("{0} RAM", needed), ...(speed === undefined ? [] : [publishedSpeedText(speed, t)])];
}

function descriptionOf({ weights }: CatalogueModel, facts: PublishedModelFacts, t: Translate): string {
  if (facts.isCurrent) return t("in use");
  if (facts.isImported) return t("imported");
  const total = sizeText(weights.bytes);
  const percent = Math.floor((100 * facts.receivedBytes) / weights.bytes);
  return facts.receivedBytes > 0 ? t("continue: {0}% of {1}", percent, total) : total;
}

function publishedSpeedText({ kind, tokensPerSecond }: PublishedModelSpeed, t: Translate): string {
  return kind === "measured"
    ? shortSpeedText(tokensPerSecond, t)
    : t("≈{0} tokens/s", Number(tokensPerSecond.toPrecision(2)));
}
