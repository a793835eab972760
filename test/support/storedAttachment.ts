/** An attachment in its stored form. @param fields replace or add fields. */
export function storedAttachment(fields: Readonly<Record<string, unknown>>): object {
  const one = {
    id: "1",
    kind: "file",
    uri: "untitled:///a.ts",
    label: "a.ts",
    languageId: "typescript",
    text: "let a;",
  };
  return { ...one, isWholeFile: true, tokens: 0, ...fields };
}
