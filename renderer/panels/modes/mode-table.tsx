import type { ModesDocument } from '../../../core/experiment/result-documents.ts';
import { percentText } from '../../../core/figures/number-text.ts';
import { numeralText } from '../../widgets/numeral-text.ts';

const none = '–';
const stepText = (step: number | null | undefined): string =>
  step === null || step === undefined ? none : numeralText(Math.round(10 * step) / 10);

/** A line a mode: what it is to reach, what it has, when it had half of it, and when the theory says so. */
export function ModeTable({ document }: { readonly document: ModesDocument }) {
  const { modes } = document;
  const spacing = Math.max(0, ...modes.map(({ halfTime }) => halfTime?.spacing ?? 0));
  return (
    <>
      <table className="modes-table" aria-label="Modes">
        <thead>
          <tr>
            <th scope="col">mode</th>
            <th scope="col">s</th>
            <th scope="col">u first</th>
            <th scope="col">u last</th>
            <th scope="col">half at step</th>
            <th scope="col">theory</th>
            <th scope="col">deviation</th>
            <th scope="col">at step</th>
            <th scope="col">alignment</th>
          </tr>
        </thead>
        <tbody>
          {modes.map(({ mode, singularValue, strengths, halfTime, theoryHalfTime, deviation, alignment }) => (
            <tr key={mode}>
              <th scope="row">{mode}</th>
              <td className="numeral">{numeralText(singularValue, 4)}</td>
              <td className="numeral">{numeralText(strengths[0] ?? Number.NaN, 3)}</td>
              <td className="numeral">{numeralText(strengths.at(-1) ?? Number.NaN, 4)}</td>
              <td className="numeral">{stepText(halfTime?.value)}</td>
              <td className="numeral">{stepText(theoryHalfTime)}</td>
              <td className="numeral">{deviation === null ? none : percentText(deviation.value)}</td>
              <td className="numeral">{stepText(deviation?.step)}</td>
              <td className="numeral">{numeralText(alignment, 3)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="modes-quiet">
        Deviation: the largest |u − theory|/s.{' '}
        {spacing > 0 ? `Half at: u = s/2, read between checkpoints at most ${numeralText(spacing)} steps apart. ` : ''}
        Alignment at the start: 1 where a mode runs through the network by itself.
      </p>
    </>
  );
}
