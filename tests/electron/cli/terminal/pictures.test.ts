import { describe, expect, test } from 'vitest';
import { braillePlot, shortNumber } from '../../../../electron/cli/terminal/braille-plot.ts';
import { heatMap } from '../../../../electron/cli/terminal/heat-map.ts';
import { progressLine } from '../../../../electron/cli/terminal/progress-line.ts';

const options = { title: 'T', xLabel: 'step', width: 40, height: 6, colours: false };
const curve = (x: number[], y: number[], more = {}) => ({ name: 'c', x, y, colour: 36, ...more });
/** Dots of a braille cell, counted. */
const ink = (lines: readonly string[]): number =>
  [...lines.join('')]
    .map((character) => character.codePointAt(0) ?? 0)
    .filter((code) => code > 0x2800 && code < 0x2900)
    .reduce((sum, code) => sum + (code - 0x2800).toString(2).replaceAll('0', '').length, 0);

describe('a plot in braille', () => {
  test('names the ends of both axes and has the height and width asked for', () => {
    const lines = braillePlot([curve([0, 50, 200], [1, 3, 9])], options);
    expect(lines).toHaveLength(1 + 6 + 2);
    expect(lines[1]).toMatch(/^ {7}9 │/);
    expect(lines[6]).toMatch(/^ {7}1 │/);
    expect(lines.at(-1)).toMatch(/^ {10}0 +200 {2}step$/);
    for (const line of lines.slice(1)) expect([...line].length).toBeLessThanOrEqual(10 + 40);
    expect(lines.at(-1)).toHaveLength(50);
  });

  test('a rising line begins at the lower left and ends at the upper right', () => {
    const rows = braillePlot([curve([0, 1], [0, 1])], options).slice(1, 7);
    expect(rows[5]?.[10]).not.toBe(' ');
    expect(rows[0]?.at(-1)).not.toBe(' ');
    expect([...(rows[0] ?? '')].length).toBe(50);
  });

  test('leaves out what is not finite: it moves neither axis', () => {
    const clean = braillePlot([curve([0, 1, 3], [1, 2, 4])], options);
    const dirty = braillePlot(
      [curve([0, 1, Number.NaN, 2, 3, 99], [1, 2, 2, Number.NaN, 4, Number.POSITIVE_INFINITY])],
      options,
    );
    expect(dirty).toEqual(clean);
    expect(ink(braillePlot([curve([Number.NaN], [Number.NaN])], options))).toBe(0);
  });

  test('on a log axis the middle is the geometric mean, and values that have no logarithm are left out', () => {
    const lines = braillePlot([curve([0, 1, 2], [1, 1e4, -3])], { ...options, height: 5, logarithmic: true });
    expect(lines[1]).toMatch(/^ +10000 │/);
    expect(lines[3]).toMatch(/^ +100 │/);
    expect(lines[5]).toMatch(/^ +1 │/);
    expect(lines[0]).toMatch(/\(log axis\)/);
  });

  test('a dotted curve has less ink than a full one; without colour there are no escapes', () => {
    const full = braillePlot([curve([0, 1], [1, 1])], options);
    const dotted = braillePlot([curve([0, 1], [1, 1], { dotted: true })], options);
    expect(ink(dotted)).toBeLessThan(ink(full));
    expect(ink(dotted)).toBeGreaterThan(0);
    expect(full.join('')).not.toContain('\u001b');
    expect(braillePlot([curve([0, 1], [1, 1])], { ...options, colours: true }).join('')).toContain('\u001b[36m');
  });

  test.each([
    [0, '0'],
    [0.05, '0.05'],
    [123456, '1.2e5'],
    [-2.5, '−2.5'],
    [3e-7, '3.0e−7'],
  ])('%d on an axis is %s', (value, text) => {
    expect(shortNumber(value)).toBe(text);
  });
});

describe('a heat map', () => {
  const grid = { rows: 3, columns: 3, data: Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9) };
  const map = { title: 'M', xRange: [-1, 1], yRange: [-2, 2], columns: 6, colours: false } as const;

  test('has the largest y on top, more ink for more loss, and names ranges', () => {
    const lines = heatMap(grid, map);
    expect(lines[0]).toMatch(/loss from 1 to 9/);
    expect(lines[1]).toMatch(/^ +2 │/);
    expect(lines[3]).toMatch(/^ +−2 │/);
    expect(lines.at(-1)).toMatch(/^ {10}−1 +1$/);
    expect(lines[1]?.at(-1)).toBe('@');
    expect(lines[3]?.[10]).toBe(' ');
    for (const line of lines.slice(1, 4)) expect([...line]).toHaveLength(10 + 6);
  });

  test('what is not finite is blank and does not stretch the scale', () => {
    const holes = { ...grid, data: Float64Array.of(1, 2, 3, 4, Number.NaN, 6, 7, 8, Number.POSITIVE_INFINITY) };
    const lines = heatMap(holes, map);
    expect(lines[0]).toMatch(/loss from 1 to 8/);
    expect(lines[1]?.at(-1)).toBe(' ');
  });

  test('marks the path, its end by another sign', () => {
    const lines = heatMap(grid, {
      ...map,
      path: [
        [-1, -2],
        [1, 2],
      ],
    });
    expect(lines[3]?.[10]).toBe('•');
    expect(lines[1]?.at(-1)).toBe('◉');
  });

  test('a constant loss and one below zero can be drawn', () => {
    expect(heatMap({ ...grid, data: new Float64Array(9).fill(2) }, map)).toHaveLength(6);
    const lines = heatMap({ ...grid, data: Float64Array.of(-4, -3, -2, -1, 0, 1, 2, 3, 4) }, map);
    expect(lines[0]).toMatch(/loss from −4 to 4/);
    expect(lines[1]?.at(-1)).toBe('@');
  });
});

describe('the progress line', () => {
  function screen(isTTY: boolean, columns?: number) {
    const written: string[] = [];
    let clock = 0;
    const stream = { isTTY, ...(columns ? { columns } : {}), write: (text: string) => written.push(text) };
    return { written, wait: (ms: number) => (clock += ms), line: progressLine(stream, () => clock) };
  }

  test('the remaining time is measured over the present run, not over what was done before', () => {
    const { written, wait, line } = screen(false);
    line.update(500, 1000, 'steps', '');
    wait(10_000);
    line.update(600, 1000, 'steps', 'loss 1');
    expect(written).toEqual(['500/1000 steps    \n', '600/1000 steps  40 s left  loss 1\n']);
  });

  test('off a terminal there is a line each ten seconds and one at the end, without control characters', () => {
    const { written, wait, line } = screen(false);
    for (let i = 0; i <= 250; i++) {
      line.update(i, 250, 'products', '');
      wait(100);
    }
    expect(written.map((text) => text.split(' ')[0])).toEqual(['0/250', '100/250', '200/250', '250/250']);
    expect(written.join('')).not.toContain('\r');
    expect(written.join('')).not.toContain('\u001b');
    expect(written.at(-1)).toMatch(/in 25 s/);
  });

  test('on a terminal the line is rewritten and never wider than the screen', () => {
    const { written, wait, line } = screen(true, 40);
    for (let i = 1; i <= 5; i++) {
      wait(100);
      line.update(i, 10, 'products', 'x'.repeat(200));
    }
    expect(written).toHaveLength(5);
    for (const text of written) {
      expect(text.startsWith('\r\u001b[2K')).toBe(true);
      expect([...text.slice('\r\u001b[2K'.length)].length).toBeLessThan(40);
    }
  });
});
