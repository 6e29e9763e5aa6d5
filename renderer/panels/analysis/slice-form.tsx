import { useEffect, useState } from 'react';
import { sliceDescriptor } from '../../../core/analyses/slices/descriptor.ts';
import type { DirectionKind } from '../../../core/analyses/slices/directions/direction-kinds.ts';
import { axesOfShape, mostPoints } from '../../../core/analyses/slices/grid-text.ts';
import { quantityDescriptions } from '../../../core/analyses/slices/quantities.ts';
import { measureCosts, runSlice } from '../../actions/analysis-actions.ts';
import { nameOfJob, placeText, type SliceCentre, withPaths } from '../../actions/slice-job.ts';
import { useResults } from '../../state/results.ts';
import type { Run } from '../../state/runs.ts';
import { closeDialog } from '../../state/session.ts';
import { useSettings } from '../../state/settings.ts';
import { stepLookedAt, useTime } from '../../state/time.ts';
import { Button } from '../../widgets/button.tsx';
import { DialogFrame } from '../../widgets/dialog.tsx';
import { NumberField, SelectField, SwitchField, TextField } from '../../widgets/fields.tsx';
import { numeralText } from '../../widgets/numeral-text.ts';
import { Segmented } from '../../widgets/segmented.tsx';
import { checkpointFor } from '../inspector/reading.ts';
import { chooseSlice } from '../landscape/slice-menu.tsx';
import { CostLines, References } from './cost-lines.tsx';
import { OtherPointField } from './other-point-field.tsx';
import {
  analysisCommand,
  asNumberOrNull,
  defaultParameters,
  givenValues,
  secondsOf,
  type Values,
} from './parameters.ts';
import { PointField } from './point-field.tsx';
import {
  directionsFor,
  directionTitles,
  type ExtentKind,
  parametersOfWish,
  problemOfWish,
  type SliceWish,
  wishOf,
  withShape,
} from './slice-wish.ts';
import './slice-form.css';

const shapes = [
  { id: 'line', title: 'Line' },
  { id: 'plane', title: 'Plane' },
  { id: 'volume', title: 'Volume' },
] as const;
const extents = [
  { id: 'own', title: 'By itself', help: 'what suits the directions' },
  { id: 'half', title: '± width' },
  { id: 'ends', title: 'From, to' },
  { id: 'rise', title: 'By rise', help: 'as far as the loss rises' },
] as const satisfies readonly { readonly id: ExtentKind; readonly title: string; readonly help?: string }[];
const names = ['α', 'β', 'γ'] as const;

export interface SliceFormProps {
  readonly run: Run;
  readonly given: Values | undefined;
  /** A point of another slice in the place of a checkpoint. */
  readonly centre: SliceCentre | undefined;
}

/** The shown slice, where nothing else was asked for. */
function firstWish(given: Values | undefined): SliceWish {
  const { plane, grid } = useSettings.getState().landscape;
  const isAutomatic = /^(pca|eigen|random)$/.test(plane);
  const shown = isAutomatic ? { plane, grid: String(grid) } : { plane: 'random', grid: String(grid) };
  return wishOf({ ...defaultParameters(sliceDescriptor), ...(given ?? shown) });
}

