import { numberText } from '../../../core/figures/number-text.ts';
import { continueRun, pauseRun, resumeRun, setProbeBudget, stepRun, stopRun } from '../../actions/run-actions.ts';
import { isAlive, type Run } from '../../state/runs.ts';
import { openDialog } from '../../state/session.ts';
import { readEveryMs, useRunEvery } from '../../state/shown-run.ts';
import { Button, IconButton } from '../../widgets/button.tsx';
import { SliderField } from '../../widgets/fields.tsx';
import { Icon } from '../../widgets/icon.tsx';
import { Numeral } from '../../widgets/numbers.tsx';
import { KeyValues } from '../../widgets/section.tsx';
import { canContinue, durationText, endingOf } from './run-words.ts';

const budgetText = (budget: number): string => `${Math.round(100 * budget)} %`;

/** Start, pause, step, stop, branch; how far, how fast, how long still; the share that probes may take. */
export function RunControl({ run }: { readonly run: Run }) {
  const { id, state, probeBudget } = run;
  const alive = isAlive(state);
  return (
    <section className="section run-control" aria-label="Run control">
      <Ending run={run} />
      <div className="run-control-buttons">{alive ? <Steering run={run} /> : <Starting run={run} />}</div>
      <div className="run-control-budget">
        <span>Probe budget</span>
        <SliderField
          label="Probe budget"
          hideLabel
          value={probeBudget ?? 0}
          minimum={0}
          maximum={1}
          step={0.01}
          format={budgetText}
          isDisabled={!alive}
          onChange={(budget) => setProbeBudget(id, budget)}
        />
        <span className="numeral">{budgetText(probeBudget ?? 0)}</span>
      </div>
      <Advance id={id} />
    </section>
  );
}

/** The numbers that move: drawn by themselves, so that the controls beside them stand still. */
function Advance({ id }: { readonly id: string }) {
  const run = useRunEvery(id, readEveryMs);
  if (run === null) return null;
  const { state, step, steps, speed } = run;
  const left = state === 'running' && speed !== null && speed > 0 ? Math.max(0, steps - step) / speed : null;
  return (
    <KeyValues
      rows={[
        [
          'Step',
          <span key="step">
            <Numeral value={step} /> / <Numeral value={steps} />
          </span>,
        ],
        ['Speed', <Speed key="speed" speed={isAlive(state) ? speed : null} />],
        ['Time left', <span key="left">{left === null ? '–' : durationText(left)}</span>],
      ]}
    />
  );
}

/** Of a run under way. */
function Steering({ run }: { readonly run: Run }) {
  const { id, state } = run;
  const isPaused = state === 'paused';
  return (
    <>
      <Button
        variant="primary"
        onPress={() => (isPaused ? resumeRun(id) : pauseRun(id))}
        isDisabled={state !== 'running' && !isPaused}
      >
        <Icon name={isPaused ? 'play' : 'pause'} />
        {isPaused ? 'Resume' : 'Pause'}
      </Button>
      <IconButton
        icon="step"
        variant="plain"
        label="One step, then wait"
        isDisabled={state !== 'running' && !isPaused}
        onPress={() => stepRun(id)}
      />
      <IconButton
        icon="stop"
        variant="plain"
        label="Stop and keep the last state"
        isDisabled={state === 'stopping'}
        onPress={() => void stopRun(id)}
      />
      <BranchButton run={run} />
    </>
  );
}

/** Of a run that has ended. */
function Starting({ run }: { readonly run: Run }) {
  if (!canContinue(run)) return <BranchButton run={run} />;
  return (
    <>
      <Button variant="primary" onPress={() => void continueRun(run.id)}>
        <Icon name="play" />
        Continue
      </Button>
      <BranchButton run={run} />
    </>
  );
}

function BranchButton({ run: { id, checkpoints } }: { readonly run: Run }) {
  const isEarly = checkpoints.length === 0;
  return (
    <Button
      onPress={() => openDialog('branch', { run: id })}
      isDisabled={isEarly}
      tooltip={isEarly ? 'A branch needs a checkpoint' : 'A new run from a checkpoint of this one'}
    >
      <Icon name="branch" />
      Branch
    </Button>
  );
}

function Speed({ speed }: { readonly speed: number | null }) {
  if (speed === null) return <Numeral value={null} />;
  return <span className="numeral">{numberText(speed, speed < 10 ? 2 : 3)} steps/s</span>;
}

/** Why the run does not go on, and what to do. */
function Ending({ run }: { readonly run: Run }) {
  const ending = endingOf(run);
  if (ending === null) return null;
  const isBad = run.state === 'diverged' || run.state === 'failed';
  return (
    <div className={`run-control-ending${isBad ? ' run-control-bad' : ''}`} role="status">
      <p>{ending.found}</p>
      <p>{ending.advice}</p>
      {run.state === 'diverged' && run.checkpoints.length > 0 ? (
        <Button size="small" onPress={() => openDialog('branch', { run: run.id, step: firstHalf(run), gentler: true })}>
          Branch with half of η…
        </Button>
      ) : null}
    </div>
  );
}

/** A checkpoint well before the end: what diverges is often lost a while before it shows. */
function firstHalf({ checkpoints, step }: Run): number | null {
  const before = checkpoints.filter((checkpoint) => checkpoint <= 0.9 * step);
  return before[before.length - 1] ?? checkpoints[0] ?? null;
}
