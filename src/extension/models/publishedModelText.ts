import type { CatalogueModel } from "../../hub/catalogue.js";
import { fitsMemory, memoryBytes } from "../../hub/requirements.js";
import { sizeText } from "../../hub/sizeText.js";
import { inertText } from "../../shared/inertText.js";
import type { Translate } from "../../shared/translate.js";
import { capabilitiesText, speedText, type ModelText } from "./modelTexts.js";

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

/** An entry of the list of published models. */
export function publishedModelText(model: CatalogueModel, facts: PublishedModelFacts, t: Translate): ModelText {
  const icon = facts.isImported ? "check" : facts.receivedBytes > 0 ? "debug-pause" : "cloud-download";
  return {
    label: `$(${icon}) ${inertText(model.title)}`,
    description: `${descriptionOf(model, facts, t)} · ${capabilitiesText(model, t)}`,
    detail: [
      ...(fitsMemory(model, facts.machineMemoryBytes)
        ? [t("{0} of memory", sizeText(memoryBytes(model)))]
        : [t("does not fit into memory: needs {0}, this machine has {1}", sizeText(memoryBytes(model)), sizeText(facts.machineMemoryBytes))]),
      ...(facts.speed === undefined ? [] : [publishedSpeedText(facts.speed, t)]),
      t("licence: {0}", inertText(model.licence)),
    ].join(" · "),
  };
}

function descriptionOf({ weights }: CatalogueModel, facts: PublishedModelFacts, t: Translate): string {
  if (facts.isCurrent) return t("in use");
  if (facts.isImported) return t("imported");
  const total = sizeText(weights.bytes);
  return facts.receivedBytes > 0 ? t("continue: {0} of {1} received", sizeText(facts.receivedBytes), total) : total;
}

function publishedSpeedText({ kind, tokensPerSecond }: PublishedModelSpeed, t: Translate): string {
  return kind === "measured"
    ? speedText(tokensPerSecond, t)
    : t("about {0} tokens/s expected here", Number(tokensPerSecond.toPrecision(2)));
}
