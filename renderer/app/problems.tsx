import { useEffect, useState } from 'react';
import type { ComputeState } from '../../core/protocol/bridge.ts';
import type { Failure } from '../../core/protocol/messages.ts';
import { bridge } from '../client/bridge.ts';
import { dismissProblem, useSession } from '../state/session.ts';
import { Button } from '../widgets/button.tsx';
import { Icon } from '../widgets/icon.tsx';
import './problems.css';

/** What went wrong and what to do, above the panels, until it is put away. */
export function Problems() {
  const problems = useSession((session) => session.problems);
  const compute = useSession((session) => session.compute);
  return (
    <div className="problems" role="alert">
      <ComputeProblem compute={compute} />
      {problems.map((problem) => (
        <Problem key={keyOf(problem)} problem={problem} />
      ))}
    </div>
  );
}

const keys = new WeakMap<Failure, number>();
let made = 0;

/** Two problems may say the same: each has a key of its own. */
function keyOf(problem: Failure): number {
  const key = keys.get(problem) ?? ++made;
  keys.set(problem, key);
  return key;
}

function Problem({ problem }: { readonly problem: Failure }) {
  const [open, setOpen] = useState(false);
  return (
    <div className="problem">
      <span className="problem-sign">
        <Icon name="warn" size={16} />
      </span>
      <div className="problem-text">
        <p>
          <strong>{problem.found}</strong> {problem.advice}
        </p>
        {open ? <pre className="problem-details">{problem.details}</pre> : null}
      </div>
      <div className="problem-actions">
        {problem.details === undefined ? null : (
          <Button size="small" isPressed={open} onPress={() => setOpen(!open)}>
            {open ? 'Hide details' : 'Show details'}
          </Button>
        )}
        <Button size="small" onPress={() => void bridge.showLog()}>
          Show log
        </Button>
        <Button size="small" onPress={() => dismissProblem(problem)}>
          Dismiss
        </Button>
      </div>
    </div>
  );
}

function ComputeProblem({ compute }: { readonly compute: ComputeState }) {
  if (compute.state !== 'restarting' && compute.state !== 'stopped') return null;
  return (
    <div className="problem">
      <span className="problem-sign">
        <Icon name="warn" size={16} />
      </span>
      <div className="problem-text">
        <p>
          <strong>The process that computes has ended: {sentence(compute.reason)}</strong>{' '}
          {compute.state === 'stopped' ? (
            'It ended three times within two minutes and is not started again by itself. Runs lie safely in their folders.'
          ) : (
            <>
              It starts again <Countdown key={compute.inSeconds} seconds={compute.inSeconds} />; runs go on from their
              last written state.
            </>
          )}
        </p>
      </div>
      <div className="problem-actions">
        <Button size="small" onPress={() => void bridge.showLog()}>
          Show log
        </Button>
        {compute.state === 'stopped' ? (
          <Button size="small" variant="primary" onPress={() => void bridge.restartCompute()}>
            Start again
          </Button>
        ) : null}
      </div>
    </div>
  );
}

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

function Countdown({ seconds }: { readonly seconds: number }) {
  const [left, setLeft] = useState(Math.ceil(seconds));
  useEffect(() => {
    const timer = window.setInterval(() => setLeft((now) => Math.max(0, now - 1)), 1000);
    return () => window.clearInterval(timer);
  }, []);
  return <span aria-live="off">{left > 0 ? `in ${left} s` : 'now'}</span>;
}
