import type { ReactNode } from 'react';
import type { CertifiedExtreme, SearchedPoint } from '../../core/analyses/saddles/saddle.ts';
import { checkPoint, copyCommand, followEscape, nameOfPoint, showSlice } from '../actions/saddle-actions.ts';
import { useSaddleSubject } from '../state/saddle-form.ts';
import { type PointName, pointKey, useSaddleScenes } from '../state/saddle-scenes.ts';
import {
  copyCounts,
  dimensionOf,
  type HeldSearch,
  kindOf,
  useSelectedPoint,
  useShownSearch,
} from '../state/searches.ts';
import { Badge, type BadgeKind } from '../widgets/badge.tsx';
import { Button } from '../widgets/button.tsx';
import type { IconName } from '../widgets/icon.tsx';
import { Numeral } from '../widgets/numbers.tsx';
import { EmptyState, KeyValues, PanelHead } from '../widgets/section.tsx';
import { CompactCertified } from './inspector/compact-certified.tsx';
import { durationText } from './jobs/job-text.ts';
import { PointChecks } from './saddles/point-checks.tsx';
import {
  certificateSentence,
  indexText,
  kindWords,
  natureOf,
  reasonText,
  smallText,
  startText,
} from './saddles/words.ts';
import './saddles/saddles.css';

/** What is proved of the selected point, every number with its bound. */
export function SaddleCertificatePanel() {
  const key = useSaddleSubject()?.key ?? '';
  const search = useShownSearch(key);
  const point = useSelectedPoint(key);
  return (
    <section className="saddle-panel" aria-label="Certificate">
      <PanelHead title="Certificate">{point === null ? null : <KindBadge point={point} />}</PanelHead>
      {point === null || search === null ? (
        <EmptyState sentence="Select a point: what is proved of it, and what is not, stands here." />
      ) : (
        <Certificate search={search} point={point} name={nameOfPoint(key, search, point)} />
      )}
    </section>
  );
}

const badges: Readonly<Record<ReturnType<typeof kindOf>, { readonly kind: BadgeKind; readonly sign: IconName }>> = {
  certified: { kind: 'ok', sign: 'check' },
  critical: { kind: 'warn', sign: 'open' },
  gradientFlat: { kind: 'info', sign: 'minus' },
  notConverged: { kind: 'info', sign: 'open' },
  atInfinity: { kind: 'bad', sign: 'cross' },
};

function KindBadge({ point }: { readonly point: SearchedPoint }) {
  const kind = kindOf(point);
  return (
    <>
      {point.precision === 'float32' ? (
        <Badge kind="warn" sign="approx">
          float32
        </Badge>
      ) : null}
      <Badge {...badges[kind]} title={kindWords[kind].meaning}>
        {kindWords[kind].word}
      </Badge>
    </>
  );
}

interface CertificateProps {
  readonly search: HeldSearch;
  readonly point: SearchedPoint;
  readonly name: PointName | null;
}

function Certificate({ search, point, name }: CertificateProps) {
  const { index, certified, proof } = point;
  const found = copyCounts(search.points).get(point.sameAs ?? point.number) ?? 1;
  return (
    <div className="certificate">
      <section className="section" aria-label="Index">
        <p className="certificate-index">
          <b>{index === null ? 'index not known' : `index ${indexText(index, certified)}`}</b>
          {index === null ? null : (
            <small>{certified ? 'exactly' : index.method === 'dense' ? 'not proved' : 'by quadrature'}</small>
          )}
        </p>
        <p className="certificate-nature">{natureSentence(point, found)}</p>
        <p>{certificateSentence(point)}</p>
        <Actions search={search} point={point} name={name} />
        {name === null ? null : <PointChecks name={name} point={point} />}
      </section>
      <section className="section" aria-label="Numbers">
        <KeyValues rows={numbers(point)} />
      </section>
      <section className="section" aria-label="How it was found">
        <p className="saddle-note">{foundSentence(search, point)}</p>
        {proof === null ? null : (
          <p className="saddle-note">
            Newton–Kantorovich: β = {smallText(proof.newtonStep)}, ℓ = {smallText(proof.lipschitz)}, h ={' '}
            {smallText(proof.h)}
            {proof.symmetryDirections > 0 ? `, ${proof.symmetryDirections} symmetry directions taken out` : ''}.
          </p>
        )}
      </section>
    </div>
  );
}

