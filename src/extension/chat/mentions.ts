/** What a message mentions with `@`. */
export interface Mentions {
  /** The words `@file` and `@selection`. */
  readonly words: readonly ("file" | "selection")[];
  /** Possible paths: words that contain a slash or end with an extension. */
  readonly paths: readonly string[];
}

/**
 * Finds mentions, which are at the start of a word. Code is not searched, because `@` marks decorators and the like
 * there.
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

/** Drops punctuation at the end. A loop, because a regular expression would try each of many signs as the start. */
function withoutPunctuation(name: string): string {
  let end = name.length;
  while (end > 0 && ".,;:!?".includes(name.charAt(end - 1))) end--;
  return name.slice(0, end);
}
