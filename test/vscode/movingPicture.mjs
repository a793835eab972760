// Makes the README's animation: a function is typed, and ghost text is accepted when it is right. RWKV Code runs with
// its default settings.
import { writeFileSync } from "node:fs";
import { movingPng } from "./apng.mjs";
import { plainSettings, withPicturedEditor } from "./picturedEditor.mjs";

const above = `export function smallest(values: number[]): number {
  if (values.length === 0) {
    throw new RangeError("The list of values is empty");
  }
  return Math.min(...values);
}

export function largest(values: number[]): number {
  if (values.length === 0) {
    throw new RangeError("The list of values is empty");
  }
  return Math.max(...values);
}

`;
const typed = `export function average(values: number[]): number {
  if (values.length === 0) {
    throw new RangeError("The list of values is empty");
  }
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
`;
const size = { width: 900, height: 720 };
const [keyMs, heldMs, endMs] = [140, 1100, 2500];
/** Number of keystrokes from one frame to the next. */
const keysPerFrame = 4;
/** Milliseconds to wait for ghost text after a keystroke. It appears sooner even on a busy machine. */
const ghostWaitMs = 400;

const ghostSelector = ".monaco-editor .ghost-text-decoration";

/** @param {string} vsix the packaged extension. @param {string} file the image to write. */
export async function takeMovingPicture(vsix, file) {
  await withPicturedEditor(vsix, { text: above, settings: plainSettings, size }, async (page) => {
    await page.keyboard.press("Control+b");
    await page.click(".monaco-editor .view-lines");
    await page.keyboard.press("Control+End");
    const area = await page.locator(".editor-instance .monaco-editor").first().boundingBox();
    const clip = { x: area.x, y: area.y, width: 660, height: 500 };
    const frames = [];
    const frame = async (ms) => frames.push({ png: await page.screenshot({ clip }), ms });
    await frame(heldMs);
    const whole = above + typed;
    let rest = typed;
    /**
     * The text that was left to type when accepted ghost text last turned out wrong and was undone. At that point, no
     * ghost text is accepted again.
     */
    let undoneAt;
    for (let keys = 0; rest !== ""; keys++) {
      const ghost = await ghostText(page);
      // If the ghost text begins with whitespace, Tab indents instead of accepting it.
      if (rest !== undoneAt && /^\S.*\S/.test(ghost) && rest.startsWith(ghost)) {
        const before = frames.length;
        await frame(heldMs);
        await page.keyboard.press("Tab");
        await changed(page, ghost);
        const text = await editorText(page); // accepted ghost text may have several lines
        if (whole.startsWith(text)) {
          await frame(heldMs / 2);
          rest = whole.slice(text.length);
        } else {
          await page.keyboard.press("Control+z");
          await textIs(page, whole.slice(0, -rest.length));
          frames.length = before;
          undoneAt = rest;
        }
      } else {
        await (rest.startsWith("\n") ? page.keyboard.press("Enter") : page.keyboard.insertText(rest[0]));
        rest = rest.slice(1);
        if (keys % keysPerFrame === 0) await frame(keyMs);
      }
    }
    await frame(endMs);
    writeFileSync(file, movingPng(frames));
  });
}

/** Resolves once the ghost text has changed or vanished. If the next completion appears at once, it never vanishes. */
function changed(page, ghost) {
  return page.waitForFunction(
    ([selector, before]) =>
      [...document.querySelectorAll(selector)].map((node) => node.textContent).join("") !== before,
    [ghostSelector, ghost.replaceAll(" ", "\u00a0")],
  );
}

/** Resolves once the editor's text is `wanted`. */
async function textIs(page, wanted) {
  for (let attempt = 0; (await editorText(page)) !== wanted; attempt++) {
    if (attempt === 100) throw new Error(`undoing left something else:\n${await editorText(page)}`);
    await page.waitForTimeout(50);
  }
}

/** The first line of the ghost text at the cursor; empty if none appears. */
async function ghostText(page) {
  const shown = page.locator(ghostSelector);
  await shown
    .first()
    .waitFor({ timeout: ghostWaitMs })
    .catch(() => undefined); // often no ghost text appears
  return (await shown.allTextContents()).join("").replaceAll("\u00a0", " ");
}

/** The visible lines of the editor from the top, without ghost text. */
function editorText(page) {
  return page.evaluate((selector) => {
    const textOf = (line) => {
      const copy = line.cloneNode(true);
      for (const ghost of copy.querySelectorAll(selector)) ghost.remove();
      return copy.textContent.replaceAll("\u00a0", " ");
    };
    return [...document.querySelectorAll(".monaco-editor .view-lines > .view-line")]
      .sort((a, b) => Number.parseFloat(a.style.top) - Number.parseFloat(b.style.top))
      .map(textOf)
      .join("\n");
  }, ".ghost-text-decoration");
}
