import ts from 'typescript';

const { SyntaxKind } = ts;

/** What an operator is replaced by, and the kind of the mutant. */
const OPERATORS = new Map([
  [SyntaxKind.LessThanToken, ['compare', '<=']],
  [SyntaxKind.LessThanEqualsToken, ['compare', '<']],
  [SyntaxKind.GreaterThanToken, ['compare', '>=']],
  [SyntaxKind.GreaterThanEqualsToken, ['compare', '>']],
  [SyntaxKind.EqualsEqualsEqualsToken, ['compare', '!==']],
  [SyntaxKind.ExclamationEqualsEqualsToken, ['compare', '===']],
  [SyntaxKind.PlusToken, ['arithmetic', '-']],
  [SyntaxKind.MinusToken, ['arithmetic', '+']],
  [SyntaxKind.AsteriskToken, ['arithmetic', '/']],
  [SyntaxKind.SlashToken, ['arithmetic', '*']],
  [SyntaxKind.AmpersandAmpersandToken, ['logic', '||']],
  [SyntaxKind.BarBarToken, ['logic', '&&']],
]);

/** Methods that select elements: without the call all are left. */
const SELECTING = ['filter', 'slice', 'sort', 'reverse'];

/** The innermost function around a node, as the place of its body. Undefined outside functions. */
function functionAround(node, source) {
  for (let around = node.parent; around; around = around.parent)
    if (ts.isFunctionLike(around) && around.body) {
      const start = around.body.getStart(source);
      return { start, end: around.body.end, isBlock: ts.isBlock(around.body) };
    }
}

/**
 * The small mutants of a file: `start` and `end` of the text that is replaced, the new `text`, the `line`, `kind` and
 * `original` text for the reader, and the `body` of the function around it.
 */
export function mutantsOf(source, checker) {
  const mutants = [];
  const add = (node, kind, text) => {
    const start = node.getStart(source);
    const line = source.getLineAndCharacterOfPosition(start).line + 1;
    const body = functionAround(node, source);
    mutants.push({ start, end: node.end, text, line, kind, original: node.getText(source), body });
  };
  const isNumber = (node) => (checker.getTypeAtLocation(node).flags & ts.TypeFlags.NumberLike) !== 0;

  /** Another value of the same type: of a union of strings another member. */
  function otherValue(node) {
    if (ts.isNumericLiteral(node)) return String(Number(node.text) + 1);
    if (node.kind === SyntaxKind.TrueKeyword) return 'false';
    if (node.kind === SyntaxKind.FalseKeyword) return 'true';
    if (!ts.isStringLiteral(node)) return undefined;
    const type = checker.getContextualType(node) ?? checker.getTypeAtLocation(node.parent);
    const members = type.isUnion() ? type.types.filter((member) => member.isStringLiteral()) : [];
    const other = members.find((member) => member.value !== node.text);
    return `'${other ? other.value : `${node.text}x`}'`;
  }

  function addDefault(node) {
    const text = node && otherValue(node);
    if (text !== undefined) add(node, 'default', text);
  }

  function visit(node) {
    if (ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || ts.isImportDeclaration(node)) return;
    if (ts.isBinaryExpression(node)) {
      const [kind, text] = OPERATORS.get(node.operatorToken.kind) ?? [];
      if (kind && (kind !== 'arithmetic' || (isNumber(node.left) && isNumber(node.right))))
        add(node.operatorToken, kind, text);
      if (node.operatorToken.kind === SyntaxKind.QuestionQuestionToken) addDefault(node.right);
    }
    if (ts.isIfStatement(node)) add(node.expression, 'condition', 'false');
    if (ts.isConditionalExpression(node)) add(node, 'condition', `(${node.whenFalse.getText(source)})`);
    if (ts.isPrefixUnaryExpression(node) && node.operator === SyntaxKind.ExclamationToken)
      add(node, 'negation', node.operand.getText(source));
    if (ts.isBindingElement(node) || ts.isParameter(node)) addDefault(node.initializer);
    if (ts.isExpressionStatement(node) && !ts.isStringLiteral(node.expression)) add(node, 'statement', ';');
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const { expression, name } = node.expression;
      if (SELECTING.includes(name.text)) add(node, 'selection', expression.getText(source));
      if (name.text === 'max' || name.text === 'min')
        if (expression.getText(source) === 'Math') add(name, 'extreme', name.text === 'max' ? 'min' : 'max');
    }
    if (ts.isNewExpression(node) && /Error$/.test(node.expression.getText(source)) && node.arguments?.[0])
      add(node.arguments[0], 'message', "'?'");
    if (ts.isCallExpression(node) && node.expression.getText(source) === 'randomAt')
      for (const key of node.arguments.slice(1)) if (ts.isStringLiteral(key)) add(key, 'seed key', "'zz'");
    ts.forEachChild(node, visit);
  }
  visit(source);
  return mutants;
}
