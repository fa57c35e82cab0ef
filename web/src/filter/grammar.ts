// The same language as `dowse.domain.filter_grammar`, where its grammar stands; one table of cases
// (tests/fixtures/filters/cases.json) tests both.
import { refuse, shown, type Comparison, type FieldName, type Filter, type Given, type Span } from './tree';

const MAX_CHARACTERS = 4096;
const MAX_DEPTH = 40;
const SPACES = new Set(['params', 'metrics', 'labels']);
export const KEYWORDS: ReadonlySet<string> = new Set(['and', 'or', 'not', 'in', 'is', 'missing']);
const SIGNS: Readonly<Record<string, Comparison>> = {
  '=': '=',
  '==': '=',
  '!=': '!=',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
};
const MIRRORED: Readonly<Record<string, Comparison>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' };
const NUMBER = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/;
const TOKEN =
  /\s*(?:("(?:[^"\\]|\\[^])*"|'(?:[^'\\]|\\[^])*'|`[^`]*`)|(==|!=|<=|>=|[<>=~:()[\],@])|([^\s"'`<>=!~:()[\],@]+))/y;
const INSTEAD: Readonly<Record<string, string>> = { '&&': 'and', '&': 'and', '||': 'or', '|': 'or' };

interface Token {
  readonly kind: 'quoted' | 'sign' | 'word' | 'keyword' | 'end';
  readonly text: string;
  readonly column: number;
  readonly end: number;
}

/** Throws FilterError with the column. */
export function parse(text: string): Filter {
  const length = [...text].length;
  if (length > MAX_CHARACTERS) {
    const told = [MAX_CHARACTERS, length].map((count) => count.toLocaleString('en'));
    refuse(1, `must have at most ${told[0]} characters, got ${told[1]}`);
  }
  return new Parser(tokens(text)).whole();
}

function tokens(text: string): readonly Token[] {
  const found: Token[] = [];
  const end = text.trimEnd().length;
  let place = 0;
  while (place < end) {
    TOKEN.lastIndex = place;
    const match = TOKEN.exec(text);
    if (match === null) refuseCharacter(text, place);
    const [whole, quoted, sign, word] = match;
    const content = quoted ?? sign ?? (word as string);
    place += whole.length;
    const column = place - content.length + 1;
    if (INSTEAD[content]) refuse(column, `${shown(content)} has no meaning: write ${shown(INSTEAD[content])}`);
    found.push({ ...token(content, quoted, sign), column, end: place + 1 });
  }
  found.push({ kind: 'end', text: '', column: end + 1, end: end + 1 });
  return found;
}

function token(content: string, quoted: string | undefined, sign: string | undefined): Pick<Token, 'kind' | 'text'> {
  if (quoted !== undefined) {
    const inside = quoted.slice(1, -1);
    return { kind: 'quoted', text: quoted[0] === '`' ? inside : inside.replace(/\\([^])/g, '$1') };
  }
  if (sign !== undefined) return { kind: 'sign', text: sign };
  const lower = content.toLowerCase();
  return KEYWORDS.has(lower) ? { kind: 'keyword', text: lower } : { kind: 'word', text: content };
}

function refuseCharacter(text: string, place: number): never {
  const column = text.length - text.slice(place).trimStart().length + 1;
  const letter = text[column - 1];
  if (letter === '!') refuse(column, "'!' has no meaning alone: write 'not', or '!=' to compare");
  refuse(column, `a ${letter} that is never closed: add ${letter} at its end`);
}

/** Recursive descent over the tokens of one text. */
class Parser {
  private place = 0;
  private open = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  private get token(): Token {
    return this.at(this.place);
  }

  private at(place: number): Token {
    return (this.tokens[place] ?? this.tokens.at(-1)) as Token;
  }

  private take(...texts: readonly string[]): Token | undefined {
    const { token } = this;
    if ((token.kind !== 'sign' && token.kind !== 'keyword') || !texts.includes(token.text)) return undefined;
    this.place += 1;
    return token;
  }

  private unexpected(right: string): never {
    const { kind, text, column } = this.token;
    refuse(column, `${kind === 'end' ? 'the end' : shown(text)} is not expected here: ${right}`);
  }

  whole(): Filter {
    if (this.token.kind === 'end') return { kind: 'every', parts: [], spans: [] };
    const tree = this.either();
    if (this.at(this.place).kind !== 'end') this.unexpected("'and' or 'or' joins two conditions");
    return tree;
  }

  private either(): Filter {
    const parts = [this.both()];
    while (this.take('or')) parts.push(this.both());
    return parts.length === 1 ? (parts[0] as Filter) : { kind: 'anyOf', parts };
  }

  private both(): Filter {
    const parts: Filter[] = [];
    const spans: Span[] = [];
    do {
      const start = this.token.column - 1;
      parts.push(this.negation());
      spans.push({ start, end: this.at(this.place - 1).end - 1 });
    } while (this.take('and') || this.beginsClause());
    return parts.length === 1 ? (parts[0] as Filter) : { kind: 'every', parts, spans };
  }

  private beginsClause(): boolean {
    const { kind, text } = this.token;
    return kind === 'word' || kind === 'quoted' || text === '(' || text === 'not';
  }

  private negation(): Filter {
    if (this.take('not')) return { kind: 'negated', part: this.nested(() => this.negation()) };
    const opening = this.take('(');
    if (opening === undefined) return this.clause();
    const inside = this.nested(() => this.either());
    if (!this.take(')')) refuse(opening.column, "a bracket that is never closed: add ')'");
    return inside;
  }

