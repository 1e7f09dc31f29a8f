// Downloads a file in a process that a test can kill. Arguments: FOLDER URL BYTES MD5.
import { downloads } from '../../src/node.js';

const [folder, url, bytes, md5] = process.argv.slice(2);
downloads({ folder }).fetch!({ name: 'set.bin', bytes: Number(bytes), md5, urls: [url] }).then(
  () => process.stdout.write('done\n'),
  (error) => {
    process.stdout.write(`${error.name}: ${error.message}\n`);
    process.exitCode = 2;
  },
);
