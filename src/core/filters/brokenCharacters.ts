import type { Filter } from "./filter.js";

/** Ends the text before a replacement character or a control character: bytes that were no text. */
export const brokenCharacters: Filter = (candidate) => {
  // eslint-disable-next-line no-control-regex -- control characters are what this looks for
  const broken = candidate.text.search(/[\u0000-\u0008\u000b-\u001f\u007f\ufffd]/);
  return broken < 0 ? candidate : { ...candidate, text: candidate.text.slice(0, broken) };
};
