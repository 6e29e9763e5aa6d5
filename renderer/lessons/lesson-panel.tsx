/** The text of a lesson's page and its question. */
export function LessonPanel() {
  return <div className="lesson" />;
}
