const maxPeriod = 240;

/**
 * How often a substring must repeat, and how many UTF-16 code units its repeats must have in total, to count as a loop.
 * Tables and matrices repeat their rows, so a loop must be long, and much longer in code. Short substrings repeat often
 * in good text, so they must repeat more often.
 */
const prose = { repeats: 8, units: 800 };
const code = { repeats: 40, units: 3_000 };
/** Shorter substrings may repeat in a good reply: `0x00, ` in a table of bytes, list items, spaces. */
const minPeriod = 16;

/** Smaller bounds for a model that was not trained to chat, because it gets into loops after a few lines. */
const untrained = { repeats: 5, units: 40 };
const minUntrainedPeriod = 3;

/**
 * True if the text ends in a loop, from which a small model does not recover. Substrings of one or two distinct
 * characters do not count.
 * @param isCode whether the end of the text is code; called only if the text repeats itself.
 */
export function repeatsItself(text: string, isCode: () => boolean): boolean {
  for (let period = minPeriod; period <= Math.min(maxPeriod, Math.floor(text.length / prose.repeats)); period++) {
    if (text.at(-1) !== text.at(-1 - period)) continue;
    const last = text.slice(-period);
    if (new Set(last).size < 3 || !endsInRepeats(text, last, prose)) continue;
    if (!isCode() || endsInRepeats(text, last, code)) return true;
  }
  return false;
}

/** Like `repeatsItself`, for the text of a model that was not trained to chat. */
export function repeatsUntrained(text: string): boolean {
  const maxUntrainedPeriod = Math.min(maxPeriod, Math.floor(text.length / untrained.repeats));
  for (let period = minUntrainedPeriod; period <= maxUntrainedPeriod; period++) {
    const last = text.slice(-period);
    if (new Set(last).size >= 3 && endsInRepeats(text, last, untrained)) return true;
  }
  return false;
}

function endsInRepeats(text: string, last: string, { repeats, units }: typeof prose): boolean {
  if (!text.endsWith(last + last)) return false;
  return text.endsWith(last.repeat(Math.max(repeats, Math.ceil(units / last.length))));
}
