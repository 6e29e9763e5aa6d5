import { useMemo, useState } from 'react';
import type { SpectrumDocument } from '../../../core/experiment/result-documents.ts';
import { type ComparedSpectrum, matrixName } from '../../../core/experiment/spectrum-figures.ts';
import type { Run } from '../../state/runs.ts';
import { StatusBadge } from '../../widgets/badge.tsx';
import { Numeral } from '../../widgets/numbers.tsx';
import { Section } from '../../widgets/section.tsx';
import { type EigenvaluePlace, EigenvalueTable } from '../inspector/eigenvalue-table.tsx';
import { type BlockColour, blockColours } from './block-colours.ts';
import { EigenvectorSection } from './eigenvector-section.tsx';
import { LayerSection } from './layer-table.tsx';
import { BlockLegend, MassBar } from './mass-bar.tsx';
import { Notices } from './notices.tsx';
import { SeedsTable } from './seeds-table.tsx';
import { CheckButton, CheckResult } from './spectrum-check.tsx';
import { spectrumKey } from './spectrum-list.tsx';
import { WholeSection } from './whole-section.tsx';

export interface SpectrumNumbersProps {
  readonly run: Run;
  readonly document: SpectrumDocument;
  readonly compared: ComparedSpectrum | null;
  readonly several: readonly SpectrumDocument[];
}

/** Everything that is known in numbers, each with its certificate. */
export function SpectrumNumbers({ run, document, compared, several }: SpectrumNumbersProps) {
  const [selected, setSelected] = useState<(EigenvaluePlace & { readonly of: string }) | null>(null);
  const key = spectrumKey(document);
  const hasVectors = [document.eigenvalues, document.bottom, document.magnitude ?? []].some((list) =>
    list.some(({ mass }) => mass),
  );
  // The first eigenvector of whatever is shown, until another one is chosen.
  const place: EigenvaluePlace = selected?.of === key ? selected : { end: 'top', index: 0 };
  const colours = useMemo(() => blockColours(document), [document]);
  return (
    <div className="spectrum-panel-numbers">
      <Notices notices={document.notices ?? []} />
      <Section
        title={
          several.length > 0
            ? `Eigenvalues over ${several.length} spectra`
            : `Eigenvalues of the ${matrixName(document)}`
        }
        aside={
          <span className="spectrum-panel-aside">
            <StatusBadge status={document.status} advice={document.advice} />
            <CheckButton run={run} document={document} />
          </span>
        }
      >
        <CheckResult run={run} document={document} />
        {several.length > 0 ? (
          <SeedsTable documents={several} />
        ) : (
          <EigenvalueList
            document={document}
            compared={compared}
            colours={hasVectors ? colours : null}
            selected={hasVectors && !compared ? place : null}
            onSelect={(chosen) => setSelected({ ...chosen, of: key })}
          />
        )}
      </Section>
      {hasVectors && !compared && several.length === 0 ? (
        <EigenvectorSection document={document} place={place} colours={colours} />
      ) : null}
      <LayerSection document={document} />
      <WholeSection document={document} />
      <HowComputed document={document} />
    </div>
  );
}

interface EigenvalueListProps {
  readonly document: SpectrumDocument;
  readonly compared: ComparedSpectrum | null;
  /** Null where no vectors were kept. */
  readonly colours: readonly BlockColour[] | null;
  readonly selected: EigenvaluePlace | null;
  readonly onSelect: (place: EigenvaluePlace) => void;
}

function EigenvalueList({ document, compared, colours, selected, onSelect }: EigenvalueListProps) {
  const { eigenvalues, bottom, magnitude } = document;
  if ([eigenvalues, bottom, magnitude ?? [], document.nearZero ?? []].every((list) => list.length === 0))
    return <p className="spectrum-panel-quiet">None were asked for.</p>;
  return (
    <>
      <EigenvalueTable
        document={document}
        compared={compared}
        details={{
          layers: colours && (({ mass }) => (mass ? <MassBar mass={mass} colours={colours} /> : null)),
          selected,
          onSelect,
        }}
      />
      {colours && !compared ? <BlockLegend colours={colours} /> : null}
      {compared ? (
        <p className="spectrum-panel-quiet">
          The difference is {compared.name} less {compared.ownName}, ± both errors added; in quiet colour where it is
          not larger.
        </p>
      ) : null}
    </>
  );
}

function HowComputed({ document }: { readonly document: SpectrumDocument }) {
  const { stats, precision, engine, seed, advice, operatorFormula, inexactReason, command } = document;
  return (
    <Section title="How it was computed">
      {operatorFormula ? <p className="spectrum-panel-formula">{operatorFormula}</p> : null}
      <p className="spectrum-panel-quiet">
        {stats.products} products in <Numeral value={stats.seconds} digits={2} /> s, {precision}, {engine}, seed {seed}.{' '}
        {advice}
      </p>
      {inexactReason === null || inexactReason === undefined ? null : (
        <p className="spectrum-panel-quiet">Products are differences of gradients: {inexactReason}</p>
      )}
      <p className="spectrum-panel-command">
        <code>npx {command}</code>
      </p>
    </Section>
  );
}
