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

/** Asks for the selection, changed as the instruction says. */
export function rewritePrompt(
  { file, language }: PromptDocument,
  { selection, instruction }: { readonly selection: string; readonly instruction: string },
): string {
  return [
    `This is a part of ${file}:`,
    fenced(language, selection),
    `Rewrite it: ${instruction}`,
    "Answer with the whole new part, in one code block, and nothing else.",
  ].join("\n");
}

/** Asks what the attached selection does. */
export function explainPrompt({ file }: PromptDocument): string {
  return `Explain this part of ${file}: what it is for, and how it works, step by step.`;
}

/** For a model that was not trained to chat: a comment below the code, which it continues. */
export const explainComment = "What the code above does, step by step:";

/** A fence that the code cannot close, so that nothing in it can be taken for the prompt's own text. */
function fenced(language: string, code: string): string {
  const fence = fenceFor(code);
  return `${fence}${language}\n${code}\n${fence}`;
}
