import { useEffect, useMemo, useRef, useState } from 'react';
import { type EdgeSeen, measureEdge } from '../../../core/lessons/measured/edge.ts';
import type { Failure } from '../../../core/protocol/messages.ts';
import type { Simulations } from '../../../core/simulations/simulation.ts';
import { failureOf } from '../../actions/failures.ts';
import type { PlotContent } from '../../charts/quantity-plot.ts';
import { QuantityPlotView } from '../../charts/quantity-plot-view.tsx';
import { compute } from '../../client/compute.ts';
import type { Call } from '../../client/compute-client.ts';
import { Button } from '../../widgets/button.tsx';
import { numeralText } from '../../widgets/numeral-text.ts';
import { measure, say } from '../lesson-state.ts';
import { LogSlider, RunButtons, SceneControls } from '../scene-controls.tsx';
import { SceneFailure } from './scene-failure.tsx';
import type { SceneProps } from './scene-props.ts';

/** Steps of one call: a new η holds from the next one on. */
const stepsAtOnce = 10;
/** Steps after which it pauses where so many are asked for. */
const stepsOfButton = 100;
const mostSteps = 10_000;
/** Slow enough to be seen, and to be changed. */
const leastMsOfCall = 40;
/** Between two moves of the slider that belong together. */
const sameChangeMs = 2000;

interface Trained {
  readonly theta: Float64Array | null;
  readonly losses: readonly number[];
  readonly sharpness: readonly { readonly step: number; readonly value: number }[];
  /** η from each step on. */
  readonly rates: readonly { readonly step: number; readonly rate: number }[];
  readonly changes: EdgeSeen['changes'];
  readonly diverged: boolean;
}

const untrained = (rate: number): Trained => ({
  theta: null,
  losses: [],
  sharpness: [],
  rates: [{ step: 0, rate }],
  changes: [],
  diverged: false,
});

function grown(before: Trained, value: Simulations['edge']['value']): Trained {
  const done = before.losses.length;
  return {
    ...before,
    theta: value.theta,
    losses: [...before.losses, ...value.losses],
    sharpness: [
      ...before.sharpness,
      ...value.sharpness.map(({ step, value: at }) => ({ step: done + step, value: at })),
    ],
    diverged: value.status === 'diverged',
  };
}

