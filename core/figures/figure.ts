/** A Vega-Lite 6 specification as plain JSON: no functions, no NaN. */
export type Specification = Readonly<Record<string, unknown>>;

export interface Reference {
  /** Authors, year, title, for people. */
  readonly text: string;
  readonly bibtex: string;
}

/** A cell of a table; null where there is no number. */
export type Cell = number | string | null;

export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/** What is drawn at each place of the horizontal axis, for a cursor over the picture. */
export interface Readout {
  /** Names of the two axes: `λ`, `share per unit λ`. */
  readonly axis: { readonly x: string; readonly y: string };
  readonly lines: readonly {
    readonly name: string;
    /** On the axis as it is drawn, rising. */
    readonly at: readonly number[];
    /** What is told of the place, and of the curve there with its band. */
    readonly x: readonly number[];
    readonly y: readonly number[];
    readonly low: readonly (number | null)[];
    readonly high: readonly (number | null)[];
  }[];
}

/** A picture with everything that a reader needs to believe it: caption, numbers, the command that makes it again. */
export interface Figure {
  /** Lower case with hyphens; a file name and an anchor. */
  readonly id: string;
  readonly title: string;
  /** What is drawn, with the values that were left out and why. */
  readonly caption: string;
  /** The same for those who do not see it: what rises, what falls, where it ends. */
  readonly alternative: string;
  readonly specification: Specification;
  readonly command: string;
  readonly references: readonly Reference[];
  /** Every number drawn, before any thinning for the picture. */
  readonly data: Table;
  readonly readout?: Readout;
}

/** RFC 4180: a field with a comma, a quote or an end of line is quoted; no number is an empty field. */
export function tableCsv({ columns, rows }: Table): string {
  const field = (cell: Cell): string => {
    const text = cell === null ? '' : String(cell);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [columns, ...rows].map((row) => `${row.map(field).join(',')}\r\n`).join('');
}

/** JSON has no NaN and no infinities: null, which Vega leaves out. */
export const drawable = (value: number | null | undefined): number | null =>
  value !== null && value !== undefined && Number.isFinite(value) ? value : null;

/** On a logarithmic axis only what is positive has a place. */
export const drawableOnLog = (value: number | null | undefined): number | null => {
  const finite = drawable(value);
  return finite !== null && finite > 0 ? finite : null;
};
