import { useMemo, useState } from 'react';
import type { SpectrumDocument } from '../../core/experiment/result-documents.ts';
import { type ComparedSpectrum, operatorName, spectrumFigures } from '../../core/experiment/run-figures.ts';
import type { Figure } from '../../core/figures/figure.ts';
import type { Status } from '../../core/linalg/result.ts';
import { FigureMenu } from '../figures/figure-menu.tsx';
import { spectrumThreshold } from '../figures/figure-of.ts';
import { useFigureTheme } from '../figures/figure-theme.ts';
import { FigureView } from '../figures/figure-view.tsx';
import { shownSpectrum } from '../figures/shown-spectrum.ts';
import { useResults } from '../state/results.ts';
import type { Run } from '../state/runs.ts';
import { openDialog } from '../state/session.ts';
import { useSettledRuns, useStudiedRun } from '../state/shown-run.ts';
import { setCursor, useTime } from '../state/time.ts';
import { StatusBadge } from '../widgets/badge.tsx';
import { Button } from '../widgets/button.tsx';
import { SelectField } from '../widgets/fields.tsx';
import { Certified, Numeral } from '../widgets/numbers.tsx';
import { EmptyState, PanelHead, Section } from '../widgets/section.tsx';
import { EigenvalueTable } from './inspector/eigenvalue-table.tsx';
import { type Comparable, comparablesTo, spectrumName } from './spectrum/comparable.ts';
import { SpectrumList, spectrumKey } from './spectrum/spectrum-list.tsx';
import './spectrum-panel.css';

const compute = () => openDialog('analysis', { id: 'spectrum' });
const none: readonly [] = [];

/** Every spectrum of the run that is studied: density with its error, eigenvalues with their residuals. */
export function SpectrumPanel() {
  const run = useStudiedRun();
  const spectra = useResults((results) => (run ? results.spectra[run.id] : undefined)) ?? none;
  return (
    <section className="spectrum-panel" aria-label="Spectrum">
      <PanelHead title="Spectrum">
        <Button size="small" onPress={compute} isDisabled={run === null}>
          Compute…
        </Button>
      </PanelHead>
      {run === null || spectra.length === 0 ? (
        <EmptyState
          sentence={
            run === null
              ? 'Start an experiment or open a run: the spectra of its Hessian appear here.'
              : 'No spectrum of this run has been computed yet.'
          }
          action={run === null ? undefined : { title: 'Compute a spectrum…', onPress: compute }}
        />
      ) : (
        <Spectra run={run} spectra={spectra} />
      )}
    </section>
  );
}

/** Stands for none in the list of spectra to compare with. */
const nothing = 'nothing';

function Spectra({ run, spectra }: { readonly run: Run; readonly spectra: readonly SpectrumDocument[] }) {
  const cursor = useTime((time) => time.cursor);
  const [chosenKey, setChosenKey] = useState<string | null>(null);
  const [comparedId, setComparedId] = useState(nothing);
  // A choice holds until the cursor goes elsewhere: scrubbing moves everything.
  const chosen = spectra.find((document) => spectrumKey(document) === chosenKey);
  const document = chosen && chosen.step === cursor ? chosen : shownSpectrum(spectra, cursor);
  const comparables = useComparables(run, document);
  if (document === null) return null;
  const choose = (wanted: SpectrumDocument) => {
    setChosenKey(spectrumKey(wanted));
    setCursor(wanted.step);
  };
  const found = comparables.find(({ id }) => id === comparedId);
  const compared = found
    ? { document: found.document, name: found.name, ownName: spectrumName(document, run, found.document, run) }
    : null;
  return (
    <div className={`spectrum-panel-body${compared ? ' spectrum-panel-both' : ''}`}>
      <div className="spectrum-panel-choice">
        <SpectrumList spectra={spectra} chosen={document} onChoose={choose} />
        {comparables.length === 0 ? null : (
          <div className="spectrum-panel-compare">
            <SelectField
              label="Compare with"
              value={found ? comparedId : nothing}
              options={[{ id: nothing, title: 'nothing' }, ...comparables.map(({ id, name }) => ({ id, title: name }))]}
              onChange={setComparedId}
            />
          </div>
        )}
      </div>
      <SpectrumFigures run={run} document={document} compared={compared} />
      <SpectrumNumbers document={document} compared={compared} />
    </div>
  );
}

