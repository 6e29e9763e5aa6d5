import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { type PlaneDrawing, planeDrawing } from '../charts/plane-drawing.ts';
import type { SectionAxis } from '../charts/plane-section.ts';
import { ChartFigureMenu } from '../figures/figure-menu.tsx';
import { shapeOfPlane } from '../state/plane-kind.ts';
import { probe } from '../state/probe.ts';
import { usePlaneShown, useResults } from '../state/results.ts';
import { useRuns } from '../state/runs.ts';
import { EmptyState, PanelHead } from '../widgets/section.tsx';
import { Segmented } from '../widgets/segmented.tsx';
import './map-panel.css';

/** The plane of the landscape from above, and the loss along a line through the point that is looked at. */
export function MapPanel() {
  const run = useRuns((runs) => runs.current);
  const plane = usePlaneShown(run);
  const isShown = useResults(({ landscapes }) => run !== null && landscapes[run]?.[plane] !== undefined);
  const isPlane = shapeOfPlane(plane) === 'plane';
  const [contours, setContours] = useState('');
  return (
    <section className="map-panel" aria-label="Map">
      <PanelHead title="Map" note={isPlane ? contours : ''} />
      {run !== null && isShown && isPlane ? (
        <ChartFigureMenu run={run} id="slice">
          <PlaneViews onContours={setContours} />
        </ChartFigureMenu>
      ) : (
        <EmptyState
          sentence={
            shapeOfPlane(plane) === 'plane'
              ? 'The map appears with the first points of the landscape.'
              : `The map is of planes: a ${shapeOfPlane(plane)} is shown.`
          }
        />
      )}
    </section>
  );
}

const axes: readonly { readonly id: SectionAxis; readonly title: string }[] = [
  { id: 'alpha', title: 'α' },
  { id: 'beta', title: 'β' },
];

function PlaneViews({ onContours }: { readonly onContours: (text: string) => void }) {
  const map = useRef<HTMLCanvasElement>(null);
  const section = useRef<HTMLCanvasElement>(null);
  const drawing = useRef<PlaneDrawing | null>(null);
  const readout = useRef<HTMLOutputElement>(null);
  const fixed = useRef<HTMLSpanElement>(null);
  const along = useRef<SectionAxis>('alpha');
  const [axis, setAxis] = useState<SectionAxis>('alpha');

  useEffect(() => {
    if (!map.current || !section.current) return;
    drawing.current = planeDrawing({
      map: map.current,
      section: section.current,
      along: () => along.current,
      onTexts(texts) {
        onContours(texts.contours);
        // Written straight into the page: they follow the pointer.
        if (readout.current) readout.current.textContent = texts.point;
        if (fixed.current) fixed.current.textContent = texts.section;
      },
    });
    return () => drawing.current?.dispose();
  }, [onContours]);

  const onKeyDown = (event: KeyboardEvent) => {
    const leap = event.shiftKey ? 5 : 1;
    const actions: Record<string, () => void> = {
      ArrowLeft: () => drawing.current?.movePoint(-leap, 0),
      ArrowRight: () => drawing.current?.movePoint(leap, 0),
      ArrowUp: () => drawing.current?.movePoint(0, leap),
      ArrowDown: () => drawing.current?.movePoint(0, -leap),
      Enter: () => drawing.current?.chooseNearest(),
      Escape: () => probe(null),
    };
    const action = actions[event.key];
    if (!action || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    action();
  };

  return (
    <div className="map-panel-views">
      <canvas
        className="map-panel-map"
        ref={map}
        aria-label="Map of the loss on the plane"
        tabIndex={0}
        data-figure="slice"
        onKeyDown={onKeyDown}
      />
      <div className="map-panel-section-head">
        <h3>Section</h3>
        <span className="map-panel-fixed" ref={fixed} />
        <Segmented
          label="Section along"
          value={axis}
          options={axes}
          onChange={(id) => {
            along.current = id as SectionAxis;
            setAxis(along.current);
            drawing.current?.redraw();
          }}
        />
      </div>
      <canvas className="map-panel-section" ref={section} role="img" aria-label="Section of the loss" />
      <output className="map-panel-readout" ref={readout} aria-label="Probed point" />
    </div>
  );
}
