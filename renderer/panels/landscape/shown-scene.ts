import { create } from 'zustand';
import type { LandscapeScene } from '../../scene/landscape-scene.ts';

/** The scene on the screen, for commands; null while its panel is closed. */
export const useShownScene = create<{
  readonly scene: LandscapeScene | null;
  /** The dialog that asks for the size of a picture is open. */
  readonly askingForSize: boolean;
}>(() => ({ scene: null, askingForSize: false }));

export const askForPictureSize = (askingForSize: boolean): void => useShownScene.setState({ askingForSize });
