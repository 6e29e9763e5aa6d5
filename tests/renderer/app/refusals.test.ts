// @vitest-environment jsdom
import '../browser-gaps.ts';
import { beforeEach, expect, test } from 'vitest';
import type { Command } from '../../../renderer/app/command.ts';
import { allCommands } from '../../../renderer/app/commands/index.ts';
import { runCommand } from '../../../renderer/app/run-command.ts';
import { useJobs } from '../../../renderer/state/jobs.ts';
import { addRun, useRuns } from '../../../renderer/state/runs.ts';
import { announce, useSession } from '../../../renderer/state/session.ts';

const command = (id: string): Command => {
  const found = allCommands().find((one) => one.id === id);
  if (!found) throw new Error(`no command ${id}`);
  return found;
};
const said = async (id: string) => {
  announce('');
  await runCommand(command(id));
  return useSession.getState().announcement;
};

beforeEach(() => useRuns.setState({ runs: [], current: null }));

test.each([
  ['analysis.top', 'Open or start a run first.'],
  ['edit.copyNumbers', 'Open or start a run first.'],
  ['view.panel.map', 'There are no panels yet: open a run or an experiment first.'],
  ['view.nextPanel', 'There are no panels yet: open a run or an experiment first.'],
  ['run.pause', 'Open or start a run first.'],
  ['edit.undo', 'Nothing to undo.'],
  ['file.save', 'The editor is empty.'],
])('where nothing is open, %s says why it does nothing', async (id, reason) => {
  expect(await said(id)).toBe(`${command(id).title}: ${reason}`);
});

test.each(['analysis.top', 'analysis.density', 'analysis.plane', 'analysis.check', 'analysis.spectrum', 'run.branch'])(
  '%s without a checkpoint says so, each time anew, and starts nothing',
  async (id) => {
    const file = { reference: 'r', kind: 'run', name: 'r', shown: '/r' } as const;
    addRun({ id: 'r', file, title: 'r', yaml: '', state: 'running' });
    const sentence = await said(id);
    expect(sentence).toBe(`${command(id).title}: The run has no checkpoint yet.`);
    await runCommand(command(id));
    const again = useSession.getState().announcement;
    expect(again).not.toBe(sentence);
    expect(again.replace('\u200b', '')).toBe(sentence);
    expect(useJobs.getState().jobs).toEqual([]);
    expect(useSession.getState().dialog).toBeNull();
  },
);
