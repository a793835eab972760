import { fenceFor } from "../../shared/fence.js";

/** The document that a prompt is about: its path in the workspace and its language. */
export interface PromptDocument {
  readonly file: string;
  readonly language: string;
}

/** Asks for code at a line. @param above the text above the cursor. */
export function generatePrompt(
  { file, language }: PromptDocument,
  { line, above, instruction }: { readonly line: number; readonly above: string; readonly instruction: string },
): string {
  return [
    `Write ${language} code for line ${line} of ${file}. The text above that line is:`,
    fenced(language, above),
    `Task: ${instruction}`,
    "Answer with the code that comes next, in one code block, and nothing else.",
  ].join("\n");
}

/** Asks to rewrite the selection according to the instruction. */
export function rewritePrompt(
  document: PromptDocument,
  { selection, instruction }: { readonly selection: string; readonly instruction: string },
): string {
  return partPrompt(document, selection, [`Rewrite it: ${instruction}`, wholePart]);
}

/** Asks to add documentation comments to the selection. */
export function documentPrompt(document: PromptDocument, selection: string): string {
  const task = `Add documentation comments to it, as is usual in ${document.language}. Change nothing else.`;
  return partPrompt(document, selection, [task, wholePart]);
}

/** Asks to fix a problem in the selection. @param line the problem's line, counted from 1 within the selection. */
export function fixPrompt(
  document: PromptDocument,
  { selection, line, problem }: { readonly selection: string; readonly line: number; readonly problem: string },
): string {
  return partPrompt(document, selection, [`Fix the problem in line ${line} of it: ${problem}`, wholePart]);
}

/** Asks for tests of the selection. */
export function testsPrompt(document: PromptDocument, selection: string): string {
  return partPrompt(document, selection, [
    `Write tests for it in ${document.language}: usual cases, limits and errors.`,
    "Answer with the whole test file, in one code block, and nothing else.",
  ]);
}

/** Asks for the message of a commit. */
export function commitPrompt(diff: string): string {
  return [
    "These are the changes of a commit:",
    fenced("diff", diff),
    "Write its message: what the commit does, in the imperative and in at most 72 characters.",
    "Answer with the message, and nothing else.",
  ].join("\n");
}

/** Asks what the attached selection does. */
export function explainPrompt({ file }: PromptDocument): string {
  return `Explain this part of ${file}: what it is for, and how it works, step by step.`;
}

/** A comment below the code. A model that was not trained to chat explains the code by continuing this comment. */
export const explainComment = "What the code above does, step by step:";

const wholePart = "Answer with the whole new part, in one code block, and nothing else.";

function partPrompt({ file, language }: PromptDocument, selection: string, task: readonly string[]): string {
  return [`This is a part of ${file}:`, fenced(language, selection), ...task].join("\n");
}

/** Puts code in a fence that the code cannot close, so that the model does not mistake code for the prompt's text. */
function fenced(language: string, code: string): string {
  const fence = fenceFor(code);
  return `${fence}${language}\n${code}\n${fence}`;
}
