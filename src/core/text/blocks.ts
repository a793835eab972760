/** True for a line behind which a block begins: `if (x) {`, `call(`, `def f():`, `x =>`. */
export function opensBlock(line: string): boolean {
  return /[{([:]\s*$|=>\s*$/.test(line);
}

/** True for a line that begins with what closes a block; `end` may be a name. */
export function closesBlock(line: string): boolean {
  return /^\s*([)\]}]|end\b(?!\s*[=.([]))/.test(line);
}
