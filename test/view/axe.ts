import { readFileSync } from "node:fs";
import type { AxeResults } from "axe-core";
import type { Frame, Page } from "playwright-core";

const axe = readFileSync("node_modules/axe-core/axe.min.js", "utf8");

/** Runs axe-core in one of the extension's pages. @returns its findings, one text each. */
export async function violations(page: Page | Frame): Promise<readonly string[]> {
  await page.evaluate(axe);
  const found = await page.evaluate(
    // The buttons below a message are transparent until the pointer is on the message. They are scanned in their
    // visible state.
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
