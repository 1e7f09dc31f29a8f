// The last step of the build of a package, run in its folder.
import { writeStamp } from './build-stamp.mjs';

writeStamp(process.cwd());
