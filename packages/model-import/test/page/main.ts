import * as tf from '@tensorflow/tfjs';
import { importKeras } from '../../src/index.js';
import { inputValues } from '../input-values.js';

addEventListener('dragover', (event) => event.preventDefault());
addEventListener('drop', async (event) => {
  event.preventDefault();
  const [file] = event.dataTransfer!.files;
  await tf.setBackend('cpu');
  const bytes = new Uint8Array(await file.arrayBuffer());
  const { model } = await importKeras(bytes, { fileName: file.name });
  const shape = [2, ...(model.inputs[0].shape.slice(1) as number[])];
  const predictions = model.predict(tf.tensor(inputValues(shape, 0), shape)) as tf.Tensor;
  document.querySelector('output')!.textContent = JSON.stringify([...predictions.dataSync()]);
  document.title = 'imported';
});
document.title = 'ready';
