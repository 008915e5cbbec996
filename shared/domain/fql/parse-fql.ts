import { FQL_BYTES_MAX } from '../rule-bounds.ts';
import {
  FQL_DEPTH_MAX,
  FQL_FUNCTIONS,
  type FqlExpression,
  type FqlFunction,
  type FqlLiteral,
  type FqlValue,
  membersOf,
} from './expression.ts';
import { compileGlob } from './glob.ts';
import { type FqlFault, type Punctuation, type StringRule, type Token, tokensOf, UnreadableFql } from './tokens.ts';
import { utf8Length } from './utf8-length.ts';

export type Parsed = { outcome: 'parsed'; expression: FqlExpression } | { outcome: 'invalid'; fault: FqlFault };

/** What differs between a filter's text and a trigger's. */
export type Dialect = {
  strings: StringRule;
  /** Also `AND`, `OR`, a comma for `and`, `==` for `=`: default triggers of library destinations are written so. */
  isLenient: boolean;
  /** Applied to a call's arguments before they are checked. */
  arguments: (name: FqlFunction, args: readonly FqlValue[]) => readonly FqlValue[];
};

const FILTER_DIALECT: Dialect = { strings: 'escaped', isLenient: false, arguments: (_name, args) => args };

/**
 * Reads a filter's condition. Never throws. What cannot be read, and what could never be judged (a string compared by `>`), is `invalid`
 * with the place in the text and what to do; a filter that is stored all the same lets nothing through (C05).
 */
export const parseFql = (text: string): Parsed => parseDialect(text, FILTER_DIALECT);

export function parseDialect(text: string, dialect: Dialect): Parsed {
  if (utf8Length(text) > FQL_BYTES_MAX) {
    const message = `the text is longer than ${FQL_BYTES_MAX} bytes: shorten it, or use several filters`;
    return { outcome: 'invalid', fault: { message, at: 0, length: text.length } };
  }
  try {
    return { outcome: 'parsed', expression: new Parser(tokensOf(text, dialect.strings), dialect).whole() };
  } catch (error) {
    if (!(error instanceof UnreadableFql)) throw error;
    return { outcome: 'invalid', fault: error.fault };
  }
}

type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=' | 'in';
type Operand = { value: FqlValue; first: Token };

const isFunctionName = (name: string | undefined): name is FqlFunction =>
  name !== undefined && Object.hasOwn(FQL_FUNCTIONS, name);

/** The words of the language in capitals: they are written in small letters, as are the functions. */
const KEYWORDS: ReadonlySet<string> = new Set(['and', 'or', 'in', 'true', 'false', 'null', 'all']);

class Parser {
  private index = 0;
  private depth = 0;
  private readonly tokens: readonly Token[];
  private readonly dialect: Dialect;

  constructor(tokens: readonly Token[], dialect: Dialect) {
    this.tokens = tokens;
    this.dialect = dialect;
  }

  whole(): FqlExpression {
    if (this.peek().kind === 'end') throw this.fault('the condition is empty: write one, or "all" for every event');
    if (this.isWord('all') && this.peek(1).kind === 'end') return { kind: 'all' };
    const expression = this.disjunction();
    if (this.peek().kind !== 'end') throw this.unexpected('write "and" or "or" between two conditions');
    return expression;
  }

  private disjunction(): FqlExpression {
    return this.joined('or', () => this.joined('and', () => this.condition()));
  }

  private joined(word: 'and' | 'or', member: () => FqlExpression): FqlExpression {
    const first = member();
    if (!this.isJoint(word)) return first;
    const members = [...membersOf(word, first)];
    while (this.isJoint(word)) {
      this.index += 1;
      members.push(...membersOf(word, member()));
    }
    return { kind: word, of: members };
  }

  private isJoint(word: 'and' | 'or'): boolean {
    if (this.isWord(word)) return true;
    return this.dialect.isLenient && (this.isWord(word.toUpperCase()) || (word === 'and' && this.isMark(',')));
  }

