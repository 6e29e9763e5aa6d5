import { optimizerTitles } from '../../../core/lessons/measured/race.ts';
import type { RunnerPath } from '../../../core/simulations/simulation.ts';
import { numeralText } from '../../widgets/numeral-text.ts';
import { runnerColours } from './race-colours.ts';

export interface RaceLegendProps {
  readonly runners: readonly RunnerPath[];
  readonly shown: number;
  readonly steps: number;
  readonly leavesBelow: number | null;
}

/** Who is who, and when each has left. */
export function RaceLegend({ runners, shown, steps, leavesBelow }: RaceLegendProps) {
  return (
    <div className="lesson-legend">
      <table>
        <tbody>
          {runners.map((runner) => (
            <tr key={runner.optimizer}>
              <td>
                <svg width="20" height="12" aria-hidden="true">
                  <path d="M0 6h20" stroke={`var(--${runnerColours[runner.optimizer]})`} strokeWidth="4" />
                </svg>
              </td>
              <th scope="row">{optimizerTitles[runner.optimizer]}</th>
              <td className="lesson-legend-number">{fateOf(runner, shown, steps)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {leavesBelow === null ? null : (
        <p>
          Leaves: the first step with <i>L</i> below {numeralText(leavesBelow)}
        </p>
      )}
    </div>
  );
}

function fateOf({ leavesAt, status, losses }: RunnerPath, shown: number, steps: number): string {
  if (shown === 0) return '–';
  if (leavesAt !== null && leavesAt <= shown) return `leaves at ${numeralText(leavesAt)}`;
  if (status === 'diverged' && shown >= losses.length - 1) return 'diverges';
  return shown >= steps ? 'stays' : `step ${numeralText(shown)}`;
}
