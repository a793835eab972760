// HTML's rules for elements with optional end tags.

/** Elements without content. */
export const voidElements: ReadonlySet<string> = new Set(
  "area base br col embed hr img input link meta param source track wbr !doctype".split(" "),
);

const blocks =
  "address article aside blockquote details div dl fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr main menu nav ol p pre section table ul";

/** Inline elements: a start tag that ends a paragraph ends them too. */
const phrasing: ReadonlySet<string> = new Set(
  "a abbr b big cite code del dfn em font i ins kbd label q s samp small span strike strong sub sup tt u var".split(
    " ",
  ),
);

/** For each element with an optional end tag: the start tags that end it. */
const endedBy: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries({
    p: `${blocks} li dt dd`,
    li: "li",
    dt: "dt dd",
    dd: "dt dd",
    td: "td th tr thead tbody tfoot",
    th: "td th tr thead tbody tfoot",
    tr: "tr thead tbody tfoot",
    thead: "tbody tfoot",
    tbody: "tbody tfoot",
    tfoot: "tbody",
    option: "option optgroup",
    optgroup: "optgroup",
    rt: "rt rp",
    rp: "rt rp",
    head: "body",
    colgroup: "thead tbody tfoot tr",
  }).map(([name, starts]) => [name, new Set(starts.split(" "))]),
);

/** True if an element's end tag is optional. @param name in lower case. */
export function mayLackEndTag(name: string): boolean {
  return endedBy.has(name);
}

/** The name of an element, in lower case. @param endTag its end tag. */
export function nameOf(endTag: string): string {
  return endTag.slice(2, -1).toLowerCase();
}

/** True for an element inside which a start tag may still end the elements around it. @param name in lower case. */
export function isPassedThrough(name: string): boolean {
  return endedBy.has(name) || phrasing.has(name);
}

/** True if a start tag ends an open element. Both names are in lower case. */
export function isEndedBy(name: string, start: string): boolean {
  return endedBy.get(name)?.has(start) === true;
}