  private condition(): FqlExpression {
    if (this.isMark('!')) {
      const mark = this.take();
      const isGroup = this.isMark('(');
      const negated = this.deeper(mark, () => this.condition());
      if (isComparison(negated) && !isGroup) {
        throw at(mark, 'put what "!" negates in parentheses, as in !( a = b ), or use "!="');
      }
      return { kind: 'not', of: negated };
    }
    if (this.isMark('(')) {
      const open = this.take();
      const inner = this.deeper(open, () => this.disjunction());
      this.require(')', 'a "(" is missing its ")"', open);
      return inner;
    }
    return this.comparison();
  }

  private comparison(): FqlExpression {
    const left = this.operand();
    const operator = this.operator();
    if (operator === undefined) return this.alone(left);
    this.index += 1;
    if (this.dialect.isLenient && operator === '=' && this.isMark('=')) this.index += 1;
    const right = this.operand();
    if (operator === '=' || operator === '!=') {
      return { kind: 'equal', operator, left: left.value, right: right.value };
    }
    if (operator === 'in') {
      if (right.value.kind === 'literal' || right.value.kind === 'call') {
        throw at(right.first, "after \"in\" comes a list, as in type in ['track', 'page'], or the path of one");
      }
      if (left.value.kind === 'list') throw at(left.first, 'before "in" comes a single value');
      return { kind: 'in', left: left.value, right: right.value };
    }
    for (const side of [left, right]) {
      if (side.value.kind === 'list' || (side.value.kind === 'literal' && typeof side.value.value !== 'number')) {
        throw at(side.first, `"${operator}" compares numbers: write the number without quotes`);
      }
    }
    return { kind: 'order', operator, left: left.value, right: right.value };
  }

  /** A value that is a condition by itself. */
  private alone(operand: Operand): FqlExpression {
    const { value, first } = operand;
    if (value.kind === 'list' || (value.kind === 'literal' && typeof value.value !== 'boolean')) {
      throw at(first, 'a value alone is no condition: compare it with a field, as in event = "Order Completed"');
    }
    return { kind: 'is', value };
  }

  private operator(): Operator | undefined {
    if (this.isWord('in')) return 'in';
    const token = this.peek();
    if (token.kind !== 'punctuation') return undefined;
    const { text } = token;
    return text === '=' || text === '!=' || text === '<' || text === '<=' || text === '>' || text === '>='
      ? text
      : undefined;
  }

  private operand(): Operand {
    const first = this.peek();
    if (first.kind === 'string' || first.kind === 'number') {
      this.index += 1;
      return { first, value: { kind: 'literal', value: first.value } };
    }
    if (first.kind === 'punctuation' && first.text === '[') return { first, value: this.list() };
    if (first.kind !== 'name') {
      throw this.unexpected('a field, a string, a number, true, false, null, a list or a function belongs here');
    }
    this.index += 1;
    if (this.isMark('(')) return { first, value: this.call(first) };
    return { first, value: this.named(first) };
  }

  private named(token: Token & { kind: 'name' }): FqlValue {
    const [word] = token.path;
    if (!token.plain || word === undefined) return { kind: 'path', path: token.path };
    if (word === 'true' || word === 'false') return { kind: 'literal', value: word === 'true' };
    if (word === 'null') return { kind: 'literal', value: null };
    if (word === 'all') throw at(token, '"all" stands alone and means every event; a field of that name is \\all');
    if (KEYWORDS.has(word)) throw at(token, `"${word}" joins two things: something is missing before it`);
    if (KEYWORDS.has(word.toLowerCase())) {
      throw at(token, `write ${word.toLowerCase()} in small letters; a field of that name is \\${word}`);
    }
    if (word === 'NaN' || word === 'Infinity') throw at(token, `${word} is no number to compare with`);
    return { kind: 'path', path: token.path };
  }

  private call(token: Token & { kind: 'name' }): FqlValue {
    const [name] = token.path;
    if (!token.plain || !isFunctionName(name)) throw at(token, unknownFunction(token.path.join('.')));
    const open = this.take();
    const args = this.deeper(open, () => this.members(')', () => this.operand()));
    this.require(')', `${name} is missing its ")"`, open);
    const wanted = FQL_FUNCTIONS[name];
    if (args.length !== wanted) {
      throw at(token, `${name} takes ${wanted === 1 ? 'one value' : `${wanted} values, with a comma between them`}`);
    }
    const values = this.dialect.arguments(
      name,
      args.map((arg) => arg.value),
    );
    for (const [index, value] of values.entries()) {
      const complaint = argumentFault(name, index, value);
      if (complaint !== undefined) throw at(args[index]?.first ?? token, complaint);
    }
    return { kind: 'call', name, args: values };
  }

