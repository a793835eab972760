import { getL10nPseudoLocalized } from "@vscode/l10n-dev";
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import test, { after, before } from "node:test";
import type { Frame, Locator } from "playwright-core";
import { name as modelName } from "../../models/default/model.json";
import { Editor, type EditorPlaces } from "./editor.js";

type Texts = Readonly<Record<string, string>>;

const readTexts = (file: string): Texts => JSON.parse(readFileSync(file, "utf8")) as Texts;
/** Adds accents to texts, and lengthens them as much as translations often do. */
const pseudo = (texts: Texts): Texts => getL10nPseudoLocalized(texts) as Texts;
const bundle = pseudo(readTexts("l10n/bundle.l10n.json"));
const manifest = pseudo(readTexts("package.nls.json"));
const shown = (text: string): string => bundle[text] ?? assert.fail(`not a text of the extension: ${text}`);
const month = new Date().toLocaleDateString("en", { month: "long" }); // dates are formatted in VS Code's language
/** Words that stay the same in every language: names and units. */
const names = new Set(
  `RWKV Code ${modelName} Apache native avx avx2 int onnxruntime TypeScript typescript GB MB kB ms ${month}`.split(
    /[^a-z]+/i,
  ),
);

/** Puts the pseudo-translations into the installed extension, because VS Code has no such language. */
function translate({ extension }: EditorPlaces): void {
  const manifestTexts = path.join(extension, "package.nls.json");
  writeFileSync(manifestTexts, JSON.stringify(manifest));
  const main = path.join(extension, "dist/extension.js");
  const shim = `{
    const { l10n } = require("vscode");
    const t = l10n.t.bind(l10n);
    const bundle = ${JSON.stringify(bundle)};
    l10n.t = (text, ...values) => t(bundle[text] ?? text, ...values);
  }\n`;
  writeFileSync(main, shim + readFileSync(main, "utf8"));
}

let editor: Editor;
before(async () => {
  editor = await Editor.start(
    "let a = 1;\n",
    {},
    { prepare: translate, ready: shown("Ready: {0}, {1}").split(" {")[0]! },
  );
});
after(async () => {
  await editor.stop();
});

const said = ["aria-label", "title", "placeholder", "alt"] as const;

/**
 * The words without accents in the visible text and in the given attributes of a DOM element and its descendants,
 * except `names`. Such words do not come from translatable texts.
 */
async function plainWords(within: Locator, attributes: readonly string[] = said): Promise<readonly string[]> {
  const texts = await within.evaluate((root, names) => {
    const all = [root, ...root.querySelectorAll("*")];
    const ofAttributes = all.flatMap((element) => names.map((name) => element.getAttribute(name) ?? ""));
    return [...ofAttributes, (root as HTMLElement).innerText];
  }, attributes);
  const words = texts.flatMap((text) => text.match(/(?<![\p{L}\p{M}])[a-z]{2,}(?![\p{L}\p{M}])/giu) ?? []);
  return [...new Set(words.filter((word) => !names.has(word)))];
}

/** DOM elements whose content is cut off without an ellipsis. */
function cutTexts(within: Locator): Promise<readonly string[]> {
  return within.evaluate((root) =>
    [...root.querySelectorAll<HTMLElement>("*")]
      .filter((element) => {
        if (element.closest("pre") !== null) return false; // code blocks scroll
        const { overflowX, textOverflow, display } = getComputedStyle(element);
        const isBox = display !== "inline" && element.clientWidth > 1; // texts for screen readers are one pixel wide
        const isBeyond = element.scrollWidth > element.clientWidth + 1;
        return isBox && isBeyond && overflowX !== "auto" && overflowX !== "scroll" && textOverflow !== "ellipsis";
      })
      .map((element) => element.outerHTML.slice(0, 200)),
  );
}

/** Waits for the frame of a page that has this heading. */
async function frameWith(heading: string): Promise<Frame> {
  for (let attempt = 0; attempt < 600; attempt++) {
    for (const frame of editor.page.frames()) {
      // A frame that is removed meanwhile has no heading.
      const count = await frame
        .getByRole("heading", { name: heading })
        .count()
        .catch(() => 0);
      if (count > 0) return frame;
    }
    await editor.page.waitForTimeout(50);
  }
  throw new Error(`no page has the heading ${heading}`);
}

