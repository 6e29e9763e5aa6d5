import type { EngineReport } from '../../../core/protocol/engines.ts';
import { type MeasurableEngine, useEngines } from '../../state/engines.ts';
import { Numeral } from '../../widgets/numbers.tsx';
import { engineTitle, usableEngine } from './engine-words.ts';

interface Line {
  readonly id: MeasurableEngine | 'webgpu';
  readonly title: string;
  readonly state: string;
  readonly precision: string;
}

function lines(report: EngineReport): readonly Line[] {
  const engine = usableEngine(report);
  const both = 'float32, float64';
  return [
    {
      id: 'tensorflow',
      title: engine === null ? 'TensorFlow' : engineTitle(engine),
      state: engine !== null ? 'installed' : (report.whyNoInstallation ?? 'not installed'),
      precision: both,
    },
    { id: 'wasm', title: 'WebAssembly', state: 'built in', precision: 'float32' },
    { id: 'cpu', title: 'Plain JavaScript', state: 'built in, the slowest', precision: both },
    { id: 'webgpu', title: 'WebGPU', state: 'takes a GPU, where one is', precision: 'float32' },
  ];
}

/** Every engine in a row, in the order in which `auto` prefers them here. */
export function EngineTable({ report }: { readonly report: EngineReport }) {
  const times = useEngines((engines) => engines.times);
  const milliseconds = (id: Line['id'], what: 'gradient' | 'product') => {
    const seconds = id === 'webgpu' ? undefined : times[id]?.[what];
    return <Numeral value={seconds === undefined ? null : 1000 * seconds} digits={3} />;
  };
  return (
    <table className="engine-table">
      <thead>
        <tr>
          <th scope="col">Engine</th>
          <th scope="col">Here</th>
          <th scope="col">Precision</th>
          <th scope="col" className="engine-table-number">
            Gradient, ms
          </th>
          <th scope="col" className="engine-table-number">
            Product, ms
          </th>
        </tr>
      </thead>
      <tbody>
        {lines(report).map(({ id, title, state, precision }) => (
          <tr key={id}>
            <th scope="row">{title}</th>
            <td>{state}</td>
            <td>{precision}</td>
            <td className="engine-table-number">{milliseconds(id, 'gradient')}</td>
            <td className="engine-table-number">{milliseconds(id, 'product')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
