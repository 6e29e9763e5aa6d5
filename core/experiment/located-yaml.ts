import { type Document, isMap, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import { BadInput } from '../bad-input.ts';

export type Path = readonly (string | number)[];

/** Nesting far beyond any experiment overflows the stack of a recursive parser; it ends as bad input here. */
function parsedDocument(text: string, fileName: string, lineCounter: LineCounter): Document {
  try {
    return parseDocument(text, { version: '1.2', schema: 'core', uniqueKeys: true, lineCounter });
  } catch {
    throw new BadInput(`${fileName} is nested too deeply to be an experiment.`, 'Give an experiment file.');
  }
}

export const shownPath = (path: Path): string =>
  path.reduce<string>((text, key) => (typeof key === 'number' ? `${text}[${key}]` : text ? `${text}.${key}` : key), '');

/** One file of YAML: knows where each value stands, so that every complaint names its line. */
export class LocatedYaml {
  readonly value: unknown;
  private readonly lines = new LineCounter();
  private readonly document: Document;
  private readonly givenApart: readonly Path[];

  constructor(
    text: string,
    private readonly fileName: string,
    settings: readonly Setting[],
  ) {
    this.givenApart = settings.map(({ path }) => path);
    this.document = parsedDocument(text, fileName, this.lines);
    const problem = this.document.errors[0];
    if (problem) {
      const at = this.lines.linePos(problem.pos[0]);
      throw new BadInput(
        `${fileName}:${at.line}:${at.col} is not valid YAML: ${problem.message.split('\n')[0]?.replace(/ at line .*$/, '')}.`,
        'Mend that line; indentation and colons are the usual suspects.',
      );
    }
    this.refuseHostileKeys();
    for (const { path, value } of settings) this.set(path, value);
    try {
      this.value = this.document.toJS({ maxAliasCount: 100 });
    } catch {
      throw new BadInput(`${fileName} has more than 100 aliases.`, 'Write the repeated parts out.');
    }
  }

  /** `__proto__` and its kin reach into every object of a JavaScript program; nobody needs them as settings. */
  private refuseHostileKeys(): void {
    visit(this.document, {
      Pair: (_, pair) => {
        const key = isScalar(pair.key) ? pair.key.value : pair.key;
        if (typeof key === 'string' && ['__proto__', 'constructor', 'prototype'].includes(key)) {
          const offset = isScalar(pair.key) ? (pair.key.range?.[0] ?? 0) : 0;
          const at = this.lines.linePos(offset);
          throw new BadInput(
            `${this.fileName}:${at.line}:${at.col} has the key ${key}, which is never a setting.`,
            'Remove it.',
          );
        }
      },
    });
  }

  private set(path: Path, value: unknown): void {
    try {
      this.document.setIn(path, this.document.createNode(value));
    } catch {
      throw new BadInput(
        `--set ${shownPath(path)} reaches into something that is not a group of settings.`,
        `Look at ${this.fileName} for the names there.`,
      );
    }
  }

  /** `file.yaml:12:3: optimizer.sgd`; without a line where the value is absent or came from --set. */
  place(path: Path): string {
    const isGivenApart = this.givenApart.some((given) => given.every((key, depth) => path[depth] === key));
    if (isGivenApart) return `--set ${shownPath(path)}`;
    for (let depth = path.length; depth > 0; depth--) {
      const parent = this.document.getIn(path.slice(0, depth - 1), true);
      const pair = isMap(parent)
        ? parent.items.find((item) => isScalar(item.key) && item.key.value === path[depth - 1])
        : undefined;
      const node = isScalar(pair?.key) ? pair.key : this.document.getIn(path.slice(0, depth), true);
      const range = (node as { range?: [number, number, number] } | undefined)?.range;
      if (range) {
        const at = this.lines.linePos(range[0]);
        return `${this.fileName}:${at.line}:${at.col}: ${shownPath(path)}`;
      }
    }
    return `${this.fileName}: ${shownPath(path)}`;
  }
}

export interface Setting {
  readonly path: Path;
  readonly value: unknown;
}

/** `optimizer.sgd.learningRate=0.05` of --set: a path of keys (numbers index lists) and a YAML value. */
export function readSetting(text: string): Setting {
  const equals = text.indexOf('=');
  if (equals < 1) throw new BadInput(`--set ${text} has no value.`, 'Write --set key.of.setting=value.');
  const keys = text.slice(0, equals).split('.');
  if (keys.some((key) => key === '' || ['__proto__', 'constructor', 'prototype'].includes(key)))
    throw new BadInput(`--set ${text} does not name a setting.`, 'Write --set key.of.setting=value.');
  const document = parseDocument(text.slice(equals + 1), { version: '1.2', schema: 'core' });
  if (document.errors.length > 0)
    throw new BadInput(`--set ${text} has a value that is not YAML.`, 'Quote it, or write a number, a word or a list.');
  try {
    const value: unknown = document.toJS({ maxAliasCount: 0 });
    return { path: keys.map((key) => (/^\d+$/.test(key) ? Number(key) : key)), value };
  } catch {
    throw new BadInput(`--set ${text} has an alias in its value.`, 'Write the value out.');
  }
}
