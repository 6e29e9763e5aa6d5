import { bridge } from '../client/bridge.ts';
import { failureOf, report, wasReported } from './failures.ts';

/** Chrome says this of observers whose work goes on in the next frame; nothing is wrong. */
const harmless = /^ResizeObserver loop/;
const sameWithinMs = 1000;
let last = { found: '', at: Number.NEGATIVE_INFINITY };

/** Faults of the page go into the log and, once, to the user. Answers what ends that. */
export function watchPageErrors(): () => void {
  const onError = (event: ErrorEvent) => {
    if (!harmless.test(event.message)) tell(event.error ?? new Error(event.message));
  };
  const onRejection = (event: PromiseRejectionEvent) => tell(event.reason);
  window.addEventListener('error', onError);
  window.addEventListener('unhandledrejection', onRejection);
  return () => {
    window.removeEventListener('error', onError);
    window.removeEventListener('unhandledrejection', onRejection);
  };
}

function tell(problem: unknown): void {
  const { found, details = '' } = failureOf(problem);
  const now = performance.now();
  if (wasReported(problem) || (found === last.found && now - last.at < sameWithinMs)) return;
  last = { found, at: now };
  bridge.log('error', `${found}\n${details}`.slice(0, 50_000)).catch(() => {});
  report(problem);
}
