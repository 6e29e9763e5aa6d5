export function App() {
  return <main>Saddlescope</main>;
}
