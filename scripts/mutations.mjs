// The possible mutations of a source file: one operator, number, condition, boolean or call each.
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

/** The texts that can replace a node. */
function changesOf(node) {
  if (ts.isBinaryExpression(node) && otherOperator.has(node.operatorToken.kind)) {
    return [`(${node.left.getText()} ${otherOperator.get(node.operatorToken.kind)} ${node.right.getText()})`];
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
  if (ts.isIfStatement(node)) return [node.getText().replace(node.expression.getText(), () => "false")];
  if (ts.isConditionalExpression(node)) return [`(${node.whenFalse.getText()})`];
  return [];
}

/** Every possible mutation of a file: where it is, the old text and the new one. */
export function mutantsOf(file) {
  const text = readFileSync(file, "utf8");
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const mutants = [];
  const visit = (node) => {
    // Tests do not check every message, and types do not run.
    if (ts.isThrowStatement(node) || ts.isTypeNode(node) || ts.isImportDeclaration(node)) return;
    for (const change of changesOf(node)) {
      mutants.push({ file, start: node.getStart(), end: node.getEnd(), old: node.getText(), change });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  const line = (offset) => source.getLineAndCharacterOfPosition(offset).line + 1;
  return mutants.map((mutant) => ({ ...mutant, at: `${file}:${line(mutant.start)}` }));
}
