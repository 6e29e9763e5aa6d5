import { create } from 'zustand';
import type { CheckReport, Methods, PartialSlice, PointReading, ShownSlice } from '../../core/protocol/methods.ts';

/** Which directions span the picture: the most negative and the most positive eigenvector, or the two most negative. */
export type SaddlePlane = 'lowest,eigen' | 'lowest';

export type FollowedEscape = Methods['escape']['value'];

/** What is drawn around one point of a search. */
export interface SaddleScene {
  readonly slice: ShownSlice | PartialSlice | null;
  readonly complete: boolean;
  readonly followed: FollowedEscape | null;
  readonly busy: 'slice' | 'escape' | null;
  readonly problem: string | null;
}

export const emptyScene: SaddleScene = { slice: null, complete: false, followed: null, busy: null, problem: null };

/** What “Check this” found of a point. */
export interface PointCheck {
  readonly busy: boolean;
  /** Read again, on its own. */
  readonly reading: PointReading | null;
  /** λ_min by an iterative method against the dense matrix; null where the matrix is too large for it. */
  readonly report: CheckReport | null;
  readonly problem: string | null;
}

/** Which point of which search of which run. */
export interface PointName {
  readonly run: string;
  readonly search: string;
  readonly point: number;
}

export const pointKey = ({ run, search, point }: PointName): string => `${run} ${search} ${point}`;
export const sceneKey = (name: PointName, plane: SaddlePlane): string => `${pointKey(name)} ${plane}`;

/** Scenes and checks by their keys, and how scenes are seen. */
export const useSaddleScenes = create<{
  readonly scenes: Readonly<Record<string, SaddleScene>>;
  readonly checks: Readonly<Record<string, PointCheck>>;
  readonly plane: SaddlePlane;
  readonly height: 'linear' | 'log';
  readonly view: 'surface' | 'contours' | 'losses';
}>(() => ({ scenes: {}, checks: {}, plane: 'lowest,eigen', height: 'linear', view: 'surface' }));

/** Each holds a grid: older ones give way. */
const mostScenes = 12;

export function changeScene(key: string, change: Partial<SaddleScene>): void {
  useSaddleScenes.setState(({ scenes }) => {
    const { [key]: scene = emptyScene, ...others } = scenes;
    const kept = Object.entries(others).slice(-(mostScenes - 1));
    return { scenes: { ...Object.fromEntries(kept), [key]: { ...scene, ...change } } };
  });
}

export const sceneOf = (key: string): SaddleScene => useSaddleScenes.getState().scenes[key] ?? emptyScene;

export function changeCheck(key: string, check: PointCheck): void {
  useSaddleScenes.setState(({ checks }) => ({ checks: { ...checks, [key]: check } }));
}

/** Results of a search of this name that is made anew, and of a run that is closed, are of other points. */
export function forgetScenes(run: string, search: string | null = null): void {
  const prefix = search === null ? `${run} ` : `${run} ${search} `;
  const left = <T>(table: Readonly<Record<string, T>>) =>
    Object.fromEntries(Object.entries(table).filter(([key]) => !key.startsWith(prefix)));
  useSaddleScenes.setState(({ scenes, checks }) => ({ scenes: left(scenes), checks: left(checks) }));
}
