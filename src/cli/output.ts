import { inertText, visibleText } from "../shared/inertText.js";

/** Prints text as one line that is safe to display. */
export function print(text = ""): void {
  console.log(inertText(text));
}

/** Prints code without shortening it. The marked part is dim on a terminal, and within ├┤ elsewhere. */
export function printCode(before: string, marked = "", after = ""): void {
  const [begin, end] = process.stdout.isTTY ? ["\u001b[2m", "\u001b[0m"] : ["├", "┤"];
  const middle = marked === "" ? "" : `${begin}${visibleCode(marked)}${end}`;
  console.log(`${visibleCode(before)}${middle}${visibleCode(after)}`);
}

/** Prints a value as one line of JSON in which every character outside printable ASCII is escaped. */
export function printJson(value: unknown): void {
  const json = JSON.stringify(value);
  console.log(json.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`));
}

export function printError(text: string): void {
  console.error(inertText(text));
}

/** Code that is safe to print: tabs and line breaks are kept, other invisible characters become escapes. */
function visibleCode(text: string): string {
  return text
    .split(/\r\n?|\n/)
    .map((line) => line.split("\t").map(visibleText).join("\t"))
    .join("\n");
}