/** What a slice spans, how far, how fine, of what, with its cost before the start. */
export function SliceForm({ run, given, centre }: SliceFormProps) {
  const [wish, setWish] = useState(() => firstWish(given));
  const [cursor] = useState(() => stepLookedAt(useTime.getState(), run));
  const [chosen, setChosen] = useState<number | null>(null);
  const step = centre ? null : (chosen ?? checkpointFor(run.checkpoints, cursor));
  const costs = useResults((results) => results.costs[run.id]);
  const needsCosts = costs === undefined;
  useEffect(() => {
    if (needsCosts) void measureCosts(run.id);
  }, [needsCosts, run.id]);
  const dim = run.description?.parameters ?? Number.POSITIVE_INFINITY;
  const axes = axesOfShape(wish.shape);
  const points = wish.sizes.slice(0, axes).reduce((product, size) => product * size, 1);
  const problem =
    problemOfWish(wish) ?? (points > mostPoints ? 'That are too many points: take fewer along each axis.' : null);
  const values = parametersOfWish(wish);
  const cost = points > mostPoints ? null : sliceDescriptor.cost(values, dim);
  const start = () => {
    const parameters = givenValues(sliceDescriptor, values);
    chooseSlice(nameOfJob({ parameters, centre }));
    runSlice(run.id, step, parameters, centre);
    closeDialog();
  };
  const set = (change: Partial<SliceWish>) => setWish((before) => ({ ...before, ...change }));
  const other = (name: string) => (value: Values[string]) => set({ others: { ...wish.others, [name]: value } });
  return (
    <DialogFrame
      title="New slice"
      onClose={closeDialog}
      width={660}
      footer={
        <>
          {cost === null ? (
            <span className="analysis-dialog-cost" />
          ) : (
            <CostLines cost={cost} seconds={secondsOf(cost, costs)} />
          )}
          <Button onPress={closeDialog}>Cancel</Button>
          <Button
            variant="primary"
            onPress={start}
            isDisabled={problem !== null || (step === null && !centre)}
            tooltip={problem ?? undefined}
          >
            Start
          </Button>
        </>
      }
    >
      <div className="analysis-dialog slice-form">
        <div className="slice-form-row">
          <span className="slice-form-label">Shape</span>
          <Segmented
            label="Shape"
            value={wish.shape}
            options={shapes}
            onChange={(shape) => setWish((before) => withShape(before, shape))}
          />
        </div>
        {centre ? (
          <p className="analysis-dialog-quiet">
            Its centre is the point {placeText(centre.coordinates)} of the slice that is shown.
          </p>
        ) : (
          <PointField checkpoints={run.checkpoints} cursor={cursor} value={step} onChange={setChosen} />
        )}
        <AxisFields wish={wish} run={run} isCheckpoint={centre === undefined} onChange={set} onOther={other} />
        <ExtentFields wish={wish} onChange={set} onOther={other} />
        <QuantityFields wish={wish} dim={dim} points={points} onChange={set} />
        <DirectionFields wish={wish} onOther={other} />
        <ExampleFields wish={wish} run={run} onOther={other} />
        {problem === null ? null : (
          <p className="slice-form-problem" role="status">
            {problem}
          </p>
        )}
        <References descriptor={sliceDescriptor} />
        {centre ? null : (
          <p className="analysis-dialog-command">
            The same in a terminal:{' '}
            <code>npx {analysisCommand(sliceDescriptor, run.file.shown, step, withPaths(values) as Values)}</code>
          </p>
        )}
      </div>
    </DialogFrame>
  );
}

interface PartProps {
  readonly wish: SliceWish;
  readonly onChange: (change: Partial<SliceWish>) => void;
  readonly onOther: (name: string) => (value: Values[string]) => void;
}

/** A copy of three with another k-th. */
const withAt = <T,>(list: readonly [T, T, T], k: number, value: T): readonly [T, T, T] =>
  list.map((one, l) => (l === k ? value : one)) as unknown as readonly [T, T, T];

function AxisFields({
  wish,
  run,
  isCheckpoint,
  onChange,
  onOther,
}: PartProps & { readonly run: Run; readonly isCheckpoint: boolean }) {
  const axes = axesOfShape(wish.shape);
  const used = wish.directions.slice(0, axes);
  return (
    <fieldset className="analysis-dialog-group">
      <legend>Axes</legend>
      {used.map((kind, k) => {
        const name = names[k]!;
        const offered = directionsFor(wish, k, { isCheckpoint });
        return (
          <div key={name} className="slice-form-axis">
            <SelectField
              label={`${name} along`}
              value={kind}
              options={offered.map((id) => ({ id, title: directionTitles[id] }))}
              onChange={(id) => onChange({ directions: withAt(wish.directions, k, id as DirectionKind) })}
              error={offered.includes(kind) ? null : 'This direction cannot be had here.'}
            />
            <NumberField
              label={`Points along ${name}`}
              hideLabel
              value={wish.sizes[k]!}
              minimum={2}
              maximum={2001}
              whole
              step={1}
              unit="points"
              onChange={(size) => onChange({ sizes: withAt(wish.sizes, k, size) })}
            />
          </div>
        );
      })}
      {used.includes('difference') ? (
        <OtherPointField
          label="Other point"
          run={run}
          value={textOf(wish.others.to)}
          onChange={(to) => onOther('to')(to)}
        />
      ) : null}
      {used.includes('third') ? (
        <OtherPointField
          label="Third point"
          run={run}
          value={textOf(wish.others.third)}
          onChange={(third) => onOther('third')(third)}
        />
      ) : null}
    </fieldset>
  );
}

