import { useState } from 'react';
import { numberText } from '../../core/figures/number-text.ts';
import { useRuns } from '../state/runs.ts';
import type { ChartId } from '../state/settings.ts';
import { DialogFrame } from '../widgets/dialog.tsx';
import { SelectField } from '../widgets/fields.tsx';
import { chartDefinitions } from './chart-definitions.ts';
import { bandMemory, chartLines } from './chart-lines.ts';
import { lastRecords, type RecordRow } from './record-rows.ts';
import { stepText } from './value-axis.ts';
import './numbers-dialog.css';

/** What the charts draw as numbers: the last records of each line of a chart, as a table. */
export function NumbersDialog({
  charts,
  onClose,
}: {
  readonly charts: readonly ChartId[];
  readonly onClose: () => void;
}) {
  const [chart, setChart] = useState<ChartId>(charts[0] ?? 'loss');
  const { title, quantity } = chartDefinitions[chart];
  // As they stand when the dialog opens or another chart is chosen: rows that move away cannot be read.
  const { runs, current } = useRuns.getState();
  const lines = chartLines(chart === 'density' ? 'sharpness' : chart, runs, current, bandMemory()).filter(
    ({ held, key }) => !held || key.endsWith('learningRate'),
  );
  return (
    <DialogFrame title="Numbers of the charts" onClose={onClose} width={640}>
      <SelectField
        label="Chart"
        value={chart}
        options={charts.map((id) => ({ id, title: chartDefinitions[id].title }))}
        onChange={(id) => setChart(id as ChartId)}
      />
      {chart === 'density' ? <DensityTable /> : null}
      {lines.length === 0 ? <p>No {chartDefinitions[chart].noun} has been recorded yet.</p> : null}
      {chart === 'density'
        ? null
        : lines.map((line) => (
            <NumbersTable
              key={line.key}
              caption={`${title}, ${line.name}. ${quantity(null)}`}
              rows={lastRecords(line)}
            />
          ))}
    </DialogFrame>
  );
}

function NumbersTable({ caption, rows }: { readonly caption: string; readonly rows: readonly RecordRow[] }) {
  const certified = rows.some(({ uncertainty }) => uncertainty !== null);
  return (
    <table className="numbers-dialog-table">
      <caption>{caption}</caption>
      <thead>
        <tr>
          <th scope="col">Step</th>
          <th scope="col">Value</th>
          {certified ? <th scope="col">±</th> : null}
          {certified ? <th scope="col">Status</th> : null}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ step, value, uncertainty, converged }) => (
          <tr key={step}>
            <th scope="row">{stepText(step)}</th>
            <td>{value}</td>
            {certified ? <td>{uncertainty ?? ''}</td> : null}
            {certified ? <td>{converged ? 'converged' : 'not converged'}</td> : null}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function DensityTable() {
  const { runs, current } = useRuns.getState();
  const densities = runs.find(({ id }) => id === current)?.series.densities ?? [];
  return (
    <table className="numbers-dialog-table">
      <caption>Measurements of the spectral density; save its data as CSV for the curves themselves.</caption>
      <thead>
        <tr>
          <th scope="col">Step</th>
          <th scope="col">λ from</th>
          <th scope="col">to</th>
          <th scope="col">Highest density</th>
        </tr>
      </thead>
      <tbody>
        {densities.slice(-50).map(({ step, x, y }) => (
          <tr key={step}>
            <th scope="row">{stepText(step)}</th>
            <td>{numberText(x[0] ?? Number.NaN, 3)}</td>
            <td>{numberText(x[x.length - 1] ?? Number.NaN, 3)}</td>
            <td>{numberText(Math.max(...y), 3)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
