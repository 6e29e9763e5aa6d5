import { BadInput } from '../../core/bad-input.ts';

/** The number of threads that the variable SADDLESCOPE_THREADS wants of an engine; null where it says nothing. */
export function wantedThreads(): number | null {
  const text = process.env.SADDLESCOPE_THREADS;
  if (text === undefined || text === '') return null;
  const threads = Number(text);
  if (Number.isInteger(threads) && threads >= 1 && threads <= 1024) return threads;
  throw new BadInput(`SADDLESCOPE_THREADS is '${text}'.`, 'Set it to a number of threads from 1 on, or leave it out.');
}
