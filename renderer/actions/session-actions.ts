/** Once, before the first picture: settings, compute process, recent files, files given by the system, first light. */
export async function startSession(): Promise<void> {}
