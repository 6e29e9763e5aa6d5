import type { WorkspaceId } from '../../state/settings.ts';
import type { Group, Layout, PanelId } from './layout.ts';

const within = (low: number, value: number, high: number): number => Math.min(high, Math.max(low, value));

/** Widths and heights in pixels at which the panels were laid out; smaller windows have smaller ones. */
function measures(width: number, height: number) {
  return {
    left: within(248, 0.17 * width, 264),
    map: within(200, 268 - 0.22 * (1600 - width), 268),
    right: within(264, 0.2 * width, 312),
    time: within(200, 0.407 * height, 364),
    lesson: within(400, 0.37 * width, 592),
  };
}

const group = (...panels: [PanelId, ...PanelId[]]): Group => ({ panels, shown: panels[0] });

/** One part as wide (high) as wanted, the `null` part takes what is left. */
function split(
  direction: 'row' | 'column',
  whole: number,
  parts: readonly (readonly [number | null, Layout])[],
): Layout {
  const given = parts.reduce((sum, [size]) => sum + (size ?? 0), 0);
  const rest = Math.max(100, whole - given);
  return { split: direction, parts: parts.map(([size, part]) => ({ share: (size ?? rest) / (given + rest), part })) };
}

/** Two groups below each other where there is height for both, else all as tabs of one. */
function leftColumn(height: number): Layout {
  if (height < 480) return group('experiment', 'runs');
  return split('column', height, [
    [null, group('experiment')],
    [Math.round(0.24 * height), group('runs')],
  ]);
}

/** The layout of a workspace as we ship it, for a dock of this many pixels. */
export function shippedLayout(workspace: WorkspaceId, width: number, height: number): Layout {
  const { left, map, right, time, lesson } = measures(width, height);
  switch (workspace) {
    case 'train':
      return split('column', height, [
        [
          null,
          split('row', width, [
            [left, leftColumn(height - time)],
            [null, group('landscape', 'editor')],
            [map, group('map')],
            [right, group('inspector')],
          ]),
        ],
        [time, group('time')],
      ]);
    case 'spectrum':
      return split('column', height, [
        [
          null,
          split('row', width, [
            [left, leftColumn(height - 0.75 * time)],
            [null, group('spectrum', 'movie', 'curvature', 'modes', 'editor')],
            [right, group('inspector')],
          ]),
        ],
        [0.75 * time, group('time')],
      ]);
    case 'saddles':
      return split('row', width, [
        [left, group('saddle-search', 'experiment', 'runs')],
        [
          0.385 * width,
          split('column', height, [
            [0.51 * height, group('saddle-scatter')],
            [null, group('saddle-points')],
          ]),
        ],
        [
          null,
          split('column', height, [
            [0.51 * height, group('saddle-scene')],
            [
              null,
              split('row', width - left - 0.385 * width, [
                [null, group('saddle-spectrum')],
                [right - 12, group('saddle-certificate')],
              ]),
            ],
          ]),
        ],
      ]);
    case 'landscape':
      return split('row', width, [
        [
          null,
          split('column', height, [
            [null, group('landscape', 'compare', 'editor')],
            [0.75 * time, group('time')],
          ]),
        ],
        [
          right + 40,
          split('column', height, [
            [0.45 * height, group('map')],
            [null, group('inspector', 'runs')],
          ]),
        ],
      ]);
    case 'lessons':
      return split('row', width, [
        [lesson, group('lesson')],
        [null, group('lessonScene')],
      ]);
  }
}
