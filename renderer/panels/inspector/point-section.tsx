import type { ReactNode } from 'react';
import { placeText } from '../../actions/slice-job.ts';
import { sliceTitle } from '../../state/slice-title.ts';
import { leaveStudiedPoint, useStudiedPoint } from '../../state/studied-point.ts';
import { StatusBadge } from '../../widgets/badge.tsx';
import { Button } from '../../widgets/button.tsx';
import { Numeral } from '../../widgets/numbers.tsx';
import { KeyValues, Section } from '../../widgets/section.tsx';
import { CompactCertified } from './compact-certified.tsx';

/** The point of a slice that the user went to: what is known of it, each number with its certificate. */
export function PointSection({ run }: { readonly run: string }) {
  const point = useStudiedPoint((state) => state.point);
  if (point === null || point.run !== run) return null;
  const { reading, spectrum, problem, busy, coordinates, plane } = point;
  const [top, bottom] = [spectrum?.eigenvalues[0], spectrum?.bottom[0]];
  const letter = (symbol: string) => <i className="inspector-math">{symbol}</i>;
  const rows: (readonly [ReactNode, ReactNode])[] = reading
    ? [
        [
          <>Loss {letter('L')}</>,
          <CompactCertified key="loss" value={reading.loss} uncertainty={reading.standardError} />,
        ],
        ...(reading.error === null
          ? []
          : [['Accuracy', <CompactCertified key="a" value={1 - reading.error} uncertainty={null} percent />] as const]),
        [<>‖∇{letter('L')}‖</>, <Numeral key="g" value={reading.gradientNorm} digits={4} />],
        ...(top
          ? [
              [
                <>{letter('λ')} largest</>,
                <CompactCertified key="t" value={top.value} uncertainty={top.errorBound} />,
              ] as const,
            ]
          : []),
        ...(bottom
          ? [
              [
                <>{letter('λ')} smallest</>,
                <CompactCertified key="b" value={bottom.value} uncertainty={bottom.errorBound} />,
              ] as const,
            ]
          : []),
      ]
    : [];
  return (
    <Section
      title={<span className="numeral">At {placeText(coordinates)}</span>}
      className="inspector-point"
      aside={
        <Button size="small" variant="quiet" onPress={leaveStudiedPoint} tooltip="Back to the path alone">
          Leave
        </Button>
      }
    >
      <p className="inspector-quiet">A point of “{sliceTitle(plane)}”, not of the path.</p>
      {rows.length > 0 ? <KeyValues rows={rows} /> : null}
      {spectrum && spectrum.status !== 'converged' ? <StatusBadge status={spectrum.status} /> : null}
      {busy ? (
        <p className="inspector-quiet" role="status">
          {reading === null ? 'Loss and gradient are being computed.' : 'Its eigenvalues are being computed.'}
        </p>
      ) : null}
      {problem === null ? null : <p className="landscape-note-warning">⚠ {problem}</p>}
      {reading === null ? null : (
        <p className="inspector-note">
          {reading.examples} examples, {reading.precision}, {reading.engine}.
        </p>
      )}
    </Section>
  );
}
