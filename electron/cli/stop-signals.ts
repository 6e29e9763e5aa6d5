/**
 * SIGTERM, SIGUSR1 (job queues) and the first SIGINT ask the work to stop where it can be resumed; a second SIGINT ends
 * the process at once. Returns the remover.
 */
export function onStopSignal(stop: (signal: string) => void): () => void {
  let interrupted = 0;
  const onInterrupt = () => {
    const now = performance.now();
    // Group and parent may both deliver the same keypress.
    if (interrupted > 0 && now - interrupted > 500) process.exit(130);
    if (interrupted === 0) {
      interrupted = now;
      stop('SIGINT');
    }
  };
  const onTerminate = (signal: string) => stop(signal);
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onTerminate);
  if (process.platform !== 'win32') process.on('SIGUSR1', onTerminate);
  return () => {
    process.off('SIGINT', onInterrupt);
    process.off('SIGTERM', onTerminate);
    process.off('SIGUSR1', onTerminate);
  };
}