function natureSentence(point: SearchedPoint, found: number): string {
  const nature = natureOf(point);
  if (nature === 'point') return 'Where a search has ended.';
  const times = found > 1 ? `, found ${found} times` : '';
  return point.sameAs === null ? `A ${nature}${times}.` : `A ${nature}, the same as point ${point.sameAs}${times}.`;
}

const extreme = (one: CertifiedExtreme | null): ReactNode =>
  one === null ? '–' : <CompactCertified value={one.value} uncertainty={one.errorBound} />;

function numbers(point: SearchedPoint): (readonly [ReactNode, ReactNode])[] {
  const { index, zeroModes } = point;
  const rows: (readonly [ReactNode, ReactNode])[] = [
    ['Loss L', <Numeral key="loss" value={point.loss} digits={8} />],
    [
      '‖∇L‖²',
      <span key="gradient" className="numeral">
        {smallText(point.gradientNormSquared)}
      </span>,
    ],
    [
      'r, of ∇L in ker H',
      point.residual === null ? (
        'below rounding'
      ) : (
        <span key="r" className="numeral">
          {smallText(point.residual)}
        </span>
      ),
    ],
    ['λ min', extreme(point.lowest)],
    ['λ max', extreme(point.highest)],
    ['Nearest to zero', extreme(point.smallest)],
  ];
  if (index !== null)
    rows.push([
      'λ < 0, = 0, > 0',
      <span key="counts" className="numeral">
        {[index.negative, index.null, index.positive].map((count) => Math.round(count)).join(' · ')}
      </span>,
    ]);
  if (zeroModes !== null)
    rows.push([
      'Zero by symmetry',
      <span key="zero">
        <Numeral value={zeroModes.explained} />
        {zeroModes.count > zeroModes.explained ? ` of ${zeroModes.count}` : ''}
      </span>,
    ]);
  for (const { symmetry, directions } of zeroModes?.by ?? [])
    rows.push([<small key={symmetry}>{symmetry}</small>, <Numeral key={`${symmetry} count`} value={directions} />]);
  return rows;
}

/** `Newton-MR from step 400, noise 0.001: 12 iterations, 240 products, 0.9 s; ‖∇L‖² reached the tolerance. Polished by 3e−9.` */
function foundSentence({ document }: HeldSearch, point: SearchedPoint): string {
  const { stats, iterations, polishedBy, precision, moved } = point;
  const engine = document === null ? '' : `, ${document.engine}`;
  return [
    `From ${startText(point.start)}: ${iterations} ${iterations === 1 ? 'iteration' : 'iterations'}, ${stats.products} products, ${durationText(stats.seconds)}; ${reasonText(point.reason)}.`,
    `${moved.toPrecision(3)} from its start${polishedBy > 0 ? `, polished by ${polishedBy.toExponential(1)}` : ''}.`,
    `Judged in ${precision}${engine}.`,
  ].join(' ');
}

function Actions({ search, point, name }: CertificateProps) {
  const plane = useSaddleScenes((state) => state.plane);
  const isBusy = useSaddleScenes(({ checks }) => (name === null ? false : (checks[pointKey(name)]?.busy ?? false)));
  const why = name === null ? 'Only for searches that a run keeps' : undefined;
  const isSaddle = (point.index?.negative ?? 0) >= 0.5;
  const command = search.document?.command;
  return (
    <div className="certificate-actions">
      <Button
        size="small"
        isDisabled={name === null || isBusy}
        tooltip={why ?? 'The point read again, its eigenvalues against the dense matrix'}
        onPress={() => name && void checkPoint(name, dimensionOf(search) ?? Number.POSITIVE_INFINITY)}
      >
        {isBusy ? 'Checking…' : 'Check this'}
      </Button>
      <Button size="small" isDisabled={name === null} tooltip={why} onPress={() => name && void showSlice(name, plane)}>
        Show its landscape
      </Button>
      <Button
        size="small"
        isDisabled={name === null || !isSaddle}
        tooltip={why ?? (isSaddle ? 'Descent along ± its negative directions' : 'It has no negative direction')}
        onPress={() => name && void followEscape(name, plane)}
      >
        Follow the escape
      </Button>
      <Button size="small" isDisabled={command === undefined} onPress={() => command && void copyCommand(command)}>
        Copy the command
      </Button>
    </div>
  );
}
