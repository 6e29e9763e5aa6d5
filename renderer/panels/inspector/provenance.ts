import type { Run } from '../../state/runs.ts';

/** How the run was made, in rows: what must be equal for the numbers to be equal. */
export function provenanceRows(
  { description, file, branchedFrom, title }: Run,
  version: string | null,
): readonly (readonly [string, string])[] {
  const rows: (readonly [string, string])[] = [['Run', title]];
  if (version !== null) rows.push(['Program', `Saddlescope ${version}`]);
  if (description) {
    const { experiment, engine, precision, parameters, examples, testExamples, architecture, formula, hash } =
      description;
    rows.push(
      ['Model', `${architecture}, ${parameters} parameters`],
      ['Loss', formula],
      ['Data', `${dataName(experiment.data.train)}, ${examples} examples`],
    );
    if (experiment.data.test !== null && testExamples !== null)
      rows.push(['Test data', `${dataName(experiment.data.test)}, ${testExamples} examples`]);
    rows.push(
      ['Seed', String(experiment.seed)],
      ['Engine', `${engine}, ${precision}`],
      ['Experiment', `sha256 ${hash}`],
    );
  }
  if (branchedFrom) rows.push(['Branched from', `${branchedFrom.run} at step ${branchedFrom.step}`]);
  rows.push(['Folder', file.shown]);
  return rows;
}

type DataSource = NonNullable<Run['description']>['experiment']['data']['train'];

const dataName = (source: DataSource): string => ('bundled' in source ? source.bundled : source.file);
