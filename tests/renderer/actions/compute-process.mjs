/** The built process that computes as a process of plain Node that can be killed; what goes to and fro passes through. */
import { MessageChannel, Worker } from 'node:worker_threads';

const service = new Worker(process.argv[2]);
let page = null;

service.on('message', (message) => process.send({ main: message }));
process.on('disconnect', () => process.exit());
process.on('message', ({ main, page: toPage, connect }) => {
  if (main) service.postMessage(main);
  if (toPage) page?.postMessage(toPage);
  if (!connect) return;
  const { port1, port2 } = new MessageChannel();
  page = port1;
  page.on('message', (message) => process.send({ page: message }));
  service.postMessage({ kind: 'port', port: port2 }, [port2]);
});
