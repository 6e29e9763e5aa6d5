import { useEffect, useRef, useState } from 'react';
import type { Failure } from '../../core/protocol/messages.ts';
import type { SimulationCall, SimulationName, Simulations } from '../../core/simulations/simulation.ts';
import { failureOf } from '../actions/failures.ts';
import { compute } from '../client/compute.ts';
import type { Call } from '../client/compute-client.ts';

export interface Simulated<N extends SimulationName> {
  /** The last answer, and what it is of: it stays while the next one is computed. */
  readonly value: Simulations[N]['value'] | null;
  readonly params: Simulations[N]['params'] | null;
  readonly isBusy: boolean;
  readonly failure: Failure | null;
}

/** A call that takes longer is given up for newer parameters; a shorter one ends first, so that dragging shows all the way. */
const patienceMs = 250;

/**
 * The answer to these parameters, asked for whenever they change; nothing is asked for null. Of parameters that come while
 * a call is under way only the newest are asked for after it.
 */
export function useSimulation<N extends SimulationName>(
  simulation: N,
  params: Simulations[N]['params'] | null,
): Simulated<N> {
  const [state, setState] = useState<Simulated<N>>({ value: null, params: null, isBusy: false, failure: null });
  const flow = useRef<{ call: Call<'simulate'> | null; next: string | null; since: number; closed: boolean }>({
    call: null,
    next: null,
    since: 0,
    closed: false,
  });
  const key = params === null ? null : JSON.stringify(params);
  useEffect(() => {
    const own = flow.current;
    own.closed = false;
    return () => {
      own.closed = true;
      own.call?.cancel();
    };
  }, []);
  useEffect(() => {
    if (key === null) return;
    const own = flow.current;
    const ask = (text: string): void => {
      const asked = JSON.parse(text) as Simulations[N]['params'];
      own.next = null;
      own.since = performance.now();
      const call = compute.call('simulate', { simulation, params: asked } as unknown as SimulationCall);
      own.call = call;
      setState((before) => ({ ...before, isBusy: true, failure: null }));
      const then = (change: Partial<Simulated<N>>) => {
        if (own.closed) return;
        own.call = null;
        setState((before) => ({ ...before, ...change, isBusy: own.next !== null }));
        if (own.next !== null) ask(own.next);
      };
      call.outcome.then(
        ({ value }) => then({ value: value as Simulations[N]['value'], params: asked }),
        (problem: unknown) => {
          const failure = failureOf(problem);
          then(failure.kind === 'cancelled' ? {} : { failure });
        },
      );
    };
    if (own.call === null) ask(key);
    else {
      own.next = key;
      if (performance.now() - own.since > patienceMs) own.call.cancel();
    }
  }, [simulation, key]);
  return state;
}
