import { useMemo, useState } from 'react';
import type { SpectrumDocument } from '../../core/experiment/result-documents.ts';
import { shownSpectrum } from '../figures/shown-spectrum.ts';
import { useResults } from '../state/results.ts';
import type { Run } from '../state/runs.ts';
import { openDialog } from '../state/session.ts';
import { useSettledRuns, useStudiedRun } from '../state/shown-run.ts';
import { setCursor, useTime } from '../state/time.ts';
import { Button } from '../widgets/button.tsx';
import { EmptyState, PanelHead } from '../widgets/section.tsx';
import { type Comparable, comparablesTo, spectrumName } from './spectrum/comparable.ts';
import { CompareList } from './spectrum/compare-list.tsx';
import { type FigureKind, SpectrumFigures } from './spectrum/spectrum-figures.tsx';
import { SpectrumList, spectrumKey } from './spectrum/spectrum-list.tsx';
import { SpectrumNumbers } from './spectrum/spectrum-numbers.tsx';
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

function Spectra({ run, spectra }: { readonly run: Run; readonly spectra: readonly SpectrumDocument[] }) {
  const cursor = useTime((time) => time.cursor);
  const [chosenKey, setChosenKey] = useState<string | null>(null);
  const [comparedIds, setComparedIds] = useState<readonly string[]>(none);
  const [kind, setKind] = useState<FigureKind>('density');
  // A choice holds until the cursor goes elsewhere: scrubbing moves everything.
  const chosen = spectra.find((document) => spectrumKey(document) === chosenKey);
  const document = chosen && chosen.step === cursor ? chosen : shownSpectrum(spectra, cursor);
  const comparables = useComparables(run, document);
  const found = useMemo(() => comparables.filter(({ id }) => comparedIds.includes(id)), [comparables, comparedIds]);
  const several = useMemo(
    () => (document !== null && found.length > 1 ? [document, ...found.map((one) => one.document)] : none),
    [document, found],
  );
  if (document === null) return null;
  const choose = (wanted: SpectrumDocument) => {
    setChosenKey(spectrumKey(wanted));
    setCursor(wanted.step);
  };
  const [only] = found;
  const compared =
    only && found.length === 1
      ? { document: only.document, name: only.name, ownName: spectrumName(document, run, only.document, run) }
      : null;
  return (
    <div className={`spectrum-panel-body${compared ? ' spectrum-panel-both' : ''}`}>
      <div className="spectrum-panel-choice">
        <SpectrumList spectra={spectra} chosen={document} onChoose={choose} />
        <CompareList comparables={comparables} chosen={found.map(({ id }) => id)} onChange={setComparedIds} />
      </div>
      <SpectrumFigures
        run={run}
        spectra={spectra}
        document={document}
        compared={compared}
        several={several}
        kind={kind}
        onKind={setKind}
      />
      <SpectrumNumbers run={run} document={document} compared={compared} several={several} />
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
