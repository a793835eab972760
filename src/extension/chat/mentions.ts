/** What a message names with `@`. */
export interface Mentions {
  /** The words `@file` and `@selection`. */
  readonly words: readonly ("file" | "selection")[];
  /** What may be paths: they contain a slash or end with an extension. */
  readonly paths: readonly string[];
}

/** Mentions begin a word; code is not searched, where `@` marks decorators and the like. */
export function mentionsIn(message: string): Mentions {
  const prose = message.replace(/^(`{3,}|~{3,})[^]*?(?:^\1|$(?![^]))/gm, "").replace(/`[^`\n]*`/g, "");
  const names = [...prose.matchAll(/(?<![^\s("'])@([^\s@"'()]+)/g)].map(([, name = ""]) =>
    name.replace(/[.,;:!?]+$/, ""),
  );
  const unique = [...new Set(names)];
  return {
    words: unique.filter((name) => name === "file" || name === "selection"),
    paths: unique.filter((name) => name.includes("/") || /\.[\w-]+$/.test(name)),
  };
}
