import { Fragment, type ReactNode } from 'react';
import type { ProbedEstimate, TraceReading } from '../../../core/analyses/spectrum/spectrum.ts';
import type { SpectrumDocument } from '../../../core/experiment/result-documents.ts';
import { certifiedText, numberText } from '../../../core/figures/number-text.ts';
import type { Status } from '../../../core/linalg/result.ts';
import { StatusBadge } from '../../widgets/badge.tsx';
import { Certified, Numeral } from '../../widgets/numbers.tsx';
import { Section } from '../../widgets/section.tsx';
import './whole-section.css';

export const traceMethods: Readonly<Record<TraceReading['method'], string>> = {
  hutchinson: 'Hutchinson',
  'hutch++': 'Hutch++',
  xtrace: 'XTrace',
};

type Row = readonly [name: ReactNode, value: ReactNode, note?: string];

/** What is known of all eigenvalues together, each estimate with its interval of 95 %. */
export function WholeSection({ document }: { readonly document: SpectrumDocument }) {
  const { trace, density, logDeterminant, effectiveDimension, dim, order, loss, gradientNorm, parts } = document;
  const rows: Row[] = [];
  if (trace)
    rows.push([
      'Trace',
      <Interval key="trace" estimate={trace} status={parts.trace} />,
      `${traceMethods[trace.method] ?? 'Hutchinson'}, ${trace.products ?? trace.probes} products`,
    ]);
  if (density)
    rows.push([
      'Mean eigenvalue',
      <PartValue key="mean" {...density.mean} status={parts.density} />,
      'standard error over the probes of the density',
    ]);
  if (logDeterminant)
    rows.push([
      <>
        ln det(<i>A</i> + <i>σI</i>)
      </>,
      <Interval key="logdet" estimate={logDeterminant} status={parts.density} />,
      `σ = ${numberText(logDeterminant.shift, 3)}`,
    ]);
  if (effectiveDimension)
    rows.push([
      'Effective dimension',
      <Interval key="effective" estimate={effectiveDimension} status={parts.density} />,
      `Σ λ/(λ + σ) over λ > 0, σ = ${numberText(effectiveDimension.shift, 3)}`,
    ]);
  rows.push(['Parameters', <Numeral key="dim" value={dim} />]);
  if (order !== undefined && order !== dim) rows.push(['Rows of the matrix', <Numeral key="order" value={order} />]);
  rows.push(
    ['Loss here', <Numeral key="loss" value={loss} digits={5} />],
    ['‖∇L‖ here', <Numeral key="gradient" value={gradientNorm} digits={4} />],
  );
  return (
    <Section title="Of the whole spectrum" aside="intervals of 95 %">
      <dl className="whole-section">
        {rows.map(([name, value, note], i) => (
          <Fragment key={typeof name === 'string' ? name : `row ${i}`}>
            <dt>{name}</dt>
            <dd>{value}</dd>
            {note ? <dd className="whole-section-note">{note}</dd> : null}
          </Fragment>
        ))}
      </dl>
    </Section>
  );
}

/** `178.4` with `175.9 … 180.9`: the estimate, and where the truth lies in 95 of 100 cases. */
function Interval({ estimate, status }: { readonly estimate: ProbedEstimate; readonly status: Status | null }) {
  const { value, low95, high95, standardError } = estimate;
  const half = (high95 - low95) / 2;
  const hasInterval = Number.isFinite(half);
  const digits = (number: number) => certifiedText(number, half).value;
  const number = hasInterval ? (
    <span className="numeral">
      {digits(value)}
      <span className="certified-error">
        {' '}
        [{digits(low95)}, {digits(high95)}]
      </span>
    </span>
  ) : (
    <Certified value={value} uncertainty={standardError} />
  );
  return <WithStatus status={status}>{number}</WithStatus>;
}

interface PartValueProps {
  readonly value: number;
  readonly standardError: number;
  readonly status: Status | null;
}

function PartValue({ value, standardError, status }: PartValueProps) {
  return (
    <WithStatus status={status}>
      <Certified value={value} uncertainty={standardError} />
    </WithStatus>
  );
}

/** An estimate of a part of the spectrum; in quiet colour with its badge where that part did not converge. */
function WithStatus({ status, children }: { readonly status: Status | null; readonly children: ReactNode }) {
  if (status === null || status === undefined || status === 'converged' || status === 'invariantSubspace')
    return children;
  return (
    <span className="spectrum-panel-open">
      <StatusBadge status={status} />
      {children}
    </span>
  );
}
