import { type DataProvenance, noData, type Provenance } from '../../../core/experiment/run-folder.ts';
import type { Run } from '../../state/runs.ts';

type Row = readonly [name: string, value: string];

/** How the run was made, in rows: what must be equal for the numbers to be equal. */
export function provenanceRows(run: Run, provenance: Provenance | null): readonly Row[] {
  const { description, title, file } = run;
  const branch = branchText(run, provenance);
  const rows: readonly Row[] = [
    ['Run', title],
    ['Model', description ? `${description.architecture}, ${description.parameters} parameters` : ''],
    ['Loss', description?.formula ?? ''],
    ['Optimiser', description?.optimizerFormula ?? ''],
    ...(provenance ? rowsOfProvenance(provenance) : []),
    ['Branched', branch],
    ['Experiment', description ? `sha256 ${description.hash}` : ''],
    ['Folder', file.shown],
  ];
  return rows.filter(([, value]) => value !== '');
}

function rowsOfProvenance(provenance: Provenance): readonly Row[] {
  const { saddlescope, node, engine, precision, tfjs, processor, cores, platform, seed } = provenance;
  return [
    ['Data', dataText(provenance.train)],
    ['Test data', provenance.test ? dataText(provenance.test) : ''],
    ['Seed', String(seed)],
    ['Program', `Saddlescope ${saddlescope}, Node ${node}`],
    ['Engine', `${engine}, ${precision}${tfjs ? `, TensorFlow.js ${tfjs}` : ''}`],
    ['Machine', `${processor}, ${cores} cores, ${platform}`],
    ['Started', provenance.startedAt],
    ['Command', provenance.command],
  ];
}

function branchText({ branchedFrom }: Run, provenance: Provenance | null): string {
  if (provenance?.branchedFrom) return `from ${provenance.branchedFrom.folder} at step ${provenance.branchedFrom.step}`;
  return branchedFrom ? `from ${branchedFrom.run} at step ${branchedFrom.step}` : '';
}

const dataText = ({ name, source, examples, sha256 }: DataProvenance): string =>
  `${source}; ${name === noData ? '' : `${examples} examples, `}sha256 ${sha256}`;

/** Hashes by their beginning: enough to see that they differ. The copied text has them whole. */
export const shortHashes = (text: string): string => text.replace(/([0-9a-f]{12})[0-9a-f]{52}/g, '$1…');
