import type { CameraPose } from '../../scene/camera-pose.ts';
import type { LandscapeScene } from '../../scene/landscape-scene.ts';

type Camera = Pick<LandscapeScene, 'pose' | 'setPose'>;

/** Scenes that are seen from the same place. */
export interface LinkedCameras {
  /** A scene that shows something: it takes the pose of those that are there. Answers what takes it away. */
  join(camera: Camera): () => void;
  /** One of them has moved: the others follow, and tell nobody. */
  moved(camera: Camera, pose: CameraPose): void;
}

export function linkedCameras(): LinkedCameras {
  const cameras = new Set<Camera>();
  return {
    join(camera) {
      const [first] = cameras;
      cameras.add(camera);
      if (first) camera.setPose(first.pose);
      return () => {
        cameras.delete(camera);
      };
    },
    moved(camera, pose) {
      for (const other of cameras) if (other !== camera && other.pose !== pose) other.setPose(pose);
    },
  };
}
