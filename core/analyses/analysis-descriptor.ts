import type { Stats } from '../linalg/result.ts';

interface ParameterCommon {
  readonly name: string;
  /** One sentence for the form, the `--help` and the documentation. */
  readonly help: string;
}

/** A parameter of an analysis as plain data. A `null` default means: chosen by the analysis, as `help` says. */
export type ParameterDeclaration =
  | (ParameterCommon & {
      readonly type: 'integer' | 'number';
      readonly default: number | null;
      readonly minimum: number;
      readonly maximum: number;
    })
  | (ParameterCommon & { readonly type: 'boolean'; readonly default: boolean })
  | (ParameterCommon & { readonly type: 'text'; readonly default: string | null })
  | (ParameterCommon & { readonly type: 'choice'; readonly default: string; readonly choices: readonly string[] });

export type ParameterValue = number | boolean | string | null;
export type ParameterValues = Readonly<Record<string, ParameterValue>>;

/** What an analysis is expected to spend. */
export type Cost = Omit<Stats, 'seconds'>;

export interface Reference {
  readonly authors: string;
  readonly year: number;
  readonly title: string;
  readonly bibtex: string;
}

/**
 * An analysis as plain data, without what runs it: the command, its help, the form, the cost shown before the start and
 * the page of documentation all come from here. What runs it stands in `runs.ts`, on the side that computes.
 */
export interface AnalysisDescriptor {
  /** Stable, kebab-case, never reused. */
  readonly id: string;
  readonly title: string;
  /** A few words for the list of commands. */
  readonly summary: string;
  readonly question: string;
  readonly parameters: readonly ParameterDeclaration[];
  /** Pure: expected cost at dimension `dim` of θ. */
  cost(parameters: ParameterValues, dim: number): Cost;
  readonly references: readonly Reference[];
}
