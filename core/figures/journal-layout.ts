import type { Specification } from './figure.ts';
import { wrapped } from './wrapped-text.ts';

export interface Layout {
  readonly width: number;
  /** Null: the figure's own proportions, but no lower than can be read. */
  readonly height: number | null;
  readonly titled: boolean;
  readonly background: string | null;
}

/** Width of a letter, of the size of its text, in the shipped face: on average, and in bold. */
const letter = { plain: 0.61, bold: 0.7 } as const;
const lowest = 220;
/** A title beside its legend would leave the picture. */
const narrow = 480;
/** Titles of axes stand beside plots that take about this share of the picture. */
const plotShare = 0.7;

const isGroup = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const list = (value: unknown): readonly Specification[] => (Array.isArray(value) ? value : []);

/**
 * The specification at another width, with text as large as before: titles of the figure and of axes break into lines,
 * colour bars shrink with the picture, legends get as many columns as fit. Plots in a row or a column are widened by
 * `factor`, which their margins make differ from the ratio of the widths.
 */
export function laidOut(specification: Specification, layout: Layout, factor = 1): Specification {
  const rows = list(specification.vconcat);
  const columns = list(specification.hconcat);
  const plots = rows.length + columns.length;
  const own = { width: Number(specification.width ?? 0), height: Number(specification.height ?? 0) };
  const height =
    layout.height ??
    (plots > 0 ? own.height : Math.max(lowest, Math.round((layout.width * own.height) / (own.width || 1))));
  const { title, ...rest } = specification;
  const kept = {
    ...rest,
    ...(layout.titled ? { title: broken(title, layout.width) } : {}),
    ...(layout.background === null ? {} : { background: layout.background }),
    config: narrowConfig(specification.config, layout.width),
  };
  if (plots === 0) {
    const words = wordsBelow(specification, layout.width);
    const whole = layout.height ?? height + words;
    return { ...(fitted(kept, layout.width, whole - words) as Specification), width: layout.width, height: whole };
  }
  const sized = (plot: Specification): Specification => {
    const width = Math.max(40, Math.round(Number(plot.width) * factor));
    // Plots one above the other keep their height: there is room below, but none beside.
    const tall = Math.round(Number(plot.height) * (columns.length > 0 ? Math.max(0.6, Math.min(1.6, factor)) : 1));
    return { ...(fitted(plot, width / plotShare, tall) as Specification), width, height: tall };
  };
  return columns.length > 0 ? { ...kept, hconcat: columns.map(sized) } : { ...kept, vconcat: rows.map(sized) };
}

function broken(title: unknown, width: number): unknown {
  if (!isGroup(title)) return title;
  const line = (text: unknown, size: number, per: number) =>
    typeof text === 'string' ? wrapped(text, Math.floor((width - 24) / (size * per))) : text;
  return { ...title, text: line(title.text, 15, letter.bold), subtitle: line(title.subtitle, 12, letter.plain) };
}

function narrowConfig(config: unknown, width: number): unknown {
  if (!isGroup(config)) return config;
  const legend = isGroup(config.legend) ? config.legend : {};
  const axis = isGroup(config.axis) ? config.axis : {};
  return {
    ...config,
    legend: { ...legend, columns: legendColumns(width) },
    axis: { ...axis, tickCount: width < 300 ? 3 : width < 450 ? 4 : axis.tickCount },
  };
}

const legendColumns = (width: number): number => Math.max(1, Math.floor(width / 190));
const legendRow = 20;
const ringRow = 44;

/** What the legends below a plot take from its height. */
function wordsBelow({ layer }: Specification, width: number): number {
  return list(layer).reduce((sum, { encoding }) => {
    const below = (channel: unknown) =>
      isGroup(channel) && isGroup(channel.legend) && channel.legend.orient === 'bottom';
    const { shape, size } = isGroup(encoding) ? encoding : { shape: null, size: null };
    const domain = isGroup(shape) && isGroup(shape.scale) ? list(shape.scale.domain).length : 0;
    const rings = below(size) ? ringRow + (width < narrow ? legendRow : 0) : 0;
    return sum + rings + (below(shape) ? 8 + legendRow * Math.ceil(domain / legendColumns(width)) : 0);
  }, 0);
}

/** Titles of axes in lines that fit beside the plot, colour bars no longer than it. */
function fitted(node: unknown, width: number, height: number): unknown {
  if (Array.isArray(node)) return node.map((one) => fitted(one, width, height));
  if (!isGroup(node)) return node;
  const entries = Object.entries(node).map(([key, value]): [string, unknown] => {
    // Data can be large, and has no titles.
    if (key === 'data' || key === 'config') return [key, value];
    if (key === 'titleOrient' && width < narrow) return [key, 'top'];
    if (key === 'gradientLength' && typeof value === 'number') return [key, Math.min(value, Math.round(0.5 * height))];
    if ((key === 'x' || key === 'y') && isGroup(value) && typeof value.title === 'string')
      return [key, { ...value, title: wrapped(value.title, lettersOf(plotShare * (key === 'x' ? width : height))) }];
    return [key, fitted(value, width, height)];
  });
  return Object.fromEntries(entries);
}

const lettersOf = (length: number): number => Math.max(8, Math.floor(length / (12 * letter.plain)));