const textOf = (value: Values[string] | undefined): string | null => (typeof value === 'string' ? value : null);

function ExtentFields({ wish, onChange, onOther }: PartProps) {
  const axes = axesOfShape(wish.shape);
  return (
    <fieldset className="analysis-dialog-group">
      <legend>Extent</legend>
      <div className="slice-form-row">
        <span className="slice-form-label">How far</span>
        <Segmented label="Extent" value={wish.extent} options={extents} onChange={(extent) => onChange({ extent })} />
      </div>
      {wish.extent === 'rise' ? (
        <NumberField
          label="Rise of the loss"
          value={Number(wish.others.rise ?? 4)}
          above={0}
          maximum={1e9}
          help="At the ends the loss is (1 + rise) times that at the centre."
          onChange={onOther('rise')}
        />
      ) : null}
      {wish.extent === 'half'
        ? names
            .slice(0, axes)
            .map((name, k) => (
              <NumberField
                key={name}
                label={`Half-width of ${name}`}
                value={wish.halves[k]!}
                above={0}
                help={k === axes - 1 ? 'In multiples of the direction.' : undefined}
                onChange={(half) => onChange({ halves: withAt(wish.halves, k, half) })}
              />
            ))
        : null}
      {wish.extent === 'ends'
        ? names.slice(0, axes).map((name, k) => (
            <div key={name} className="slice-form-axis">
              <NumberField
                label={`${name} from`}
                value={wish.lows[k]!}
                onChange={(low) => onChange({ lows: withAt(wish.lows, k, low) })}
              />
              <NumberField
                label={`${name} to`}
                hideLabel
                unit="to"
                value={wish.highs[k]!}
                onChange={(high) => onChange({ highs: withAt(wish.highs, k, high) })}
              />
            </div>
          ))
        : null}
      <SwitchField
        label="Fine only where it bends"
        value={wish.others.adaptive !== null && wish.others.adaptive !== undefined}
        onChange={(on) => onOther('adaptive')(on ? 0.01 : null)}
      />
      {typeof wish.others.adaptive === 'number' ? (
        <NumberField
          label="Share of the range"
          value={wish.others.adaptive}
          minimum={1e-6}
          maximum={1}
          help="Where halving the spacing changes it by more than this; other points stay uncomputed."
          onChange={onOther('adaptive')}
        />
      ) : null}
    </fieldset>
  );
}

/** `free`, `+ 1 gradient a point`, `+ 30 products a point`. */
function costOf({ needs, products }: (typeof quantityDescriptions)[number], dim: number): string {
  const count = Number.isFinite(dim) ? products(dim) : 0;
  if (needs === 'loss') return 'comes with the loss';
  if (needs === 'gradient') return 'a gradient a point';
  return count === 0 ? 'comes with both λ' : `about ${count} products a point`;
}