const rows = (): Locator => editor.page.locator(".quick-input-list .monaco-list-row");
const run = (command: string): Promise<void> => editor.command(`RWKV Code: ${manifest[`command.${command}`]!}`);

test("everything in the chat is translated, and nothing is cut off", async () => {
  await run("openChat");
  const page = editor.chat.locator("body");
  await editor.chat.getByText(shown("Chat needs a model that talks")).waitFor();
  await editor.picture("pseudo-chat-offer");
  assert.deepEqual(await plainWords(page), []);
  assert.deepEqual(await cutTexts(page), []);
  await editor.chat.getByRole("button", { name: shown("Use as Scratchpad") }).click();
  const input = editor.chat.getByRole("textbox", { name: shown("Message") });
  await input.fill("1");
  await input.press("Enter");
  await editor.chat.locator(".message.assistant").waitFor();
  await editor.chat.locator(".message.writing").waitFor({ state: "detached" });
  await editor.picture("pseudo-chat");
  const code = (await editor.chat.locator("pre").allTextContents()).join("\n");
  const written = new Set(code.match(/[a-z]+/gi)); // the reply's code, which is also in the text for screen readers
  const plain = (await plainWords(page)).filter((word) => !written.has(word));
  assert.deepEqual(plain, []);
  assert.deepEqual(await cutTexts(page), []);
});

for (const command of ["menu", "getModel", "selectModel", "manageModels", "selectConfidence"]) {
  test(`everything in the list of rwkvCode.${command} is translated`, async () => {
    await run(command);
    await rows().filter({ hasNotText: "RWKV Code:" }).first().waitFor(); // the palette's rows are shown first
    await editor.page.locator(".quick-input-widget .monaco-progress-container.active").waitFor({ state: "detached" });
    await editor.page.locator(".quick-input-widget").evaluate(async (widget) => {
      const isEndless = ({ effect }: Animation): boolean => effect?.getComputedTiming().endTime === Infinity;
      const fading = widget.getAnimations({ subtree: true }).filter((animation) => !isEndless(animation));
      await Promise.all(fading.map(({ finished }) => finished));
    });
    await editor.picture(`pseudo-${command}`);
    // VS Code sets the attributes.
    assert.deepEqual(await plainWords(editor.page.locator(".quick-input-list"), []), []);
    await editor.page.keyboard.press("Escape");
  });
}

test("the status item, its tooltip and a notification are translated", async () => {
  const item = editor.page.locator('.statusbar-item[aria-label*="RWKV"]').first();
  assert.deepEqual(await plainWords(item), []);
  await editor.page.locator(".editor-instance .monaco-editor .view-lines").first().click();
  await editor.page.keyboard.press("Control+Home");
  await editor.page.keyboard.press("ArrowRight"); // within a word nothing is completed
  await run("trigger");
  const notification = await editor.notification("RWKV Code:");
  await editor.picture("pseudo-notification");
  assert.deepEqual(await plainWords(notification.locator(".notification-list-item-message")), []);
  await editor.command("Notifications: Clear All Notifications");
  await item.hover();
  const tooltip = editor.page.locator(".monaco-hover", { hasText: shown("Ready: {0}, {1}").split(" {")[0]! });
  await tooltip.waitFor();
  await editor.picture("pseudo-status-item");
  assert.deepEqual(await plainWords(tooltip), []);
});

test("the statistics are translated, and nothing is cut off", async () => {
  await run("showStatistics");
  const page = (await frameWith(shown("RWKV Code Statistics"))).locator("body");
  await editor.picture("pseudo-statistics");
  const plain = (await plainWords(page, ["aria-label", "alt"])).filter((word) => !["src", "area", "ts"].includes(word));
  assert.deepEqual(plain, []); // `title` is left out, because the titles of links contain their commands
  assert.deepEqual(await cutTexts(page), []);
});

test("the walkthrough is translated", async () => {
  await editor.command("Welcome: Open Walkthrough");
  await rows().filter({ hasText: manifest["walkthrough.title"]! }).first().click();
  const page = editor.page.locator(".gettingStartedContainer");
  for (const step of ["completion", "model", "settings"]) {
    const one = page.locator(".getting-started-step", { hasText: manifest[`walkthrough.${step}.title`]! });
    await one.click();
    await one.locator(".step-description-container").waitFor();
    await editor.picture(`pseudo-walkthrough-${step}`);
    assert.deepEqual(await plainWords(one, []), []); // VS Code sets the attributes
  }
});
