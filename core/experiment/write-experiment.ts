import { stringify } from 'yaml';
import type { Experiment } from './experiment.ts';

const sourceSettings = (source: Experiment['data']['train']) =>
  'bundled' in source
    ? { bundled: source.bundled, ...source.parameters }
    : Object.fromEntries(Object.entries(source).filter(([, value]) => value !== null));

/** An experiment in the form of its file, every default written out: `readExperiment` reads it back as the same. */
export function writeExperiment({ format: _, name, seed, data, model, optimizer, ...rest }: Experiment): string {
  return stringify(
    {
      name,
      seed,
      data: { train: sourceSettings(data.train), test: data.test && sourceSettings(data.test), subset: data.subset },
      model: { ...model, layers: model.layers.map(({ type, options }) => ({ [type]: options })) },
      optimizer: { [optimizer.kind]: optimizer.settings },
      ...rest,
    },
    { version: '1.2', lineWidth: 110, flowCollectionPadding: true },
  );
}
