import { FormatError, shown } from './format-error.ts';
import { limits } from './limits.ts';

export type JsonValue = null | boolean | string | JsonNumber | readonly JsonValue[] | ReadonlyMap<string, JsonValue>;

/** A number as it is written, so that 1, 1.0 and 1e400 stay apart. */
export interface JsonNumber {
  readonly digits: string;
}

const numberPattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/**
 * JSON (RFC 8259) for headers that strangers wrote. Departures from JSON.parse: a repeated key is an error, nesting is
 * capped, objects are Maps (no prototype to reach), numbers stay text.
 */
export function parseStrictJson(text: string, place: string): JsonValue {
  let at = 0;

  const bad = (what: string) => new FormatError('json-syntax', `${place} ${what} at character ${at}.`);

  function skipSpace(): void {
    while (at < text.length && ' \t\n\r'.includes(text[at]!)) at += 1;
  }

  function expect(mark: string): void {
    skipSpace();
    if (text[at] !== mark) throw bad(at < text.length ? `has ${shown(text[at]!)} where ${mark} belongs` : 'is cut');
    at += 1;
  }

  function escapedCharacter(): string {
    const letter = text[at];
    at += 1;
    if (letter === 'u') {
      const code = text.slice(at, at + 4);
      if (!/^[\da-fA-F]{4}$/.test(code)) throw bad('has a broken escape');
      at += 4;
      return String.fromCharCode(Number.parseInt(code, 16));
    }
    if (letter === undefined || !Object.hasOwn(escapes, letter)) throw bad('has a broken escape');
    return escapes[letter]!;
  }

  function string(): string {
    expect('"');
    let value = '';
    for (;;) {
      const from = at;
      while (at < text.length && text[at] !== '"' && text[at] !== '\\' && text[at]! >= ' ') at += 1;
      value += text.slice(from, at);
      const mark = text[at];
      if (mark === undefined) throw bad('is cut inside a text');
      if (mark !== '"' && mark !== '\\') throw bad('has a control character inside a text');
      at += 1;
      if (mark === '"') return value;
      value += escapedCharacter();
    }
  }

  function object(depth: number): ReadonlyMap<string, JsonValue> {
    const entries = new Map<string, JsonValue>();
    expect('{');
    skipSpace();
    if (text[at] === '}') {
      at += 1;
      return entries;
    }
    for (;;) {
      skipSpace();
      const key = string();
      if (entries.has(key)) throw new FormatError('json-duplicate-key', `${place} has the key ${shown(key)} twice.`);
      expect(':');
      entries.set(key, value(depth + 1));
      skipSpace();
      if (text[at] !== ',') break;
      at += 1;
    }
    expect('}');
    return entries;
  }

  function array(depth: number): readonly JsonValue[] {
    const items: JsonValue[] = [];
    expect('[');
    skipSpace();
    if (text[at] === ']') {
      at += 1;
      return items;
    }
    for (;;) {
      items.push(value(depth + 1));
      skipSpace();
      if (text[at] !== ',') break;
      at += 1;
    }
    expect(']');
    return items;
  }

  function value(depth: number): JsonValue {
    if (depth > limits.jsonDepth)
      throw new FormatError('json-depth', `${place} is nested more than ${limits.jsonDepth} deep.`);
    skipSpace();
    const first = text[at];
    if (first === '{') return object(depth);
    if (first === '[') return array(depth);
    if (first === '"') return string();
    for (const [word, meaning] of [
      ['true', true],
      ['false', false],
      ['null', null],
    ] as const) {
      if (text.startsWith(word, at)) {
        at += word.length;
        return meaning;
      }
    }
    numberPattern.lastIndex = at;
    const digits = numberPattern.exec(text)?.[0];
    if (digits === undefined) throw bad(at < text.length ? `has ${shown(first!)} where a value belongs` : 'is cut');
    at += digits.length;
    return { digits };
  }

  const result = value(1);
  skipSpace();
  if (at !== text.length) throw bad('goes on behind its value');
  return result;
}
