import type { AnalysisDescriptor } from '../../../core/analyses/analysis-descriptor.ts';
import type { AnalysisDocument } from '../../../core/experiment/result-documents.ts';
import { writeJson } from '../../../core/formats/json-numbers.ts';
import { hasConverged, type Monitor } from '../../compute/documents/analysis-document.ts';
import { type OpenedPoint, openPoint } from '../../compute/open-point.ts';
import { analysisOptions, givenParameters } from '../analysis-options.ts';
import type { Command } from '../command.ts';
import { thisCommand } from '../command-line.ts';
import { exitCode } from '../exit-codes.ts';
import { experimentOptions, readGiven } from '../open.ts';
import { sayWhatWasStored } from '../stored-or-not.ts';
import { watched } from '../terminal/watched.ts';

/** An analysis whose document is all that there is of it, as a command. */
export interface DocumentAnalysis<D extends AnalysisDocument> {
  readonly descriptor: AnalysisDescriptor;
  /** What `--at` means for it. */
  readonly at: string;
  /** What the JSON document has, in lines. */
  readonly json: readonly string[];
  compute(
    point: OpenedPoint,
    run: string | null,
    parameters: Readonly<Record<string, unknown>>,
    command: string,
    monitor: Monitor,
  ): Promise<D>;
  /** Answers why nothing was stored, or null. */
  store(run: string, document: D): Promise<string | null>;
  lines(document: D): string[];
}

/** The command of an analysis: options and help from its descriptor, the result kept in its run, text or JSON. */
export function analysisCommand<D extends AnalysisDocument>(analysis: DocumentAnalysis<D>): Command {
  const { descriptor, at, json } = analysis;
  return {
    description: {
      name: descriptor.id,
      operands: ['RUN|EXPERIMENT'],
      summary: descriptor.question,
      options: [
        { name: 'at', value: 'STEP', help: at },
        ...analysisOptions(descriptor),
        ...experimentOptions,
        { name: 'json', value: null, help: 'one JSON document on standard output' },
      ],
    },
    more: [
      ...json,
      '',
      'References:',
      ...descriptor.references.map(({ authors, year, title }) => `  ${authors} (${year}): ${title}`),
    ],
    async run(args, terminal) {
      const { out, stop } = terminal;
      const [operand = ''] = args.operands;
      const given = await readGiven(operand, args);
      const parameters = givenParameters(descriptor, args);
      const point = await openPoint(given, args.number('at', { least: 0 }));
      try {
        const document = await watched(terminal, (monitor) =>
          analysis.compute(point, given.run, parameters, thisCommand(), monitor),
        );
        await sayWhatWasStored(given, terminal, (run) => analysis.store(run, document));
        const lines = args.has('json') ? [writeJson(document)] : analysis.lines(document);
        out.write(`${lines.join('\n')}\n`);
        return hasConverged(document) && !stop.aborted ? exitCode.done : exitCode.notConverged;
      } finally {
        point.opened.dispose();
      }
    },
  };
}