/** Full-batch gradient descent that goes on while η is changed: loss, sharpness, and 2/η. */
export function EdgeScene({ declared, controls }: SceneProps<'edge'>) {
  const [trained, setTrained] = useState(() => untrained(declared.learningRate));
  const [rate, setRate] = useState(declared.learningRate);
  const [seed, setSeed] = useState(declared.seed);
  const [isRunning, setRunning] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  /** It pauses there. */
  const end = useRef(mostSteps);
  const movedAt = useRef(Number.NEGATIVE_INFINITY);
  const latest = useRef({ trained, rate });
  latest.current = { trained, rate };

  useEffect(() => {
    if (!isRunning) return;
    let call: Call<'simulate'> | null = null;
    let ended = false;
    let pause: ReturnType<typeof setTimeout> | undefined;
    const go = () => {
      const { trained: from, rate: learningRate } = latest.current;
      if (from.diverged || from.losses.length >= end.current) return setRunning(false);
      const began = performance.now();
      call = compute.call('simulate', {
        simulation: 'edge',
        params: { theta: from.theta, learningRate, steps: stepsAtOnce, seed, every: declared.every },
      });
      call.outcome.then(
        ({ value }) => {
          if (ended) return;
          const next = grown(from, value as Simulations['edge']['value']);
          latest.current = {
            ...latest.current,
            trained: { ...next, rates: latest.current.trained.rates, changes: latest.current.trained.changes },
          };
          setTrained(latest.current.trained);
          pause = setTimeout(go, Math.max(0, leastMsOfCall - (performance.now() - began)));
        },
        (problem: unknown) => {
          const what = failureOf(problem);
          if (what.kind !== 'cancelled') setFailure(what);
          if (!ended) setRunning(false);
        },
      );
    };
    go();
    return () => {
      ended = true;
      clearTimeout(pause);
      call?.cancel();
    };
  }, [isRunning, seed, declared.every]);

  useEffect(() => {
    const { losses, sharpness, changes } = trained;
    const opened = { learningRate: declared.learningRate, losses: [], sharpness: [], changes: [] };
    measure(measureEdge({ learningRate: rate, losses, sharpness, changes }), measureEdge(opened));
  }, [trained, rate, declared.learningRate]);
  const hasEnded = !isRunning && trained.losses.length > 0;
  useEffect(() => {
    say(
      trained.diverged
        ? 'The loss has left every bound: it diverges.'
        : hasEnded
          ? edgeSentence(trained, rate)
          : trained.losses.length === 0
            ? 'Run, and change η while it runs.'
            : 'It trains; η may be changed at any time.',
    );
  }, [trained, hasEnded, rate]);

  const changeRate = (learningRate: number) => {
    const step = trained.losses.length;
    const isGoingOn = performance.now() - movedAt.current < sameChangeMs;
    movedAt.current = performance.now();
    setRate(learningRate);
    setTrained((now) => {
      const last = now.changes[now.changes.length - 1];
      // Many small moves of the slider are one change, which began with the first of them.
      const isSame = last !== undefined && isGoingOn;
      const changes = step === 0 ? [] : isSame ? now.changes : [...now.changes, { step, before: rate }];
      const rates = [...now.rates.filter((one) => one.step < step), { step, rate: learningRate }];
      return { ...now, changes, rates };
    });
  };
  const run = (steps: number) => {
    end.current = Math.min(mostSteps, trained.losses.length + steps);
    setRunning(true);
  };
  const reset = (nextSeed: number) => {
    setRunning(false);
    setSeed(nextSeed);
    setRate(declared.learningRate);
    setTrained(untrained(declared.learningRate));
    setFailure(null);
  };
  const loss = useMemo(() => lossPlot(trained), [trained]);
  const sharpness = useMemo(() => sharpnessPlot(trained), [trained]);
  return (
    <>
      {failure ? <SceneFailure failure={failure} /> : null}
      <div className="lesson-charts lesson-charts-2">
        <QuantityPlotView
          title="Sharpness"
          quantity="λ₁, the largest eigenvalue of the Hessian"
          content={sharpness}
          alternative={edgeSentence(trained, rate)}
        />
        <QuantityPlotView
          title="Loss"
          quantity="half squared error"
          content={loss}
          alternative={`Loss after ${trained.losses.length} steps.`}
        />
      </div>
      <SceneControls>
        {controls.includes('learningRate') ? (
          <LogSlider label="Step size η" value={rate} minimum={0.01} maximum={2} onChange={changeRate} />
        ) : null}
        {controls.includes('seed') ? <Button onPress={() => reset(seed + 1)}>Another start</Button> : null}
        <RunButtons
          isRunning={isRunning}
          isDisabled={trained.diverged}
          onRun={() => run(mostSteps)}
          onPause={() => setRunning(false)}
          onStep={() => run(stepsOfButton)}
          stepTitle={`${stepsOfButton} steps`}
          onReset={() => reset(declared.seed)}
        />
      </SceneControls>
    </>
  );
}

function edgeSentence({ losses, sharpness }: Trained, rate: number): string {
  const last = sharpness[sharpness.length - 1];
  if (!last) return 'Nothing has run yet.';
  return `After ${numeralText(losses.length)} steps λ₁ is ${numeralText(last.value, 3)}; 2/η is ${numeralText(2 / rate, 3)}.`;
}

const endOf = ({ losses }: Trained): number => Math.max(200, Math.ceil((1.05 * losses.length) / 200) * 200);

function lossPlot(trained: Trained): PlotContent {
  const { losses } = trained;
  return {
    x: { title: 'Step', low: 0, high: endOf(trained) },
    y: { title: 'Loss', log: true },
    lines: [
      {
        name: 'loss',
        colour: 'c-1',
        quiet: true,
        x: Float64Array.from(losses, (_, i) => i),
        y: Float64Array.from(losses),
      },
    ],
  };
}

function sharpnessPlot(trained: Trained): PlotContent {
  const { sharpness, rates } = trained;
  const end = endOf(trained);
  const corners = rates.flatMap(({ step, rate }, i) => {
    const to = rates[i + 1]?.step ?? end;
    return [
      [step, 2 / rate],
      [to, 2 / rate],
    ] as const;
  });
  return {
    x: { title: 'Step', low: 0, high: end },
    y: { title: 'λ₁', low: 0 },
    lines: [
      { name: '2/η', colour: 'threshold', dash: [7, 4], x: corners.map(([x]) => x), y: corners.map(([, y]) => y) },
      {
        name: 'sharpness λ₁',
        colour: 'c-1',
        x: sharpness.map(({ step }) => step),
        y: sharpness.map(({ value }) => value),
      },
    ],
  };
}
