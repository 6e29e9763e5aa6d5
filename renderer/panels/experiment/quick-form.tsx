import { useMemo } from 'react';
import { differences, differenceText } from '../../../core/experiment/differences.ts';
import { valueAt, withSetting } from '../../../core/experiment/experiment-text.ts';
import { closedFormOfValues, optimizerChoices, settingAt } from '../../../core/experiment/schema.ts';
import { thresholdAt } from '../../../core/experiment/stability.ts';
import { numberText } from '../../../core/figures/number-text.ts';
import { setLearningRate } from '../../actions/run-actions.ts';
import { useDrafts } from '../../state/drafts.ts';
import { perform } from '../../state/history.ts';
import { isAlive, type Run } from '../../state/runs.ts';
import { openDialog } from '../../state/session.ts';
import { Button } from '../../widgets/button.tsx';
import { NumberField, SelectField } from '../../widgets/fields.tsx';
import { givenSource, setChoices, withTrainingSet } from './data-fields.tsx';
import { examinedText } from './examined-text.ts';
import { givenOptimizer, withOptimizer } from './optimizer-fields.tsx';
import { startDraft } from './run-starts.ts';
import { wantedLearningRate } from './run-words.ts';
import type { TextForm } from './text-form.ts';
import { useTextForm } from './use-text-form.ts';

/**
 * The settings that one changes most. η acts on the run at once; the others are collected in a draft, with which a new
 * run or a branch is started.
 */
export function QuickForm({ run }: { readonly run: Run }) {
  const draft = useDrafts(({ drafts }) => drafts[run.id] ?? null);
  const text = draft ?? run.yaml;
  const form = useTextForm(text, (label, yaml) =>
    perform(label, { edit: 'draft', run: run.id, yaml: yaml === run.yaml ? null : yaml }),
  );
  return (
    <div className="quick-form">
      {closedFormOfValues(form.values) === null ? (
        <>
          <DataField form={form} examples={run.description?.examples ?? null} />
          <LossField form={form} />
        </>
      ) : null}
      <SelectField
        label="Optimiser"
        value={givenOptimizer(form.values)}
        options={optimizerChoices}
        onChange={(kind) => form.edit('optimiser', (yaml, values) => withOptimizer(yaml, values, kind))}
      />
      <StepSizeField form={form} run={run} isDraft={draft !== null} />
      <SeedField form={form} />
      {draft === null ? null : <DraftRow run={run} draft={draft} />}
    </div>
  );
}

function DataField({ form, examples }: { readonly form: TextForm; readonly examples: number | null }) {
  const source = givenSource(valueAt(form.values, ['data', 'train']));
  const options = source.kind === 'file' ? [{ id: source.name, title: source.name }] : setChoices(source.name);
  return (
    <SelectField
      label={examples === null ? 'Data' : `Data, ${numberText(examples, 9)}`}
      value={source.name}
      options={options}
      onChange={(name) => form.edit('data', (text, values) => withTrainingSet(text, values, name))}
    />
  );
}

function LossField({ form }: { readonly form: TextForm }) {
  const { input, path } = settingAt('loss');
  if (input.kind !== 'choice') return null;
  return (
    <SelectField
      label="Loss"
      value={String(valueAt(form.values, path) ?? '')}
      options={input.choices}
      onChange={(loss) => form.edit('loss', (text) => withSetting(text, path, loss))}
    />
  );
}

function SeedField({ form }: { readonly form: TextForm }) {
  const seed = valueAt(form.values, ['seed']);
  return (
    <NumberField
      label="Seed"
      value={typeof seed === 'number' ? seed : 0}
      minimum={0}
      whole
      step={1}
      onChange={(value) => form.edit('seed', (text) => withSetting(text, ['seed'], value))}
    />
  );
}

interface StepSizeFieldProps {
  readonly form: TextForm;
  readonly run: Run;
  readonly isDraft: boolean;
}

/** η with the curvature that it can bear beside it. */
function StepSizeField({ form, run, isDraft }: StepSizeFieldProps) {
  const kind = givenOptimizer(form.values);
  const drafted = valueAt(form.values, ['optimizer', kind, 'learningRate']);
  const acts = isAlive(run.state) && run.state !== 'stopping';
  const own = wantedLearningRate(run);
  const isOther = isDraft && run.description?.experiment.optimizer.kind !== kind;
  const value = (acts && !isOther ? own : (drafted as number | undefined)) ?? own ?? 0.1;
  const experiment = run.description?.experiment ?? null;
  const threshold = experiment && !isOther ? thresholdAt(experiment, value) : null;
  return (
    <NumberField
      label="Step size η"
      value={value}
      above={0}
      step={stepOf(value)}
      unit={
        threshold === null ? undefined : (
          <span
            title={threshold.binding ? 'Stability threshold' : 'Full-batch threshold; mini-batches need not respect it'}
          >
            {threshold.name.length > 8 ? 'limit' : threshold.name} {numberText(threshold.value, 3)}
          </span>
        )
      }
      onChange={(rate) => {
        if (acts && !isOther) setLearningRate(run.id, rate);
        else form.edit('step size', (text) => withSetting(text, ['optimizer', kind, 'learningRate'], rate));
      }}
    />
  );
}

/** A tenth of the leading digit's place, so that an arrow key is a small change at every size. */
const stepOf = (value: number): number => (value > 0 ? 10 ** (Math.floor(Math.log10(value)) - 1) : 0.01);

function DraftRow({ run, draft }: { readonly run: Run; readonly draft: string }) {
  const { experiment, complaint } = useMemo(() => examinedText(draft), [draft]);
  const before = useMemo(() => examinedText(run.yaml).experiment, [run.yaml]);
  const changes = before && experiment ? differences(before, experiment) : [];
  const branches = changes.every(({ key }) => !/^(seed|data\.(train|subset)|model)/.test(key));
  return (
    <section className="quick-form-draft" aria-label="Changed settings">
      <p>
        {complaint
          ? `${complaint.found} ${complaint.advice}`
          : `Changed: ${changes.map(differenceText).join(', ') || 'only the text'}. The run goes on as it is.`}
      </p>
      <div className="quick-form-draft-buttons">
        <Button size="small" onPress={() => void startDraft(run, draft)} isDisabled={experiment === null}>
          Start as new run
        </Button>
        <Button
          size="small"
          onPress={() => openDialog('branch', { run: run.id, yaml: draft })}
          isDisabled={experiment === null || !branches || run.checkpoints.length === 0}
          tooltip={branches ? undefined : 'A branch keeps seed, training data and model'}
        >
          Branch here…
        </Button>
        <Button
          size="small"
          variant="quiet"
          onPress={() => perform('Discard changes', { edit: 'draft', run: run.id, yaml: null })}
        >
          Discard
        </Button>
      </div>
    </section>
  );
}
