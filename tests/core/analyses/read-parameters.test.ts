import { describe, expect, it } from 'vitest';
import { analyses } from '../../../core/analyses/index.ts';
import { readParameters } from '../../../core/analyses/read-parameters.ts';
import { analysisRuns } from '../../../core/analyses/runs.ts';
import { spectrumDescriptor } from '../../../core/analyses/spectrum/descriptor.ts';
import { BadInput } from '../../../core/bad-input.ts';

const { parameters } = spectrumDescriptor;

describe('parameters of an analysis', () => {
  it('are the defaults where nothing is given', () => {
    expect(readParameters(parameters, {})).toMatchObject({
      operator: 'hessian',
      top: 10,
      density: false,
      traceTol: null,
    });
  });

  it.each([
    [{ top: 3.5 }, /The parameter top is 3.5\. Give a whole number from 0 to 200\./],
    [{ top: -1 }, /whole number/],
    [{ top: '3' }, /whole number/],
    [{ top: null }, /whole number/],
    [{ top: Number.NaN }, /whole number/],
    [{ eigenvalueTol: 0 }, /Give a number/],
    [{ density: 1 }, /Give true or false/],
    [{ operator: 'fischer' }, /Choose among hessian, gaussNewton/],
    [{ tops: 3 }, /There is no parameter "tops"/],
    [JSON.parse('{"__proto__": {"top": 3}}'), /There is no parameter "__proto__"/],
    [{ constructor: 1 }, /There is no parameter "constructor"/],
  ])('%j is refused with what was found and what to do', (given, message) => {
    expect(() => readParameters(parameters, given)).toThrow(BadInput);
    expect(() => readParameters(parameters, given)).toThrow(message);
  });

  it('a null that means "by itself" is accepted', () => {
    expect(readParameters(parameters, { kernelWidth: null }).kernelWidth).toBeNull();
  });
});

describe('the tables of analyses', () => {
  it('have the same ids, each once, in kebab-case', () => {
    const ids = analyses.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(Object.keys(analysisRuns).sort()).toEqual([...ids].sort());
    for (const id of ids) expect(id).toMatch(/^[a-z]+(-[a-z0-9]+)*$/);
  });

  it.each(analyses)(
    '$id: defaults pass their own check, every parameter has help, BibTeX keys are distinct',
    (analysis) => {
      const defaults = readParameters(analysis.parameters, {});
      expect(readParameters(analysis.parameters, defaults)).toEqual(defaults);
      for (const { help } of analysis.parameters) expect(help).toMatch(/^[A-Z].*\.$/);
      const keys = analysis.references.map(({ bibtex }) => /^@\w+\{([^,]+),/.exec(bibtex)?.[1]);
      expect(keys).not.toContain(undefined);
      expect(new Set(keys).size).toBe(keys.length);
      const cost = analysis.cost(defaults, 1000);
      for (const count of [cost.products, cost.gradients, cost.losses]) expect(count).toBeGreaterThanOrEqual(0);
    },
  );
});
