import * as vscode from "vscode";
import { inertText } from "../../shared/inertText.js";
import { savedShare } from "../counts.js";
import { languageName } from "../languageNames.js";
import { nothingText } from "../nothingText.js";
import { lastDays } from "../usageHistory.js";
import { serverSection } from "./serverSection.js";
import type { StatisticsFacts } from "./statisticsFacts.js";
import { escaped, number, percent, rows, section, style } from "./statisticsMarkup.js";
import { acceptedOf, usagePlot } from "./usagePlot.js";

const plottedDays = 28;
const maxLanguages = 15;

/**
 * The HTML of the statistics page. It shows numbers and names (of languages, files and the model), but never document
 * text.
 */
export function statisticsHtml(facts: StatisticsFacts, nonce: string): string {
  const { t } = vscode.l10n;
  const title = escaped(t("RWKV Code Statistics"));
  const links = [
    `<a href="command:rwkvCode.showStatistics">${escaped(t("Refresh"))}</a>`,
    `<a href="command:rwkvCode.resetStatistics">${escaped(t("Reset Statistics…"))}</a>`,
  ];
  return `<!DOCTYPE html>
<html lang="${escaped(vscode.env.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'nonce-${nonce}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style nonce="${nonce}">${style}</style>
</head>
<body>
<main>
<h1>${title}</h1>
<p class="links">${links.join(" ")}</p>
${suggestions(facts)}
${plot(facts)}
${languages(facts)}
${requests(facts)}
${serverSection(facts.server)}
</main>
</body>
</html>
`;
}

function suggestions({ counts }: StatisticsFacts): string {
  const { t } = vscode.l10n;
  const { since, shown, accepted, partlyAccepted, typedOut, charactersAccepted } = counts;
  const used = accepted + partlyAccepted + typedOut;
  const rejected = Math.max(0, shown - used);
  const share = (count: number): string => percent(count, used + rejected);
  const date = new Date(since).toLocaleDateString(vscode.env.language, { dateStyle: "long" });
  const all = rows([
    [t("Accepted in full"), number(accepted), share(accepted)],
    [t("Accepted in part"), number(partlyAccepted), share(partlyAccepted)],
    [t("Typed by hand to the end"), number(typedOut), share(typedOut)],
    [t("Not accepted"), number(rejected), share(rejected)],
    { total: [t("Shown"), number(used + rejected), ""] },
  ]);
  const saved = t("Characters saved: {0} ({1}% of all that were accepted or typed)", number(charactersAccepted), (100 * savedShare(counts)).toFixed(1)); // prettier-ignore
  return section(t("Suggestions since {0}", date), `${all}<p>${escaped(saved)}</p>`);
}

function plot({ history, nowMs }: StatisticsFacts): string {
  const { t } = vscode.l10n;
  const days = lastDays(nowMs, plottedDays).map((day) => {
    const change = history.days.get(day) ?? {};
    const [shown, accepted] = [change.shown ?? 0, acceptedOf(change)];
    return { shown, accepted, label: t("{0}: {1} of {2} accepted", day, accepted, shown) };
  });
  const sum = (key: "shown" | "accepted"): string => number(days.reduce((all, day) => all + day[key], 0));
  const label = t("In the last four weeks {0} of {1} suggestions were accepted.", sum("accepted"), sum("shown"));
  const key =
    `<span class="key shown"></span>${escaped(t("shown"))} ` +
    `<span class="key accepted"></span>${escaped(t("accepted"))}`;
  const [first, last] = [lastDays(nowMs, plottedDays)[0] ?? "", lastDays(nowMs, 1)[0] ?? ""];
  const axis = `<div class="axis"><span>${first}</span><span>${key}</span><span>${last}</span></div>`;
  const figure = `<figure>${usagePlot(days, label, escaped)}${axis}<figcaption>${escaped(label)}</figcaption></figure>`;
  return section(t("Suggestions per day"), figure);
}

function languages({ history }: StatisticsFacts): string {
  const { t } = vscode.l10n;
  const used = [...history.languages]
    .map(([id, change]) => ({ id, shown: change.shown ?? 0, accepted: acceptedOf(change) }))
    .filter(({ shown, accepted }) => shown + accepted > 0)
    .sort((a, b) => b.shown - a.shown);
  if (used.length === 0) return "";
  const head = [t("Language"), t("Shown"), t("Accepted"), t("Share")];
  const lines = used.slice(0, maxLanguages).map(({ id, shown, accepted }) => [
    languageName(id), number(shown), number(accepted), percent(accepted, Math.max(shown, accepted)),
  ]); // prettier-ignore
  return section(t("Acceptance by language"), rows(lines, head));
}

/**
 * How the requests of this session ended. Each request is counted in exactly one row, so the rows add up to the total.
 */
function requests({ server, nothingShown }: StatisticsFacts): string {
  const { t } = vscode.l10n;
  const shown = server?.requests.shown ?? 0;
  const total = nothingShown.reduce((all, [, count]) => all + count, shown);
  const reasons = nothingShown.map(([reason, count]) => [
    t("Nothing: {0}", inertText(nothingText({ reason }))),
    number(count),
    percent(count, total),
  ]);
  const all = rows([
    [t("A completion"), number(shown), percent(shown, total)],
    ...reasons,
    { total: [t("Requests"), number(total), ""] },
  ]);
  const note = t(
    "VS Code requests a completion after most keys, and the rest of a suggestion while you type along it.",
  );
  return section(t("What requests of this session found"), `${all}<p>${escaped(note)}</p>`);
}
