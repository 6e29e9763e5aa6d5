import type { LandscapeScene } from '../../scene/landscape-scene.ts';

type Camera = Pick<LandscapeScene, 'pose' | 'setPose' | 'view'>;

/** Scenes that are seen from the same place: one leads, the others follow it, so that no pose goes round. */
export interface LinkedCameras {
  /** A scene that shows something; the first one leads. Answers what takes it away. */
  join(camera: Camera): () => void;
  /** Somebody puts a hand on it: it leads from now on. */
  take(camera: Camera): void;
  /** One of them has moved: the others follow the one that leads; another one that frames itself anew is called back. */
  moved(camera: Camera): void;
}

export function linkedCameras(): LinkedCameras {
  const cameras = new Set<Camera>();
  let leader: Camera | null = null;
  let isTaken = false;
  const follow = (camera: Camera): void => {
    if (leader && camera !== leader && camera.pose !== leader.pose) camera.setPose(leader.pose);
  };
  return {
    join(camera) {
      cameras.add(camera);
      leader ??= camera;
      follow(camera);
      return () => {
        cameras.delete(camera);
        if (leader !== camera) return;
        leader = [...cameras][0] ?? null;
        // It stood as the other's box wanted it. Where somebody has put a hand on it, it stays as they left it.
        if (!isTaken) leader?.view('home');
      };
    },
    take(camera) {
      if (!cameras.has(camera)) return;
      leader = camera;
      isTaken = true;
    },
    moved(camera) {
      if (camera !== leader) follow(camera);
      else for (const other of cameras) follow(other);
    },
  };
}
