import { describe, expect, it } from 'vitest';
import { pageSvg } from '../../../core/figures/page-svg.ts';
import { type ReportInput, reportHtml } from '../../../core/figures/report.ts';
import { exampleFigures } from './example-figures.ts';

const svg =
  '<svg xmlns="http://www.w3.org/2000/svg" width="600" height="320" viewBox="0 0 600 320"><rect width="600" height="320" fill="#ffffff"/><g clip-path="url(#clip0)"><defs><clipPath id="clip0"><path d="M0,0h1"/></clipPath></defs><path stroke="#0069b0" d="M0,0h1"/></g></svg>';

const input: ReportInput = {
  name: 'first-light',
  program: 'Saddlescope 0.1.0',
  date: '2026-01-02T03:04:05.678Z',
  summary: '',
  engine: 'wasm',
  precision: 'float32',
  seed: 7,
  experimentHash: '0123456789abcdef0123456789abcdef',
  keyNumbers: [
    {
      name: 'Sharpness',
      symbol: 'λ₁',
      value: 40.5678,
      uncertainty: { kind: 'residual', size: 0.21 },
      status: 'budgetSpent',
      precision: 'float32',
      meaning: '1.5 % above 2/η = 40.',
    },
  ],
  figures: exampleFigures().map((figure) => ({
    figure: { ...figure, references: [{ text: 'A (2021)', bibtex: '@misc{a}' }] },
    svg,
  })),
  eigenvalues: {
    where: 'step 2000',
    top: [{ value: 39.5, residual: 1e-4, errorEstimate: 1e-3 }],
    bottom: [{ value: -0.5, residual: 2e-4, errorEstimate: 0.01 }],
    status: 'converged',
    command: 'saddlescope spectrum r',
  },
  criticalPoints: [
    {
      name: 'Newton-MR, 60 starts from random points',
      sentence: '1 of 2 points is certified.',
      rows: [
        {
          number: 12,
          loss: 0.118204,
          index: { negative: 2, null: 0, positive: 169, standardError: null },
          gradientNormSquared: 1e-25,
          residual: null,
          lowest: { value: -0.0831, errorBound: 2e-5 },
          kind: 'certified',
          certified: true,
          precision: 'float64',
        },
        {
          number: 13,
          loss: 0.5,
          index: { negative: 2.4, null: 0, positive: 168.6, standardError: 0.3 },
          gradientNormSquared: 1e-5,
          residual: 0.98,
          lowest: null,
          kind: 'gradient-flat',
          certified: false,
          precision: 'float32',
        },
      ],
      omitted: 5,
      command: 'saddlescope saddles r',
    },
  ],
  missing: [{ what: 'No slice was made yet.', command: 'saddlescope slice r' }],
  warnings: ['The path leaves the plane.'],
  statuses: [{ what: 'spectrum', status: 'stagnated', advice: 'Use float64.' }],
  provenance: [['Node', 'v20']],
  experimentYaml: 'name: first-light\n',
};

/** A reader of tags that knows nothing of how the page is written; throws where they do not nest. */
function elements(page: string): { name: string; text: string }[] {
  const found: { name: string; text: string }[] = [];
  const open: string[] = [];
  const void_ = new Set(['meta', 'rect', 'path', 'br']);
  const body = page.replace(/<style>[\s\S]*?<\/style>/, '').replace('<!doctype html>', '');
  for (const [tag, slash, name = ''] of body.matchAll(/<(\/?)([a-zA-Z][a-zA-Z0-9]*)(?:"[^"]*"|[^">])*>/g)) {
    if (slash) {
      if (open.pop() !== name) throw new Error(`</${name}> closes nothing`);
    } else {
      found.push({ name, text: tag });
      if (!void_.has(name) && !tag.endsWith('/>')) open.push(name);
    }
  }
  if (open.length > 0) throw new Error(`${open.join()} not closed`);
  return found;
}

