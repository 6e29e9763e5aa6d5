import { useEffect, useRef, useState } from 'react';
import type { VolumeContent, VolumeLook } from '../../scene/volume/volume-content.ts';
import type { VolumeStyle } from '../../scene/volume/volume-painter.ts';
import type { PickedInVolume } from '../../scene/volume/volume-picking.ts';
import { type VolumeElement, type VolumeScene, volumeScene } from '../../scene/volume/volume-scene.ts';

export interface VolumeStageProps {
  readonly content: VolumeContent;
  readonly look: VolumeLook;
  readonly style: VolumeStyle;
  readonly barTitle: string;
  readonly cursor: number | null;
  /** What is seen, in words. */
  readonly alternative: string;
  readonly onHover: (picked: PickedInVolume | null) => void;
  readonly onGo: (picked: PickedInVolume) => void;
  readonly onStep: (step: number) => void;
  readonly onPlane: (id: string, value: number) => void;
  readonly onPainter: (kind: 'gl' | 'canvas') => void;
  readonly onScene: (scene: VolumeScene | null) => void;
}

/** The place of the scene in the page. */
export function VolumeStage(props: VolumeStageProps) {
  const { content, look, style, barTitle, cursor, alternative } = props;
  const element = useRef<HTMLDivElement>(null);
  const [scene, setScene] = useState<VolumeScene | null>(null);
  // The scene outlives the functions of one drawing of this component.
  const latest = useRef(props);
  latest.current = props;
  const probe = useRef<PickedInVolume | null>(null);
  useEffect(() => {
    if (element.current === null) return;
    const made = volumeScene(element.current as VolumeElement, {
      onHover(picked) {
        probe.current = picked;
        latest.current.onHover(picked);
        made.point(pointed(latest.current.cursor, picked));
      },
      onGo: (picked) => latest.current.onGo(picked),
      onStep: (step) => latest.current.onStep(step),
      onPlane: (id, value) => latest.current.onPlane(id, value),
      onPainter: (kind) => latest.current.onPainter(kind),
    });
    setScene(made);
    latest.current.onScene(made);
    return () => {
      made.dispose();
      latest.current.onScene(null);
    };
  }, []);
  useEffect(() => scene?.style(style, barTitle), [scene, style, barTitle]);
  useEffect(() => scene?.show(content), [scene, content]);
  useEffect(() => scene?.look(look), [scene, look]);
  useEffect(() => scene?.point(pointed(cursor, probe.current)), [scene, cursor]);
  return <div ref={element} className="landscape-stage volume-stage" role="img" aria-label={alternative} />;
}

const pointed = (cursor: number | null, picked: PickedInVolume | null) => ({
  cursor,
  probe: picked && ([picked.alpha, picked.beta, picked.gamma] as const),
});
