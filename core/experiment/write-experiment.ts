import { stringify } from 'yaml';
import type { ClosedFormSettings } from '../models/closed-form/closed-form-settings.ts';
import type { DataSource, Experiment } from './experiment.ts';

const sourceSettings = (source: DataSource) =>
  'bundled' in source
    ? { bundled: source.bundled, ...source.parameters }
    : Object.fromEntries(Object.entries(source).filter(([, value]) => value !== null));

function closedFormSettings(closedForm: ClosedFormSettings) {
  const { kind, ...settings } = closedForm;
  return kind === 'deepLinear' ? { [kind]: settings } : settings;
}

/** An experiment in the form of its file, every default written out: `readExperiment` reads it back as the same. */
export function writeExperiment({ format: _, name, seed, optimizer, ...others }: Experiment): string {
  const { data, model, loss, reduction, ...rest } = others;
  const { closedForm, ...layered } = model;
  const what = closedForm
    ? { model: closedFormSettings(closedForm) }
    : {
        data: {
          train: data.train && sourceSettings(data.train),
          test: data.test && sourceSettings(data.test),
          subset: data.subset,
        },
        model: { ...layered, layers: model.layers.map(({ type, options }) => ({ [type]: options })) },
        loss,
        reduction,
      };
  return stringify(
    { name, seed, ...what, optimizer: { [optimizer.kind]: optimizer.settings }, ...rest },
    { version: '1.2', lineWidth: 110, flowCollectionPadding: true },
  );
}
