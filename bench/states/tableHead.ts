/** The head of a Markdown table, and the line below it. */
export function tableHead(head: string): string {
  return `${head}\n${head.replaceAll(/[^|]+/g, "---")}`;
}
