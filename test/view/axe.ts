import { readFileSync } from "node:fs";
import type { AxeResults } from "axe-core";
import type { Frame, Page } from "playwright-core";

const axe = readFileSync("node_modules/axe-core/axe.min.js", "utf8");

/** What axe-core finds wrong in a page that shows the chat, a line each. */
export async function violations(page: Page | Frame): Promise<readonly string[]> {
  await page.evaluate(axe);
  const found = await page.evaluate(
    // The buttons below a message are see-through until it is pointed at; here they are scanned as seen then.
    async () => {
      for (const row of document.querySelectorAll<HTMLElement>(".actions")) row.style.opacity = "1";
      const { axe } = window as unknown as { axe: { run(): Promise<AxeResults> } };
      return (await axe.run()).violations;
    },
  );
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")}: ${failureSummary ?? ""}`),
  );
}
