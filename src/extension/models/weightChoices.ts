import type { InspectLine } from "../../shared/cliOutput.js";
import { sizeText } from "../../hub/sizeText.js";
import type { Translate } from "../../shared/translate.js";

/** A format for the weights of an imported model. */
export interface WeightChoice {
  readonly label: string;
  readonly detail: string;
  readonly value: "int8" | "int4" | "none";
}

/** The choices for a weights file, with their sizes and costs (docs/MODELS.md); the first is recommended. */
export function weightChoices(
  { importedBytes: bytes }: Pick<InspectLine, "importedBytes">,
  t: Translate,
): WeightChoice[] {
  return [
    {
      label: t("8 bits a weight (recommended)"),
      detail: t("{0}; nearly as exact as the file", sizeText(bytes.int8)),
      value: "int8",
    },
    {
      label: t("4 bits a weight"),
      detail: t(
        "{0}; for little memory: differs from the file about ten times as much as with 8 bits",
        sizeText(bytes.int4),
      ),
      value: "int4",
    },
    {
      label: t("As the file has them"),
      detail: t("{0}; stored exactly, and run in 8 bits if that is faster", sizeText(bytes.none)),
      value: "none",
    },
  ];
}
