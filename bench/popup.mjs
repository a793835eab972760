// npm run bench:popup: measures in a real VS Code how much ghost text delays the editor's own suggestions.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { packageExtension } from "../scripts/package.mjs";
import { pauseTraining } from "../scripts/pauseTraining.mjs";
import { openBrowser } from "../test/vscode/browser.mjs";
import { runServerCommand, startWorkbench } from "../test/vscode/workbench.mjs";

const { values } = parseArgs({ options: { trials: { type: "string", default: "20" } } });
const trials = Number(values.trials);

pauseTraining();
const vsix = await packageExtension();
const off = { "rwkvCode.enable": { "*": false } };
// By default VS Code shows its suggestions only if no ghost text appears; with "on" it shows both.
const both = { "editor.quickSuggestions": { other: "on" } };
const report = {
  default: { withoutUs: summary(await measure(off, "any")), withUs: summary(await measure({}, "any")) },
  popupAlways: {
    withoutUs: summary(await measure({ ...off, ...both }, "popup")),
    withUs: summary(await measure(both, "popup")),
  },
};
console.log(JSON.stringify(report, null, 2));
process.exit(0);

/** Measures the time from a keystroke to VS Code's suggestions for CSS. With "any", ghost text counts as well. */
async function measure(settings, wanted) {
  const data = mkdtempSync(path.join(os.tmpdir(), "rwkv-code-popup-"));
  const folder = path.join(data, "site");
  mkdirSync(folder);
  const file = path.join(folder, "page.css");
  const rule = (i) => `.box${i} {\n  color: red;\n  margin: ${i}px;\n}\n`;
  writeFileSync(file, `${Array.from({ length: 200 }, (_, i) => rule(i)).join("\n")}\n.last {\n`);
  const user = path.join(data, "user/User");
  mkdirSync(user, { recursive: true });
  writeFileSync(path.join(user, "settings.json"), JSON.stringify({ "editor.minimap.enabled": false, ...settings }));
  const places = { data, extensions: path.join(data, "extensions") };
  mkdirSync(places.extensions);
  if (runServerCommand(places, ["--install-extension", vsix, "--force"]) !== 0) throw new Error("not installed");
  const workbench = await startWorkbench(places);
  const browser = await openBrowser(data);
  try {
    const page = browser.pages()[0] ?? (await browser.newPage());
    for (const name of ["codeAutomationLog", "codeAutomationExit"]) await page.exposeFunction(name, () => undefined);
    await page.goto(workbench.url({ open: [folder, file] }));
    const isOff = "rwkvCode.enable" in settings;
    await page.waitForSelector(
      `.statusbar-item[aria-label*="RWKV Code: ${isOff ? "Completions are off" : "Ready:"}"]`,
      {
        timeout: 60_000,
      },
    );
    await page.click(".monaco-editor .view-lines");
    await page.keyboard.press("Control+End");
    const times = [];
    for (let trial = 0; trial <= trials; trial++) {
      const time = await oneKey(page, "cmpbdf"[trial % 6], wanted);
      if (trial > 0) times.push(time); // the first popup starts the CSS extension
    }
    return times;
  } finally {
    await browser.close();
    await workbench.stop();
    rmSync(data, { recursive: true, force: true });
  }
}

/** Types a letter on an empty line, waits until suggestions or ghost text appear, and clears the line again. */
async function oneKey(page, letter, wanted) {
  await page.evaluate(() => {
    addEventListener("keydown", () => (window.keyMs = performance.now()), { capture: true, once: true });
  });
  await page.keyboard.type(letter);
  const result = await page.evaluate(
    (wanted) =>
      new Promise((resolve) => {
        const look = () => {
          const popup = document.querySelector(".suggest-widget.visible .monaco-list-row") !== null;
          const ghost = document.querySelector(".ghost-text-decoration") !== null;
          if (popup || (ghost && wanted === "any"))
            resolve({ ms: performance.now() - window.keyMs, what: popup ? "popup" : "ghost text" });
          else setTimeout(look, 2);
        };
        look();
      }),
    wanted,
  );
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Backspace");
  await clear(page);
  return result;
}

/** Hides suggestions and ghost text until both stay hidden: ghost text may still appear on the empty line. */
async function clear(page) {
  for (let attempt = 0; attempt < 50; attempt++) {
    await page.keyboard.press("Escape");
    await page.waitForTimeout(300);
    const isClear = () => document.querySelector(".suggest-widget.visible, .ghost-text-decoration") === null;
    if (await page.evaluate(isClear)) return;
  }
  throw new Error("ghost text or suggestions stay on an empty line");
}

function summary(times) {
  const sorted = times.map(({ ms }) => ms).sort((a, b) => a - b);
  const at = (share) => Math.round(sorted[Math.ceil(sorted.length * share) - 1]);
  const popups = times.filter(({ what }) => what === "popup").length;
  return { p50Ms: at(0.5), mostMs: at(1), popups, ghostTexts: times.length - popups };
}