  private list(): FqlValue {
    const open = this.take();
    const items = this.members(']', () => this.item());
    this.require(']', 'a "[" is missing its "]"', open);
    return { kind: 'list', items };
  }

  private item(): FqlLiteral {
    const advice = 'a list holds strings, numbers, true, false and null; put strings in quotes';
    // Asked first, so that lists do not call each other 5,000 times.
    if (this.isMark('[')) throw this.fault(advice);
    const { value, first } = this.operand();
    if (value.kind !== 'literal') throw at(first, advice);
    return value.value;
  }

  private members<T>(end: Punctuation, member: () => T): T[] {
    if (this.isMark(end)) return [];
    const members = [member()];
    while (this.isMark(',')) {
      this.index += 1;
      members.push(member());
    }
    return members;
  }

  private deeper<T>(token: Token, inner: () => T): T {
    this.depth += 1;
    if (this.depth > FQL_DEPTH_MAX) {
      throw at(token, `more than ${FQL_DEPTH_MAX} parentheses and "!" inside each other: take some away`);
    }
    const result = inner();
    this.depth -= 1;
    return result;
  }

  private peek(ahead = 0): Token {
    const token = this.tokens[Math.min(this.index + ahead, this.tokens.length - 1)];
    return token ?? { kind: 'end', at: 0, length: 0 };
  }

  private take(): Token {
    const token = this.peek();
    this.index += 1;
    return token;
  }

  private isMark(mark: Punctuation): boolean {
    const token = this.peek();
    return token.kind === 'punctuation' && token.text === mark;
  }

  private isWord(word: string): boolean {
    const token = this.peek();
    return token.kind === 'name' && token.plain && token.path[0] === word;
  }

  private require(mark: Punctuation, message: string, open: Token): void {
    if (this.isMark(mark)) {
      this.index += 1;
      return;
    }
    if (this.peek().kind === 'end') throw at(open, `${message}: close it`);
    throw this.unexpected(`"${mark}", "and", "or" or "," belongs here`);
  }

  private unexpected(advice: string): UnreadableFql {
    const token = this.peek();
    if (token.kind === 'end') return this.fault(`the text ends too early: ${advice}`);
    if (token.kind === 'name' && token.plain && KEYWORDS.has((token.path[0] ?? '').toLowerCase())) {
      return this.fault(`"${token.path[0]}" cannot stand here: ${advice}; the words of FQL are in small letters`);
    }
    return this.fault(`this cannot stand here: ${advice}`);
  }

  private fault(message: string): UnreadableFql {
    return at(this.peek(), message);
  }
}

const at = (token: Token, message: string): UnreadableFql => new UnreadableFql(message, token.at, token.length);

const isComparison = (expression: FqlExpression): boolean =>
  expression.kind === 'equal' || expression.kind === 'order' || expression.kind === 'in';

function unknownFunction(name: string): string {
  const small = name.toLowerCase();
  if (isFunctionName(small)) return `write ${small} in small letters`;
  return `there is no function ${name}: there are ${Object.keys(FQL_FUNCTIONS).join(', ')}`;
}

/** Functions that take a string; a literal of another kind in its place could never be judged. */
const OF_STRINGS: ReadonlySet<FqlFunction> = new Set([
  'contains',
  'match',
  'lowercase',
  'uppercase',
  'snakecase',
  'kebabcase',
  'titlecase',
]);

function argumentFault(name: FqlFunction, index: number, value: FqlValue): string | undefined {
  if (OF_STRINGS.has(name) && (value.kind === 'list' || isLiteralOtherThanText(value))) {
    return `${name} takes a string: put it in quotes`;
  }
  if (name === 'match' && index === 1 && value.kind === 'literal' && typeof value.value === 'string') {
    const glob = compileGlob(value.value);
    if (glob.outcome === 'malformed') return glob.message;
  }
  return undefined;
}

const isLiteralOtherThanText = (value: FqlValue): boolean =>
  value.kind === 'literal' && typeof value.value !== 'string' && value.value !== null;
