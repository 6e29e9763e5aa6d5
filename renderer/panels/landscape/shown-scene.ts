import { create } from 'zustand';
import type { LandscapeScene } from '../../scene/landscape-scene.ts';
import type { VolumeScene } from '../../scene/volume/volume-scene.ts';

/** What is to be made of the scene. */
export type Wanted = 'picture' | 'turntable';

/** The scene on the screen, for commands; null while its panel is closed. */
export const useShownScene = create<{
  readonly scene: LandscapeScene | null;
  readonly volume: VolumeScene | null;
  /** The dialog that asks how is open. */
  readonly asking: Wanted | null;
}>(() => ({ scene: null, volume: null, asking: null }));

export const askHow = (asking: Wanted | null): void => useShownScene.setState({ asking });
