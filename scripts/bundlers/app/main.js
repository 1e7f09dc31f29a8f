import * as entries from './entries.js';
import { usePackages } from './use.js';

globalThis.convlens = { entries, usePackages };
