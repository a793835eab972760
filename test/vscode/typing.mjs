// npm run bench:typing [-- NAME… --lines N]: types the files of test/fixtures/typed in the real editor at the speed of
// a person, accepts nothing, and counts the ghost text that appears. Saves screenshots in out/screenshots of moments
// when long ghost text is right.
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { packageExtension } from "../../scripts/package.mjs";
import { root } from "../../scripts/run.mjs";
import { plainSettings, withPicturedEditor } from "./picturedEditor.mjs";

/**
 * Milliseconds between keystrokes, for about 80 words per minute, their variation, and the pause at the end of a line.
 */
const [keyMs, variationMs, lineEndMs] = [130, 80, 450];
const [maxPictures, minPicturedUnits] = [5, 12];
const folder = path.join(root, "test/fixtures/typed");
const pictures = path.join(root, "out/screenshots");

const { values, positionals } = parseArgs({ allowPositionals: true, options: { lines: { type: "string" } } });
mkdirSync(pictures, { recursive: true });
const vsix = await packageExtension();
const names = readdirSync(folder).filter(
  (name) => positionals.length === 0 || positionals.some((one) => name.startsWith(one)),
);
for (const name of names) {
  const lines = readFileSync(path.join(folder, name), "utf8")
    .trimEnd()
    .split("\n")
    .slice(0, Number(values.lines ?? Infinity));
  console.log(`${name}: ${summaryOf(lines.length, await typed(name.replace(/\.txt$/, ""), lines.join("\n")))}`);
}

/**
 * @returns for each keystroke, the ghost text that was shown before the next keystroke, and how many milliseconds after
 * the keystroke it appeared
 */
async function typed(name, text) {
  const keys = [];
  const options = { name: `src/${name}`, text: "", settings: plainSettings, size: { width: 900, height: 640 } };
  await withPicturedEditor(vsix, options, async (page) => {
    await page.keyboard.press("Control+b");
    await page.click(".monaco-editor .view-lines");
    await page.evaluate(watchGhostText);
    let taken = 0;
    for (let at = 0; at < text.length; at++) {
      const key = text[at];
      await (key === "\n" ? page.keyboard.press("Enter") : page.keyboard.insertText(key));
      const variation = (((at + 1) * 7919) % 101) / 101 - 0.5;
      await page.waitForTimeout(keyMs + variation * variationMs + (key === "\n" ? lineEndMs : 0));
      const { shown, ms } = await page.evaluate(() => globalThis.ghostTextAfterKey());
      const rest = text.slice(at + 1);
      const isRight = shown !== "" && rest.startsWith(shown);
      keys.push({ key, shown, ms, isRight });
      if (isRight && shown.length >= minPicturedUnits && taken < maxPictures && keys.at(-2)?.shown !== key + shown) {
        await page.screenshot({ path: path.join(pictures, `typing-${name}-${++taken}.png`) });
      }
    }
  });
  return keys;
}

/** Runs in the page: records when text is inserted, and when the ghost text changes. */
function watchGhostText() {
  const ghostText = () =>
    [...document.querySelectorAll(".monaco-editor .ghost-text-decoration")]
      .map((node) => node.textContent)
      .join("")
      .replaceAll("\u00a0", " ");
  let insertedAt = 0;
  let last = "";
  let change;
  const textarea = document.querySelector(".monaco-editor textarea, .monaco-editor .native-edit-context");
  const inserted = () => {
    insertedAt = performance.now();
    change = undefined;
  };
  for (const event of ["beforeinput", "input", "textupdate", "keydown"])
    textarea.addEventListener(event, inserted, true);
  textarea.editContext?.addEventListener("textupdate", inserted);
  new globalThis.MutationObserver(() => {
    const shown = ghostText();
    if (shown === last) return;
    last = shown;
    change = { shown, ms: performance.now() - insertedAt };
  }).observe(document.querySelector(".monaco-editor .view-lines"), {
    childList: true,
    subtree: true,
    characterData: true,
    attributes: true,
  });
  globalThis.ghostTextAfterKey = () => ({ shown: ghostText(), ms: change?.shown === "" ? undefined : change?.ms });
}

function summaryOf(lines, keys) {
  // If the first character of a suggestion was typed, the rest of it does not count as a new one.
  const suggestions = keys.filter(({ key, shown }, i) => shown !== "" && (keys[i - 1]?.shown ?? "") !== key + shown);
  const shares = (list) => `${list.length} (${list.filter(({ isRight }) => isRight).length} right)`;
  const lengths = suggestions.map(({ shown }) => shown.length);
  const times = suggestions.flatMap(({ ms }) => (ms === undefined ? [] : [ms]));
  const percent = (part, whole) => `${Math.round((100 * part) / Math.max(1, whole))} %`;
  return [
    `${lines} lines, ${keys.length} keys`,
    `ghost text after ${percent(keys.filter(({ shown }) => shown !== "").length, keys.length)} of them`,
    `${suggestions.length} new suggestions, ${percent(suggestions.filter(({ isRight }) => isRight).length, suggestions.length)} right`,
    `median length ${quantile(lengths, 0.5)}`,
    ...[8, 20].map(
      (units) => `of ≥ ${units} characters ${shares(suggestions.filter(({ shown }) => shown.length >= units))}`,
    ),
    `after ${quantile(times, 0.5)} ms (p90 ${quantile(times, 0.9)})`,
  ].join(", ");
}

function quantile(numbers, share) {
  const sorted = numbers.toSorted((a, b) => a - b);
  return Math.round(sorted[Math.floor(share * (sorted.length - 1))] ?? 0);
}
