import type { ElementContent } from "hast";
import { common, createLowlight, type LanguageFn } from "lowlight";
import { element } from "../dom.js";

/** Longer code is not highlighted. */
const maxCharacters = 20_000;
/**
 * highlight.js grammars look ahead without bound, so their work grows with the square of the input. Therefore they get
 * code in chunks of at most 1,000 characters. A chunk ends after a newline unless its line is longer.
 */
const chunk = /[^]{1,1000}(?<=\n)|[^]{1,1000}/;

/** Maximum nesting of `span` elements. Without it, a long row of brackets would nest too deep for the browser. */
const maxDepth = 20;

/** Maps each alias of a language to the language's registered name, because `subLanguage` does not accept aliases. */
const aliases = new Map<string, string>();
const grammars = Object.entries(common).map(([name, language]) => [name, withoutGuessing(name, language)] as const);
const lowlight = createLowlight(Object.fromEntries(grammars));

/** The nodes of highlighted code; undefined if the code is too long or no grammar is known for its language. */
export function highlighted(code: string, language: string): readonly Node[] | undefined {
  if (code.length > maxCharacters || language === "" || !lowlight.registered(language)) return undefined;
  const { children } = lowlight.highlight(inChunks(aliases.get(language) ?? language), code);
  return children.flatMap((node) => (node.type === "doctype" ? [] : nodesOf(node)));
}

/**
 * Registers a grammar that passes code in chunks to the language's own grammar. At each chunk, the language's grammar
 * continues in the state in which the previous chunk ended.
 * @returns the new grammar's name. It contains spaces, so no fence can refer to it.
 */
function inChunks(language: string): string {
  const name = `${language} in chunks`;
  if (!lowlight.registered(name)) {
    // `begin` matches the whole chunk, so `end` matches right after it.
    lowlight.register(name, () => ({ contains: [{ begin: chunk, end: /\b|\B/, subLanguage: language }] }));
  }
  return name;
}

/** The fields of a highlight.js mode that matter for embedded languages. */
interface Mode {
  subLanguage?: string | string[] | undefined;
  readonly contains?: readonly (Mode | "self")[] | undefined;
  readonly starts?: Mode | undefined;
}

/**
 * Reduces a grammar's lists of embedded languages to their first entries, because highlight.js would try each listed
 * language on every chunk. Also records the grammar's aliases.
 */
function withoutGuessing(name: string, language: LanguageFn): LanguageFn {
  return (hljs) => {
    const grammar = language(hljs);
    for (const alias of grammar.aliases ?? []) aliases.set(alias.toLowerCase(), name);
    takeFirst(grammar, new Set());
    return grammar;
  };
}

/**
 * Reduces the lists of a mode and of all modes in it.
 * @param seen modes visited so far, because modes may contain each other.
 */
function takeFirst(mode: Mode, seen: Set<Mode>): void {
  if (seen.has(mode)) return;
  seen.add(mode);
  if (Array.isArray(mode.subLanguage)) mode.subLanguage = mode.subLanguage[0];
  if (mode.starts !== undefined) takeFirst(mode.starts, seen);
  for (const inner of mode.contains ?? []) if (inner !== "self") takeFirst(inner, seen);
}

function nodesOf(node: ElementContent, depth = 0): readonly Node[] {
  switch (node.type) {
    case "text":
      return [document.createTextNode(node.value)];
    case "element": {
      if (depth === maxDepth) return [document.createTextNode(textOf(node))];
      const classes = node.properties.className;
      const kinds = Array.isArray(classes) ? classes.join(" ") : "";
      return [element("span", { class: kinds }, ...node.children.flatMap((inner) => nodesOf(inner, depth + 1)))];
    }
    default:
      return [];
  }
}

/** The text of a node. It is collected without recursion, because the nesting may be too deep for that. */
function textOf(node: ElementContent): string {
  const texts: string[] = [];
  for (const rest = [node]; rest.length > 0;) {
    const next = rest.pop();
    if (next?.type === "text") texts.push(next.value);
    if (next?.type === "element") rest.push(...next.children.toReversed());
  }
  return texts.join("");
}
