import type { Failure } from '../../core/protocol/messages.ts';
import { bridge } from '../client/bridge.ts';
import { ComputeFailure } from '../client/compute-client.ts';
import { announce, reportProblem } from '../state/session.ts';
import { useSettings } from '../state/settings.ts';
import { type Command, whyNot } from './command.ts';

const mostRecent = 8;

function remember(id: string): void {
  useSettings.setState(({ recentCommands }) => ({
    recentCommands: [id, ...recentCommands.filter((other) => other !== id)].slice(0, mostRecent),
  }));
}

function failureOf(title: string, thrown: unknown): Failure {
  if (thrown instanceof ComputeFailure) return thrown.failure;
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  return {
    kind: 'failed',
    found: `“${title}” could not be done: ${error.message}`,
    advice: 'Try again; if it fails again, the log says more.',
    details: error.stack ?? error.message,
  };
}

/** Does a command, from wherever it was chosen. Where it cannot be done, says why; where it fails, reports it. */
export async function runCommand(command: Command): Promise<void> {
  const reason = whyNot(command);
  if (reason !== null) return announce(`${command.title}: ${reason}`);
  if (command.id !== 'view.palette') remember(command.id);
  try {
    await command.run();
  } catch (thrown) {
    const failure = failureOf(command.title, thrown);
    if (failure.kind === 'cancelled') return;
    reportProblem(failure);
    void bridge.log('error', `${failure.found} ${failure.details ?? ''}`);
  }
}
