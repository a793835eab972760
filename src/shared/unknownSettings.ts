import { isObject } from "./jsonObject.js";
import { inertText } from "./inertText.js";

/** Maximum number of reported names. Without it, a client could cause any number of messages. */
const maxNamed = 5;
const maxShownLength = 60;

/**
 * Messages about settings with unknown names, five at most. Settings outside our section may belong to others, so an
 * unknown name there is reported only if it is close to one of ours.
 * @param value the same value as in `parseConfiguration`.
 * @param names `section` is our section's name, `known` the names of its settings without the section.
 * @param isSection whether the value is the section itself.
 */
export function unknownSettings(
  value: unknown,
  { section, known }: { readonly section: string; readonly known: readonly string[] },
  isSection: boolean,
): string[] {
  const problems: string[] = [];
  for (const [given, isInSection] of namesIn(value, section)) {
    const isOurs = isInSection || isSection;
    if (known.includes(given) || given.startsWith("trace.")) continue; // clients read the trace setting themselves
    const [nearest, distance] = nearestOf(given, known);
    const isNear = distance <= Math.max(1, Math.floor(nearest.length / 4));
    if (!isOurs && !isNear) continue;
    const hint = isNear ? `; did you mean ${section}.${nearest}?` : `. The closest setting is ${section}.${nearest}.`;
    problems.push(`There is no setting ${section}.${inertText(given.slice(0, maxShownLength))}${hint}`);
  }
  return problems.slice(0, maxNamed);
}

/**
 * Each name in the settings, without our section's prefix, and whether it had that prefix or was inside the section.
 */
function namesIn(value: unknown, section: string): (readonly [string, boolean])[] {
  if (!isObject(value)) return [];
  return Object.keys(value).flatMap((key): (readonly [string, boolean])[] => {
    if (key === section)
      return isObject(value[key]) ? Object.keys(value[key]).map((name) => [name, true] as const) : [];
    if (key.startsWith(`${section}.`)) return [[key.slice(section.length + 1), true]];
    return [[key, false]];
  });
}

function nearestOf(given: string, known: readonly string[]): readonly [string, number] {
  return known
    .map((name) => [name, distanceOf(given.toLowerCase(), name.toLowerCase())] as const)
    .reduce((best, one) => (one[1] < best[1] ? one : best));
}

/** Levenshtein distance. If `a` is much longer than `b`, returns the difference in length as an estimate. */
function distanceOf(a: string, b: string): number {
  if (a.length > 2 * b.length + 2) return a.length - b.length;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (const [i, letter] of Array.from(a).entries()) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      const replaced = (row[j] ?? 0) + (b[j] === letter ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
