import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";

/** A file of real source code. */
export interface Source {
  readonly path: string;
  /** The last two segments of the path. They are in the document's header. */
  readonly headerPath: string;
  readonly language: string;
  readonly text: string;
  /** The folder that was searched, which counts as the file's workspace. */
  readonly root: string;
}

const languages: Readonly<Record<string, string>> = {
  ".ts": "TypeScript",
  ".tsx": "TypeScript",
  ".js": "JavaScript",
  ".mjs": "JavaScript",
  ".py": "Python",
  ".go": "Go",
  ".rs": "Rust",
  ".java": "Java",
  ".c": "C",
  ".cc": "C++",
  ".cpp": "C++",
  ".hpp": "C++",
};

/** Only filters are measured with these languages; models are measured with `languages`. */
const moreLanguages: Readonly<Record<string, string>> = {
  ".cs": "C#",
  ".rb": "Ruby",
  ".php": "PHP",
  ".sh": "shell",
  ".json": "JSON",
  ".html": "HTML",
  ".vue": "Vue",
  ".svelte": "Svelte",
  ".css": "CSS",
  ".scss": "CSS",
  ".sql": "SQL",
  ".lua": "Lua",
};

/** Folders with build output, vendored or generated files, which nobody has typed. */
const skippedFolders = /^(node_modules|dist|es|esm|cjs|_esm|_cjs|_types|build|vendor|\.git|fixtures?|__pycache__)$/;
const maxBytes = 200_000;
const minLines = 40;
const maxLineLength = 300;

/**
 * The files of a folder that a person seems to have typed, sorted by path. Leaves out short and very large files, and
 * files in languages with which models are not measured.
 */
export function sourcesIn(folder: string): Source[] {
  return sourcesOf(folder, languages);
}

/** Like `sourcesIn`, but includes the languages with which only filters are measured. */
export function allSourcesIn(folder: string): Source[] {
  return sourcesOf(folder, { ...languages, ...moreLanguages });
}

function sourcesOf(relative: string, known: Readonly<Record<string, string>>): Source[] {
  const folder = path.resolve(relative); // an index excludes documents by their absolute paths
  return walk(folder)
    .sort()
    .flatMap((file) => {
      const language = known[path.extname(file)];
      if (language === undefined || /\.d\.ts$|\.min\.js$/.test(file) || statSync(file).size > maxBytes) return [];
      const text = readFileSync(file, "utf8").replace(/\r\n?/g, "\n");
      const lines = text.split("\n");
      const isTyped =
        lines.length >= minLines && lines.every((line) => line.length <= maxLineLength) && !/[\0\ufffd]/.test(text);
      if (!isTyped || /sourceMappingURL|@generated|"use strict";\nObject\.defineProperty/.test(text)) return [];
      return [{ path: file, headerPath: file.split(path.sep).slice(-2).join("/"), language, text, root: folder }];
    });
}

function walk(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return skippedFolders.test(entry.name) ? [] : walk(file);
    return entry.isFile() ? [file] : [];
  });
}

/** At most `perLanguage` random files of each language. */
export function sampled(
  sources: readonly Source[],
  perLanguage: number,
  random: { below(limit: number): number },
): Source[] {
  const byLanguage = new Map<string, Source[]>();
  for (const source of sources) byLanguage.set(source.language, [...(byLanguage.get(source.language) ?? []), source]);
  return [...byLanguage.values()].flatMap((all) => {
    const left = [...all];
    const taken: Source[] = [];
    while (taken.length < perLanguage && left.length > 0) taken.push(...left.splice(random.below(left.length), 1));
    return taken;
  });
}
