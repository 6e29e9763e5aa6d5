import { FormatError, shown } from './format-error.ts';
import { limits } from './limits.ts';

/**
 * Tables of numbers as text (RFC 4180): fields separated by commas, quoted where needed, lines ended by LF or CR LF, a
 * byte-order mark allowed. The first line holds the column names unless all its fields are numbers. Numbers are
 * locale-free: a point for decimals, no separators of thousands; nan, inf and -inf in any case.
 */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: number;
  /** Row-major, rows × columns. */
  readonly data: Float64Array;
}

export interface CsvOptions {
  readonly delimiter?: ',' | ';' | '\t';
}

const numberPattern = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const notFinitePattern = /^([+-]?)(nan|inf|infinity)$/i;

/** The number that a field spells, or null. Digits that overflow to infinity are no number. */
export function parseDecimal(field: string): number | null {
  const text = field.trim();
  if (numberPattern.test(text)) {
    const value = Number(text);
    return Number.isFinite(value) ? value : null;
  }
  const match = notFinitePattern.exec(text);
  if (match === null) return null;
  if (match[2]!.toLowerCase() === 'nan') return Number.NaN;
  return match[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

function decode(bytes: Uint8Array): string {
  if (bytes.length === 0) throw new FormatError('file-empty', 'The table is empty.');
  if (bytes.length > limits.csvBytes) throw new FormatError('csv-too-large', `The table has ${bytes.length} bytes.`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new FormatError('csv-encoding', 'The table is not UTF-8 text.');
  }
}

/** Cuts the text into records one at a time, so that memory holds one line of fields beside the numbers. */
function* records(text: string, delimiter: string): Generator<string[]> {
  let at = 0;
  let line = 1;
  const where = () => `Line ${line} of the table`;

  function quoted(): string {
    let field = '';
    for (;;) {
      const close = text.indexOf('"', at);
      if (close < 0) throw new FormatError('csv-quote', `${where()} opens a quote that is never closed.`);
      field += text.slice(at, close);
      at = close + 1;
      if (text[at] !== '"') return field;
      field += '"';
      at += 1;
    }
  }

  function plain(): string {
    const from = at;
    while (at < text.length && text[at] !== delimiter && text[at] !== '\n' && text[at] !== '\r') {
      if (text[at] === '"') throw new FormatError('csv-quote', `${where()} has a quote inside an unquoted field.`);
      at += 1;
    }
    return text.slice(from, at);
  }

  while (at < text.length) {
    const fields: string[] = [];
    for (;;) {
      if (text[at] === '"') {
        at += 1;
        fields.push(quoted());
        if (at < text.length && text[at] !== delimiter && text[at] !== '\n' && text[at] !== '\r') {
          throw new FormatError('csv-quote', `${where()} goes on behind a closed quote.`);
        }
      } else fields.push(plain());
      if (fields.length > limits.csvColumns)
        throw new FormatError('csv-columns', `${where()} has more than ${limits.csvColumns} fields.`);
      if (text[at] !== delimiter) break;
      at += 1;
    }
    if (text[at] === '\r') {
      if (text[at + 1] !== '\n')
        throw new FormatError('csv-line-end', `${where()} has a carriage return without a line feed.`);
      at += 1;
    }
    at += 1;
    // Blank lines at the end are what editors leave; in between they are a missing row, and told as such.
    const onlyBlankFollows = fields.length === 1 && fields[0] === '' && text.slice(at).trim() === '';
    if (!onlyBlankFollows || line === 1) yield fields;
    line += 1;
  }
}

function names(first: readonly string[], delimiter: string): { columns: string[]; isData: boolean } {
  if (first.length === 1 && delimiter === ',' && /[;\t]/.test(first[0]!)) {
    throw new FormatError('csv-delimiter', `The first line of the table is ${shown(first[0]!)}, without a comma.`);
  }
  if (first.every((field) => parseDecimal(field) !== null)) {
    return { columns: first.map((_, i) => `column ${i + 1}`), isData: true };
  }
  const columns = first.map((field) => field.trim());
  for (const [i, column] of columns.entries()) {
    if (column === '') throw new FormatError('csv-columns', `Column ${i + 1} of the table has no name.`);
  }
  if (new Set(columns).size < columns.length) {
    const twice = columns.find((column, i) => columns.indexOf(column) < i)!;
    throw new FormatError('csv-columns', `The table has the column ${shown(twice)} twice.`);
  }
  return { columns, isData: false };
}

/** The table of numbers in a CSV file. Throws FormatError with line and column. */
export function readCsv(bytes: Uint8Array, { delimiter = ',' }: CsvOptions = {}): Table {
  const lines = records(decode(bytes), delimiter);
  const first = lines.next();
  if (first.done === true) throw new FormatError('csv-no-rows', 'The table holds no lines.');
  const { columns, isData } = names(first.value, delimiter);
  let data = new Float64Array(columns.length * 64);
  let rows = 0;
  const append = (fields: readonly string[], line: number): void => {
    if (fields.length !== columns.length) {
      throw new FormatError(
        'csv-ragged',
        `Record ${line} of the table has ${fields.length} fields, the first has ${columns.length}.`,
      );
    }
    if ((rows + 1) * columns.length > data.length) {
      const bigger = new Float64Array(data.length * 2);
      bigger.set(data);
      data = bigger;
    }
    for (const [i, field] of fields.entries()) {
      const value = parseDecimal(field);
      if (value === null) {
        throw new FormatError(
          'csv-number',
          `Record ${line}, column ${shown(columns[i]!)} of the table is ${shown(field)}.`,
        );
      }
      data[rows * columns.length + i] = value;
    }
    rows += 1;
  };
  let line = 1;
  if (isData) append(first.value, line);
  for (const fields of lines) append(fields, ++line);
  if (rows === 0) throw new FormatError('csv-no-rows', 'The table holds names but no rows.');
  return { columns, rows, data: data.slice(0, rows * columns.length) };
}

const field = (text: string): string => (/[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** The bytes of a table; every number in the shortest digits that give it back exactly. */
export function writeCsv({ columns, rows, data }: Table): Uint8Array<ArrayBuffer> {
  const lines = [columns.map(field).join(',')];
  const width = columns.length;
  for (let row = 0; row < rows; row++) {
    const cells: string[] = [];
    for (let i = row * width; i < (row + 1) * width; i++) {
      const value = data[i]!;
      if (Number.isNaN(value)) cells.push('nan');
      else if (Number.isFinite(value)) cells.push(Object.is(value, -0) ? '-0' : String(value));
      else cells.push(value > 0 ? 'inf' : '-inf');
    }
    lines.push(cells.join(','));
  }
  return new TextEncoder().encode(`${lines.join('\n')}\n`);
}
