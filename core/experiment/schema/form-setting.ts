/** The settings of an experiment as plain data: what a form, a help text or a table of documentation is made of. */

export interface Choice {
  readonly id: string;
  readonly title: string;
  readonly help?: string;
}

/** `least` and `most` are included, `above` and `below` are not. */
export interface NumberRange {
  readonly least?: number;
  readonly above?: number;
  readonly most?: number;
  readonly below?: number;
}

/**
 * What may stand there. The named kinds without further facts are built of several values and have a control of their own:
 * a source of data, a part of the examples, layers, an optimiser, a schedule, conditions that end a run.
 */
export type SettingInput =
  | (NumberRange & { readonly kind: 'number' | 'wholeNumber' })
  /** Several numbers: as many as `length`, or one and more. */
  | (NumberRange & { readonly kind: 'numbers'; readonly whole: boolean; readonly length: number | null })
  | { readonly kind: 'text'; readonly longest?: number }
  | { readonly kind: 'flag' }
  | { readonly kind: 'choice'; readonly choices: readonly Choice[] }
  | { readonly kind: 'dataSource' | 'subset' | 'layers' | 'optimizer' | 'schedule' | 'stopConditions' };

export const groups = [
  { id: 'experiment', title: 'Experiment' },
  { id: 'data', title: 'Data' },
  { id: 'model', title: 'Model' },
  { id: 'loss', title: 'Loss' },
  { id: 'optimizer', title: 'Optimiser' },
  { id: 'run', title: 'Run' },
  { id: 'probes', title: 'Probes' },
  { id: 'engine', title: 'Engine' },
] as const;

export type GroupId = (typeof groups)[number]['id'];

export interface FormSetting {
  /** Keys from the top of the file. */
  readonly path: readonly string[];
  readonly title: string;
  /** One sentence. */
  readonly help: string;
  readonly group: GroupId;
  readonly input: SettingInput;
  /** What holds where the file says nothing; undefined where it must say something. */
  readonly default: unknown;
  /** What `null` means, where the setting may be null. */
  readonly nullMeans: string | null;
  readonly unit: string | null;
  /** Rarely touched: folded away in a form. */
  readonly advanced: boolean;
}
