import { bridge } from '../../client/bridge.ts';
import type { PictureSize } from '../../scene/camera-pose.ts';
import { contourText } from '../../scene/contour-step.ts';
import { planeShown, useResults } from '../../state/results.ts';
import { currentRun } from '../../state/runs.ts';
import { announce, reportProblem } from '../../state/session.ts';
import { provenanceText, warningsOf } from './landscape-text.ts';
import { useShownScene } from './shown-scene.ts';

/** What graphics systems draw in one piece. */
export const mostPicturePixels = 8192;

/** Draws the scene at this size, asks where to, and saves it as PNG. What goes wrong is reported. */
export async function savePicture(size: PictureSize): Promise<void> {
  const { scene } = useShownScene.getState();
  const run = currentRun();
  if (!scene?.model || !run) return;
  const plane = planeShown(run.id);
  const shown = useResults.getState().landscapes[run.id]?.[plane];
  const { step, box } = scene.model;
  const caption = [
    ...(shown ? warningsOf(shown).map((warning) => `⚠ ${warning}`) : []),
    [run.title, shown && provenanceText(shown), contourText(step, box.scale.logarithmic)].filter(Boolean).join(' · '),
  ];
  try {
    const bytes = await scene.picture(size, caption);
    const saved = await bridge.saveFile(`${run.file.name}-landscape-${plane}.png`, 'png', bytes);
    if (saved !== null) announce(`Saved ${saved}.`);
  } catch (problem) {
    reportProblem({
      kind: 'failed',
      found: `The picture could not be saved: ${problem instanceof Error ? problem.message : String(problem)}`,
      advice: 'Try a smaller size or another folder.',
    });
  }
}