  private nested(read: () => Filter): Filter {
    this.open += 1;
    if (this.open > MAX_DEPTH) refuse(this.token.column, `nested too deeply: at most ${MAX_DEPTH} levels`);
    const inside = read();
    this.open -= 1;
    return inside;
  }

  private clause(): Filter {
    const { token } = this;
    if (token.kind !== 'word' && token.kind !== 'quoted') {
      this.unexpected('a condition such as learning_rate < 0.01 belongs here');
    }
    const following = this.at(this.place + 1);
    if (token.kind === 'word' && NUMBER.test(token.text) && following.kind === 'sign' && MIRRORED[following.text]) {
      return this.turnedRound();
    }
    const start = this.place;
    const field = this.field();
    const sign = this.take(...Object.keys(SIGNS));
    if (sign) return { kind: 'compares', field, comparison: SIGNS[sign.text] as Comparison, given: this.value() };
    const like = this.take('~', ':');
    if (like) return { kind: 'matches', field, given: this.value(), isAnywhere: like.text === '~' };
    if (this.take('is')) return this.missing(field);
    if (this.take('in')) return { kind: 'isIn', field, options: this.options() };
    if (this.token.text === 'not' && this.at(this.place + 1).text === 'in') {
      this.place += 2;
      return { kind: 'negated', part: { kind: 'isIn', field, options: this.options() } };
    }
    if (this.place !== start + 1) this.unexpected('a sign such as = or < belongs here');
    const given = { text: token.text, column: token.column, isQuoted: token.kind === 'quoted' };
    return { kind: 'matches', field: named('', token.column, false), given, isAnywhere: true };
  }

  /** `1e-4 < lr`, `1e-4 < lr <= 1e-2`. */
  private turnedRound(): Filter {
    const start = this.token.column - 1;
    const low = this.value();
    const sign = this.take(...Object.keys(MIRRORED)) as Token;
    const field = this.field();
    const first: Filter = { kind: 'compares', field, comparison: MIRRORED[sign.text] as Comparison, given: low };
    const second = this.take(...Object.keys(MIRRORED));
    if (!second) return first;
    const high: Filter = { kind: 'compares', field, comparison: second.text as Comparison, given: this.value() };
    const span = { start, end: this.at(this.place - 1).end - 1 };
    return { kind: 'every', parts: [first, high], spans: [span, span] };
  }

  private field(): FieldName {
    const { token } = this;
    if (token.kind !== 'word' && token.kind !== 'quoted') this.unexpected('the name of a field belongs here');
    this.place += 1;
    let name = named(token.text, token.column, token.kind === 'quoted');
    if (token.kind === 'word') name = this.inSpace(name, token);
    if (this.token.kind === 'word' && this.token.text.startsWith('.') && name.isQuoted) {
      name = { ...name, name: name.name + this.token.text };
      this.place += 1;
    }
    return this.atStep(name);
  }

  private inSpace(name: FieldName, token: Token): FieldName {
    const dot = token.text.indexOf('.');
    const space = token.text.slice(0, dot);
    if (dot < 0 || !SPACES.has(space)) return name;
    const rest = token.text.slice(dot + 1);
    if (rest) return { ...name, name: rest, space };
    const following = this.token;
    if (following.kind !== 'quoted' || following.column !== token.end) {
      refuse(token.end, `a name belongs behind ${shown(token.text)}`);
    }
    this.place += 1;
    return { ...name, name: following.text, space, isQuoted: true };
  }

  private atStep(name: FieldName): FieldName {
    const sign = this.take('@');
    if (!sign) return name;
    const [word, equals, number] = [0, 1, 2].map((ahead) => this.at(this.place + ahead)) as [Token, Token, Token];
    if (word.text !== 'step' || SIGNS[equals.text] !== '=') {
      refuse(sign.column, "'@' is followed by a step, as in val_loss@step=50");
    }
    if (!/^\d+$/.test(number.text)) refuse(number.column, `a step is a whole number, got ${shown(number.text)}`);
    this.place += 3;
    return { ...name, step: Number(number.text) };
  }

  private missing(field: FieldName): Filter {
    const isNegated = this.take('not') !== undefined;
    if (!this.take('missing')) this.unexpected("'is' is followed by 'missing' or 'not missing'");
    const part: Filter = { kind: 'isMissing', field };
    return isNegated ? { kind: 'negated', part } : part;
  }

  private options(): readonly Given[] {
    const opening = this.take('(', '[');
    if (!opening) this.unexpected("'in' is followed by a list such as (adam, sgd)");
    const closing = opening.text === '(' ? ')' : ']';
    const found = [this.value()];
    while (this.take(',')) found.push(this.value());
    if (!this.take(closing)) this.unexpected(`values of a list are parted by ',' and end with '${closing}'`);
    return found;
  }

  private value(): Given {
    const { token } = this;
    if (token.kind !== 'word' && token.kind !== 'quoted') {
      this.unexpected('a value such as 0.01 or "adam" belongs here');
    }
    this.place += 1;
    return { text: token.text, column: token.column, isQuoted: token.kind === 'quoted' };
  }
}

function named(name: string, column: number, isQuoted: boolean): FieldName {
  return { name, column, isQuoted, space: null, step: null };
}
