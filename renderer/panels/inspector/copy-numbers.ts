import { bridge } from '../../client/bridge.ts';
import { shownSpectrum } from '../../figures/shown-spectrum.ts';
import { planeShown, useResults } from '../../state/results.ts';
import type { Run } from '../../state/runs.ts';
import { announce } from '../../state/session.ts';
import { stepLookedAt, useTime } from '../../state/time.ts';
import { numbersText } from './numbers-text.ts';
import { provenanceRows } from './provenance.ts';
import { distanceAt, readingAt } from './reading.ts';
import { provenanceOf } from './use-provenance.ts';

/** Everything that the inspector shows of a run at the cursor, with its certificates and how it was made, as a table. */
export async function copyNumbers(run: Run): Promise<void> {
  const reading = readingAt(run, stepLookedAt(useTime.getState(), run));
  const { spectra, landscapes } = useResults.getState();
  const spectrum = shownSpectrum(spectra[run.id] ?? [], reading.step);
  const distance = distanceAt(landscapes[run.id]?.[planeShown(run.id)], reading.step);
  const provenance = await provenanceOf(run.file.reference);
  await bridge.copyText(numbersText(reading, spectrum, distance, provenanceRows(run, provenance)));
  announce(`Copied the numbers of step ${reading.step} with their certificates.`);
}
