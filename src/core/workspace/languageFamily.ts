/** By extension, those of languages whose files use one another's names. */
const families: readonly (readonly [RegExp, string])[] = [
  [/^[mc]?[jt]sx?$/, "js"],
  [/^(vue|svelte)$/, "js"],
  [/^(c|h|cc|cpp|cxx|hh|hpp|hxx|inl|ipp|cu|cuh|m|mm)$/, "c"],
  [/^pyi?$/, "py"],
  [/^kts?$/, "kt"],
  [/^(css|scss|sass|less)$/, "css"],
  [/^(sh|bash|zsh)$/, "sh"],
];

/** What files of one language have in common; a document's header has an extension for a cell and for what is untitled. */
export function languageFamilyOf(path: string): string {
  const extension = /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? "";
  return families.find(([pattern]) => pattern.test(extension))?.[1] ?? extension;
}
