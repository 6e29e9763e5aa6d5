/** The scene of a lesson's page. */
export function LessonScenePanel() {
  return <div className="lesson-scene" />;
}
