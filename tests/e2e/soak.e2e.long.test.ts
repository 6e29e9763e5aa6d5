import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { temporaryFolder } from '../support/command-line.ts';
import { frameTimes, pageMemory } from '../support/page-measures.ts';
import { stepShown, untilStep } from '../support/run-control.ts';
import { type OpenWindow, openWindow } from '../support/window.ts';

const minutes = 20;
const file = path.join(temporaryFolder(), 'long.yaml');
let opened: OpenWindow | null = null;

afterAll(async () => {
  await opened?.close();
});

const megabytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(1);

test(`the memory of the page is flat over ${minutes} minutes of training`, async () => {
  writeFileSync(
    file,
    `name: long
data: { train: digits, test: digits, subset: { first: 300 } }
model: { initializer: fanInUniform, layers: [ { flatten: {} }, { dense: { units: 64, activation: tanh } }, { dense: { units: 10 } } ] }
loss: halfSquaredError
optimizer: { gradientDescent: { learningRate: 0.05 } }
steps: 100000000
checkpoints: { every: 500 }
probes: { budget: 0.3, densityStarts: 2, densitySteps: 40, every: { loss: 100, sharpness: 50, density: 1000 } }
`,
  );
  opened = await openWindow({ words: [file] });
  const { page } = opened;
  await page
    .getByRole('textbox', { name: /yaml|text/i })
    .first()
    .waitFor();
  await page.keyboard.press('Control+Enter');
  await untilStep(page, 1600, 180);
  const first = await pageMemory(page);
  let last = first;
  for (let minute = 1; minute <= minutes; minute++) {
    await page.waitForTimeout(60_000);
    last = await pageMemory(page);
    process.stdout.write(
      `minute ${minute}: step ${await stepShown(page)}, heap ${megabytes(last.heap)} MB, ${last.nodes} nodes, ${last.listeners} listeners\n`,
    );
  }
  const { median, longTasks } = await frameTimes(page, 10);
  process.stdout.write(
    `at the end: frame time ${median.toFixed(1)} ms median, ${longTasks.length} long tasks in 10 s\n`,
  );
  expect((last.heap - first.heap) / 2 ** 20).toBeLessThan(20);
  expect(opened.complaints).toEqual([]);
});
