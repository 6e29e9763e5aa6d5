process.parentPort?.on('message', () => {});

export {};
