/** The mentions in a message, each of which begins with `@`. */
export interface Mentions {
  /** The words `@file` and `@selection`. */
  readonly words: readonly ("file" | "selection")[];
  /** Possible paths: words that contain a slash or end with an extension. */
  readonly paths: readonly string[];
}

/**
 * Finds mentions. The `@` must be at the start of a word. Code is not searched, because in code, `@` may begin a
 * decorator, for instance.
 */
export function mentionsIn(message: string): Mentions {
  const prose = message.replace(/^(`{3,}|~{3,})[^]*?(?:^\1|$(?![^]))/gm, "").replace(/`[^`\n]*`/g, "");
  const names = [...prose.matchAll(/(?<![^\s("'])@([^\s@"'()]+)/g)].map(([, name = ""]) => withoutPunctuation(name));
  const unique = [...new Set(names)];
  return {
    words: unique.filter((name) => name === "file" || name === "selection"),
    paths: unique.filter((name) => name.includes("/") || /\.[\w-]+$/.test(name)),
  };
}

/** Drops punctuation at the end. A regular expression would take quadratic time for a long run of punctuation. */
function withoutPunctuation(name: string): string {
  let end = name.length;
  while (end > 0 && ".,;:!?".includes(name.charAt(end - 1))) end--;
  return name.slice(0, end);
}
