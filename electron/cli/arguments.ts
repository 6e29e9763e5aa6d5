import { parseArgs } from 'node:util';
import { BadInput } from '../../core/bad-input.ts';
import { nearestName } from '../../core/nearest-name.ts';

/** One option of a command, for the parser and for `--help`. */
export interface OptionDescription {
  readonly name: string;
  /** `null` for a switch; else how the value is named in the help. */
  readonly value: string | null;
  readonly help: string;
  readonly many?: boolean;
}

export interface CommandDescription {
  readonly name: string;
  /** `RUN`, `EXPERIMENT` …; those in brackets, at the end, may be left out. */
  readonly operands: readonly string[];
  readonly summary: string;
  readonly options: readonly OptionDescription[];
}

export interface Arguments {
  readonly operands: readonly string[];
  has(name: string): boolean;
  text(name: string): string | undefined;
  texts(name: string): readonly string[];
  /** A number within [least, most], whole unless `real`; BadInput otherwise. */
  number(name: string, limits: { least: number; most?: number; real?: boolean }): number | undefined;
  choice<T extends string>(name: string, choices: readonly T[]): T | undefined;
}

/** `--extent -1:2` as `--extent=-1:2`: a value that begins with a minus and a digit is no option. */
function withNegativeValues(words: readonly string[], options: Readonly<Record<string, { type: string }>>): string[] {
  const joined: string[] = [];
  for (const word of words) {
    const before = joined.at(-1);
    const takesValue = before?.startsWith('--') && options[before.slice(2)]?.type === 'string';
    if (takesValue && /^-[\d.]/.test(word)) joined[joined.length - 1] = `${before}=${word}`;
    else joined.push(word);
  }
  return joined;
}

/** The words behind a command. Unknown options and wrong numbers of operands are refused with the usage. */
export function readArguments(command: CommandDescription, words: readonly string[]): Arguments {
  const usage = usageLine(command);
  const known = command.options.map((option) => `--${option.name}`);
  const options = Object.fromEntries(
    command.options.map((option) => [
      option.name,
      { type: option.value === null ? ('boolean' as const) : ('string' as const), multiple: option.many ?? false },
    ]),
  );
  for (const word of words) {
    const name = word.split('=')[0] ?? word;
    if (name.startsWith('--') && name !== '--' && !known.includes(name)) {
      const nearest = nearestName(name, known);
      throw new BadInput(
        `${name} is not an option of ${command.name}.`,
        `${nearest ? `Did you mean ${nearest}? ` : ''}${usage}`,
      );
    }
  }
  let parsed: ReturnType<typeof parseArgs>;
  try {
    parsed = parseArgs({ args: withNegativeValues(words, options), options, allowPositionals: true, strict: true });
  } catch (problem) {
    throw new BadInput(`${(problem as Error).message.split('. ')[0]}.`, usage);
  }
  const least = command.operands.filter((operand) => !operand.startsWith('[')).length;
  if (parsed.positionals.length < least || parsed.positionals.length > command.operands.length)
    throw new BadInput(`${command.name} got ${parsed.positionals.length} operands.`, usage);
  const values = parsed.values as Record<string, string | boolean | string[] | undefined>;
  const text = (name: string) => values[name] as string | undefined;
  return {
    operands: parsed.positionals,
    has: (name) => values[name] !== undefined && values[name] !== false,
    text,
    texts: (name) => (values[name] as string[] | undefined) ?? [],
    number(name, { least, most = Number.POSITIVE_INFINITY, real = false }) {
      const given = text(name);
      if (given === undefined) return undefined;
      const value = given.trim() === '' ? Number.NaN : Number(given);
      if (value >= least && value <= most && (real || Number.isInteger(value))) return value;
      const limits = most === Number.POSITIVE_INFINITY ? `of at least ${least}` : `from ${least} to ${most}`;
      throw new BadInput(`--${name} ${given} cannot be used.`, `Give a ${real ? '' : 'whole '}number ${limits}.`);
    },
    choice(name, choices) {
      const given = text(name);
      if (given === undefined) return undefined;
      const match = choices.find((choice) => choice === given);
      if (match !== undefined) return match;
      throw new BadInput(`--${name} ${given} is not known.`, `Give one of ${choices.join(', ')}.`);
    },
  };
}

const usageLine = (command: CommandDescription): string =>
  `Usage: saddlescope ${[command.name, ...command.operands, command.options.length > 0 ? '[options]' : ''].filter(Boolean).join(' ')}; see saddlescope ${command.name} --help.`;

/** Columns of the help, and of the names before their explanations; a longer name has a line to itself. */
const helpColumns = 120;
const nameColumns = 30;

function optionLines(name: string, help: string): string[] {
  const lines = wrapped(help, helpColumns - nameColumns - 2);
  const indent = ' '.repeat(nameColumns + 2);
  if (name.length > nameColumns - 2) return [`  ${name}`, ...lines.map((line) => indent + line)];
  return lines.map((line, i) => (i === 0 ? `  ${name.padEnd(nameColumns)}${line}` : indent + line));
}

function wrapped(text: string, columns: number): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines[lines.length - 1]!;
    if (line !== '' && line.length + 1 + word.length > columns) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines;
}

export function helpText(command: CommandDescription, more: readonly string[] = []): string {
  const rows = command.options.map(
    (option) =>
      [
        `--${option.name}${option.value === null ? '' : ` ${option.value}`}${option.many ? ' …' : ''}`,
        option.help,
      ] as const,
  );
  return [
    command.summary,
    '',
    `  saddlescope ${[command.name, ...command.operands].join(' ')}${command.options.length > 0 ? ' [options]' : ''}`,
    '',
    ...rows.flatMap(([left, help]) => optionLines(left, help)),
    ...(more.length > 0 ? ['', ...more] : []),
    '',
    'Exit codes: 0 done, 2 bad input, 3 not converged, 75 stopped and resumable.',
  ].join('\n');
}
