/**
 * Saddlescope as a contestant, in a process of its own: `ours.cjs SETTING…`, the settings of the experiments. Speaks the
 * protocol of peer.py.
 */
import { createInterface } from 'node:readline';
import { enterFloat64Realm } from '../../../core/models/tensorflow/float64-realm.ts';

const settings = process.argv.slice(2);

async function main(): Promise<void> {
  // Before anything that may load the tensor library.
  if (settings.includes('precision=float64')) enterFloat64Realm();
  const { contestant } = await import('./our-work.ts');
  const { greeting, answer } = await contestant(settings);
  const say = (reply: object) => process.stdout.write(`${JSON.stringify(reply)}\n`);
  say(greeting);
  for await (const line of createInterface({ input: process.stdin })) {
    say(await answer(JSON.parse(line)).catch((problem: Error) => ({ problem: problem.message })));
  }
}

main().catch((problem: Error) => {
  process.stdout.write(`${JSON.stringify({ problem: problem.message })}\n`);
});
