/** Patterns for file extensions, and the language family of each. Files of a family use each other's identifiers. */
const families: readonly (readonly [RegExp, string])[] = [
  [/^[mc]?[jt]sx?$/, "js"],
  [/^(vue|svelte)$/, "js"],
  [/^(c|h|cc|cpp|cxx|hh|hpp|hxx|inl|ipp|cu|cuh|m|mm)$/, "c"],
  [/^pyi?$/, "py"],
  [/^kts?$/, "kt"],
  [/^(css|scss|sass|less)$/, "css"],
  [/^(sh|bash|zsh)$/, "sh"],
];

/**
 * The language family of a file, or its extension if it belongs to none. Only texts of the same family supply n-grams
 * to each other.
 * @param path a path or a document's header, which has an extension even for notebook cells and untitled documents.
 */
export function languageFamilyOf(path: string): string {
  const extension = /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? "";
  return families.find(([pattern]) => pattern.test(extension))?.[1] ?? extension;
}
