import type { ComponentType } from 'react';
import { LessonPanel } from '../lessons/lesson-panel.tsx';
import { LessonScenePanel } from '../lessons/lesson-scene-panel.tsx';
import { CompareLandscapesPanel } from '../panels/compare-landscapes-panel.tsx';
import { CurvaturePanel } from '../panels/curvature-panel.tsx';
import { EditorPanel } from '../panels/editor-panel.tsx';
import { ExperimentPanel } from '../panels/experiment-panel.tsx';
import { InspectorPanel } from '../panels/inspector-panel.tsx';
import { LandscapePanel } from '../panels/landscape-panel.tsx';
import { MapPanel } from '../panels/map-panel.tsx';
import { ModesPanel } from '../panels/modes-panel.tsx';
import { MoviePanel } from '../panels/movie-panel.tsx';
import { RunsPanel } from '../panels/runs-panel.tsx';
import { SaddleCertificatePanel } from '../panels/saddle-certificate-panel.tsx';
import { SaddlePointsPanel } from '../panels/saddle-points-panel.tsx';
import { SaddleScatterPanel } from '../panels/saddle-scatter-panel.tsx';
import { SaddleScenePanel } from '../panels/saddle-scene-panel.tsx';
import { SaddleSearchPanel } from '../panels/saddle-search-panel.tsx';
import { SaddleSpectrumPanel } from '../panels/saddle-spectrum-panel.tsx';
import { SpectrumPanel } from '../panels/spectrum-panel.tsx';
import { TimePanel } from '../panels/time-panel.tsx';
import type { PanelId, Side } from './dock/layout.ts';

export interface PanelDescription {
  readonly id: PanelId;
  readonly title: string;
  /** Where it is put when it is brought back. */
  readonly side: Side;
  readonly component: ComponentType;
}

/** Every panel, in the order of the View menu. */
export const panels: readonly PanelDescription[] = [
  { id: 'experiment', title: 'Experiment', side: 'left', component: ExperimentPanel },
  { id: 'runs', title: 'Runs', side: 'left', component: RunsPanel },
  { id: 'editor', title: 'Editor', side: 'centre', component: EditorPanel },
  { id: 'landscape', title: 'Landscape', side: 'centre', component: LandscapePanel },
  { id: 'compare', title: 'Side by side', side: 'centre', component: CompareLandscapesPanel },
  { id: 'map', title: 'Map', side: 'right', component: MapPanel },
  { id: 'spectrum', title: 'Spectrum', side: 'centre', component: SpectrumPanel },
  { id: 'movie', title: 'Hessian movie', side: 'centre', component: MoviePanel },
  { id: 'curvature', title: 'Curvature', side: 'centre', component: CurvaturePanel },
  { id: 'modes', title: 'Learning modes', side: 'centre', component: ModesPanel },
  { id: 'inspector', title: 'Inspector', side: 'right', component: InspectorPanel },
  { id: 'time', title: 'Time', side: 'bottom', component: TimePanel },
  { id: 'lesson', title: 'Lesson', side: 'left', component: LessonPanel },
  { id: 'lessonScene', title: 'Scene', side: 'centre', component: LessonScenePanel },
  { id: 'saddle-search', title: 'Search for critical points', side: 'left', component: SaddleSearchPanel },
  { id: 'saddle-scatter', title: 'Index and loss', side: 'centre', component: SaddleScatterPanel },
  { id: 'saddle-points', title: 'Critical points', side: 'bottom', component: SaddlePointsPanel },
  { id: 'saddle-scene', title: 'Slice through a point', side: 'right', component: SaddleScenePanel },
  { id: 'saddle-spectrum', title: 'Spectrum of a point', side: 'right', component: SaddleSpectrumPanel },
  { id: 'saddle-certificate', title: 'Certificate', side: 'right', component: SaddleCertificatePanel },
];

export function panelOf(id: PanelId): PanelDescription {
  const panel = panels.find((one) => one.id === id);
  if (panel === undefined) throw new Error(`There is no panel ${id}.`);
  return panel;
}