describe('the report', () => {
  const page = reportHtml(input);

  it('is one file: no scripts, nothing asked for from elsewhere, a policy that forbids both', () => {
    expect(page).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"`);
    for (const { name, text } of elements(page)) {
      expect(['script', 'link', 'iframe', 'img', 'object', 'base', 'form']).not.toContain(name);
      expect(text).not.toMatch(/\s(src|href|srcset|on\w+|style)=/);
    }
    expect(page.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|@import|url\((?!#)/);
  });

  it('has headings in order, named pictures and unique identifiers', () => {
    const levels = elements(page).flatMap(({ name }) => (/^h\d$/.test(name) ? [Number(name[1])] : []));
    expect(levels[0]).toBe(1);
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    levels.slice(1).forEach((level, i) => {
      expect(level - levels[i]!).toBeLessThanOrEqual(1);
    });
    const ids = [...page.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const known = new Set(ids);
    for (const [, names = ''] of page.matchAll(/aria-labelledby="([^"]*)"/g))
      for (const name of names.split(' ')) expect(known).toContain(name);
    for (const [, id] of page.matchAll(/url\(#([^)]*)\)/g)) expect(known).toContain(id);
    expect(elements(page).filter(({ name, text }) => name === 'svg' && text.includes('role="img"'))).toHaveLength(6);
    expect(elements(page).filter(({ name }) => name === 'figcaption')).toHaveLength(6);
  });

  it('shows each number with its certificate: digits, uncertainty, word and sign', () => {
    expect(page).toContain('>40.57 <small>± 0.21<span> residual</span>');
    expect(page).toContain('budget spent <b aria-hidden="true">◌</b>');
    expect(page).toContain('float32 <b aria-hidden="true">≈</b>');
    expect(page).toContain('<td>39.5000</td><td class="quiet">± 0.001</td><td class="quiet">0.0001</td>');
    expect(page).toContain('No slice was made yet. Run <code class="line">saddlescope slice r</code>');
    expect(page).toContain('<summary>Reference</summary>');
    expect(page).toContain('<p class="meaning">1 of 2 points is certified.</p>');
    expect(page).toContain('<td>−0.083100 <span class="quiet">± 2 × 10⁻⁵</span></td><td>✓ certified</td>');
    expect(page).toContain('<td>≈ 2.4 ± 0.3</td>');
    expect(page).toContain('<td>gradient-flat (float32)</td>');
    expect(page).toContain('5 more points are in the stored result.');
    expect(page).toContain('2026-01-02 03:04:05 UTC');
  });

  it('lets nothing through that a name or a file could hold', () => {
    const hostile = `</pre></title><script>alert("x")</script>' onload='x ]]> <!-- &amp; \u0000`;
    const spread = (value: unknown): unknown => {
      if (typeof value === 'string') return hostile;
      if (Array.isArray(value)) return value.map(spread);
      if (value === null || typeof value !== 'object') return value;
      return Object.fromEntries(
        Object.entries(value).map(([key, own]) => [
          key,
          ['svg', 'status', 'id', 'specification', 'precision'].includes(key) ? own : spread(own),
        ]),
      );
    };
    const attacked = reportHtml(spread(input) as ReportInput);
    const shape = (text: string) => elements(text).map(({ name }) => name);
    const withSummary = reportHtml({ ...input, summary: 'x' });
    expect(shape(attacked)).toEqual(shape(withSummary));
    expect(attacked).not.toContain('<script');
    expect(attacked).not.toContain('\u0000');
    expect(attacked).not.toContain("' onload");
  });

  it('is whole before anything was measured', () => {
    const bare = reportHtml({
      ...input,
      keyNumbers: [],
      figures: [],
      eigenvalues: null,
      warnings: [],
      statuses: [],
      provenance: [],
    });
    elements(bare);
    expect(bare).toContain('No slice was made yet.');
    expect(bare).not.toMatch(/undefined|null|NaN/);
  });
});

describe('the picture in a page', () => {
  const names = { id: 'figure-1', title: 'T', alternative: 'A' };

  it('follows the theme of the page and has names of its own', () => {
    const { text } = pageSvg(svg, names);
    expect(text).toContain('stroke="var(--figure-series-1, #0069b0)"');
    expect(text).toContain('<clipPath id="figure-1-clip0">');
    expect(text).toContain('url(#figure-1-clip0)');
    expect(text).toContain('<title id="figure-1-title">T</title>');
    expect(text).not.toContain('#ffffff');
  });

  it('is refused with scripts, handlers or foreign content', () => {
    for (const part of [
      '<script>x</script>',
      '<foreignObject/>',
      '<image href="http://x"/>',
      '<a href="x"/>',
      '<path onload="x"/>',
    ])
      expect(() => pageSvg(svg.replace('</g>', `${part}</g>`), names)).toThrow(RangeError);
  });
});
