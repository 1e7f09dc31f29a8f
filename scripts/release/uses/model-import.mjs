import assert from 'node:assert';
import { importKeras } from '@convlens/model-import';

const noFile = new TextEncoder().encode('no Keras file');
await assert.rejects(importKeras(noFile, { fileName: 'model.keras' }), { name: 'InputError' });
