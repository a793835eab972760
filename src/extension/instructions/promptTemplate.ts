import mustache from "mustache";

/** Fills a mustache template of a message. @throws Error that names the file if the template is malformed. */
export function fillTemplate(
  file: string,
  template: string,
  values: Readonly<Record<string, string | number>>,
): string {
  try {
    return mustache.render(template, values).trimEnd();
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new Error(`${file}: ${problem}; reinstall the extension`, { cause: error });
  }
}
