import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import type { CatalogueModel } from "../../src/hub/catalogue.js";
import type { InspectLine } from "../../src/shared/cliOutput.js";
import { untranslated, type Translate } from "../../src/shared/translate.js";
import type { KnownModel } from "../../src/extension/models/knownModels.js";
import { modelText, type ModelText } from "../../src/extension/models/modelTexts.js";
import { publishedModelText } from "../../src/extension/models/publishedModelText.js";

const bundle = JSON.parse(readFileSync("l10n/bundle.l10n.zh-cn.json", "utf8")) as Record<string, string>;
const { models } = JSON.parse(readFileSync("models/catalogue.json", "utf8")) as { readonly models: CatalogueModel[] };
const languages: readonly (readonly [string, Translate])[] = [
  ["English", untranslated],
  ["Chinese", (text, ...values) => untranslated(bundle[text] ?? text, ...values)],
];

/** About how many Latin characters fit into a row of a VS Code list. These lists are at most 600 pixels wide. */
const maxWidth = 83;

/** Width in units of a Latin character. A Chinese character takes two. */
const width = (text: string): number => text.length + (text.match(/\p{Script=Han}|[，（）]/gu) ?? []).length;

/** The texts of a published model in all states: recommended, too large, imported, partly downloaded and so on. */
function* published(model: CatalogueModel, t: Translate): Iterable<ModelText> {
  const none = { isImported: false, isCurrent: false, receivedBytes: 0, machineMemoryBytes: 64e9 };
  const expected = { kind: "expected", tokensPerSecond: 18.3 } as const;
  for (const isRecommended of [true, false]) {
    yield publishedModelText(model, { ...none, speed: expected }, isRecommended, t);
    yield publishedModelText(model, { ...none, machineMemoryBytes: 0.3e9, speed: expected }, isRecommended, t);
    yield publishedModelText(model, { ...none, isImported: true, isCurrent: true, speed: expected }, isRecommended, t);
  }
  yield publishedModelText(model, { ...none, receivedBytes: model.weights.bytes / 2, speed: expected }, false, t);
}

/** The texts of the model after its import, in use, with and without a measured speed, and as the embedded model. */
function* imported(
  { name, parameters, layers, width: units, weights, ...rest }: CatalogueModel,
  t: Translate,
): Iterable<ModelText> {
  const dimensions = { version: 7, layers, width: units } as const;
  const notShown = { isVocabularyMissing: false, importedBytes: { none: 0, int8: 0, int4: 0 }, sha256: {} };
  const sizes = { parameters, weightsBytes: weights.bytes, stateBytes: 12_345_678 };
  const line: InspectLine = { ...rest, ...notShown, ...sizes, name, dimensions };
  for (const [kind, can] of [
    ["imported", {}],
    ["embedded", { prompt: "prefix", chat: "none" }],
  ] as const) {
    const known: KnownModel = { kind, folder: `/m/${name}`, setting: name, isCurrent: true };
    for (const tokensPerSecond of [2789.4, undefined])
      yield modelText(known, { kind: "known", line: { ...line, ...can }, tokensPerSecond }, t);
  }
}

for (const [language, t] of languages) {
  test(`rows of models are not too wide for a list at 100 %, in ${language}`, () => {
    for (const model of models)
      for (const { label, description, detail } of [...published(model, t), ...imported(model, t)]) {
        const icon = 4;
        // VS Code shows descriptions a tenth smaller than labels.
        const first = icon + width(label.replace(/^\$\([\w-]+\)/, "")) + 0.9 * width(description);
        assert.ok(first <= maxWidth, `${first}: ${label} ${description}`);
        assert.ok(width(detail) <= maxWidth, `${width(detail)}: ${detail}`);
      }
  });
}
