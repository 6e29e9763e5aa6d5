import type { ReactNode } from 'react';
import { StatusBadge } from '../../widgets/badge.tsx';
import { Numeral } from '../../widgets/numbers.tsx';
import { CompactCertified } from './compact-certified.tsx';
import type { Measured, MeasuredEigenvalue, PlaneDistance, StepReading } from './reading.ts';
import { type ShownReading, useDistance } from './use-reading.ts';
import './quantities-section.css';

interface Row {
  readonly id: string;
  readonly name: ReactNode;
  readonly value: ReactNode;
  /** That it was measured at. */
  readonly step: number;
}

const letter = (symbol: string) => <i className="inspector-math">{symbol}</i>;

/** Everything else that is known at the step; a value of another step names it. */
export function QuantitiesSection({ run, reading }: ShownReading) {
  const rows = rowsOf(reading, useDistance(run, reading));
  const others = rows.some(({ step }) => step !== reading.step);
  return (
    <section className="section" aria-label="Quantities">
      {rows.length === 0 ? (
        <p className="inspector-quiet">Nothing has been measured up to this step.</p>
      ) : (
        <table className="quantities">
          <thead className={others ? '' : 'visually-hidden'}>
            <tr>
              <th scope="col">
                <span className="visually-hidden">Quantity</span>
              </th>
              <th scope="col">
                <span className="visually-hidden">Value</span>
              </th>
              <th scope="col">at step</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ id, name, value, step }) => (
              <tr key={id}>
                <th scope="row">{name}</th>
                <td>{value}</td>
                <td className="quantities-step">{step === reading.step ? null : <Numeral value={step} />}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function rowsOf(reading: StepReading, distance: PlaneDistance | null): readonly Row[] {
  const { loss, testLoss, testAccuracy, accuracy, batchLoss, gradientNorm, learningRate, noiseScale, lowest } = reading;
  const isOld = loss === null || loss.step !== reading.step;
  const row = (id: string, name: ReactNode, measured: Measured | null, percent = false): readonly Row[] =>
    measured === null
      ? []
      : [{ id, name, value: <Value measured={measured} percent={percent} />, step: measured.step }];
  return [
    ...row('loss', <>Loss {letter('L')}</>, loss),
    ...(isOld ? row('batchLoss', 'Loss of the step', batchLoss) : []),
    ...row('testLoss', 'Test loss', testLoss),
    ...(testAccuracy ? row('test', 'Test accuracy', testAccuracy, true) : row('train', 'Accuracy', accuracy, true)),
    ...row('gradientNorm', <>‖∇{letter('L')}‖</>, gradientNorm),
    ...(lowest
      ? [{ id: 'lowest', name: <>{letter('λ')} smallest</>, value: <Eigenvalue {...lowest} />, step: lowest.step }]
      : []),
    ...row('noiseScale', 'Noise scale', noiseScale),
    ...(learningRate
      ? [
          {
            id: 'learningRate',
            name: <>Step size {letter('η')}</>,
            value: <Numeral value={learningRate.value} />,
            // Of the last update: it holds at the step that follows it too.
            step: reading.step,
          },
        ]
      : []),
    ...(distance
      ? [{ id: 'distance', name: 'Plane distance', value: <Distance {...distance} />, step: distance.step }]
      : []),
  ];
}

function Value({ measured, percent }: { readonly measured: Measured; readonly percent: boolean }) {
  const { value, uncertainty } = measured;
  if (uncertainty === null && !percent) return <Numeral value={value} digits={4} />;
  return <CompactCertified value={value} uncertainty={uncertainty} percent={percent} />;
}

/** In quiet colour with its sign where the search did not reach what was wanted. */
function Eigenvalue({ value, uncertainty, converged, status }: MeasuredEigenvalue) {
  const number = <CompactCertified value={value} uncertainty={uncertainty} />;
  if (converged) return number;
  return (
    <span className="quantities-open">
      <StatusBadge status={status} />
      {number}
    </span>
  );
}

/** Of θ, and how far it lies from the centre of the plane: what the picture does not show, and of how much. */
function Distance({ distance, length }: PlaneDistance) {
  if (length === 0) return <span className="inspector-quiet">at its centre</span>;
  return (
    <>
      <Numeral value={distance} digits={2} />
      <span className="certified-error">
        {' '}
        of <Numeral value={length} digits={3} />
      </span>
    </>
  );
}