function useComparables(studied: Run, document: SpectrumDocument | null): readonly Comparable[] {
  const runs = useSettledRuns();
  const spectra = useResults((results) => results.spectra);
  return useMemo(
    () => (document === null ? [] : comparablesTo(document, studied, runs, spectra)),
    [document, studied, runs, spectra],
  );
}

interface FiguresProps {
  readonly run: Run;
  readonly document: SpectrumDocument;
  readonly compared: ComparedSpectrum | null;
}

function SpectrumFigures({ run, document, compared }: FiguresProps) {
  const theme = useFigureTheme();
  const threshold = useMemo(() => spectrumThreshold(run, document), [run, document]);
  const [name, value] = [threshold?.name ?? null, threshold?.value ?? null];
  const { document: other = null, name: otherName = '', ownName = '' } = compared ?? {};
  const figures = useMemo(
    () =>
      spectrumFigures(
        document,
        name !== null && value !== null ? { name, value } : null,
        theme,
        other && { document: other, name: otherName, ownName },
      ),
    [document, name, value, theme, other, otherName, ownName],
  );
  const forPrint = (figure: Figure) =>
    spectrumFigures(document, threshold, 'light', compared).find(({ id }) => id === figure.id) ?? null;
  return (
    <div className="spectrum-panel-figures">
      {figures.map((figure) => (
        <FigureMenu key={figure.id} figure={() => forPrint(figure)}>
          <FigureView className="spectrum-panel-figure" figure={figure} />
        </FigureMenu>
      ))}
      {document.density === null ? (
        <EmptyState
          sentence="This spectrum has no density: only its extreme eigenvalues were asked for."
          action={{
            title: 'Compute the density…',
            onPress: () => openDialog('analysis', { id: 'spectrum', parameters: { density: true } }),
          }}
        />
      ) : compared && compared.document.density === null ? (
        <p className="spectrum-panel-note">
          The spectrum of {compared.name} has no density: only its eigenvalues are compared.
        </p>
      ) : null}
    </div>
  );
}

function SpectrumNumbers({ document, compared }: Omit<FiguresProps, 'run'>) {
  const { parts, status, advice, trace, density, stats, precision, engine, seed, dim, loss, gradientNorm } = document;
  return (
    <div className="spectrum-panel-numbers">
      <Section
        title={`Eigenvalues of the ${operatorName(document)}`}
        aside={<StatusBadge status={status} advice={advice} />}
      >
        {document.eigenvalues.length + document.bottom.length === 0 ? (
          <p className="spectrum-panel-quiet">None were asked for.</p>
        ) : (
          <EigenvalueTable document={document} compared={compared} />
        )}
      </Section>
      <Section title="Of the whole spectrum">
        <dl className="key-values">
          {trace ? (
            <>
              <dt>Trace</dt>
              <dd>
                <PartValue {...trace} status={parts.trace} />
              </dd>
            </>
          ) : null}
          {density ? (
            <>
              <dt>Mean eigenvalue</dt>
              <dd>
                <PartValue {...density.mean} status={parts.density} />
              </dd>
            </>
          ) : null}
          <dt>Parameters</dt>
          <dd>
            <Numeral value={dim} />
          </dd>
          <dt>Loss here</dt>
          <dd>
            <Numeral value={loss} digits={4} />
          </dd>
          <dt>‖∇L‖ here</dt>
          <dd>
            <Numeral value={gradientNorm} digits={4} />
          </dd>
        </dl>
      </Section>
      <Section title="How it was computed">
        <p className="spectrum-panel-quiet">
          {stats.products} products in <Numeral value={stats.seconds} digits={2} /> s, {precision}, {engine}, seed{' '}
          {seed}. {advice}
        </p>
        {document.inexactReason === null ? null : (
          <p className="spectrum-panel-quiet">Products are differences of gradients: {document.inexactReason}</p>
        )}
      </Section>
    </div>
  );
}

interface PartValueProps {
  readonly value: number;
  readonly standardError: number;
  readonly status: Status | null;
}

/** An estimate of a part of the spectrum; in quiet colour with its badge where that part did not converge. */
function PartValue({ value, standardError, status }: PartValueProps) {
  const number = <Certified value={value} uncertainty={standardError} />;
  if (status === null || status === 'converged' || status === 'invariantSubspace') return number;
  return (
    <span className="spectrum-panel-open">
      <StatusBadge status={status} />
      {number}
    </span>
  );
}
