import path from 'node:path';
import { BadInput } from '../../../core/bad-input.ts';
import { writeReport } from '../../compute/report/run-report.ts';
import { isRunFolder } from '../../host/run-folder.ts';
import type { Command } from '../command.ts';
import { exitCode } from '../exit-codes.ts';

export const report: Command = {
  description: {
    name: 'report',
    operands: ['RUN'],
    summary:
      'Writes one self-contained HTML page about a run from what lies in its folder, and its figures as SVG and CSV.',
    options: [],
  },
  async run({ operands: [run = ''] }, terminal) {
    if (!(await isRunFolder(run)))
      throw new BadInput(`${run} is not the folder of a run.`, 'Give a folder that `saddlescope train` has written.');
    terminal.out.write(`${await writeReport(path.resolve(run))}\n`);
    return exitCode.done;
  },
};
