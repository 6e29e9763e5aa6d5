import { existsSync } from 'node:fs';
import path from 'node:path';

const startUp = 'start-up-';
const longest = 60;

const two = (value: number): string => String(value).padStart(2, '0');

/** `2026-11-22-045137`, in the time of the user's clock. */
export const timeInName = (at: Date): string =>
  `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}-${two(at.getHours())}${two(at.getMinutes())}${two(at.getSeconds())}`;

/** A name that every file system takes: letters, digits and single dashes. */
export function safeName(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .slice(0, longest)
    .replace(/^-+|-+$/g, '')
    .toLowerCase();
  return plain || 'run';
}

/** Runs of the start-up experiment are deleted one day; a run that the user wanted must never look like one. */
const keptName = (name: string): string => {
  const safe = safeName(name);
  return `${safe}-`.startsWith(startUp) ? `run-${safe}` : safe;
};

export const startUpPattern = /^start-up-[a-z0-9-]+-\d{4}-\d\d-\d\d-\d{6}(-\d+)?$/;

/** The folder of a new run below `runs`: not there yet, and not given away before. */
export function newRunFolder(
  runs: string,
  name: string,
  purpose: 'start-up' | 'kept',
  at: Date,
  given: Set<string>,
): string {
  const first = `${purpose === 'start-up' ? startUp + safeName(name) : keptName(name)}-${timeInName(at)}`;
  for (let count = 1; ; count++) {
    const folder = path.join(runs, count === 1 ? first : `${first}-${count}`);
    if (given.has(folder) || existsSync(folder)) continue;
    given.add(folder);
    return folder;
  }
}
