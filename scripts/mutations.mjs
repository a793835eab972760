// Finds and applies the mutations of a source file. A mutation changes an operator, a number, a condition or a boolean,
// or drops a call.
import { readFileSync } from "node:fs";
import ts from "typescript";

const { SyntaxKind: Kind } = ts;
const otherOperator = new Map([
  [Kind.LessThanToken, "<="],
  [Kind.LessThanEqualsToken, "<"],
  [Kind.GreaterThanToken, ">="],
  [Kind.GreaterThanEqualsToken, ">"],
  [Kind.EqualsEqualsEqualsToken, "!=="],
  [Kind.ExclamationEqualsEqualsToken, "==="],
  [Kind.AmpersandAmpersandToken, "||"],
  [Kind.BarBarToken, "&&"],
  [Kind.MinusToken, "+"],
  [Kind.AsteriskToken, "/"],
]);

/** The mutations of a node: the texts that can replace it. */
function changesOf(node) {
  if (ts.isIfStatement(node.parent) && node === node.parent.expression) return ["false", ...changesOfAny(node)];
  return changesOfAny(node);
}

function changesOfAny(node) {
  if (ts.isBinaryExpression(node) && otherOperator.has(node.operatorToken.kind)) {
    return [`${node.left.getText()} ${otherOperator.get(node.operatorToken.kind)} ${node.right.getText()}`];
  }
  if (ts.isNumericLiteral(node)) {
    const value = Number(node.text);
    return [value + 1, value === 0 ? 2 : 0, (value || 1) * 100].map(String);
  }
  if (ts.isPrefixUnaryExpression(node) && node.operator === Kind.ExclamationToken) return [node.operand.getText()];
  if (node.kind === Kind.TrueKeyword) return ["false"];
  if (node.kind === Kind.FalseKeyword) return ["true"];
  if (ts.isExpressionStatement(node) && ts.isCallExpression(node.expression)) {
    return node.expression.expression.kind === Kind.SuperKeyword ? [] : [";"];
  }
  return ts.isConditionalExpression(node) ? [node.whenFalse.getText()] : [];
}

/** True for the 0 in `array[i] ?? 0`. Usually only the compiler needs it, because the index is within bounds. */
function isElementDefault(node) {
  const { parent } = node;
  const isDefault = ts.isBinaryExpression(parent) && parent.operatorToken.kind === Kind.QuestionQuestionToken;
  return isDefault && parent.right === node && ts.isElementAccessExpression(parent.left);
}

/** All possible mutations of a file, each with its position, the old text and the new text. */
export function mutantsOf(file) {
  const text = readFileSync(file, "utf8");
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const mutants = [];
  const visit = (node) => {
    // Errors are not mutated, because tests need not check messages. Types, imports and names are not mutated either.
    if (ts.isThrowStatement(node) || ts.isTypeNode(node) || ts.isImportDeclaration(node)) return;
    if (node === node.parent.name || node === node.parent.propertyName || isElementDefault(node)) return;
    for (const change of changesOf(node)) {
      mutants.push({ file, start: node.getStart(), end: node.getEnd(), old: node.getText(), change });
    }
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(source, visit);
  const line = (offset) => source.getLineAndCharacterOfPosition(offset).line + 1;
  return mutants.map((mutant) => ({ ...mutant, at: `${file}:${line(mutant.start)}` }));
}

/** Builds all mutants into the part [from, to) of a text. A mutant is in effect only if `isMutant(id)` returns true. */
export function withMutants(text, mutants, from = 0, to = text.length) {
  const size = ({ start, end }) => end - start;
  const [widest] = [...mutants].sort((a, b) => size(b) - size(a));
  if (widest === undefined) return text.slice(from, to);
  const { id, start, end, change } = widest;
  const others = mutants.filter((one) => one !== widest);
  const within = (low, high) =>
    withMutants(
      text,
      others.filter((one) => one.start >= low && one.end <= high),
      low,
      high,
    );
  const old = within(start, end);
  const both = change === ";" ? `{ if (!isMutant(${id})) ${old} }` : `(isMutant(${id}) ? (${change}) : (${old}))`;
  return within(from, start) + both + within(end, to);
}
