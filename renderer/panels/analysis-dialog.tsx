import { useEffect, useState } from 'react';
import type {
  AnalysisDescriptor,
  ParameterDeclaration,
  ParameterValue,
} from '../../core/analyses/analysis-descriptor.ts';
import { analyses } from '../../core/analyses/index.ts';
import type { AnalysisId } from '../../core/protocol/methods.ts';
import {
  measureCosts,
  runModes,
  runOverlap,
  runSampling,
  runSpectrum,
  runStructure,
} from '../actions/analysis-actions.ts';
import type { SliceCentre } from '../actions/slice-job.ts';
import { useResults } from '../state/results.ts';
import type { Run } from '../state/runs.ts';
import { closeDialog, useSession } from '../state/session.ts';
import { useStudiedRunEvery } from '../state/shown-run.ts';
import { stepLookedAt, useTime } from '../state/time.ts';
import { Button } from '../widgets/button.tsx';
import { DialogFrame } from '../widgets/dialog.tsx';
import { BlocksField, layersAndBlocks } from './analysis/blocks-field.tsx';
import { CostLines, References } from './analysis/cost-lines.tsx';
import { parameterGroups } from './analysis/groups.ts';
import { ParameterField } from './analysis/parameter-field.tsx';
import {
  analysisCommand,
  defaultParameters,
  givenValues,
  parameterTitle,
  problemOf,
  secondsOf,
  switchOf,
  type Values,
} from './analysis/parameters.ts';
import { PointField } from './analysis/point-field.tsx';
import { SliceForm } from './analysis/slice-form.tsx';
import { checkpointFor } from './inspector/reading.ts';
import './analysis-dialog.css';

/** What the dialog is opened about: which analysis, and values that differ from its own. */
export interface AnalysisRequest {
  readonly id: AnalysisId;
  readonly parameters?: Values;
  /** Of a slice: a point of another one in the place of a checkpoint. */
  readonly centre?: SliceCentre;
}

const requestOf = (about: unknown): AnalysisRequest =>
  about !== null && typeof about === 'object' && 'id' in about ? (about as AnalysisRequest) : { id: 'spectrum' };

/** New checkpoints are offered this often. */
const listedEveryMs = 1000;

/** The form of an analysis, made from its descriptor, with its cost before the start. */
export function AnalysisDialog() {
  const about = useSession(({ dialog }) => (dialog?.name === 'analysis' ? dialog.about : null));
  const run = useStudiedRunEvery(listedEveryMs);
  const request = requestOf(about);
  const descriptor = analyses.find(({ id }) => id === request.id);
  if (run === null || descriptor === undefined)
    return (
      <DialogFrame title="Analysis" onClose={closeDialog}>
        <p>No run is open: start an experiment or open a run first.</p>
      </DialogFrame>
    );
  // Opened while a run is still being read, it starts anew once all of its steps are known.
  const isRead = run.description !== null;
  if (request.id === 'slice')
    return <SliceForm key={`${run.id} ${isRead}`} run={run} given={request.parameters} centre={request.centre} />;
  return (
    <AnalysisForm
      key={`${run.id} ${descriptor.id} ${isRead}`}
      run={run}
      descriptor={descriptor}
      given={request.parameters}
    />
  );
}

interface AnalysisFormProps {
  readonly run: Run;
  readonly descriptor: AnalysisDescriptor;
  readonly given: Values | undefined;
}

function AnalysisForm({ run, descriptor, given }: AnalysisFormProps) {
  const [values, setValues] = useState<Values>(() => ({ ...defaultParameters(descriptor), ...given }));
  const [cursor] = useState(() => stepLookedAt(useTime.getState(), run));
  const [chosen, setChosen] = useState<number | null>(null);
  const step = chosen ?? checkpointFor(run.checkpoints, cursor);
  const costs = useResults((results) => results.costs[run.id]);
  const needsCosts = costs === undefined;
  useEffect(() => {
    if (needsCosts) void measureCosts(run.id);
  }, [needsCosts, run.id]);
  const isWhole = descriptor.parameters.every(
    (declaration) => problemOf(declaration, values[declaration.name] ?? null) === null,
  );
  const cost = descriptor.cost(values, run.description?.parameters ?? Number.POSITIVE_INFINITY);
  const start = () => {
    startAnalysis(run.id, descriptor, step, values);
    closeDialog();
  };
  const groups = parameterGroups(descriptor, values);
  const change = (name: string) => (value: ParameterValue) => setValues((before) => ({ ...before, [name]: value }));
  const fields = (parameters: readonly ParameterDeclaration[]) =>
    parameters.map((declaration) => {
      const { name, help } = declaration;
      const governor = switchOf(descriptor, name);
      const value = values[name] ?? null;
      return name === 'blocks' && declaration.type === 'text' ? (
        <BlocksField
          key={name}
          label={parameterTitle(name)}
          help={help}
          value={value}
          names={layersAndBlocks(run.description?.blocks.map((block) => block.name) ?? [])}
          onChange={change(name)}
        />
      ) : (
        <ParameterField
          key={name}
          declaration={declaration}
          value={value}
          isDisabled={governor !== null && values[governor] !== true}
          onChange={change(name)}
        />
      );
    });
  return (
    <DialogFrame
      title={descriptor.title}
      onClose={closeDialog}
      width={620}
      footer={
        <>
          <CostLines cost={cost} seconds={secondsOf(cost, costs)} />
          <Button onPress={closeDialog}>Cancel</Button>
          <Button variant="primary" onPress={start} isDisabled={!isWhole || step === null}>
            Start
          </Button>
        </>
      }
    >
      <div className="analysis-dialog">
        <p className="analysis-dialog-question">{descriptor.question}</p>
        <PointField checkpoints={run.checkpoints} cursor={cursor} value={step} onChange={setChosen} />
        {groups.map(({ title, parameters, folded }) =>
          folded ? (
            <details key={title} className="analysis-dialog-more">
              <summary>{title}</summary>
              <div className="analysis-dialog">{fields(parameters)}</div>
            </details>
          ) : (
            <fieldset key={title} className="analysis-dialog-group">
              {title === '' ? null : <legend>{title}</legend>}
              {fields(parameters)}
            </fieldset>
          ),
        )}
        <References descriptor={descriptor} />
        <p className="analysis-dialog-command">
          The same in a terminal: <code>npx {analysisCommand(descriptor, run.file.shown, step, values)}</code>
        </p>
      </div>
    </DialogFrame>
  );
}

function startAnalysis(run: string, descriptor: AnalysisDescriptor, step: number | null, values: Values): void {
  const given = givenValues(descriptor, values);
  if (descriptor.id === 'overlap') runOverlap(run, step, given);
  else if (descriptor.id === 'sampling') runSampling(run, step, given);
  else if (descriptor.id === 'structure') runStructure(run, step, given);
  else if (descriptor.id === 'modes') runModes(run, step, given);
  else runSpectrum(run, step, given);
}
