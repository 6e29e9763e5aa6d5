import { expect, it } from 'vitest';
import { linkedCameras } from '../../../../renderer/panels/compare/linked-cameras.ts';
import type { CameraPose } from '../../../../renderer/scene/camera-pose.ts';

const poseOf = (azimuth: number): CameraPose => ({ azimuth, elevation: 0.5, distance: 6, target: [0, 0, 0] });

/** A camera as scenes have them, but one that tells of every pose, also of those that it was given. */
function camera(links: ReturnType<typeof linkedCameras>, azimuth: number) {
  const told = { sets: 0 };
  const made = {
    told,
    pose: poseOf(azimuth),
    setPose(pose: CameraPose) {
      told.sets++;
      if (told.sets > 100) throw new Error('A pose goes round.');
      made.pose = pose;
      links.moved(made);
    },
    view() {
      made.turn(0);
    },
    turn(to: number) {
      made.pose = poseOf(to);
      links.moved(made);
    },
  };
  return made;
}

it('the others follow whoever was touched last, and no pose goes round even where all answer', () => {
  const links = linkedCameras();
  const [a, b, c] = [camera(links, 1), camera(links, 2), camera(links, 3)];
  const leave = [a, b, c].map((one) => links.join(one));
  expect([a, b, c].map(({ pose }) => pose.azimuth)).toEqual([1, 1, 1]);
  a.turn(4);
  expect([a, b, c].map(({ pose }) => pose.azimuth)).toEqual([4, 4, 4]);
  // Framed anew by a change of its size, not by hand.
  b.turn(9);
  expect([a, b, c].map(({ pose }) => pose.azimuth)).toEqual([4, 4, 4]);
  links.take(b);
  b.turn(5);
  expect([a, b, c].map(({ pose }) => pose.azimuth)).toEqual([5, 5, 5]);
  leave[1]!();
  a.turn(6);
  expect([a, b, c].map(({ pose }) => pose.azimuth)).toEqual([6, 5, 6]);
  expect(Math.max(...[a, b, c].map(({ told }) => told.sets))).toBeLessThan(6);
});

it('where the leader leaves, the next one frames what it shows, unless somebody has turned them', () => {
  const links = linkedCameras();
  const [a, b, c] = [camera(links, 1), camera(links, 2), camera(links, 3)];
  const leave = [a, b, c].map((one) => links.join(one));
  leave[0]!();
  expect([b, c].map(({ pose }) => pose.azimuth)).toEqual([0, 0]);
  links.take(b);
  b.turn(7);
  leave[1]!();
  expect(c.pose.azimuth).toBe(7);
});
