// Opens the output folder of its first argument and writes a file of "x" whenever it receives a name. It sends "open" or the
// message of the error, and "written" or the message.
import { openOutputFolder } from '../../src/node.js';

const send = (text: string) => process.send!(text);
try {
  const output = await openOutputFolder(process.argv[2], { command: 'convlens test' });
  process.on('message', (name: string) => {
    if (name === 'exit') process.exit(3);
    output
      .write(name, new TextEncoder().encode('x'))
      .then(() => send('written'))
      .catch((error: Error) => send(error.message));
  });
  send('open');
} catch (error) {
  send((error as Error).message);
  process.disconnect();
}
