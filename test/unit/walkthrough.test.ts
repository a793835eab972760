import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import test from "node:test";
import "../support/vscodeStandIn.js";
import { modelStepContext } from "../../src/extension/models/modelStep.js";
import { settingSchemas } from "../support/manifest.js";

interface Manifest {
  readonly publisher: string;
  readonly name: string;
  readonly contributes: {
    readonly walkthroughs: readonly {
      readonly steps: readonly {
        readonly id: string;
        readonly description: string;
        readonly media: { readonly svg: string };
        readonly completionEvents: readonly string[];
      }[];
    }[];
  };
}
const manifest = JSON.parse(readFileSync("package.json", "utf8")) as Manifest;
const { walkthroughs } = manifest.contributes;
const texts = JSON.parse(readFileSync("package.nls.json", "utf8")) as Record<string, string>;
const steps = walkthroughs.flatMap((walkthrough) => walkthrough.steps);
const textOf = (description: string): string => texts[description.replaceAll("%", "")]!;
const descriptions = steps.map(({ description }) => textOf(description));

test("each step has a packaged picture in theme colors and without styles, which VS Code does not allow", () => {
  assert.match(readFileSync(".vscodeignore", "utf8"), /^!media\/walkthrough\/\*\.svg$/m);
  for (const { media } of steps) {
    assert.ok(media.svg.startsWith("media/walkthrough/") && existsSync(media.svg), media.svg);
    const picture = readFileSync(media.svg, "utf8");
    assert.match(picture, /var\(--vscode-/);
    assert.doesNotMatch(picture, /<style|style=|<script|href=/);
  }
});

test("descriptions use only what VS Code renders: two stars, two backticks, command links", () => {
  for (const description of descriptions) {
    assert.doesNotMatch(description, /(?<!\*)\*(?!\*)|(?<!`)`(?!`)/);
    for (const [, link] of description.matchAll(/\]\(([^)]*)\)/g))
      assert.match(link!, /^command:(rwkvCode|workbench)\./);
  }
});

test("a setting opened by a step exists", () => {
  const opened = descriptions.flatMap((description) => [...description.matchAll(/openSettings\?([^)]*)\)/g)]);
  assert.ok(opened.length > 0);
  const ofExtension = `@ext:${manifest.publisher}.${manifest.name}`;
  for (const [, args] of opened) {
    const [setting] = JSON.parse(decodeURIComponent(args!)) as [string];
    assert.ok(setting === ofExtension || setting in settingSchemas, setting);
  }
});

test("the step that gets a model completes when there is one, not when a list of models was opened", () => {
  const { completionEvents } = steps.find(({ id }) => id === "model")!;
  assert.deepEqual(completionEvents, [`onContext:${modelStepContext}`]);
});

test("the other steps complete when one of their buttons runs a command of ours", () => {
  for (const { description, completionEvents } of steps.filter(({ id }) => id !== "model")) {
    const buttons = [...textOf(description).matchAll(/\(command:(rwkvCode\.\w+)\)/g)].map(([, command]) => command!);
    assert.ok(buttons.length > 0, description);
    for (const command of buttons) assert.ok(completionEvents.includes(`onCommand:${command}`), command);
  }
});

test("no button of a step requires an open editor", () => {
  for (const description of descriptions)
    assert.doesNotMatch(description, /command:rwkvCode\.(trigger|generateAtCursor)\b/);
});
