import { useCallback, useState } from 'react';
import type { ProposedSize, ScatteredCurvature } from '../../../core/analyses/sampling/sampling.ts';
import { miniBatchFigure, samplingErrorFigure } from '../../../core/experiment/curvature-figures.ts';
import type { SamplingDocument } from '../../../core/experiment/result-documents.ts';
import { numberText, percentText } from '../../../core/figures/number-text.ts';
import type { Theme } from '../../../core/figures/theme.ts';
import type { Run } from '../../state/runs.ts';
import { openDialog } from '../../state/session.ts';
import { StatusBadge } from '../../widgets/badge.tsx';
import { Button } from '../../widgets/button.tsx';
import { Certified, Numeral } from '../../widgets/numbers.tsx';
import { Section } from '../../widgets/section.tsx';
import { Segmented } from '../../widgets/segmented.tsx';
import { DocumentFigure } from './document-figure.tsx';
import { Formula } from './formula.tsx';
import { hessianThreshold } from './hessian-threshold.ts';
import { HowComputed } from './how-computed.tsx';
import { ProposalSection } from './proposal-section.tsx';
import { intervalText } from './texts.ts';

export interface SamplingViewProps {
  readonly run: Run;
  readonly document: SamplingDocument;
}

type Quantity = ProposedSize['quantity'];
const quantities: readonly { readonly id: Quantity; readonly title: string }[] = [
  { id: 'sharpness', title: 'Sharpness' },
  { id: 'trace', title: 'Trace' },
];

/** How far curvature may be off because it is of these examples, and how many are enough. */
export function SamplingView({ run, document }: SamplingViewProps) {
  const [quantity, setQuantity] = useState<Quantity>('sharpness');
  const [accuracy, setAccuracy] = useState(document.proposals[0]?.accuracy ?? 0.05);
  const draw = useCallback(
    (theme: Theme) => samplingErrorFigure(document, quantity, accuracy, theme),
    [document, quantity, accuracy],
  );
  return (
    <div className="curvature-columns">
      <div>
        <Section
          title="Error of a subsample"
          aside={<Segmented label="Error of" value={quantity} options={quantities} onChange={setQuantity} />}
        >
          <DocumentFigure draw={draw} />
        </Section>
        <MiniBatchSection run={run} document={document} />
      </div>
      <div>
        <ValueSection document={document} />
        <ProposalSection
          run={run}
          document={document}
          quantity={quantity}
          accuracy={accuracy}
          onAccuracy={setAccuracy}
        />
        <HowComputed document={document} />
      </div>
    </div>
  );
}

function ValueSection({ document }: { readonly document: SamplingDocument }) {
  const { sharpness, trace, biasConstant, examples, status, advice } = document;
  return (
    <Section
      title={`Of these ${numberText(examples)} examples`}
      aside={<StatusBadge status={status} advice={advice} />}
    >
      <table className="curvature-table">
        <thead>
          <tr>
            <th scope="col">quantity</th>
            <th scope="col">value ± standard error</th>
            <th scope="col">σ of one example</th>
          </tr>
        </thead>
        <tbody>
          <ValueRow name="sharpness" curvature={sharpness} />
          <ValueRow name="trace" curvature={trace} />
        </tbody>
      </table>
      <p className="curvature-quiet">
        ± as a value of the population that the examples were drawn from, with the error of the search or of the probes.
        Bias of the largest eigenvalue of n examples: c/n with c ={' '}
        <Certified value={biasConstant.value} uncertainty={biasConstant.standardError} />.
      </p>
    </Section>
  );
}

function ValueRow({ name, curvature }: { readonly name: Quantity; readonly curvature: ScatteredCurvature }) {
  const { value, uncertainty, standardError, perExample, perExampleLow95, perExampleHigh95 } = curvature;
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>
        <Certified value={value} uncertainty={Math.hypot(standardError, uncertainty)} />
        <small>{percentText(standardError / Math.abs(value))} from the examples</small>
      </td>
      <td>
        <Numeral value={perExample} digits={3} />
        <small>{intervalText(perExampleLow95, perExampleHigh95)}</small>
      </td>
    </tr>
  );
}

/** Of a run that has no batch size of its own. */
const typicalBatch = 32;

function MiniBatchSection({ run, document }: SamplingViewProps) {
  const { batchSharpness, examples, step } = document;
  const draw = useCallback(
    (theme: Theme) => miniBatchFigure(document, hessianThreshold(run, step), theme),
    [document, run, step],
  );
  if (batchSharpness === null) {
    const own = run.description?.experiment.optimizer.settings.batchSize;
    const batchSize = Math.min(typeof own === 'number' ? own : typicalBatch, Math.max(1, Math.floor(examples / 2)));
    return (
      <Section
        title="Sharpness of mini-batches"
        aside={
          <Button size="small" onPress={() => openDialog('analysis', { id: 'sampling', parameters: { batchSize } })}>
            Measure mini-batches…
          </Button>
        }
      >
        <p className="curvature-quiet">Not measured yet: what is the curvature that single steps of training see?</p>
      </Section>
    );
  }
  const { sharpness, alongGradient, batches, batchSize } = batchSharpness;
  return (
    <Section title="Sharpness of mini-batches" aside={`${numberText(batches)} of ${numberText(batchSize)} examples`}>
      <DocumentFigure draw={draw} />
      <table className="curvature-table">
        <thead>
          <tr>
            <th scope="col">quantity</th>
            <th scope="col">mean ± standard error</th>
            <th scope="col">5 %</th>
            <th scope="col">median</th>
            <th scope="col">95 %</th>
          </tr>
        </thead>
        <tbody>
          {(
            [
              ['λ_max(H_B)', sharpness],
              ['g_Bᵀ H_B g_B / ‖g_B‖²', alongGradient],
            ] as const
          ).map(([name, { mean, standardError, quantiles }]) => (
            <tr key={name}>
              <th scope="row">
                <Formula formula={name} />
              </th>
              <td>
                <Certified value={mean} uncertainty={standardError} />
              </td>
              {[0, 2, 4].map((i) => (
                <td key={i}>
                  <Numeral value={quantiles[i]} digits={4} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}
