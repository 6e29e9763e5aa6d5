import type { ExperimentDescription } from '../../../core/protocol/methods.ts';
import { Numeral } from '../../widgets/numbers.tsx';
import { KeyValues } from '../../widgets/section.tsx';
import { Fold } from './fold.tsx';
import './description-view.css';

/** What an experiment comes to: sizes, formulas, threshold, blocks of parameters. */
export function DescriptionView({ description }: { readonly description: ExperimentDescription }) {
  const { architecture, parameters, examples, testExamples, formula, optimizerFormula, engine, precision } =
    description;
  const { threshold, thresholdName, blocks, experiment } = description;
  return (
    <div className="description-view">
      <KeyValues
        rows={[
          ['Architecture', architecture],
          ['Parameters', <Numeral key="p" value={parameters} />],
          [
            'Examples',
            experiment.data.train === null ? (
              'none: a function of θ alone'
            ) : (
              <span key="e">
                <Numeral value={examples} />
                {testExamples === null ? ', no test set' : ', test '}
                {testExamples === null ? null : <Numeral value={testExamples} />}
              </span>
            ),
          ],
          ['Loss', formula],
          ['Update', optimizerFormula],
          ...(threshold === null || thresholdName === null
            ? []
            : [[thresholdName, <Numeral key="t" value={threshold} digits={4} />] as const]),
          ['Computed by', `${engine}, ${precision}`],
        ]}
      />
      <Fold title={`${blocks.length} blocks of parameters`}>
        <table className="description-view-blocks">
          <thead>
            <tr>
              <th scope="col">Block</th>
              <th scope="col">Shape</th>
              <th scope="col">Role</th>
            </tr>
          </thead>
          <tbody>
            {blocks.map(({ name, shape, role }) => (
              <tr key={name}>
                <td>{name}</td>
                <td className="numeral">{shape.join(' × ')}</td>
                <td>{role}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Fold>
    </div>
  );
}
