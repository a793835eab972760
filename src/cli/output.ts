import { inertText, visibleText } from "../shared/inertText.js";

/**
 * All that the command line writes for people and programs: what comes from a file or a model cannot move the cursor,
 * colour the terminal or begin a line. Lint keeps `console.log` here.
 */

/** Writes a line. */
export function print(text = ""): void {
  console.log(inertText(text));
}

/** Writes lines of code, whole: `before`, what is marked, `after`. On a terminal the marked part is dim. */
export function printCode(before: string, marked = "", after = ""): void {
  const [begin, end] = process.stdout.isTTY ? ["\u001b[2m", "\u001b[0m"] : ["├", "┤"];
  const middle = marked === "" ? "" : `${begin}${visibleCode(marked)}${end}`;
  console.log(`${visibleCode(before)}${middle}${visibleCode(after)}`);
}

/** Writes a value as one line of JSON, in ASCII alone; programs read the same value. */
export function printJson(value: unknown): void {
  const json = JSON.stringify(value);
  console.log(json.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`));
}

/** Writes a line to standard error. */
export function printError(text: string): void {
  console.error(inertText(text));
}

/** Code as it can be written: tabs and line ends stay, the other characters without a form are shown as codes. */
function visibleCode(text: string): string {
  return text
    .split(/\r\n?|\n/)
    .map((line) => line.split("\t").map(visibleText).join("\t"))
    .join("\n");
}
