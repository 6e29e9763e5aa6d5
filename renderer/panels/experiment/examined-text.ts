import { BadInput } from '../../../core/bad-input.ts';
import type { Experiment } from '../../../core/experiment/experiment.ts';
import { lineOfComplaint } from '../../../core/experiment/experiment-text.ts';
import { readExperiment } from '../../../core/experiment/read-experiment.ts';

/** A complaint about a text, at its place. */
export interface Complaint {
  /** Without file, line and column. */
  readonly found: string;
  readonly advice: string;
  readonly line: number | null;
}

export interface ExaminedText {
  /** Null where the text is no experiment. */
  readonly experiment: Experiment | null;
  readonly complaint: Complaint | null;
}

/** `a.yaml:12:3: steps is …` → `steps is …`; capitals stay as names have them. */
const withoutPlace = (found: string): string => found.replace(/^.*?:\d+:\d+:? /, '');

export function complaintAbout(text: string, problem: { readonly found: string; readonly advice: string }): Complaint {
  const { found, advice } = problem;
  return { found: withoutPlace(found), advice, line: lineOfComplaint(text, found) };
}

/** The experiment of a text, as the compute side will read it, or what is wrong with it. */
export function examinedText(text: string): ExaminedText {
  try {
    return { experiment: readExperiment(text, 'experiment'), complaint: null };
  } catch (problem) {
    if (problem instanceof BadInput) return { experiment: null, complaint: complaintAbout(text, problem) };
    throw problem;
  }
}
