// Loaded before the command line: writes the most memory that the process had, in kB, into the file CONVLENS_MEMORY_FILE.
import { writeFileSync } from 'node:fs';

process.on('exit', () =>
  writeFileSync(process.env.CONVLENS_MEMORY_FILE, `${process.resourceUsage().maxRSS}`),
);
