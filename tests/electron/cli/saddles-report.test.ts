import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { saddlescope, temporaryFolder } from '../../support/command-line.ts';

const folder = temporaryFolder();
const experiment = path.resolve(import.meta.dirname, '..', '..', '..', 'assets', 'experiments', 'deep-linear.yaml');

test('the report of a run has a section a search: how few are certified, the points, three figures', async () => {
  const run = path.join(folder, 'linear.run');
  expect((await saddlescope(['train', experiment, '--set', 'steps=20', '--out', run])).code).toBe(0);
  const searches = [];
  for (const finder of ['newton-mr', 'gradient-norm']) {
    const words = ['saddles', run, '--from', 'random', '--starts', '4', '--iterations', '60', '--finder', finder];
    const { out, err } = await saddlescope([...words, '--json']);
    expect(err).not.toContain('Error');
    searches.push(JSON.parse(out));
  }
  expect((await saddlescope(['report', run])).code).toBe(0);
  const page = readFileSync(path.join(run, 'report.html'), 'utf8');
  // In the order of their files: gradient-norm before newton-mr.
  for (const [i, search] of [searches[1], searches[0]].entries()) {
    const section = page.split(`<h2 id="critical-points-${i + 1}">`)[1]?.split('</section>')[0] ?? '';
    expect(section).toContain('4 starts from random points');
    const certified = search.points.filter((point: { certified: boolean }) => point.certified).length;
    expect(section.match(/✓ certified/g) ?? []).toHaveLength(certified);
    expect(section.match(/<tr><th scope="row">/g)).toHaveLength(4);
    expect(section).toContain(certified === 0 ? 'None of 4 points is certified' : `${certified} of 4 points`);
  }
  for (const name of ['index-loss', 'eigenvalue-histograms', 'gradient-histories'])
    for (const finder of ['newton-mr', 'gradient-norm'])
      expect(page).toContain(`<figure id="${name}-saddles-${finder}-from-random-float64">`);
});
