import { useEffect, useRef, useState } from 'react';
import type { Figure } from '../../core/figures/figure.ts';
import { drawnFigure } from './figure-drawer.ts';
import { FigureReadout } from './figure-readout.tsx';
import type { PlotPlace } from './figure-worker.ts';
import './figure-view.css';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** A size that has not changed for a moment: drawing at every pixel of a drag would only be thrown away. */
const settleMs = 80;

function useSettledSize(element: React.RefObject<HTMLElement | null>): Size | null {
  const [size, setSize] = useState<Size | null>(null);
  useEffect(() => {
    const observed = element.current;
    if (observed === null) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const observer = new ResizeObserver(([entry]) => {
      if (!entry) return;
      const { width, height } = entry.contentRect;
      clearTimeout(timer);
      timer = setTimeout(() => setSize({ width: Math.floor(width), height: Math.floor(height) }), settleMs);
    });
    observer.observe(observed);
    return () => {
      clearTimeout(timer);
      observer.disconnect();
    };
  }, [element]);
  return size;
}

interface Picture {
  /** Must be given back with URL.revokeObjectURL. */
  readonly address: string;
  readonly plot: PlotPlace | null;
}

/** The picture of a figure in the size of its place. */
async function pictureOf({ specification }: Figure, { width, height }: Size): Promise<Picture> {
  const { svg, plot } = await drawnFigure({ ...specification, width, height, background: 'transparent' });
  return { address: URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' })), plot };
}

/**
 * A figure as it would be saved, in the size of the element around it. A picture, so nothing in it can act on the page;
 * its alternative text says what is seen. The pointer and the arrow keys read values off it, where it has any to read.
 */
export function FigureView({ figure, className = '' }: { readonly figure: Figure; readonly className?: string }) {
  const element = useRef<HTMLElement>(null);
  const size = useSettledSize(element);
  const [picture, setPicture] = useState<Picture | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    if (size === null || size.width < 80 || size.height < 60) return;
    let wanted = true;
    pictureOf(figure, size).then(
      (made) => {
        if (!wanted) return URL.revokeObjectURL(made.address);
        setProblem(null);
        setPicture(made);
      },
      (reason: Error) => {
        if (wanted) setProblem(reason.message);
      },
    );
    return () => {
      wanted = false;
    };
  }, [figure, size]);
  useEffect(() => {
    // The focus must come here for the figure's menu to have a key.
    if (element.current) element.current.tabIndex = 0;
  }, []);
  useEffect(() => () => (picture === null ? undefined : URL.revokeObjectURL(picture.address)), [picture]);
  return (
    <figure className={`figure-view ${className}`} ref={element} aria-label={figure.title}>
      {picture !== null && (
        <img className="figure-view-picture" src={picture.address} alt={figure.alternative} draggable={false} />
      )}
      {picture?.plot && figure.readout ? (
        <FigureReadout readout={figure.readout} plot={picture.plot} place={element} />
      ) : null}
      {problem !== null && <p className="figure-view-note">This figure cannot be drawn: {problem}</p>}
    </figure>
  );
}