function QuantityFields({
  wish,
  dim,
  points,
  onChange,
}: Omit<PartProps, 'onOther'> & { readonly dim: number; readonly points: number }) {
  return (
    <fieldset className="analysis-dialog-group">
      <legend>Quantities</legend>
      <ul className="slice-form-quantities">
        {quantityDescriptions.map((description) => {
          const { id, title, meaning } = description;
          const isLoss = id === 'loss';
          return (
            <li key={id}>
              <label>
                <input
                  type="checkbox"
                  checked={wish.quantities.includes(id)}
                  disabled={isLoss}
                  onChange={({ target }) =>
                    onChange({
                      quantities: target.checked
                        ? [...wish.quantities, id]
                        : wish.quantities.filter((one) => one !== id),
                    })
                  }
                />
                <span>{title}</span>
                <small title={meaning}>{isLoss ? `${numeralText(points)} losses` : costOf(description, dim)}</small>
              </label>
            </li>
          );
        })}
      </ul>
    </fieldset>
  );
}

const choicesOf = (name: string): readonly string[] => {
  const declaration = sliceDescriptor.parameters.find((one) => one.name === name);
  return declaration?.type === 'choice' ? declaration.choices : [];
};
const words: Readonly<Record<string, string>> = {
  own: 'As usual: random ones by filter, others not',
  filter: 'By filter',
  layer: 'By layer',
  tensor: 'By tensor',
  global: 'By the whole of θ',
  none: 'Not at all',
  zero: 'Zero',
  keep: 'As drawn',
  scale: 'Scaled to their norm',
  train: 'Training set',
  test: 'Test set',
  experiment: 'As in the experiment',
  frozen: 'Frozen: those of the centre',
  recalibrated: 'Recalibrated at each point',
  batch: 'Of the batch',
};

function ChoiceField({
  name,
  label,
  wish,
  onOther,
}: Omit<PartProps, 'onChange'> & { readonly name: string; readonly label: string }) {
  return (
    <SelectField
      label={label}
      value={String(wish.others[name])}
      options={choicesOf(name).map((id) => ({ id, title: words[id] ?? id }))}
      onChange={onOther(name)}
    />
  );
}

function DirectionFields({ wish, onOther }: Omit<PartProps, 'onChange'>) {
  return (
    <details className="analysis-dialog-more">
      <summary>Scaling of the directions</summary>
      <div className="analysis-dialog">
        <ChoiceField name="normalization" label="Scaled to θ" wish={wish} onOther={onOther} />
        <ChoiceField name="biases" label="Biases" wish={wish} onOther={onOther} />
        <ChoiceField name="gains" label="Gains and shifts" wish={wish} onOther={onOther} />
        <SwitchField
          label="Without scale directions"
          help="Takes out what only rescales layers against each other and leaves the function as it is."
          value={wish.others.removeScales === true}
          onChange={onOther('removeScales')}
        />
      </div>
    </details>
  );
}

function ExampleFields({ wish, run, onOther }: Omit<PartProps, 'onChange'> & { readonly run: Run }) {
  const layers = JSON.stringify(run.description?.experiment.model ?? {});
  const hasBatchNorm = /batchNorm/i.test(layers);
  const hasTest = run.description === null || run.description.testExamples !== null;
  return (
    <details className="analysis-dialog-more">
      <summary>Examples and certificates</summary>
      <div className="analysis-dialog">
        {hasTest ? <ChoiceField name="on" label="Examples of" wish={wish} onOther={onOther} /> : null}
        <TextField
          label="Random subset"
          placeholder="all examples"
          help="So many examples, the same at each point; the standard error of the loss comes with it."
          value={
            wish.others.examples === null || wish.others.examples === undefined ? '' : String(wish.others.examples)
          }
          onChange={(text) => onOther('examples')(asNumberOrNull(text))}
        />
        <SwitchField
          label="Standard errors"
          help="Of the loss over the examples, at every point."
          value={wish.others.uncertainty === true}
          onChange={onOther('uncertainty')}
        />
        {hasBatchNorm ? <ChoiceField name="statistics" label="Batch statistics" wish={wish} onOther={onOther} /> : null}
        <SwitchField
          label="Keep its topology"
          help="Merge tree and persistence of the minima, in the result."
          value={wish.others.topology === true}
          onChange={onOther('topology')}
        />
      </div>
    </details>
  );
}
